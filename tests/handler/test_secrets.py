"""``NoEcho`` parameters reach the macro in clear; with the real engine their values leave it by no way at all."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.handler.app import lambda_handler

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Output

SECRET = "n0-Ech0-s3cret"  # noqa: S105 - what must not be found in any output


def machine(resource: str, parameters: dict[str, Any] | None = None) -> dict[str, Any]:
    task = {"Type": "Task", "Resource": resource, "End": True, **({"Parameters": parameters} if parameters else {})}
    return {
        "Definition": {"StartAt": "Task", "States": {"Task": task}},
        "DefinitionSubstitutions": {"Value": {"Ref": "Secret"}},
    }


@pytest.mark.parametrize(
    "properties",
    [
        machine("arn:aws:lambda:eu-west-1:111111111111:function:${Value}"),
        machine("arn:aws:states:::lambda:invoke", {"FunctionName": "${Value}"}),
        machine("arn:aws:states:::dynamodb:putItem", {"TableName": "${Value}"}),
        machine("arn:aws:states:::sqs:sendMessage", {"QueueUrl": "${Value}"}),
        machine("arn:aws:states:::sns:publish", {"TopicArn": "${Value}"}),
        machine("arn:aws:states:::events:putEvents", {"Entries": [{"EventBusName": "${Value}"}]}),
        machine("arn:aws:states:::states:startExecution.sync:2", {"StateMachineArn": "${Value}"}),
        machine("${Value}"),
        machine("arn:aws:states:::${Value}"),
        {"DefinitionString": {"Ref": "Secret"}},
        {"DefinitionString": {"Fn::Sub": '{"StartAt": "${Secret}", "States": {"A": {"Type": "Succeed"}}}'}},
        {"DefinitionString": {"Fn::Sub": '{"StartAt": "A", "States": {"A": {"Type": "${Secret}"}}}'}},
        {"DefinitionString": {"Fn::Sub": '{"StartAt": "A", "States": {"A": ${Secret}}}'}},
        {"DefinitionS3Location": {"Bucket": {"Ref": "Secret"}, "Key": "key"}},
        {"DefinitionS3Location": {"Bucket": "artifacts", "Key": {"Ref": "Secret"}}},
        {"StateMachineName": {"Ref": "Secret"}, **machine("arn:aws:states:::sns:publish", {"TopicArn": "a"})},
        {"RoleArn": {"Ref": "Secret"}, **machine("arn:aws:states:::sns:publish", {"TopicArn": "a"})},
        {"StateMachineType": {"Ref": "Secret"}, **machine("arn:aws:states:::sns:publish", {"TopicArn": "a"})},
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("in_list", [False, True])
def test_a_secret_parameter_is_neither_answered_nor_logged(
    event: dict[str, Any],
    output: Callable[[], Output],
    monkeypatch: pytest.MonkeyPatch,
    properties: dict[str, Any],
    *,
    in_list: bool,
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")  # nobody listens there
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    event["templateParameterValues"] = {"Secret": [SECRET] if in_list else SECRET}
    event["params"] = {"Token": SECRET}
    event["fragment"] = {
        "Parameters": {"Secret": {"Type": "CommaDelimitedList" if in_list else "String", "NoEcho": True}},
        "Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}},
    }

    answer = lambda_handler(event, None)

    assert SECRET not in json.dumps(answer)
    assert SECRET not in output().text
    assert "Internal error" not in answer.get("errorMessage", "")
