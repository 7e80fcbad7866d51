"""What an organisation has locked stays so, however a template asks for something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.options.layers import Organisation
from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
OTHER = "arn:aws:iam::123456789012:policy/other"
NO_VALUE = {"Ref": "AWS::NoValue"}
SEND = {
    "StartAt": "Send",
    "States": {
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl.$": "$.queue", "MessageBody": "hello"},
            "End": True,
        }
    },
}
LOCKED = Organisation(
    {"PermissionsBoundary": BOUNDARY, "OnWildcard": "Warn", "RolePath": "/workflows/", "Mode": "Generate"},
    frozenset({"PermissionsBoundary", "OnWildcard", "RolePath", "Mode", "ManagedPolicyArns"}),
)


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def transformed(resources: dict[str, Any], options: dict[str, Any] | None = None) -> Outcome:
    conditions = {"Always": {"Fn::Equals": ["a", "a"]}}
    request = Request(NothingOutside(), "eu-west-1", "123456789012", {}, options or {}, LOCKED)
    return transform({"Conditions": conditions, "Resources": resources}, request)


def machine(kind: str = "AWS::StepFunctions::StateMachine", **properties: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": {"Definition": SEND, **properties}}


def with_options(**options: Any) -> dict[str, Any]:
    return {**machine(), "Metadata": {"SfnLeastPrivilege": options}}


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("PermissionsBoundary", OTHER),
        ("PermissionsBoundary", {"Ref": "Mine"}),
        ("PermissionsBoundary", {"Fn::Sub": BOUNDARY}),
        ("PermissionsBoundary", {"Fn::If": ["Always", NO_VALUE, BOUNDARY]}),
        ("PermissionsBoundary", {"Fn::Join": ["", [BOUNDARY]]}),
        ("PermissionsBoundary", BOUNDARY.upper()),
        ("PermissionsBoundary", f"{BOUNDARY} "),
        ("OnWildcard", "Allow"),
        ("RolePath", "/"),
        ("Mode", "Ignore"),
        ("Mode", "Augment"),
        ("ManagedPolicyArns", "arn:aws:iam::aws:policy/AdministratorAccess"),
        ("ManagedPolicyArns", '["arn:aws:iam::aws:policy/AdministratorAccess"]'),
    ],
)
@pytest.mark.parametrize("where", ["metadata", "parameters"])
def test_a_lock_holds_against_the_template(option: str, value: Any, where: str) -> None:
    given = with_options(**{option: value}) if where == "metadata" else machine()
    with pytest.raises(TransformFailedError, match=f"SLP151 Machine: .* `{option}` is locked to"):
        transformed({"Machine": given}, {option: value} if where == "parameters" else None)


@pytest.mark.parametrize("option", ["permissionsBoundary", "PermissionsBoundary ", "PERMISSIONSBOUNDARY"])
def test_another_spelling_is_no_option(option: str) -> None:
    with pytest.raises(TransformFailedError, match="is no option"):
        transformed({"Machine": with_options(**{option: OTHER})})


@pytest.mark.parametrize(
    "value", ["allow", "ALLOW", {"Ref": "Loose"}, {"Fn::If": ["Always", "Allow", "Warn"]}, ["Allow"]]
)
def test_a_reaction_is_one_of_its_three_words(value: Any) -> None:
    with pytest.raises(
        TransformFailedError, match=r"SLP150 Machine: Metadata\.SfnLeastPrivilege: `OnWildcard` must be"
    ):
        transformed({"Machine": with_options(OnWildcard=value)})


@pytest.mark.parametrize("value", [None, "", NO_VALUE])
def test_what_is_not_given_leaves_the_lock_in_place(value: Any) -> None:
    made = transformed({"Machine": with_options(PermissionsBoundary=value)}).fragment["Resources"]
    assert made["MachineRole"]["Properties"]["PermissionsBoundary"] == BOUNDARY


def test_a_lock_can_be_tightened() -> None:
    with pytest.raises(TransformFailedError, match="SLP304"):
        transformed({"Machine": with_options(OnWildcard="Fail")})


def test_the_machines_that_ask_for_nothing_are_not_loosened_by_the_others() -> None:
    with pytest.raises(TransformFailedError) as failure:
        transformed({"One": with_options(OnWildcard="Allow"), "Two": machine()})
    assert [each.location.logical_id for each in failure.value.findings] == ["One"]


@pytest.mark.parametrize("boundary", [OTHER, {"Fn::If": ["Always", NO_VALUE, BOUNDARY]}])
def test_a_property_of_a_serverless_machine_does_not_get_around_a_lock(boundary: Any) -> None:
    with pytest.raises(TransformFailedError, match="SLP151 Machine: the machine's properties"):
        transformed({"Machine": machine("AWS::Serverless::StateMachine", PermissionsBoundary=boundary)})


def sams_role(**properties: Any) -> dict[str, Any]:
    tags = [{"Key": "stateMachine:createdBy", "Value": "SAM"}]
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {}, "Tags": tags, **properties}}


def test_the_role_that_sam_made_does_not_get_around_a_lock() -> None:
    own = machine(RoleArn={"Fn::GetAtt": ["MachineRole", "Arn"]})
    with pytest.raises(TransformFailedError, match="SLP151"):
        transformed({"Machine": own, "MachineRole": sams_role(PermissionsBoundary=OTHER)})
    made = transformed({"Machine": own, "MachineRole": sams_role()}).fragment["Resources"]["MachineRole"]
    assert made["Properties"]["PermissionsBoundary"] == BOUNDARY
    assert made["Properties"]["Path"] == "/workflows/"


SECRET = "hunter2-hunter2"  # noqa: S105 -- stands for one


@pytest.mark.parametrize(
    "option", ["PermissionsBoundary", "RolePath", "ManagedPolicyArns", "RoleNamePrefix", "Tags", "RemoveActions"]
)
@pytest.mark.parametrize("value", [SECRET, [SECRET], {"Fn::Sub": SECRET}, json.dumps([{"Key": SECRET}])])
def test_no_value_that_was_given_is_repeated(option: str, value: Any) -> None:
    assert not any(SECRET in each for each in told(option, value))


def told(option: str, value: Any) -> list[str]:
    try:
        return [str(each) for each in transformed({"Machine": machine()}, {option: value}).findings]
    except TransformFailedError as failure:
        return [str(each) for each in failure.findings]


def test_a_string_that_is_nested_too_deep_is_no_list() -> None:
    with pytest.raises(TransformFailedError, match="SLP150 the macro's Parameters: `Tags` must be of type array"):
        transformed({"Machine": machine()}, {"Tags": "[" * 100_000})


@pytest.mark.parametrize(
    "options", [{"Tags": [{"Key": "a", "Value": SECRET}]}, {"Tags": json.dumps([{"Key": "a", "Value": SECRET}])}]
)
def test_a_secret_is_not_written_into_the_template(options: dict[str, Any]) -> None:
    fragment = {"Parameters": {"Password": {"Type": "String", "NoEcho": True}}, "Resources": {"Machine": machine()}}
    with pytest.raises(TransformFailedError) as failure:
        transform(fragment, Request(NothingOutside(), "eu-west-1", "123456789012", {"Password": SECRET}, options))
    assert [each.rule.id for each in failure.value.findings] == ["SLP157"]
    assert SECRET not in str(failure.value)


def test_a_role_that_pretends_to_be_ours_does_not_get_around_a_locked_mode() -> None:
    forged = {
        "Type": "AWS::IAM::Role",
        "Metadata": {"SfnLeastPrivilege": {"StateMachine": "Machine"}},
        "Properties": {},
    }
    resources = {"Forged": forged, "Machine": machine(RoleArn={"Fn::GetAtt": ["Forged", "Arn"]})}
    everyone = Organisation({"Mode": "Replace"}, frozenset({"Mode"}))
    outcome = transform({"Resources": resources}, Request(NothingOutside(), organisation=everyone))
    assert outcome.roles == {"Machine": "MachineRole"}
