"""The work that all expressions of one definition may cause together is bounded, in JSONPath as in JSONata."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.jsonpath import Frame, walk
from sfn_least_privilege.policy.asl.jsonpath.evaluation import evaluate
from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.asl.work import EXHAUSTED, MAX_WORK, Work, cost_of
from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import MISSING, Scalar, Value, conditional, from_json, one_of

LIST = from_json({"list": [{"id": number} for number in range(100)]})


def spent(expression: str) -> int:
    work = Work()
    evaluate(expression, Frame(LIST, MISSING, work=work), Text.of)
    return MAX_WORK - work.left


@pytest.mark.parametrize(
    ("expression", "least"),
    [
        ("States.ArrayRange(1, 500, 1)", 500),
        ("States.ArrayPartition(States.ArrayRange(1, 500, 1), 2)", 1_000),
        ("States.JsonToString($.list)", 100),
        ("$..id", 200),
        ("$.list[*]", 100),
        ("$.list[?(@.id == 7)]", 500),
    ],
)
def test_an_expression_costs_at_least_what_it_looks_at(expression: str, least: int) -> None:
    assert least <= spent(expression) < 100 * least


@pytest.mark.parametrize("expression", ["$.list", "$.list[3].id"])
def test_a_plain_path_costs_nothing(expression: str) -> None:
    assert spent(expression) == 0


@pytest.mark.parametrize("expression", ["$..id", "$.list[*]", "States.ArrayRange(1, 500, 1)"])
def test_nothing_more_is_evaluated_once_all_work_is_done(expression: str) -> None:
    frame = Frame(LIST, MISSING, work=Work(-1))
    value = evaluate(expression, frame, Text.of)
    assert EXHAUSTED.reason in getattr(value, "reason", "")


def test_a_plain_path_is_followed_even_then() -> None:
    assert walk("$.list[3].id", Frame(LIST, MISSING, work=Work(-1))) == Scalar("3")


@pytest.mark.parametrize(
    ("value", "others"),
    [
        (from_json([1] * 10), from_json([1] * 11)),
        (from_json({"a": 1}), from_json({"a": 1, "b": 1})),
        (from_json("a" * 100), from_json("a" * 1_000)),
        (from_json("a"), one_of([from_json("a"), from_json("b")])),
        (from_json("a"), conditional("C", from_json("a"), from_json("b"))),
    ],
)
def test_what_is_larger_costs_more(value: Value, others: Value) -> None:
    assert cost_of(value) < cost_of(others)


def test_all_expressions_of_a_definition_share_their_work() -> None:
    """A definition of greedy expressions is given up in the end, and a call that does not depend on them is known."""

    def state(following: str) -> dict[str, Any]:
        return {"Type": "Pass", "Parameters": {"a.$": "States.ArrayRange(1, 1000, 1)"}, "Next": following}

    states = {f"S{number}": state(f"S{number + 1}") for number in range(2_500)}
    states["S2500"] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": "orders", "MessageBody.$": "States.Array($.a)"},
        "End": True,
    }
    (task,) = understand(Definition({"StartAt": "S0", "States": states}), "Machine").tasks
    assert task.arguments.get("MessageBody") == EXHAUSTED
    assert task.arguments.get("QueueUrl") == Text.of("orders")
