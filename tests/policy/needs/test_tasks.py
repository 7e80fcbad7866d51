from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import PolicyOutcome, policy_for

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:f"


def policy(resource: str, parameters: dict[str, Any] | None = None, **fields: Any) -> PolicyOutcome:
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters or {}, "End": True, **fields}
    return policy_for(json.dumps({"StartAt": "Only", "States": {"Only": task}}), DEPLOYMENT)


def granted(outcome: PolicyOutcome) -> set[tuple[str, str]]:
    statements = outcome.document["Statement"] if outcome.document else []
    return {
        (action, resource)
        for statement in statements
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
        for resource in ([statement["Resource"]] if isinstance(statement["Resource"], str) else statement["Resource"])
    }


def errors(resource: str, parameters: dict[str, Any] | None = None, **fields: Any) -> list[str]:
    with pytest.raises(TransformFailedError) as failure:
        policy(resource, parameters, **fields)
    return [str(finding) for finding in failure.value.findings]


def test_a_function_named_by_its_arn_may_be_invoked() -> None:
    assert granted(policy(FUNCTION)) == {("lambda:InvokeFunction", FUNCTION)}


def test_an_activity_needs_nothing() -> None:
    assert policy("arn:aws:states:eu-west-1:123456789012:activity:review").document is None


def test_a_task_with_credentials_needs_only_to_assume_the_other_role() -> None:
    outcome = policy(FUNCTION, Credentials={"RoleArn": "arn:aws:iam::210987654321:role/theirs"})
    assert granted(outcome) == {("sts:AssumeRole", "arn:aws:iam::210987654321:role/theirs")}


@pytest.mark.parametrize("role", ["theirs", "", None])
def test_credentials_that_are_no_arn_are_an_error(role: str | None) -> None:
    (error,) = errors(FUNCTION, Credentials={"RoleArn": role})
    assert error.startswith("SLP201 definition / Only: `Credentials.RoleArn` is ")


@pytest.mark.parametrize(
    ("api", "hint"),
    [
        ("dynamodb:getitem", "did you mean `dynamodb:getItem`?"),
        ("dynamodb:getItems", "did you mean `dynamodb:getItem`?"),
        ("dynamo:getItem", "did you mean `dynamodb:getItem`?"),
        ("sqs:sendMesage", "did you mean `sqs:sendMessage`?"),
    ],
)
def test_a_misspelt_integration_is_an_error_with_a_suggestion(api: str, hint: str) -> None:
    (error,) = errors(f"arn:aws:states:::{api}")
    assert error == f"SLP301 Only: `{api}` is not known; {hint}".replace("Only", "definition / Only")


def test_an_integration_that_is_like_no_other_gets_no_suggestion() -> None:
    assert errors("arn:aws:states:::teleport:beam") == ["SLP301 definition / Only: `teleport:beam` is not known"]


def test_a_pattern_that_is_not_supported_is_an_error_that_lists_those_that_are() -> None:
    assert errors("arn:aws:states:::dynamodb:getItem.sync", {"TableName": "t"}) == [
        "SLP302 definition / Only: `dynamodb:getItem` does not support the pattern .sync: it supports request response",
    ]


@pytest.mark.parametrize(
    ("api", "arguments"),
    [
        ("lambda:invoke", "`FunctionName`"),
        ("sqs:sendMessage", "`QueueUrl`"),
        ("sns:publish", "`TopicArn` or `TargetArn` or `PhoneNumber`"),
        ("states:startExecution", "`StateMachineArn`"),
    ],
)
def test_a_task_without_the_argument_that_names_its_resource_is_an_error(api: str, arguments: str) -> None:
    assert errors(f"arn:aws:states:::{api}", {"Other": 1}) == [
        f"SLP303 definition / Only: `{api}` needs {arguments}",
    ]


def test_arguments_are_found_in_any_letter_case() -> None:
    outcome = policy("arn:aws:states:::dynamodb:getItem", {"tablename": "orders"})
    assert granted(outcome) == {("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders")}


def test_a_special_character_in_a_name_is_no_wildcard() -> None:
    outcome = policy("arn:aws:states:::dynamodb:getItem", {"TableName": "orders*"})
    assert granted(outcome) == {("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders${*}")}


def test_breadth_is_a_warning_that_names_the_state_the_argument_and_the_reason() -> None:
    outcome = policy("arn:aws:states:::dynamodb:getItem", {"TableName.$": "$.table"})
    (warning,) = outcome.findings
    assert warning.rule.id == "SLP304"
    assert str(warning.location) == "definition / Only"
    assert "arn:aws:dynamodb:eu-west-1:*:table/*" in warning.detail
    assert "`TableName` is not fully known: `$.table`" in warning.detail


@pytest.mark.parametrize(
    "resource",
    ["not-an-arn", "arn:aws:states:::", "arn:aws:states:::lambda", "arn:aws:s3:::bucket", "arn:aws:states:::a:b:c:d"],
)
def test_a_resource_that_calls_nothing_known_is_an_error(resource: str) -> None:
    (error,) = errors(resource)
    assert error.startswith("SLP203 definition / Only: `Resource` is not known")


def test_a_publication_to_a_phone_is_granted_on_everything_and_said_so() -> None:
    outcome = policy("arn:aws:states:::sns:publish", {"PhoneNumber": "+31612345678"})
    assert granted(outcome) == {("sns:Publish", "*")}
    assert [finding.rule.id for finding in outcome.findings] == ["SLP305"]


def test_a_target_that_is_a_topic_is_granted_as_the_topic() -> None:
    topic = "arn:aws:sns:eu-west-1:123456789012:told"
    assert granted(policy("arn:aws:states:::sns:publish", {"TargetArn": topic})) == {("sns:Publish", topic)}


def test_entries_of_several_buses_are_granted_on_each() -> None:
    entries = [{"EventBusName": "a"}, {"EventBusName": "a"}, {}]
    assert granted(policy("arn:aws:states:::events:putEvents", {"Entries": entries})) == {
        ("events:PutEvents", "arn:aws:events:eu-west-1:123456789012:event-bus/a"),
        ("events:PutEvents", "arn:aws:events:eu-west-1:123456789012:event-bus/default"),
    }


def test_a_child_is_described_and_stopped_by_its_whole_name() -> None:
    child = "arn:aws:states:eu-west-1:123456789012:stateMachine:orders"
    outcome = policy("arn:aws:states:::states:startExecution.sync:2", {"StateMachineArn": child})
    assert ("states:StopExecution", "arn:aws:states:eu-west-1:123456789012:execution:orders:*") in granted(outcome)


@pytest.mark.parametrize(
    ("resource", "parameters", "blamed"),
    [
        ("lambda:invoke", {"FunctionName": "charge", "Qualifier.$": "$.version"}, "because `Qualifier` is not"),
        ("lambda:invoke", {"FunctionName.$": "$.name", "Qualifier": "live"}, "because `FunctionName` is not"),
        ("eks:deleteNodegroup", {"ClusterName": "c", "NodegroupName.$": "$.group"}, "because `NodegroupName` is not"),
    ],
)
def test_a_breadth_is_blamed_on_the_argument_that_is_not_known(
    resource: str, parameters: dict[str, Any], blamed: str
) -> None:
    told = [str(each) for each in policy(f"arn:aws:states:::{resource}", parameters).findings]
    assert any(blamed in each for each in told)


def test_a_placeholder_for_what_a_template_puts_in_is_unknown_where_there_is_no_template() -> None:
    outcome = policy("arn:aws:states:::dynamodb:getItem", {"TableName": "${Table}-eu", "Key": {}})
    assert granted(outcome) == {("dynamodb:GetItem", "arn:aws:dynamodb:eu-west-1:*:table/*-eu")}
    assert "what the template puts in for `Table` is not known" in str(outcome.findings[0])
