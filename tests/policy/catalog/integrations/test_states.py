"""Executions of other state machines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.needs.rules import OUTSIDE
from sfn_least_privilege.policy.pipeline import PolicyOutcome, policy_for

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")
HERE = "arn:aws:states:eu-west-1:123456789012"
RULE = "arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
RULE_ACTIONS = {("events:PutTargets", RULE), ("events:PutRule", RULE), ("events:DescribeRule", RULE)}


def started(pattern: str, language: str = "JSONPath", **arguments: Any) -> PolicyOutcome:
    field = "Parameters" if language == "JSONPath" else "Arguments"
    resource = f"arn:aws:states:::states:startExecution{pattern}"
    task = {"Type": "Task", "Resource": resource, field: arguments, "End": True}
    definition = {"QueryLanguage": language, "StartAt": "Only", "States": {"Only": task}}
    return policy_for(json.dumps(definition), DEPLOYMENT, "parent")


def granted(outcome: PolicyOutcome) -> set[tuple[str, str]]:
    def listed(value: Any) -> list[str]:
        return value if isinstance(value, list) else [value]

    statements = outcome.document["Statement"] if outcome.document else []
    return {
        (action, resource)
        for statement in statements
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


@pytest.mark.parametrize("pattern", ["", ".waitForTaskToken"])
def test_a_child_that_is_not_waited_for_is_only_started(pattern: str) -> None:
    outcome = started(pattern, StateMachineArn=f"{HERE}:stateMachine:child")
    assert granted(outcome) == {("states:StartExecution", f"{HERE}:stateMachine:child")}


@pytest.mark.parametrize("pattern", [".sync", ".sync:2"])
def test_a_child_that_is_waited_for_is_watched_and_stopped(pattern: str) -> None:
    outcome = started(pattern, StateMachineArn=f"{HERE}:stateMachine:child")
    assert granted(outcome) == {
        ("states:StartExecution", f"{HERE}:stateMachine:child"),
        ("states:DescribeExecution", f"{HERE}:execution:child:*"),
        ("states:StopExecution", f"{HERE}:execution:child:*"),
        *RULE_ACTIONS,
    }


@pytest.mark.parametrize("qualifier", [":live", ":12"])
def test_a_version_or_an_alias_is_authorised_as_its_machine(qualifier: str) -> None:
    outcome = started("", StateMachineArn=f"{HERE}:stateMachine:child{qualifier}")
    assert granted(outcome) == {("states:StartExecution", f"{HERE}:stateMachine:child")}


@pytest.mark.parametrize(
    ("language", "arguments"),
    [
        ("JSONPath", {"StateMachineArn.$": "$.child"}),
        ("JSONata", {"StateMachineArn": "{% $states.input.child %}"}),
    ],
)
def test_a_child_that_only_a_run_knows_may_be_any_of_the_region(language: str, arguments: dict[str, str]) -> None:
    outcome = started("", language, **arguments)
    assert granted(outcome) == {("states:StartExecution", "arn:aws:states:eu-west-1:*:stateMachine:*")}
    assert [finding.rule.id for finding in outcome.findings] == ["SLP304"]


@pytest.mark.parametrize(
    ("language", "arguments"),
    [
        ("JSONPath", {"StateMachineArn.$": f"States.Format('{HERE}:stateMachine:sort-{{}}', $.kind)"}),
        ("JSONata", {"StateMachineArn": f"{{% '{HERE}:stateMachine:sort-' & $states.input.kind %}}"}),
    ],
)
def test_what_is_known_of_the_name_stays(language: str, arguments: dict[str, str]) -> None:
    assert granted(started(".sync:2", language, **arguments)) == {
        ("states:StartExecution", f"{HERE}:stateMachine:sort-*"),
        ("states:DescribeExecution", f"{HERE}:execution:sort-*:*"),
        ("states:StopExecution", f"{HERE}:execution:sort-*:*"),
        *RULE_ACTIONS,
    }


def test_a_child_of_another_account_is_granted_there_and_told() -> None:
    theirs = "arn:aws:states:eu-west-1:210987654321:stateMachine:child"
    outcome = started("", StateMachineArn=theirs)
    assert granted(outcome) == {("states:StartExecution", theirs)}
    (told,) = outcome.findings
    assert told.rule is OUTSIDE
    assert "is another account's, which must let a role be assumed" in told.detail


def test_a_child_of_this_account_is_not_worth_a_word() -> None:
    assert started("", StateMachineArn=f"{HERE}:stateMachine:child").findings == ()
