"""The order of the visits."""

from __future__ import annotations

from typing import Any

from sfn_least_privilege.policy.asl.flow.order import Loop, entrance, exit_of, visiting_order
from sfn_least_privilege.policy.asl.outline import read_outline


def order_of(definition: Any) -> list[tuple[str, ...]]:
    """The names of the states in each loop, those of exits in capital letters."""
    outline, _ = read_outline(definition, "Machine")
    names = {entrance(state): state.name for state in outline.states}
    names |= {exit_of(state): state.name.upper() for state in outline.states}
    return [tuple(names[place] for place in loop.places) for loop in visiting_order(outline)]


def leads(*targets: str) -> dict[str, Any]:
    return {"Type": "Choice", "Choices": [{"Next": target} for target in targets]}


END = {"Type": "Succeed"}


def test_a_state_comes_after_all_that_lead_to_it() -> None:
    states = {"end": END, "left": leads("end"), "start": leads("left", "right"), "right": leads("left")}
    assert order_of({"StartAt": "start", "States": states}) == [("start",), ("right",), ("left",), ("end",)]


def test_a_loop_is_visited_as_one() -> None:
    states = {"start": leads("head"), "head": leads("body", "end"), "body": leads("head"), "end": END}
    assert order_of({"StartAt": "start", "States": states}) == [("start",), ("head", "body"), ("end",)]


def test_a_state_that_leads_to_itself_repeats() -> None:
    outline, _ = read_outline({"StartAt": "a", "States": {"a": leads("a", "b"), "b": END}}, "Machine")
    assert visiting_order(outline) == [Loop((0,), repeats=True), Loop((2,), repeats=False)]


def test_what_nothing_leads_to_is_left_out() -> None:
    assert order_of({"StartAt": "a", "States": {"a": END, "b": leads("a")}}) == [("a",)]


def test_what_a_state_runs_comes_between_its_entrance_and_its_exit() -> None:
    branches = [{"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}} for name in ("one", "two")]
    states = {"run": {"Type": "Parallel", "Branches": branches, "Next": "end"}, "end": END}
    places = order_of({"StartAt": "run", "States": states})
    assert places[0] == ("run",)
    assert sorted(places[1:3]) == [("one",), ("two",)]
    assert places[3:] == [("RUN",), ("end",)]


def test_a_branch_that_never_ends_does_not_hide_what_comes_after() -> None:
    branch = {"StartAt": "stop", "States": {"stop": {"Type": "Fail"}}}
    states = {"run": {"Type": "Parallel", "Branches": [branch], "Next": "end"}, "end": END}
    assert ("end",) in order_of({"StartAt": "run", "States": states})


def test_catchers_are_ways_too() -> None:
    states = {"try": {"Type": "Task", "Catch": [{"Next": "mend"}], "Next": "end"}, "mend": END, "end": END}
    assert ("mend",) in order_of({"StartAt": "try", "States": states})


def test_long_ways_and_loops_need_no_recursion() -> None:
    states = {f"s{number}": leads(f"s{(number + 1) % 20_000}") for number in range(20_000)}
    outline, _ = read_outline({"StartAt": "s0", "States": states}, "Machine")
    (loop,) = visiting_order(outline)
    assert len(loop.places) == 20_000
