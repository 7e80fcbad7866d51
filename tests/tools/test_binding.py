"""Which member fills which variable of an ARN template."""

from __future__ import annotations

import pytest
from sdk_catalogue.binding import bind
from sdk_catalogue.sources import Member, Operation

TABLE = "arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}"
QUEUE = "arn:${Partition}:sqs:${Region}:${Account}:${QueueName}"
SERVICE = "arn:${Partition}:ecs:${Region}:${Account}:service/${ClusterName}/${ServiceName}"
BROKER = "arn:${Partition}:mq:${Region}:${Account}:broker:${BrokerName}:${BrokerId}"
TOPIC = "arn:${Partition}:sns:${Region}:${Account}:${TopicName}"


def operation(name: str, *members: str) -> Operation:
    """An operation with these members: `!` behind a path is required, `@` holds nothing but ARNs."""
    found = tuple(
        Member(
            path=each.rstrip("!@"),
            required="!" in each,
            depth=each.count(".") + 1,
            takes_arn="@" in each,
            only_arn="@" in each,
        )
        for each in members
    )
    top = tuple(each.path.partition(".")[0] for each in found)
    return Operation(name, top, frozenset(each.path for each in found if each.required), found)


def variables(template: str, resource_type: str, found: Operation, **aliases: list[str]) -> list[list[str]]:
    return [list(each) for each in bind(template, resource_type, found, aliases).variables]


def test_a_member_of_the_variable_s_name_fills_it() -> None:
    assert variables(TABLE, "table", operation("DescribeTable", "TableName!", "Limit")) == [["TableName"]]


@pytest.mark.parametrize("member", ["tableName", "Table", "table", "TableIdentifier", "TableNames[]"])
def test_a_member_that_is_about_the_same_fills_it(member: str) -> None:
    assert variables(TABLE, "table", operation("Do", member)) == [[member]]


def test_a_bare_name_is_that_of_what_the_operation_is_about() -> None:
    assert variables(TABLE, "table", operation("DescribeTable", "Name", "Other")) == [["Name"]]
    assert variables(TABLE, "table", operation("DescribeIndex", "Name", "Other!")) == [[]]


def test_an_alias_goes_before_everything() -> None:
    found = operation("SendMessage", "QueueUrl!", "QueueName")

    assert variables(QUEUE, "queue", found, QueueName=["QueueUrl|queue"]) == [["QueueUrl|queue"]]


def test_an_alias_behind_a_mark_is_one_only_where_none_before_it_is() -> None:
    assert variables(TABLE, "table", operation("Do", "Name", "TableName"), TableName=["TableName", "!Name"]) == [
        ["TableName"]
    ]
    assert variables(TABLE, "table", operation("Do", "Name"), TableName=["TableName", "!Name"]) == [["Name"]]


def test_each_variable_is_filled_by_its_own_member() -> None:
    found = operation("DescribeServices", "cluster", "services[]!")

    assert variables(SERVICE, "service", found) == [["cluster"], ["services[]"]]


def test_a_member_fills_only_the_variable_that_it_fits_best() -> None:
    assert variables(BROKER, "broker", operation("RebootBroker", "BrokerId!")) == [[], ["BrokerId"]]


def test_an_id_that_the_service_makes_is_not_filled_by_a_name() -> None:
    rule = "arn:${Partition}:config:${Region}:${Account}:config-rule/${ConfigRuleId}"

    assert variables(rule, "configrule", operation("DeleteConfigRule", "ConfigRuleName!")) == [[]]


def test_what_is_being_made_has_no_id_yet() -> None:
    domain = "arn:${Partition}:sagemaker:${Region}:${Account}:domain/${DomainId}"

    assert variables(domain, "domain", operation("CreateDomain", "Settings.DomainId")) == [[]]


def test_a_member_may_hold_the_whole_arn() -> None:
    found = bind(TOPIC, "topic", operation("Publish", "TopicArn@", "Message!"), {})

    assert (found.arns, found.variables) == (("TopicArn",), ((),))


def test_a_generic_arn_is_the_resource_s_in_operations_about_tags() -> None:
    assert bind(TOPIC, "topic", operation("TagResource", "ResourceArn!@", "Tags"), {}).arns == ("ResourceArn",)


def test_a_role_is_no_resource_of_an_operation_for_want_of_another_arn() -> None:
    found = operation("StartExport", "SourceArn!@", "RoleArn!@")

    assert bind(TOPIC, "topic", found, {}).arns == ("SourceArn",)


def test_a_template_without_variables_is_bound() -> None:
    found = bind("arn:${Partition}:apigateway:${Region}::/account", "account", operation("GetAccount"), {})

    assert (found.variables, found.is_bound) == ((), True)
