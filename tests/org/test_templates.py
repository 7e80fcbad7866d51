from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import build_org_templates
import pytest
import yaml
from cfnlint import decode
from cfnlint.api import lint_file

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ORG = ROOT / "org"
TEMPLATES = sorted(path.name for path in ORG.glob("*.yaml"))
WITH_FUNCTION = ["per-account.yaml", "central.yaml"]


def template(name: str) -> dict[str, Any]:
    decoded, errors = decode.decode(str(ORG / name))
    assert not errors
    plain: dict[str, Any] = json.loads(json.dumps(decoded))
    return plain


def test_there_are_templates_for_both_topologies_their_code_and_the_boundary() -> None:
    assert TEMPLATES == ["boundary.yaml", "central.yaml", "code-buckets.yaml", "member.yaml", "per-account.yaml"]


def test_the_templates_are_what_template_yaml_makes_them() -> None:
    made = build_org_templates.templates()

    assert {name: yaml.safe_load((ORG / name).read_text()) for name in made} == made


@pytest.mark.parametrize("name", TEMPLATES)
def test_cfn_lint_finds_nothing(name: str) -> None:
    assert lint_file(ORG / name) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_stack_sets_take_it(name: str) -> None:
    text = (ORG / name).read_text()

    assert "Transform" not in template(name)
    assert "Fn::Transform" not in text
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    assert len(text.encode()) <= 51_200
    # CloudFormation reads no anchors.
    assert not re.search(r"(^|\s)[&*]\w", text, re.MULTILINE)


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_is_for_every_region_and_account(name: str) -> None:
    body = json.dumps({part: template(name).get(part) for part in ("Resources", "Conditions", "Outputs")})

    assert not re.search(r"[a-z]{2}(-gov)?-(east|west|north|south|central)\w*-[0-9]", body)
    assert not re.search(r"[0-9]{12}", body)
    assert "arn:aws:" not in body


@pytest.mark.parametrize("name", WITH_FUNCTION)
@pytest.mark.parametrize(
    "parameter",
    [
        *("CodeBucketPrefix", "CodeKey", "CodeSha256", "MacroName", "ArtifactBuckets", "ArtifactKeys"),
        *("LockedOptions", "PermissionsBoundary", "RolePath", "FunctionRoleBoundary", "FunctionRolePath"),
        *("LogRetentionInDays", "AlarmTopic", "Dashboard"),
    ],
)
def test_what_differs_between_organisations_is_a_parameter(name: str, parameter: str) -> None:
    assert parameter in template(name)["Parameters"]


def test_the_organisation_is_asked_for_where_it_is_needed_and_only_there() -> None:
    assert "OrganizationId" not in json.dumps(template("per-account.yaml"))
    assert "Default" not in template("central.yaml")["Parameters"]["OrganizationId"]


@pytest.mark.parametrize("name", WITH_FUNCTION)
def test_the_macro_calls_a_version_by_an_alias(name: str) -> None:
    resources = template(name)["Resources"]
    [alias] = [logical_id for logical_id, body in resources.items() if body["Type"] == "AWS::Lambda::Alias"]
    [version] = [logical_id for logical_id, body in resources.items() if body["Type"] == "AWS::Lambda::Version"]

    assert resources["Macro"]["Properties"]["FunctionName"] == {"Ref": alias}
    assert resources[alias]["Properties"]["FunctionVersion"] == {"Fn::GetAtt": [version, "Version"]}
    assert resources[version]["UpdateReplacePolicy"] == "Retain"


@pytest.mark.parametrize("name", WITH_FUNCTION)
def test_whatever_changes_the_function_publishes_a_version(name: str) -> None:
    """A version is replaced when its description or CodeSha256 changes, so that these must name every parameter."""
    resources = template(name)["Resources"]
    function = resources["SfnLeastPrivilegeFunction"]["Properties"]
    version = resources["SfnLeastPrivilegeFunctionVersion"]["Properties"]
    parameters = template(name)["Parameters"].keys()
    changes_the_function = references(function) & parameters
    # The key of the code changes with its hash, the bucket does not change what is in it, and of another name there is
    # another function.
    replaces_or_does_not_matter = {"CodeBucketPrefix", "CodeKey", "MacroName", "OrganizationId"}

    assert changes_the_function - replaces_or_does_not_matter == references(version["Description"]) & parameters
    assert version["CodeSha256"] == {"Ref": "CodeSha256"}


@pytest.mark.parametrize("name", WITH_FUNCTION)
def test_the_versions_description_holds_the_longest_values(name: str) -> None:
    parameters = template(name)["Parameters"]
    separator, parts = template(name)["Resources"]["SfnLeastPrivilegeFunctionVersion"]["Properties"]["Description"][
        "Fn::Join"
    ]

    def longest(part: Any) -> int:
        if isinstance(part, str):
            return len(part)
        parameter = parameters[part["Ref"]]
        return max(map(len, parameter["AllowedValues"])) if "AllowedValues" in parameter else parameter["MaxLength"]

    # https://docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html
    assert sum(map(longest, parts)) + len(separator) * (len(parts) - 1) <= 256


def test_another_property_of_the_function_is_another_version() -> None:
    assert build_org_templates.digest({"Timeout": 60}) != build_org_templates.digest({"Timeout": 30})


def references(node: Any) -> set[str]:
    """The logical ids and parameters that a part of a template names."""
    if isinstance(node, list):
        return set().union(*map(references, node))
    if not isinstance(node, dict):
        return set()
    if isinstance(node.get("Ref"), str):
        return {node["Ref"]}
    if isinstance(node.get("Fn::Sub"), str):
        return set(re.findall(r"\$\{([^!}.]+)", node["Fn::Sub"]))
    inside = {node["Fn::If"][0]} if "Fn::If" in node else set()
    return inside.union(*map(references, node.values()))


def statements(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        if node.get("Effect") == "Allow":
            yield node
        for value in node.values():
            yield from statements(value)
    elif isinstance(node, list):
        for item in node:
            yield from statements(item)


@pytest.mark.parametrize("name", WITH_FUNCTION)
def test_the_functions_role_has_no_star_that_is_not_forced(name: str) -> None:
    role = template(name)["Resources"]["FunctionRole"]["Properties"]
    found = [statement for statement in statements(role["Policies"]) if "*" in json.dumps(statement)]

    assert not any("*" in json.dumps(statement["Action"]) for statement in found)
    assert {json.dumps(statement["Action"]): statement["Resource"] for statement in found} == {
        # X-Ray has no resources.
        '["xray:PutTraceSegments", "xray:PutTelemetryRecords"]': "*",
        # The end of the name of SAM's bucket is random; a condition says whose it must be.
        '["s3:GetObject", "s3:GetObjectVersion"]': {
            "Fn::Sub": "arn:${AWS::Partition}:s3:::aws-sam-cli-managed-default-samclisourcebucket-*/*"
        },
    }


@pytest.mark.parametrize(
    ("name", "condition"),
    [
        ("per-account.yaml", {"s3:ResourceAccount": {"Ref": "AWS::AccountId"}}),
        ("central.yaml", {"aws:ResourceOrgID": {"Ref": "OrganizationId"}}),
    ],
)
def test_whose_buckets_the_function_reads(name: str, condition: dict[str, Any]) -> None:
    role = template(name)["Resources"]["FunctionRole"]["Properties"]
    [read] = [each for each in statements(role["Policies"]) if "Condition" in each and "s3:GetObject" in each["Action"]]

    assert read["Condition"] == {"StringEquals": condition}


def test_a_member_has_nothing_but_the_macro() -> None:
    [(_, macro)] = template("member.yaml")["Resources"].items()

    assert macro["Type"] == "AWS::CloudFormation::Macro"
    assert macro["Properties"]["FunctionName"] == {
        "Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${FunctionAccountId}:function:${FunctionName}:live"
    }
