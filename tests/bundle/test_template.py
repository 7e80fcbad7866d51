from __future__ import annotations

import importlib
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cfnlint import decode
from cfnlint.api import lint_file

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    decoded, errors = decode.decode(str(ROOT / "template.yaml"))
    assert not errors
    return decoded


def test_cfn_lint_finds_nothing() -> None:
    assert lint_file(ROOT / "template.yaml") == []


def test_the_handler_exists(template: dict[str, Any]) -> None:
    module, _, name = template["Resources"]["SfnLeastPrivilegeFunction"]["Properties"]["Handler"].rpartition(".")

    assert callable(getattr(importlib.import_module(module), name))


def test_the_makefile_builds_the_function_by_its_logical_id(template: dict[str, Any]) -> None:
    [function] = [name for name, body in template["Resources"].items() if body["Type"] == "AWS::Serverless::Function"]

    assert f"\nbuild-{function}:" in (ROOT / "Makefile").read_text()


def test_the_function_reads_only_its_own_accounts_artifacts_unless_told_otherwise(template: dict[str, Any]) -> None:
    [read] = [
        policy["PolicyDocument"]["Statement"]
        for policy in template["Resources"]["FunctionRole"]["Properties"]["Policies"]
        if policy.get("PolicyName") == "ReadDefinitions"
    ]
    [statement] = read
    condition, named, managed = statement["Fn::If"]

    assert condition == "NamesArtifactBuckets"
    assert named["Resource"] == {"Ref": "ArtifactBuckets"}
    assert managed["Condition"] == {"StringEquals": {"s3:ResourceAccount": {"Ref": "AWS::AccountId"}}}


def test_the_configuration_names_an_event_that_exists() -> None:
    configuration = tomllib.loads((ROOT / "samconfig.toml").read_text())

    assert (ROOT / configuration["default"]["local_invoke"]["parameters"]["event"]).exists()
