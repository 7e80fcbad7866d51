"""A role that somebody wrote by hand, held against what its state machine needs."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from sfn_least_privilege.policy.pipeline import Request, transform

ORDERS = {"Fn::GetAtt": ["Orders", "Arn"]}
DEFINITION = {
    "StartAt": "Write",
    "States": {
        "Write": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": {"Ref": "Orders"}, "Item": {}},
            "End": True,
        }
    },
}


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def role(*statements: Any, **properties: Any) -> dict[str, Any]:
    policies = [{"PolicyName": "Own", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}]
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies if statements else [], **properties}}


def allow(action: Any = "dynamodb:PutItem", resource: Any = ORDERS, **fields: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **fields}


def template(own_role: dict[str, Any], mode: str = "Audit", **others: Any) -> dict[str, Any]:
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Metadata": {"SfnLeastPrivilege": {"Mode": mode}},
        "Properties": {"RoleArn": {"Fn::GetAtt": ["Own", "Arn"]}, "Definition": DEFINITION},
    }
    return {
        "Parameters": {"Pattern": {"Type": "String"}},
        "Conditions": {"IsProd": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Orders": {"Type": "AWS::DynamoDB::Table"}, "Own": own_role, "Machine": machine, **others},
    }


def told(own_role: dict[str, Any], **others: Any) -> list[str]:
    fragment = template(own_role, **others)
    before = copy.deepcopy(fragment)
    outcome = transform(fragment, Request(NothingOutside(), "eu-west-1", "123456789012", {"Pattern": "arn:aws:x:*"}))
    assert outcome.fragment == before
    return [str(each) for each in outcome.findings]


FITS = ["SLP414 Machine: the role grants what the state machine needs, and no more"]


@pytest.mark.parametrize(
    "resource",
    [
        ORDERS,
        {"Fn::Sub": "${Orders.Arn}"},
        {"Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Orders}"},
        [ORDERS],
    ],
)
def test_a_role_that_grants_just_what_is_needed_fits(resource: Any) -> None:
    assert told(role(allow(resource=resource))) == FITS


def test_what_the_role_lacks_is_told_with_the_state_that_needs_it() -> None:
    assert told(role()) == ["SLP410 Machine / Write: the role does not grant dynamodb:PutItem on `${Orders.Arn}`"]


def test_an_action_that_nothing_needs_is_told() -> None:
    (only,) = told(role(allow(), allow("s3:GetObject", "*")))
    assert (
        only == "SLP411 Machine: the policy `Own` of Own grants s3:GetObject, which nothing in this state machine needs"
    )


@pytest.mark.parametrize(
    ("action", "resource", "shown"),
    [
        ("dynamodb:PutItem", "*", "dynamodb:PutItem on `*`"),
        ("dynamodb:*", ORDERS, "dynamodb:* on `${Orders.Arn}`"),
        ("dynamodb:Put*", ORDERS, "dynamodb:Put* on `${Orders.Arn}`"),
    ],
)
def test_what_is_wider_than_needed_is_told_with_what_is_needed(action: str, resource: Any, shown: str) -> None:
    (only,) = told(role(allow(action, resource)))
    assert f"grants {shown}; needed is dynamodb:PutItem on `${{Orders.Arn}}`" in only


def test_iam_does_not_mind_the_letter_case_of_actions() -> None:
    assert told(role(allow("DynamoDB:putitem"))) == FITS


def test_a_deny_of_what_is_needed_is_told_because_no_allow_helps() -> None:
    (only,) = told(role(allow(), allow(Effect="Deny")))
    assert only == (
        "SLP416 Machine / Write: the policy `Own` of Own denies dynamodb:PutItem on `${Orders.Arn}`: "
        "whatever else allows it does not help"
    )


@pytest.mark.parametrize(
    "denial",
    [
        {"Action": "*", "Resource": "*", "Condition": {"Bool": {"aws:SecureTransport": "false"}}},
        {"Action": "dynamodb:*", "Resource": {"Fn::Sub": "${Orders.Arn}/index/*"}},
        {"NotAction": "s3:*", "Resource": {"Fn::ImportValue": "Shared"}},
    ],
)
def test_a_deny_that_may_meet_what_is_needed_is_told(denial: dict[str, Any]) -> None:
    (only,) = told(role(allow(), {"Effect": "Deny", **denial}))
    assert only.startswith("SLP417 Machine / Write: the policy `Own` of Own denies dynamodb:PutItem on some resources")


@pytest.mark.parametrize(
    "denial",
    [
        {"Action": "dynamodb:DeleteTable", "Resource": "*"},
        {"NotAction": "dynamodb:*", "Resource": "*"},
        {"Action": "*", "NotResource": ORDERS},
        {"Action": "*", "Resource": {"Fn::GetAtt": ["Other", "Arn"]}},
    ],
)
def test_a_deny_of_something_else_is_no_matter(denial: dict[str, Any]) -> None:
    assert told(role(allow(), {"Effect": "Deny", **denial})) == FITS


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": ORDERS},
        {"Effect": "Allow", "Action": "dynamodb:PutItem", "NotResource": {"Fn::GetAtt": ["Other", "Arn"]}},
    ],
    ids=["NotAction", "NotResource"],
)
def test_everything_but_something_grants_what_is_needed_and_more(statement: dict[str, Any]) -> None:
    (only,) = told(role(statement))
    assert only.startswith("SLP412")
    assert "everything but" in only


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "Allow", "NotAction": "dynamodb:*", "Resource": ORDERS},
        {"Effect": "Allow", "Action": "dynamodb:PutItem", "NotResource": {"Fn::Sub": "${Orders.Arn}*"}},
        allow(resource={"Fn::Sub": "arn:aws:dynamodb:eu-west-1:999999999999:table/${Orders}"}),
        allow(resource={"Fn::Sub": "arn:aws:dynamodb:eu-west-1:123456789012:table/prefix-${Orders}"}),
        allow(resource={"Fn::Sub": "arn:aws:dynamodb:*:*:backup/${Orders}"}),
        allow(action=[{"Fn::If": ["IsProd", "dynamodb:PutItem", "dynamodb:GetItem"]}]),
        allow(resource={"Fn::If": ["IsProd", ORDERS, "arn:aws:dynamodb:eu-west-1:123456789012:table/other"]}),
        allow(resource={"Fn::Transform": {"Name": "Mine"}}),
        allow(resource={"Ref": "Pattern"}),
    ],
)
def test_what_does_not_certainly_grant_counts_as_lacking(statement: dict[str, Any]) -> None:
    assert told(role(statement))[0].startswith("SLP410 Machine / Write: the role does not grant dynamodb:PutItem")


def test_what_both_branches_of_a_condition_grant_is_granted() -> None:
    assert told(role({"Fn::If": ["IsProd", allow(), allow(Sid="Other")]})) == FITS


def test_conditions_of_a_statement_may_not_hold() -> None:
    (only,) = told(role(allow(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})))
    assert only.startswith("SLP415 Machine / Write: the role grants dynamodb:PutItem on `${Orders.Arn}` only where")


def test_a_role_by_its_name_is_the_same_role() -> None:
    beside = {"Type": "AWS::IAM::Policy", "Properties": {"Roles": ["orders"], "PolicyDocument": {"Statement": allow()}}}
    assert told(role(RoleName="orders"), Beside=beside) == FITS


def test_a_policy_for_several_roles_counts_and_one_for_others_does_not() -> None:
    beside = {"Type": "AWS::IAM::Policy", "Properties": {"PolicyDocument": {"Statement": allow()}}}
    beside["Properties"]["Roles"] = [{"Ref": "Other"}, {"Fn::If": ["IsProd", {"Ref": "Own"}, {"Ref": "Own"}]}]
    assert told(role(), Beside=beside) == FITS
    beside["Properties"]["Roles"] = [{"Ref": "Other"}]
    assert told(role(), Beside=beside)[0].startswith("SLP410")


@pytest.mark.parametrize(
    "broken", [None, [], "x", {"Policies": 7}, {"Policies": [None]}, {"Policies": {"Ref": "Nothing"}}]
)
def test_a_role_that_cannot_be_read_grants_nothing(broken: Any) -> None:
    first, *_ = told({"Type": "AWS::IAM::Role", "Properties": broken})
    assert first.startswith("SLP410")


def test_a_statement_under_a_template_condition_does_not_always_grant() -> None:
    (only,) = told(role({"Fn::If": ["IsProd", allow(), {"Ref": "AWS::NoValue"}]}))
    assert only.startswith("SLP410")


@pytest.mark.parametrize(
    "others",
    [
        {"Beside": {"Type": "AWS::IAM::Policy", "Properties": {"Roles": [{"Ref": "Own"}]}}},
        {"Beside": {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Roles": [{"Ref": "Own"}]}}},
        {"Beside": {"Type": "AWS::IAM::RolePolicy", "Properties": {"RoleName": {"Ref": "Own"}}}},
    ],
    ids=lambda others: others["Beside"]["Type"],
)
def test_policies_that_name_the_role_count(others: dict[str, Any]) -> None:
    others["Beside"]["Properties"]["PolicyDocument"] = {"Statement": [allow()]}
    assert told(role(), **others) == FITS


def test_a_managed_policy_of_the_template_that_the_role_names_counts() -> None:
    beside = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": {"Statement": allow()}}}
    assert told(role(ManagedPolicyArns=[{"Ref": "Beside"}]), Beside=beside) == FITS


def test_a_managed_policy_from_elsewhere_is_named_as_not_looked_at() -> None:
    lacks, unseen = told(role(ManagedPolicyArns=["arn:aws:iam::aws:policy/PowerUserAccess"]))
    assert lacks.startswith("SLP410")
    assert "`arn:aws:iam::aws:policy/PowerUserAccess`" in unseen


def test_a_boundary_is_told_because_it_may_deny_what_is_granted() -> None:
    (only,) = told(role(allow(), PermissionsBoundary="arn:aws:iam::123456789012:policy/boundary"))
    assert only.startswith("SLP418 Machine: the role has a permissions boundary")
