from __future__ import annotations

import importlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from cfnlint import decode
from cfnlint.api import lint_file

import sfn_least_privilege

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
    assert managed["Condition"] == {
        "StringEquals": {
            "Fn::If": [
                "IsShared",
                {"aws:ResourceOrgID": {"Ref": "OrganizationId"}},
                {"s3:ResourceAccount": {"Ref": "AWS::AccountId"}},
            ]
        }
    }


def test_the_serverless_application_repository_gets_what_it_asks_for(template: dict[str, Any]) -> None:
    """Names and limits as the repository has them.

    Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/serverless-sam-template-publishing-applications-metadata-properties.html
    """
    metadata = template["Metadata"]["AWS::ServerlessRepo::Application"]

    assert re.fullmatch("[a-zA-Z0-9-]{1,140}", metadata["Name"])
    assert 1 <= len(metadata["Description"]) <= 256
    assert 1 <= len(metadata["Author"]) <= 127
    assert len(metadata["Labels"]) <= 10
    assert all(re.fullmatch(r"[a-zA-Z0-9+\-_:/@]{1,127}", label) for label in metadata["Labels"])
    assert metadata["SpdxLicenseId"] == "Apache-2.0"
    assert "Apache License" in (ROOT / metadata["LicenseUrl"]).read_text()
    assert (ROOT / metadata["ReadmeUrl"]).stat().st_size < 5 * 1024 * 1024
    assert metadata["SemanticVersion"] == sfn_least_privilege.__version__


def test_another_default_publishes_another_version(template: dict[str, Any]) -> None:
    function = template["Resources"]["SfnLeastPrivilegeFunction"]["Properties"]
    _, described = function["VersionDescription"]["Fn::Join"]
    defaults = {
        json.dumps(value) for name, value in function["Environment"]["Variables"].items() if "_ROLE_ARN" not in name
    }

    assert function["AutoPublishAlias"] == "live"
    for default in defaults:
        assert any(json.dumps(part) in default for part in described), default


def test_the_configuration_names_an_event_that_exists() -> None:
    configuration = tomllib.loads((ROOT / "samconfig.toml").read_text())

    assert (ROOT / configuration["default"]["local_invoke"]["parameters"]["event"]).exists()
