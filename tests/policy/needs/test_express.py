"""What Express workflows do not support is refused before Step Functions refuses it."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.needs.express import express_problems
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import MISSING, Conditional, Value

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")
END: dict[str, Any] = {"End": True}
CALLBACK = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", **END}
EXPRESS, STANDARD = Text.of("EXPRESS"), Text.of("STANDARD")


def told(state: dict[str, Any], machine_type: Value) -> list[str]:
    workflow = understand(Definition({"StartAt": "Only", "States": {"Only": state}}), "Machine")
    name = Text.of("shop")
    surroundings = Surroundings("Machine", DEPLOYMENT, name, name, machine_type=machine_type)
    return [str(each) for each in express_problems(workflow, surroundings)]


def distributed(kind: str | None, inner: dict[str, Any]) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED"} if kind is None else {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    processor = {"ProcessorConfig": config, "StartAt": "In", "States": {"In": inner}}
    return {"Type": "Map", "ItemProcessor": processor, **END}


@pytest.mark.parametrize(
    ("state", "what"),
    [
        ({"Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", **END}, "the pattern `.sync`"),
        ({"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2", **END}, "the pattern `.sync:2`"),
        (CALLBACK, "the pattern `.waitForTaskToken`"),
        ({"Type": "Task", "Resource": "arn:aws:states:eu-west-1:1:activity:a", **END}, "an activity"),
        (distributed("STANDARD", {"Type": "Pass", **END}), "a distributed map"),
    ],
)
def test_what_express_does_not_support_is_an_error(state: dict[str, Any], what: str) -> None:
    assert told(state, EXPRESS) == [f"SLP309 Machine / Only: {what} is not supported in an Express workflow"]


@pytest.mark.parametrize("machine_type", [MISSING, STANDARD])
def test_a_standard_workflow_supports_it(machine_type: Value) -> None:
    assert told(CALLBACK, machine_type) == []


def test_request_response_is_what_express_supports() -> None:
    assert told({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", **END}, EXPRESS) == []


@pytest.mark.parametrize(
    ("machine_type", "reason"),
    [
        (Conditional("Cheap", EXPRESS, STANDARD), "a condition of the template decides"),
        (Conditional("Cheap", EXPRESS, MISSING), "a condition of the template decides"),
        (unknown("it is imported"), "its type is not known here"),
    ],
)
def test_a_workflow_that_may_be_express_is_warned_about(machine_type: Value, reason: str) -> None:
    assert told(CALLBACK, machine_type) == [
        (
            "SLP310 Machine / Only: the pattern `.waitForTaskToken` is not supported in an Express workflow, which "
            f"this one may be: {reason}"
        )
    ]


def test_express_children_of_a_map_are_express_workflows() -> None:
    assert told(distributed("EXPRESS", CALLBACK), MISSING) == [
        (
            "SLP309 Machine / Only > In: the pattern `.waitForTaskToken` is not supported in a distributed map whose "
            "children are Express"
        )
    ]


@pytest.mark.parametrize("kind", ["STANDARD", None])
def test_standard_children_of_a_map_are_none(kind: str | None) -> None:
    assert told(distributed(kind, CALLBACK), MISSING) == []


def test_the_innermost_map_decides() -> None:
    inner = distributed("EXPRESS", CALLBACK)
    assert [each.split(":")[0] for each in told(distributed("STANDARD", inner), MISSING)] == [
        "SLP309 Machine / Only > In > In"
    ]


def test_express_children_cannot_have_children_of_their_own() -> None:
    nested = distributed("EXPRESS", distributed("STANDARD", {"Type": "Pass", **END}))
    assert [each.split(":")[0] for each in told(nested, MISSING)] == ["SLP309 Machine / Only > In"]
