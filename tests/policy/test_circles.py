"""Whatever refers to whatever: the roles close no circle that CloudFormation would refuse."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.iam.placement import place
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.pipeline import Request, transform
from sfn_least_privilege.policy.template.dependencies import Dependencies
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import Guarded

if TYPE_CHECKING:
    from collections.abc import Callable


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def machine(task: dict[str, Any], options: dict[str, Any] | None = None, **properties: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::StepFunctions::StateMachine",
        "Metadata": {"SfnLeastPrivilege": options or {}},
        "Properties": {
            "Definition": {"StartAt": "Only", "States": {"Only": {"Type": "Task", "End": True, **task}}},
            **properties,
        },
    }


SEND = {
    "Resource": "arn:aws:states:::sqs:sendMessage",
    "Parameters": {"QueueUrl": {"Ref": "Queue"}, "MessageBody": "hello"},
}
START = {
    "Resource": "arn:aws:states:::states:startExecution",
    "Parameters": {"StateMachineArn.$": "$.next", "Input": {}},
}


def hinted(name: str) -> dict[str, Any]:
    return {"Values": {"Only": {"StateMachineArn": {"Ref": name}}}}


@pytest.fixture
def transformed(check_output: Callable[[Any, Any], None]) -> Callable[..., dict[str, Any]]:
    def run(**resources: Any) -> dict[str, Any]:
        fragment = {"Resources": resources}
        before = copy.deepcopy(fragment)
        outcome = transform(fragment, Request(NothingOutside()))
        check_output(before, outcome.fragment)
        assert transform(outcome.fragment, Request(NothingOutside())).fragment == outcome.fragment
        made: dict[str, Any] = outcome.fragment["Resources"]
        return made

    return run


def test_machines_that_name_each_other_in_hints_only(transformed: Callable[..., Any]) -> None:
    resources = transformed(One=machine(START, hinted("Two")), Two=machine(START, hinted("One")))
    assert "Two" in json.dumps(resources["OneRolePolicy"]["Properties"])
    assert "Policies" not in resources["OneRole"]["Properties"]


def test_what_a_machine_waits_for_by_its_role_counts_for_the_next_machine() -> None:
    """Nothing of the template waits for anything; the two roles would for one another."""
    dependencies = Dependencies({"One": {}, "Two": {}})
    assert place([start("Two")], "One", dependencies).beside_role == ()
    second = place([start("One")], "Two", dependencies)
    assert second.in_role == ()
    assert len(second.beside_role) == 1


def test_what_stands_beside_the_role_keeps_its_conditions(check_output: Callable[[Any, Any], None]) -> None:
    desk = {
        "Type": "AWS::SNS::Topic",
        "Condition": "IsProd",
        "Properties": {"DisplayName": {"Fn::GetAtt": MACHINE_NAME}},
    }
    tell = {"Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn.$": "$.topic", "Message": "hello"}}
    topics = {"Fn::If": ["IsProd", {"Ref": "Desk"}, "arn:aws:sns:eu-west-1:123456789012:desk"]}
    fragment = {
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
        "Resources": {"Machine": machine(tell, {"Values": {"Only": {"TopicArn": topics}}}), "Desk": desk},
    }
    outcome = transform(fragment, Request(NothingOutside()))
    check_output(fragment, outcome.fragment)
    beside = outcome.fragment["Resources"]["MachineRolePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    # The topic is there in production only; elsewhere a statement stands in its place that says nothing.
    assert beside[0]["Fn::If"][0] == "IsProd"
    assert beside[0]["Fn::If"][1]["Resource"] == {"Ref": "Desk"}
    assert beside[1]["NotResource"] == "*"


MACHINE_NAME = ["Machine", "Name"]


def start(name: str) -> Need:
    resource = Guarded(Text((Reference("Ref", name, Kind.ARN, name),)))
    reason = Reason(("Start",), "states:startExecution", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    return Need(("states:StartExecution",), resource, Phase.RUN, reason)


def test_a_key_that_names_the_role_that_sam_made(transformed: Callable[..., Any]) -> None:
    resources = transformed(
        Machine=machine(SEND, RoleArn={"Fn::GetAtt": ["MachineRole", "Arn"]}),
        MachineRole={
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {},
                "Tags": [{"Key": "stateMachine:createdBy", "Value": "SAM"}],
            },
        },
        Queue={"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
        Key={"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"AWS": {"Fn::GetAtt": ["MachineRole", "Arn"]}}}},
    )
    # The queue waits for the key, and the key for the role: what names either of them stands beside the role.
    assert '"Queue"' not in json.dumps(resources["MachineRole"]["Properties"])
    beside = json.dumps(resources["MachineRolePolicy"]["Properties"])
    assert "sqs:SendMessage" in beside
    assert "kms:Decrypt" in beside


def test_a_key_that_names_the_role_that_sam_would_make(transformed: Callable[..., Any]) -> None:
    resources = transformed(
        Machine={**machine(SEND), "Type": "AWS::Serverless::StateMachine"},
        Queue={"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
        Key={"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"AWS": {"Fn::GetAtt": ["MachineRole", "Arn"]}}}},
    )
    assert "Policies" not in resources["MachineRole"]["Properties"]
    assert "sqs:SendMessage" in json.dumps(resources["MachineRolePolicy"]["Properties"])


def test_additional_statements_about_the_machine_itself(transformed: Callable[..., Any]) -> None:
    statements = [
        {"Effect": "Allow", "Action": "states:ListExecutions", "Resource": {"Ref": "Machine"}},
        {"Effect": "Deny", "Action": "s3:DeleteBucket", "Resource": "*"},
    ]
    resources = transformed(
        Machine=machine(SEND, {"AdditionalStatements": statements}), Queue={"Type": "AWS::SQS::Queue"}
    )
    additional = resources["MachineRole"]["Properties"]["Policies"][-1]["PolicyDocument"]["Statement"]
    assert additional == statements[1:]
    assert resources["MachineRolePolicy"]["Properties"]["PolicyDocument"]["Statement"] == statements[:1]


@pytest.mark.parametrize(
    "options",
    [
        {"ManagedPolicyArns": [{"Ref": "Waiting"}]},
        {"PermissionsBoundary": {"Ref": "Waiting"}},
        {"Tags": [{"Key": "about", "Value": {"Fn::GetAtt": ["Machine", "Name"]}}]},
    ],
)
def test_an_option_that_the_role_itself_holds_cannot_wait_for_the_machine(options: dict[str, Any]) -> None:
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"Description": {"Fn::GetAtt": ["Machine", "Name"]}}}
    fragment = {
        "Resources": {"Machine": machine(SEND, options), "Queue": {"Type": "AWS::SQS::Queue"}, "Waiting": policy}
    }
    with pytest.raises(
        TransformFailedError, match=r"SLP156 Machine: `\w+` names `\w+`, which waits for the state machine"
    ):
        transform(fragment, Request(NothingOutside()))


def test_additional_statements_take_of_the_roles_room(transformed: Callable[..., Any]) -> None:
    resource = {"Fn::Sub": "arn:${AWS::Partition}:s3:::" + "x" * 60 + "/*"}
    statements = [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": [resource] * 90}]
    tables = [f"a-table-with-a-rather-long-name-{number:05}" for number in range(40)]
    states = {
        name: {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:getItem",
            "Parameters": {"TableName": name, "Key": {}},
            **({"Next": tables[number + 1]} if name != tables[-1] else {"End": True}),
        }
        for number, name in enumerate(tables)
    }
    given = machine(SEND, {"AdditionalStatements": statements})
    given["Properties"]["Definition"] = {"StartAt": tables[0], "States": states}
    assert "MachineRolePolicy1" in transformed(Machine=given)
