from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto import mock_aws
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A made-up AWS account in eu-west-1."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        yield


SAM = "AWS::Serverless-2016-10-31"
SAM_POLICIES = ("AWSXrayWriteOnlyAccess", "service-role/AWSLambdaBasicExecutionRole")


@pytest.fixture
def after_sam() -> Callable[[dict[str, Any]], dict[str, Any]]:
    """A function that runs SAM over a template, where the template names it.

    A local definition file is taken to have been uploaded, as `sam package` would do.
    """

    def run(fragment: dict[str, Any]) -> dict[str, Any]:
        named = fragment.get("Transform", [])
        if SAM not in (named if isinstance(named, list) else [named]):
            return fragment
        copied = json.loads(json.dumps(fragment))
        for logical_id, resource in copied["Resources"].items():
            properties = resource.get("Properties") or {}
            if isinstance(properties.get("DefinitionUri"), str):
                properties["DefinitionUri"] = {"Bucket": "artifacts", "Key": logical_id}
        managed = {name.split("/")[-1]: f"arn:aws:iam::aws:policy/{name}" for name in SAM_POLICIES}
        translated = Translator(managed, Parser(), boto_session=boto3.Session()).translate(copied, {})
        written: dict[str, Any] = json.loads(json.dumps(translated))
        return written

    return run
