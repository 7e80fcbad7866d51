"""Arguments measured by the API's input."""

from __future__ import annotations

from sdk_calls import ask

from sfn_least_privilege.policy.findings import Severity
from sfn_least_privilege.policy.text import Text


def test_an_argument_that_the_api_requires_and_the_task_does_not_give_is_told() -> None:
    answer = ask("dynamodb:query", {"IndexName": "by-day"})

    assert "needs `TableName`" in answer.detail("SLP327")
    assert {finding.severity for finding in answer.findings if finding.rule.id == "SLP327"} == {Severity.WARNING}


def test_an_argument_that_the_api_does_not_know_is_told_with_the_one_that_was_meant() -> None:
    answer = ask("sqs:purgeQueue", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/q", "QueUrl": "x"})

    assert answer.told == ["SLP328"]
    assert "did you mean `QueueUrl`?" in answer.detail("SLP328")


def test_a_path_is_an_argument_of_its_name() -> None:
    answer = ask("dynamodb:describeTable", {"TableName.$": "$.table"})

    assert {"SLP327", "SLP328"}.isdisjoint(answer.told)


def test_an_argument_that_the_sdk_fills_in_by_itself_is_not_missing() -> None:
    # ClientRequestToken is required by the API, and made by the SDK.
    answer = ask("ssm:startAccessRequest", {"Reason": "r", "Targets": []})

    assert "SLP327" not in answer.told


def test_what_comes_whole_from_the_input_is_not_looked_into() -> None:
    assert {"SLP327", "SLP328"}.isdisjoint(ask("dynamodb:query").told)


def test_a_name_that_cloudformation_fills_in_may_be_any_argument() -> None:
    answer = ask("dynamodb:describeTable", {"${Name}": "orders"}, {"Name": Text.of("TableName")})

    assert {"SLP327", "SLP328"}.isdisjoint(answer.told)
    assert answer.resources("dynamodb:DescribeTable") == ["arn:aws:dynamodb:eu-west-1:111122223333:table/orders"]


def test_arguments_are_named_as_step_functions_spells_them() -> None:
    # The API calls it `stateMachineArn`.
    assert "needs `StateMachineArn`" in ask("sfn:startSyncExecution", {"Input": "{}"}).detail("SLP327")


def test_null_gives_no_value() -> None:
    answer = ask("sqs:purgeQueue", {"QueueUrl": None})

    assert "needs `QueueUrl`" in answer.detail("SLP327")
    assert answer.resources("sqs:PurgeQueue") == ["arn:aws:sqs:eu-west-1:111122223333:*"]
