"""A template with a little of everything, and short ways to ask about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.rendering import render_pattern, render_string
from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.template.scope import Parameter, Scope
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value

PARAMETERS = (
    Parameter("Stage", "String", "prod"),
    Parameter("Later", "String"),
    Parameter("QueueArn", "String", "arn:aws:sqs:eu-west-1:123456789012:orders"),
    Parameter("QueueUrl", "String", "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"),
    Parameter("Names", "CommaDelimitedList", ("alpha", "beta")),
    Parameter("LaterNames", "CommaDelimitedList"),
    Parameter("Index", "Number", "1"),
    Parameter("Everything", "String", "orders-*"),
    Parameter("Secret", "String", "hunter2", no_echo=True),
)


@pytest.fixture
def scope() -> Scope:
    return Scope(
        deployment=template_deployment("eu-west-1", "123456789012"),
        resources={
            "Bucket": {"Type": "AWS::S3::Bucket"},
            "Child": {"Type": "AWS::CloudFormation::Stack"},
            "Custom": {"Type": "Custom::Lookup"},
            "Function": {"Type": "AWS::Serverless::Function"},
            "Job": {"Type": "AWS::Glue::Job"},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders"}},
            "SecurityGroup": {"Type": "AWS::EC2::SecurityGroup"},
            "Table": {"Type": "AWS::DynamoDB::Table"},
            "Topic": {"Type": "AWS::SNS::Topic"},
        },
        parameters={parameter.name: parameter for parameter in PARAMETERS},
        mappings={
            "Tables": {
                "eu-west-1": {
                    "orders": "orders-eu",
                    "arn": "arn:aws:sqs:eu-west-1:1:a",
                    "zones": ["a", "b"],
                    "shards": 2,
                },
                "us-east-1": {"orders": "orders-us", "arn": "arn:aws:sqs:us-east-1:1:b", "zones": ["c"], "shards": 4},
            },
            "Patterns": {"eu-west-1": {"all": "orders-*"}, "us-east-1": {"all": "orders"}},
            "Same": {"eu-west-1": {"name": "shared"}, "us-east-1": {"name": "shared"}},
        },
        conditions={"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
    )


@pytest.fixture
def resolved(scope: Scope) -> Callable[[Any], Value]:
    """The value of a node."""
    return lambda node: resolve(node, scope)


@pytest.fixture
def text(resolved: Callable[[Any], Value]) -> Callable[[Any], Text]:
    """The value of a node that gives one string."""

    def only_text(node: Any) -> Text:
        value = resolved(node)
        assert isinstance(value, Text), value
        return value

    return only_text


@pytest.fixture
def written(text: Callable[[Any], Text]) -> Callable[[Any], Any]:
    """A node resolved and written out again."""
    return lambda node: render_string(text(node))


@pytest.fixture
def pattern(text: Callable[[Any], Text]) -> Callable[[Any], Any]:
    """A node resolved and written out as IAM wants it."""
    return lambda node: render_pattern(text(node))
