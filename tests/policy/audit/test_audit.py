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
        "Conditions": {"IsProd": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Orders": {"Type": "AWS::DynamoDB::Table"}, "Own": own_role, "Machine": machine, **others},
    }


def told(own_role: dict[str, Any], **others: Any) -> list[str]:
    fragment = template(own_role, **others)
    before = copy.deepcopy(fragment)
    outcome = transform(fragment, Request(NothingOutside()))
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


def test_a_deny_grants_nothing() -> None:
    assert told(role(allow(), allow(Effect="Deny"))) == FITS


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


class TestAugment:
    def policy(self, own_role: dict[str, Any], **others: Any) -> Any:
        resources = transform(template(own_role, "Augment", **others), Request(NothingOutside())).fragment["Resources"]
        assert resources["Own"] == own_role
        return resources.get("MachinePolicy")

    def test_what_the_role_lacks_stands_in_a_policy_of_its_own(self) -> None:
        policy = self.policy(role(allow("s3:GetObject")))
        assert policy["Type"] == "AWS::IAM::Policy"
        assert policy["Properties"]["Roles"] == [{"Ref": "Own"}]
        (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
        assert (statement["Action"], statement["Resource"]) == ("dynamodb:PutItem", ORDERS)

    def test_a_role_that_lacks_nothing_gets_no_policy(self) -> None:
        assert self.policy(role(allow("dynamodb:*", "*"))) is None

    def test_policies_of_a_serverless_machine_get_one_more(self) -> None:
        fragment = template(role(), "Augment")
        machine = fragment["Resources"]["Machine"]
        machine["Type"] = "AWS::Serverless::StateMachine"
        machine["Properties"] = {"Policies": ["Other"], "Definition": DEFINITION}
        policies = transform(fragment, Request(NothingOutside())).fragment["Resources"]["Machine"]["Properties"]
        assert policies["Policies"][0] == "Other"
        assert policies["Policies"][1]["Statement"][0]["Action"] == "dynamodb:PutItem"

    def test_the_machine_waits_for_what_its_creation_checks(self) -> None:
        fragment = template(role(), "Augment")
        logging = {"Level": "ALL", "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:aws:logs:x"}}]}
        fragment["Resources"]["Machine"]["Properties"]["LoggingConfiguration"] = logging
        machine = transform(fragment, Request(NothingOutside())).fragment["Resources"]["Machine"]
        assert machine["DependsOn"] == ["MachinePolicy"]

    def test_twice_is_once(self) -> None:
        once = transform(template(role(), "Augment"), Request(NothingOutside())).fragment
        assert transform(once, Request(NothingOutside())).fragment == once
