"""Every policy that AWS documents for an integration, held against what is generated for it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from sfn_least_privilege.policy.catalog.machine_rules import LOGGING, TRACING
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.pipeline import policy_for

FACTS = json.loads((Path(__file__).parent / "integrations.json").read_text())
DIFFERENCES = json.loads((Path(__file__).parent / "differences.json").read_text())
DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")

HERE = "eu-west-1:123456789012"
LITERAL_ARGUMENTS: dict[str, Any] = {
    "lambda:invoke": {"FunctionName": "charge"},
    "dynamodb:getItem": {"TableName": "orders"},
    "dynamodb:putItem": {"TableName": "orders"},
    "dynamodb:updateItem": {"TableName": "orders"},
    "dynamodb:deleteItem": {"TableName": "orders"},
    "sns:publish": {"TopicArn": f"arn:aws:sns:{HERE}:told"},
    "sqs:sendMessage": {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"},
    "events:putEvents": {"Entries": [{"EventBusName": "shop"}]},
    "states:startExecution": {"StateMachineArn": f"arn:aws:states:{HERE}:stateMachine:child:live"},
}
LITERAL_RESOURCES = {
    "{FunctionName|functionArn}": f"arn:aws:lambda:{HERE}:function:charge",
    "arn:{Partition}:dynamodb:{Region}:{AccountId}:table/{TableName}": f"arn:aws:dynamodb:{HERE}:table/orders",
    "{TopicArn}": f"arn:aws:sns:{HERE}:told",
    "{QueueUrl|queueArn}": f"arn:aws:sqs:{HERE}:orders",
    "{Entries[].EventBusName|eventBusArn}": f"arn:aws:events:{HERE}:event-bus/shop",
    "{StateMachineArn|unqualified}": f"arn:aws:states:{HERE}:stateMachine:child",
    "arn:{Partition}:states:{Region}:{AccountId}:execution:{StateMachineArn|name}:*": (
        f"arn:aws:states:{HERE}:execution:child:*"
    ),
    "arn:{Partition}:events:{Region}:{AccountId}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule": (
        f"arn:aws:events:{HERE}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
    ),
}
ROWS = FACTS["integrations"]
IDS = [row["resource"].partition(":::")[2] for row in ROWS]


def dynamic(arguments: Any, mark: str) -> Any:
    """The same arguments with every string taken from the execution's input, in JSONPath or in JSONata."""
    if isinstance(arguments, list):
        return [dynamic(item, mark) for item in arguments]
    if mark == "JSONPath":
        return {
            **{f"{name}.$": "$.given" for name, value in arguments.items() if isinstance(value, str)},
            **{name: dynamic(value, mark) for name, value in arguments.items() if not isinstance(value, str)},
        }
    return {
        name: "{% $states.input.given %}" if isinstance(value, str) else dynamic(value, mark)
        for name, value in arguments.items()
    }


def generated(row: dict[str, Any], arguments: Any, language: str) -> set[tuple[str, str]]:
    """Action and resource pairs of the policy for one task."""
    field = "Parameters" if language == "JSONPath" else "Arguments"
    task = {"Type": "Task", "Resource": row["resource"], field: arguments, "End": True}
    definition = {"QueryLanguage": language, "StartAt": "Only", "States": {"Only": task}}
    document = policy_for(json.dumps(definition), DEPLOYMENT).document
    assert document is not None
    return pairs(document["Statement"], "Action", "Resource")


def pairs(statements: list[dict[str, Any]], actions: str, resources: str) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for statement in statements
        for action in listed(statement[actions])
        for resource in listed(statement[resources])
    }


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_literal_arguments_give_the_documented_policy(row: dict[str, Any], language: str) -> None:
    documented = {
        (action, LITERAL_RESOURCES[resource]) for action, resource in pairs(row["static"], "actions", "resources")
    }
    assert generated(row, LITERAL_ARGUMENTS[row["id"]], language) == documented


@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_dynamic_arguments_give_what_is_documented_or_the_listed_narrower_form(
    row: dict[str, Any],
    language: str,
) -> None:
    narrower = DIFFERENCES["dynamic"]["resources"]
    expected = {
        (action, narrower.get(resource) or LITERAL_RESOURCES[resource])
        for action, resource in pairs(row["static"], "actions", "resources")
    }
    assert generated(row, dynamic(LITERAL_ARGUMENTS[row["id"]], language), language) == expected


@pytest.mark.parametrize("row", ROWS, ids=IDS)
def test_nothing_wider_than_documented_is_granted_for_dynamic_arguments(row: dict[str, Any]) -> None:
    documented = pairs(row["dynamic"], "actions", "resources")
    for action, resource in generated(row, dynamic(LITERAL_ARGUMENTS[row["id"]], "JSONPath"), "JSONPath"):
        assert any(
            action == documented_action and covers(documented_resource, resource)
            for documented_action, documented_resource in documented
        )


def covers(documented: str, resource: str) -> bool:
    """Whether a documented pattern matches everything that ours matches."""
    wide = documented.format(Partition="aws", Region="eu-west-1", AccountId="123456789012")
    return re.fullmatch(re.escape(wide).replace(r"\*", ".*"), resource) is not None


def test_tracing_and_logging_are_as_documented() -> None:
    features = {feature["id"]: feature for feature in FACTS["features"]}
    assert set(TRACING.actions) == set(features["xray-tracing"]["static"][0]["actions"])
    assert set(LOGGING.actions) == set(features["logging"]["static"][0]["actions"])
