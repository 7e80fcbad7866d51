"""The context object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.asl.flow.context import execution_context, item_context
from sfn_least_privilege.policy.asl.jsonpath import Frame, walk
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, Value, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

ARN, NAME = from_json("arn:aws:states:eu-west-1:123456789012:stateMachine:own"), from_json("own")
CONTEXT = execution_context(from_json({"stage": "prod"}), ARN, NAME)
# The example of https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
DOCUMENTED = {
    "Execution": {
        "Id": "arn:aws:states:eu-west-1:123456789012:execution:own:executionName",
        "Input": {"stage": "prod"},
        "Name": "executionName",
        "RoleArn": "arn:aws:iam::123456789012:role/role",
        "StartTime": "2025-08-27T10:04:42Z",
        "RedriveCount": 0,
    },
    "StateMachine": {"Id": ARN.literal, "Name": "own"},
}


def test_the_documented_example_is_covered(covers: Callable[..., bool]) -> None:
    assert covers(CONTEXT, DOCUMENTED)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$$.StateMachine.Id", ARN),
        ("$$.StateMachine.Name", NAME),
        ("$$.Execution.Input.stage", from_json("prod")),
    ],
)
def test_what_is_known(path: str, value: Value) -> None:
    assert walk(path, Frame(from_json({}), CONTEXT)) == value


def test_ids_are_strings_that_are_not_known() -> None:
    value = walk("$$.Execution.Name", Frame(from_json({}), CONTEXT))
    assert isinstance(value, Text)
    assert value.unknowns


def test_fields_to_come_are_not_ruled_out() -> None:
    assert isinstance(walk("$$.Execution.NewField", Frame(from_json({}), CONTEXT)), Anything)


def test_what_a_state_adds(predict: Callable[..., Any]) -> None:
    parameters = {"state.$": "$$.State.Name", "retries.$": "$$.State.RetryCount", "machine.$": "$$.StateMachine.Name"}
    states = {
        "Where": {"Type": "Pass", "Parameters": parameters, "Next": "Last"},
        "Last": {"Type": "Succeed"},
    }
    fields = predict({"StartAt": "Where", "States": states})["Last"].input.fields
    assert fields["state"] == from_json("Where")
    assert isinstance(fields["retries"], Anything)


def test_a_context_that_may_be_one_of_several_still_gets_its_item() -> None:
    several = one_of([CONTEXT, execution_context(from_json({"stage": "dev"}), ARN, from_json("other"))])
    inside = item_context(several, from_json("v"), from_json(0), from_json("k"), from_json("s"))
    assert walk("$$.Map.Item.Value", Frame(from_json({}), inside)) == from_json("v")
