"""The flow through whole machines: scopes, joins, loops, and machines made to be hard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.asl.flow import solving
from sfn_least_privilege.policy.asl.flow.widening import REASON
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import MISSING, Anything, ObjectValue, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Predict = Callable[..., Any]

TASK = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName.$": "$.t"}}
A, B = from_json("a"), from_json("b")


def chain(*states: dict[str, Any], back_to: str | None = None) -> dict[str, Any]:
    """States that lead from one to the next: S0, S1, …"""
    named = {f"S{n}": {**state, "Next": f"S{n + 1}"} for n, state in enumerate(states)}
    last = named[f"S{len(states) - 1}"]
    del last["Next"]
    last.update({"Next": back_to} if back_to else {"End": True})
    return {"StartAt": "S0", "States": named}


def fork(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Two ways that meet in ``Meet``."""
    states = {
        "Fork": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True, "Next": "One"}], "Default": "Other"},
        "One": {**one, "Next": "Meet"},
        "Other": {**other, "Next": "Meet"},
        "Meet": {"Type": "Succeed"},
    }
    return {"StartAt": "Fork", "States": states}


def setting(**variables: Any) -> dict[str, Any]:
    return {"Type": "Pass", "Assign": variables}


def test_where_ways_meet_either_may_have_been_taken(predict: Predict) -> None:
    entry = predict(fork({"Type": "Pass", "Result": "a"}, {"Type": "Pass", "Result": "b"}))["Meet"]
    assert entry.input == one_of([A, B])


def test_a_variable_may_have_been_set_differently_or_not_at_all(predict: Predict) -> None:
    assert predict(fork(setting(x="a"), setting(x="b")))["Meet"].variables == {"x": one_of([A, B])}
    assert predict(fork(setting(x="a"), {"Type": "Pass"}))["Meet"].variables == {"x": one_of([A, MISSING])}


def test_a_later_value_takes_the_place_of_an_earlier_one(predict: Predict) -> None:
    entries = predict(chain(setting(table="a"), {"Type": "Pass"}, setting(table="b"), {"Type": "Pass"}))
    assert entries["S1"].variables == entries["S2"].variables == {"table": A}
    assert entries["S3"].variables == {"table": B}


def test_what_a_branch_sets_is_its_own(predict: Predict) -> None:
    branch = {"StartAt": "In", "States": {"In": {**setting(inner="b"), "Next": "End"}, "End": {"Type": "Succeed"}}}
    entries = predict(chain(setting(outer="a"), {"Type": "Parallel", "Branches": [branch]}, {"Type": "Pass"}))
    assert entries["End"].variables == {"outer": A, "inner": B}
    assert entries["S2"].variables == {"outer": A}


def test_what_nothing_leads_to_has_no_data(predict: Predict) -> None:
    definition = chain({"Type": "Pass"})
    definition["States"]["Lost"] = {"Type": "Map", "ItemProcessor": chain({"Type": "Pass"}), "End": True}
    assert set(predict(definition)) == {"S0"}


def test_a_retry_loop_keeps_what_stays_the_same(predict: Predict) -> None:
    states = chain(
        {"Type": "Pass", "Result": {"table": "orders"}},
        {**TASK, "ResultPath": "$.result", "Catch": [{"Next": "S1", "ResultPath": "$.failure"}]},
        {"Type": "Wait", "Seconds": 1},
        back_to="S1",
    )
    assert predict(states)["S1"].input.fields["table"] == from_json("orders")


def test_a_counter_is_given_up_and_the_rest_is_kept(predict: Predict) -> None:
    entry = predict(
        chain(
            {"Type": "Pass", "Result": {"n": 0, "page": "page-", "table": "orders"}},
            {
                "Type": "Pass",
                "Parameters": {
                    "n.$": "States.MathAdd($.n, 1)",
                    "page.$": "States.Format('{}x', $.page)",
                    "table.$": "$.table",
                },
            },
            back_to="S1",
        )
    )["S1"]
    assert entry.input == ObjectValue(
        {"n": Anything(REASON), "page": Text.of("page-", Unknown(REASON)), "table": from_json("orders")}
    )


def test_values_that_go_round_are_all_found(predict: Predict) -> None:
    rotate = setting(**{"x.$": "$y", "y.$": "$z", "z.$": "$x"})
    entry = predict(chain(setting(x="a", y="b", z="c"), rotate, back_to="S1"))["S1"]
    assert entry.variables["x"] == one_of([A, B, from_json("c")])


def test_a_map_in_a_loop(predict: Predict) -> None:
    each = {"Type": "Map", "ItemsPath": "$.list", "ItemProcessor": chain({"Type": "Pass"}), "ResultPath": "$.list"}
    each["ItemProcessor"] = {"StartAt": "In", "States": {"In": {"Type": "Pass", "End": True}}}
    entries = predict(chain({"Type": "Pass", "Result": {"list": ["a", "b"]}}, each, {"Type": "Pass"}, back_to="S1"))
    assert entries["In"].input == one_of([A, B])
    assert entries["S2"].input.fields["list"].items == (one_of([A, B]),) * 2


def test_a_loop_around_a_branch_that_never_ends(predict: Predict) -> None:
    around = {"StartAt": "In", "States": {"In": {"Type": "Pass", "Next": "In"}}}
    failing = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail"}}}
    for branch in (around, failing):
        definition = chain({"Type": "Parallel", "Branches": [branch]}, {"Type": "Pass"}, back_to="S0")
        assert {"S0", "S1"} <= set(predict(definition))


# --- machines made to be hard: linear work, no recursion, nothing that is not bounded


@pytest.fixture
def visits(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name of a state for each time that it is visited."""
    visited: list[str] = []
    original = solving.moves

    def count(fields: Any) -> Any:
        visited.append(fields.state.name)
        return original(fields)

    monkeypatch.setattr(solving, "moves", count)
    return visited


def test_what_is_no_loop_is_visited_once(predict: Predict, visits: list[str]) -> None:
    catch = {"Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "S19999"}]}
    predict(chain(*[{**TASK, "ResultPath": f"$.r{n % 9}", **catch} for n in range(20_000)]))
    assert len(visits) == 20_000


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Pass", "Parameters": {"a.$": "States.Array($.a, $.b)", "b.$": "$.a", "k": "const"}},
        {"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}},
        {"Type": "Pass", "Assign": {"x.$": "States.Array($x, $y)", "y.$": "$"}},
        {**TASK, "ResultPath": "$.r", "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.e", "Next": "S0"}]},
    ],
)
def test_a_long_loop_ends(predict: Predict, visits: list[str], state: dict[str, Any]) -> None:
    predict(chain(*[state] * 1000, back_to="S0"))
    assert len(visits) <= 13 * 1000


def test_variables_that_follow_one_another_do_not_go_round_for_each(predict: Predict, visits: list[str]) -> None:
    shift = setting(**{f"v{n}.$": f"$v{n + 1}" for n in range(200)})
    first = setting(**{f"v{n}": f"value-{n}" for n in range(201)})
    predict(chain(first, shift, back_to="S1"))
    assert len(visits) <= 15


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(lambda n: setting(**{f"v{n}": "x"}), id="ever new variables"),
        pytest.param(lambda n: {"Type": "Pass", "Result": "x", "ResultPath": f"$.f{n}"}, id="ever new fields"),
        pytest.param(lambda _: {"Type": "Pass", "Parameters": {"a.$": "$"}}, id="ever deeper"),
        pytest.param(lambda _: {"Type": "Pass", "Parameters": {"a.$": "$", "b.$": "$"}}, id="twice as much each time"),
    ],
)
def test_what_grows_with_each_state_is_bounded(predict: Predict, state: Callable[[int], dict[str, Any]]) -> None:
    assert len(predict(chain(*[state(number) for number in range(5000)]), from_json("x"))) == 5000


@pytest.mark.parametrize("kind", ["Parallel", "Map"])
def test_deep_nesting_needs_no_recursion(predict: Predict, kind: str) -> None:
    inner = {"StartAt": "Deep", "States": {"Deep": {"Type": "Succeed"}}}
    for level in range(499):
        runs = {"Branches": [inner]} if kind == "Parallel" else {"ItemProcessor": inner}
        inner = {"StartAt": f"L{level}", "States": {f"L{level}": {"Type": kind, **runs, "End": True}}}
    assert "Deep" in predict(inner)


def test_a_wide_fan_out(predict: Predict) -> None:
    branches = [{"StartAt": f"B{n}", "States": {f"B{n}": {"Type": "Pass", "End": True}}} for n in range(5000)]
    entry = predict(chain({"Type": "Parallel", "Branches": branches}, {"Type": "Pass"}), from_json("a"))["S1"]
    assert len(entry.input.items) == 5000
