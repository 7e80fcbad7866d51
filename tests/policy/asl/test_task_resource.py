"""What a task state calls, told from its ``Resource``."""

import pytest

from sfn_least_privilege.policy.asl.task_resource import (
    ActivityCall,
    FunctionCall,
    Pattern,
    ServiceCall,
    UnknownCall,
    task_call,
)
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, unknown

PARTITION = Reference("Ref", "AWS::Partition", Kind.NAME)
REGION = Reference("Ref", "AWS::Region", Kind.NAME)
ACCOUNT = Reference("Ref", "AWS::AccountId", Kind.NAME)
FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:orders"
ACTIVITY_ARN = "arn:aws:states:eu-west-1:111122223333:activity:approve"


def parameter(value: str | None) -> Reference:
    return Reference("Ref", "Parameter", sample=value)


@pytest.mark.parametrize(
    ("behind", "call"),
    [
        ("lambda:invoke", ServiceCall("lambda", "invoke", Pattern.REQUEST_RESPONSE)),
        ("lambda:invoke.waitForTaskToken", ServiceCall("lambda", "invoke", Pattern.CALLBACK)),
        ("states:startExecution.sync", ServiceCall("states", "startExecution", Pattern.SYNC)),
        ("states:startExecution.sync:2", ServiceCall("states", "startExecution", Pattern.SYNC_2)),
        ("aws-sdk:s3:getObject", ServiceCall("aws-sdk:s3", "getObject", Pattern.REQUEST_RESPONSE)),
        ("aws-sdk:sfn:sendTaskSuccess", ServiceCall("aws-sdk:sfn", "sendTaskSuccess", Pattern.REQUEST_RESPONSE)),
        ("aws-sdk:glue:startJobRun.waitForTaskToken", ServiceCall("aws-sdk:glue", "startJobRun", Pattern.CALLBACK)),
    ],
)
@pytest.mark.parametrize(
    "before", [("arn:aws",), ("arn:aws-cn",), ("arn:aws-us-gov",), ("arn:", PARTITION), ("arn:", Unknown("why"))]
)
def test_a_service_integration(before: tuple[str | Reference | Unknown, ...], behind: str, call: ServiceCall) -> None:
    assert task_call(Text.of(*before, f":states:::{behind}")) == call


def test_a_service_integration_is_called_by_service_and_api() -> None:
    assert ServiceCall("dynamodb", "getItem", Pattern.REQUEST_RESPONSE).name == "dynamodb:getItem"


def test_a_service_integration_in_a_parameter() -> None:
    call = task_call(Text.of(parameter("arn:aws:states:::sqs:sendMessage")))
    assert call == ServiceCall("sqs", "sendMessage", Pattern.REQUEST_RESPONSE)


@pytest.mark.parametrize(
    "behind",
    [
        "",
        "lambda",
        "lambda:",
        ":invoke",
        "lambda:invoke.sync:3",
        "lambda:invoke.SYNC",
        "lambda:invoke.sync.sync",
        "lambda:invoke:extra",
        "aws-sdk:s3:getObject:extra",
        "states:startExecution.sync\n",
    ],
)
def test_a_service_integration_of_another_form_is_not_understood(behind: str) -> None:
    call = task_call(Text.of(f"arn:aws:states:::{behind}"))
    assert isinstance(call, UnknownCall)
    assert behind in call.problem


@pytest.mark.parametrize(
    "resource",
    [
        Text.of(FUNCTION_ARN),
        Text.of(FUNCTION_ARN, ":live"),
        Text.of("arn:aws-cn:lambda:cn-north-1:111122223333:function:orders"),
        Text.of("arn:", PARTITION, ":lambda:", REGION, ":", ACCOUNT, ":function:orders"),
        Text.of("arn:", PARTITION, ":lambda:", REGION, ":", ACCOUNT, ":function:", parameter(None)),
        Text.of("arn:aws:lambda:eu-west-1:111122223333:function:", Unknown("why")),
        Text.of(Reference("Fn::GetAtt", "Orders.Arn", Kind.ARN, "Orders", "AWS::Lambda::Function")),
        Text.of(Reference("Fn::GetAtt", "Orders.Arn", Kind.ARN, "Orders", "AWS::Serverless::Function"), ":live"),
        Text.of(Reference("Ref", "Live", Kind.ARN, "Live", "AWS::Lambda::Alias")),
        Text.of(Reference("Ref", "One", Kind.ARN, "One", "AWS::Lambda::Version")),
        Text.of(parameter(FUNCTION_ARN)),
    ],
)
def test_a_function(resource: Text) -> None:
    assert task_call(resource) == FunctionCall(resource)


@pytest.mark.parametrize(
    "resource",
    [Text.of(parameter(None)), Text.of(parameter(None), ":live"), Text.of(Reference("Fn::ImportValue", '"shared"'))],
)
def test_a_reference_of_which_nothing_is_known_is_taken_for_a_function(resource: Text) -> None:
    assert task_call(resource) == FunctionCall(resource, assumed=True)


@pytest.mark.parametrize(
    "resource",
    [
        Text.of(ACTIVITY_ARN),
        Text.of("arn:", PARTITION, ":states:", REGION, ":", ACCOUNT, ":activity:approve"),
        Text.of("arn:aws:states:", REGION, ":", ACCOUNT, ":activity:", parameter(None)),
        Text.of(Reference("Ref", "Approve", Kind.ARN, "Approve", "AWS::StepFunctions::Activity")),
        Text.of(parameter(ACTIVITY_ARN)),
    ],
)
def test_an_activity(resource: Text) -> None:
    assert task_call(resource) == ActivityCall()


@pytest.mark.parametrize(
    "resource",
    [
        Text(),
        Text.of("orders"),
        Text.of("arn:aws:sqs:eu-west-1:111122223333:orders"),
        Text.of("arn:aws:states:eu-west-1:111122223333:stateMachine:orders"),
        Text.of(parameter("orders")),
        unknown("why"),
        Text.of("arn:aws:", Unknown("why")),
    ],
)
def test_anything_else_is_not_understood(resource: Text) -> None:
    call = task_call(resource)
    assert isinstance(call, UnknownCall)
    assert call.problem


@pytest.mark.parametrize(
    "value",
    [
        "hunter2",
        "arn:aws:sqs:eu-west-1:111122223333:hunter2",
        "arn:aws:states:::hunter2",
        "arn:aws:states:::a:b:hunter2",
    ],
)
def test_the_value_of_a_parameter_is_not_told(value: str) -> None:
    call = task_call(Text.of(parameter(value)))
    assert isinstance(call, UnknownCall)
    assert "hunter2" not in call.problem
