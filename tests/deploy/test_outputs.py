"""Every expected template, and every example's output, deployed into an emulated CloudFormation.

What this shows: SAM accepts the template where it names SAM; roles and policies can be made in some order, are
documents that IAM accepts, fit into its quotas once every reference has its value, and end up at the role of their
machine, none over another. What it does not show: the other resources. They are taken out, and what refers to them gets
a value as long as real ones are; so are definitions, which the emulation reads in one of their forms only.
"""

from __future__ import annotations

import json
import re
from ast import literal_eval
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from click.testing import CliRunner

from sfn_least_privilege.cli.documents import decode, read_document
from sfn_least_privilege.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable

TESTS = Path(__file__).parents[1]
GOLDEN = sorted((TESTS / "golden").glob("*/template.yaml"))
EXAMPLES = sorted((TESTS.parent / "examples").glob("*/template.*"))
ENVIRONMENT = ["--region", "eu-west-1", "--account-id", "123456789012"]
TEMPLATES = [pytest.param(path, id=f"{path.parent.parent.name}/{path.parent.name}") for path in (*GOLDEN, *EXAMPLES)]
DEPLOYED = {
    "AWS::IAM::Role",
    "AWS::IAM::Policy",
    "AWS::IAM::ManagedPolicy",
    "AWS::StepFunctions::StateMachine",
}
MACHINE = "AWS::StepFunctions::StateMachine"
NO_VALUE = {"Ref": "AWS::NoValue"}
NOTHING = json.dumps({"StartAt": "Nothing", "States": {"Nothing": {"Type": "Succeed"}}})
MAX_INLINE, MAX_MANAGED, MAX_MANAGED_POLICIES = 10_240, 6_144, 10


def read(path: Path, content: bytes) -> dict[str, Any]:
    return json.loads(json.dumps(read_document(decode(path.name, content)).value))  # type: ignore[no-any-return] -- an object


def transformed(path: Path) -> dict[str, Any]:
    arguments = path.with_name("arguments")
    extra = arguments.read_text().split() if arguments.exists() else []
    result = CliRunner().invoke(main, ["transform", str(path), *ENVIRONMENT, *extra])
    assert result.exit_code == 0, result.stderr
    return read(path, result.stdout.encode())


@pytest.mark.parametrize("path", TEMPLATES)
def test_only_roles_are_added_and_no_circle(path: Path, check_output: Callable[[Any, Any], None]) -> None:
    before, after = read(path, path.read_bytes()), transformed(path)
    before.pop("Transform", None)
    after.pop("Transform", None)
    check_output(before, after)


def value_of(name: str) -> str:
    return f"arn:aws:made-up:eu-west-1:123456789012:kind:{name}"


def without_others(template: dict[str, Any]) -> dict[str, Any]:
    """The roles, policies and machines alone; whatever refers to another resource gets a value."""
    kept = {name: alone(each) for name, each in template["Resources"].items() if each["Type"] in DEPLOYED}
    parameters = template.get("Parameters", {})
    referable = {*parameters, *(name for name, each in kept.items() if each["Type"] != MACHINE)}
    # Of a machine the emulation knows no attributes.
    made = {name: replaced(each, {*kept, *parameters}, referable) for name, each in kept.items()}
    return {"AWSTemplateFormatVersion": "2010-09-09", "Parameters": parameters, "Resources": made}


def alone(resource: dict[str, Any]) -> dict[str, Any]:
    properties = resource["Properties"]
    if resource["Type"] == MACHINE:
        properties = {"RoleArn": properties["RoleArn"], "DefinitionString": NOTHING}
    return {"Type": resource["Type"], "Properties": properties}


def replaced(node: Any, names: set[str], owners: set[str]) -> Any:
    """``node`` with a value for each reference to what is not among ``names``, or of whose owner nothing is known."""
    if isinstance(node, list):
        return [replaced(each, names, owners) for each in node]
    if not isinstance(node, dict):
        return node
    if "Ref" in node:
        name = node["Ref"]
        return node if name in names or name.startswith("AWS::") else value_of(name)
    if "Fn::GetAtt" in node:
        argument = node["Fn::GetAtt"]
        owner, *attribute = argument if isinstance(argument, list) else argument.split(".", 1)
        return node if owner in owners else value_of(".".join([owner, *attribute]))
    if "Fn::Sub" in node:
        argument = node["Fn::Sub"]
        text, variables = argument if isinstance(argument, list) else (argument, {})
        known = {*names, *variables}

        def value(match: re.Match[str]) -> str:
            owner, dot, _ = match[1].partition(".")
            is_known = owner.startswith(("AWS::", "!")) or owner in (owners if dot else known)
            return match[0] if is_known else value_of(match[1])

        text = re.sub(r"\$\{([^}]+)\}", value, text)
        return {"Fn::Sub": [text, replaced(variables, names, owners)] if variables else text}
    if set(node) & {"Fn::ImportValue", "Fn::FindInMap"}:
        return value_of("from-elsewhere")
    return {key: replaced(each, names, owners) for key, each in node.items()}


def settled(node: Any, *, holds: bool) -> Any:
    """The template where all conditions hold, or none: the emulation leaves what is not there in its lists."""
    if isinstance(node, dict) and set(node) == {"Fn::If"}:
        return settled(node["Fn::If"][1 if holds else 2], holds=holds)
    if isinstance(node, dict):
        fields = {key: settled(each, holds=holds) for key, each in node.items()}
        return {key: each for key, each in fields.items() if each != NO_VALUE}
    if isinstance(node, list):
        return [each for each in (settled(each, holds=holds) for each in node) if each != NO_VALUE]
    return node


def compact(document: Any) -> str:
    parsed = literal_eval(document) if isinstance(document, str) and document.startswith("{'") else document
    parsed = json.loads(parsed) if isinstance(parsed, str) else parsed
    return json.dumps(parsed, separators=(",", ":"))


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("holds", [True, False], ids=["all conditions hold", "none holds"])
@pytest.mark.parametrize("path", TEMPLATES)
def test_roles_and_policies_deploy_and_fit(
    path: Path,
    after_sam: Callable[[Any], dict[str, Any]],
    *,
    holds: bool,
) -> None:
    template = without_others(settled(after_sam(transformed(path)), holds=holds))
    boto3.client("cloudformation").create_stack(
        StackName="golden",
        TemplateBody=json.dumps(template),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Parameters=[
            {"ParameterKey": name, "ParameterValue": value_of("made:up:parameter")}
            for name, each in template.get("Parameters", {}).items()
            if "Default" not in each
        ],
    )
    iam = boto3.client("iam")
    made = boto3.client("cloudformation").describe_stack_resources(StackName="golden")["StackResources"]
    kinds = [each["ResourceType"] for each in made]
    assert kinds.count(MACHINE) >= 1
    roles = {
        each["LogicalResourceId"]: each["PhysicalResourceId"]
        for each in made
        if each["ResourceType"] == "AWS::IAM::Role"
    }
    for logical_id, role in roles.items():
        inline = [
            compact(iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"])
            for name in iam.list_role_policies(RoleName=role)["PolicyNames"]
        ]
        assert sum(map(len, inline)) <= MAX_INLINE
        attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        assert len(attached) <= MAX_MANAGED_POLICIES
        own = [each for each in attached if ":iam::aws:" not in each["PolicyArn"]]
        for each in own:
            version = iam.get_policy(PolicyArn=each["PolicyArn"])["Policy"]["DefaultVersionId"]
            document = iam.get_policy_version(PolicyArn=each["PolicyArn"], VersionId=version)["PolicyVersion"][
                "Document"
            ]
            assert len(compact(document)) <= MAX_MANAGED
        # An inline policy of the same name would have taken the place of another one.
        assert len(inline) == expected_inline(logical_id, template["Resources"])


def expected_inline(logical_id: str, resources: dict[str, Any]) -> int:
    """How many inline policies a role has by the template: its own, and those of policies that name it."""
    naming = [
        each
        for each in resources.values()
        if each["Type"] == "AWS::IAM::Policy" and {"Ref": logical_id} in each["Properties"].get("Roles", [])
    ]
    return len(resources[logical_id]["Properties"].get("Policies", [])) + len(naming)
