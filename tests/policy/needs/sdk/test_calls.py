"""Calls of AWS SDK integrations, from their ARN to what they need."""

from __future__ import annotations

import pytest
from sdk_calls import ask

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.findings import Severity


def test_an_operation_needs_the_action_of_its_name_on_the_resource_that_its_arguments_name() -> None:
    answer = ask("sqs:receiveMessage", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"})

    assert answer.granted == [("sqs:ReceiveMessage", "arn:aws:sqs:eu-west-1:111122223333:orders")]
    assert answer.findings == ()


def test_an_operation_may_need_an_action_of_another_name() -> None:
    assert ask("s3:headObject", {"Bucket": "b", "Key": "k"}).granted == [("s3:GetObject", "arn:aws:s3:::b/k")]


def test_actions_have_the_letter_case_in_which_aws_writes_them() -> None:
    # The operation is CreateACL.
    assert [action for action, _ in ask("memorydb:createACL", {"ACLName": "a"}).granted] == ["memorydb:CreateAcl"]


@pytest.mark.parametrize("spelled", ["getObject", "GetObject", "getobject"])
def test_the_letter_case_of_an_operation_makes_no_difference(spelled: str) -> None:
    assert ask(f"s3:{spelled}", {"Bucket": "b", "Key": "k"}).resources("s3:GetObject") == ["arn:aws:s3:::b/k"]


def test_the_letter_case_of_an_argument_makes_no_difference() -> None:
    answer = ask("rds:startDBInstance", {"DbInstanceIdentifier": "orders"})

    assert answer.granted == [("rds:StartDBInstance", "arn:aws:rds:eu-west-1:111122223333:db:orders")]
    assert answer.findings == ()


def test_the_api_of_api_gateway_is_authorised_by_method_and_path() -> None:
    answer = ask("apigateway:getStage", {"RestApiId": "a1", "StageName": "prod"})

    assert answer.granted == [("apigateway:GET", "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod")]


def test_a_call_that_iam_does_not_authorise_needs_nothing_and_says_so() -> None:
    answer = ask("sts:getCallerIdentity", {})

    assert (answer.needs, answer.told) == ((), ["SLP330"])


def test_an_action_without_resource_types_is_granted_on_everything_and_says_that_this_is_forced() -> None:
    answer = ask("ec2:describeInstances", {})

    assert (answer.granted, answer.told) == ([("ec2:DescribeInstances", "*")], ["SLP305"])


def test_an_action_that_no_list_has_is_granted_with_a_warning() -> None:
    answer = ask("health:disableTagsForOrganization", {})

    assert answer.granted == [("health:DisableTagsForOrganization", "*")]
    assert answer.told == ["SLP325", "SLP326"]
    assert answer.needs[0].reason.basis is Basis.ASSUMED


def test_a_callback_may_wait_for_its_token() -> None:
    answer = ask(
        "sqs:sendMessage.waitForTaskToken",
        {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/orders", "MessageBody": "hello"},
    )

    assert answer.granted == [("sqs:SendMessage", "arn:aws:sqs:eu-west-1:111122223333:orders")]
    assert answer.needs[0].reason.rule == "aws-sdk:sqs:sendMessage.waitForTaskToken"


@pytest.mark.parametrize("pattern", [".sync", ".sync:2"])
def test_waiting_for_a_job_is_refused_as_step_functions_refuses_it(pattern: str) -> None:
    answer = ask(f"batch:submitJob{pattern}", {})

    assert (answer.needs, answer.told) == ((), ["SLP323"])
    assert answer.findings[0].severity is Severity.ERROR


def test_an_operation_that_step_functions_does_not_offer_is_refused() -> None:
    answer = ask("s3:selectObjectContent", {"Bucket": "b", "Key": "k"})

    assert (answer.needs, answer.told) == ((), ["SLP324"])
    assert answer.findings[0].severity is Severity.ERROR


def test_the_reason_names_the_page_that_lists_the_actions_of_the_service() -> None:
    [need] = ask("sqs:purgeQueue", {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"}).needs

    assert need.reason.documentation == (
        "https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html"
    )


def test_arguments_that_are_one_expression_may_be_anything() -> None:
    answer = ask("sqs:purgeQueue", QueryLanguage="JSONata", Arguments="{% $states.input %}")

    assert answer.granted == [("sqs:PurgeQueue", "arn:aws:sqs:eu-west-1:*:*")]
    assert answer.told == ["SLP304"]


def test_arguments_that_are_the_whole_input_may_ask_for_everything_that_the_api_can_ask_for() -> None:
    actions = {action for action, _ in ask("s3:putObject").granted}

    assert {"s3:PutObject", "s3:PutObjectAcl", "s3:PutObjectTagging", "kms:GenerateDataKey"} <= actions


@pytest.mark.parametrize(
    "api", ["iam:*", "*:*", "iam:Create*", "iam:get?ser", "iam:get\nUser", "_names:x", "lambda:\u0131nvoke"]
)
def test_a_name_that_no_service_or_operation_could_have_is_refused(api: str) -> None:
    answer = ask(api, {})

    assert answer.needs == ()
    assert [finding.is_error for finding in answer.findings] == [True]
    assert "nothing but letters and digits" in answer.findings[0].detail
