"""The outline of a definition, and what can be wrong with it."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.outline import MAX_LEVELS, read_outline, spoken_language
from sfn_least_privilege.policy.asl.states import Kind
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.template.tokens import CLOSE, OPEN

END = {"Type": "Succeed"}
TOKEN = f"{OPEN}0{CLOSE}"


def machine(**states: Any) -> dict[str, Any]:
    return {"StartAt": next(iter(states), ""), "States": states}


def problems(definition: Any) -> list[str]:
    _, findings = read_outline(definition, "Machine")
    return [str(each) for each in findings]


def test_states_come_in_the_order_of_the_definition() -> None:
    inner = machine(deep={"Type": "Map", "ItemProcessor": machine(deeper=END), "End": True}, last=END)
    outline, findings = read_outline(
        machine(first={"Type": "Parallel", "Branches": [inner, machine(other=END)], "Next": "second"}, second=END), "M"
    )
    assert not findings
    assert [state.name for state in outline.states] == ["first", "deep", "deeper", "last", "other", "second"]
    assert outline.states[2].path == ("first", "deep", "deeper")
    assert [state.kind for state in outline.states[:2]] == [Kind.PARALLEL, Kind.MAP]
    assert [each.number for each in outline.states[0].inner] == [0, 1]


@pytest.mark.parametrize("name", ["ItemProcessor", "Iterator"])
def test_what_a_map_runs_has_two_names(name: str) -> None:
    outline, findings = read_outline(machine(each={"Type": "Map", name: machine(inside=END), "End": True}), "M")
    assert not findings
    assert len(outline.machines) == 2


@pytest.mark.parametrize(
    ("definition", "problem"),
    [
        ([], "SLP201 Machine: the definition is not an object"),
        (TOKEN, "SLP201 Machine: the definition is not an object: `${…}` is known only at deployment"),
        ({}, "SLP201 Machine: the definition has no `States`"),
        ({"StartAt": "a", "States": TOKEN}, "the definition has no `States`: `${…}` is known only at deployment"),
        ({"StartAt": "b", "States": {"a": END}}, "`StartAt` names no state: `b`"),
        ({"StartAt": ["a"], "States": {"a": END}}, "`StartAt` names no state: `a list`"),
        ({"StartAt": "Ordres", "States": {"Orders": END}}, "did you mean `Orders`?"),
        (machine(a=TOKEN), "SLP201 Machine / a: the state is not an object: `${…}` is known only at deployment"),
        (machine(a={"Type": "Tsk"}), "`Type` is `Tsk`; did you mean Task?"),
        (machine(a={"Type": {}}), "`Type` is `a dict`; it can be Task, Map, Parallel"),
        (machine(a={}), "`Type` is missing"),
        (machine(a={"Type": "Pass", "Next": "b"}), "it leads to a state that does not exist: `b`"),
        (machine(a={"Type": "Pass", "Next": ["a"]}), "it leads to a state that does not exist: `a list`"),
        (machine(a={"Type": "Choice", "Choices": [{"Next": "a"}], "Default": "A"}), "exist: `A`"),
        (machine(a={"Type": "Choice", "Choices": [{}]}), "exist: missing"),
        (machine(a={"Type": "Task", "Catch": [{"Next": "b"}], "End": True}), "exist: `b`"),
        (machine(a={"Type": "Parallel", "End": True}), "a Parallel state needs `Branches`"),
        (machine(a={"Type": "Parallel", "Branches": TOKEN}), "needs `Branches`: `${…}` is known only at deployment"),
        (machine(a={"Type": "Parallel", "Branches": [1]}), "SLP201 Machine / a: what it runs is not an object"),
        (machine(a={"Type": "Map", "End": True}), "a Map state needs `ItemProcessor`"),
        (machine(a={"Type": "Map", "ItemProcessor": {"States": {}}}), "what it runs has no `States`"),
        (machine(a={"Type": "Pass", "QueryLanguage": "jsonata"}), "`QueryLanguage` is `jsonata`"),
        ({**machine(a=END), "QueryLanguage": ["JSONata"]}, "`QueryLanguage` is `a list`"),
        (machine(a={"Type": "Task", "Arguments": {}}), "`Arguments` does not belong to JSONPath; use `Parameters`"),
        (
            machine(a={"Type": "Pass", "QueryLanguage": "JSONata", "ResultPath": "$"}),
            "`ResultPath` does not belong to JSONata; use `Output`",
        ),
    ],
)
def test_problems(definition: Any, problem: str) -> None:
    assert any(problem in each for each in problems(definition))


def test_reading_goes_on_after_a_problem() -> None:
    outline, findings = read_outline(machine(a=1, b={"Type": "Pass", "Next": "gone"}, c=END), "M")
    assert len(findings) == 2
    assert [state.name for state in outline.states] == ["b", "c"]


def test_names_that_hold_tokens_lead_where_they_are_written() -> None:
    outline, findings = read_outline(machine(a={"Type": "Pass", "Next": f"b-{TOKEN}"}, **{f"b-{TOKEN}": END}), "M")
    assert not findings
    assert outline.states[1].path == ("b-${…}",)


def test_a_language_is_inherited() -> None:
    inner = machine(inside={"Type": "Pass", "Output": 1, "End": True}, own={**END, "QueryLanguage": "JSONPath"})
    definition = {"QueryLanguage": "JSONata", **machine(a={"Type": "Map", "ItemProcessor": inner, "End": True})}
    outline, _ = read_outline(definition, "M")
    assert [state.language for state in outline.states] == ["JSONata", "JSONata", "JSONPath"]


@pytest.mark.parametrize(
    ("fields", "language"),
    [
        ({"Type": "Pass"}, QueryLanguage.JSON_PATH),
        ({"Type": "Pass", "Output": 1}, QueryLanguage.JSONATA),
        ({"Type": "Task", "Arguments": {}}, QueryLanguage.JSONATA),
        ({"Type": "Pass", "Assign": {"x": ["{% 1 %}"]}}, QueryLanguage.JSONATA),
        ({"Type": "Pass", "Assign": {"x.$": "$.y"}}, QueryLanguage.JSON_PATH),
        ({"Type": "Choice", "Choices": [{"Condition": "{% true %}"}]}, QueryLanguage.JSONATA),
        ({"Type": "Parallel", "Branches": [{"States": {"a": {"Output": "{% 1 %}"}}}]}, QueryLanguage.JSON_PATH),
    ],
)
def test_inside_a_state_with_a_language_of_its_own_states_speak_for_themselves(
    fields: dict[str, Any], language: QueryLanguage
) -> None:
    assert spoken_language(fields) is language
    if "Branches" not in fields:
        outer = {"Type": "Parallel", "QueryLanguage": "JSONata", "Branches": [machine(inside=fields)], "End": True}
        outline, _ = read_outline(machine(outer=outer), "M")
        assert outline.states[1].language is language


def test_nesting_is_bounded() -> None:
    definition = machine(inside=END)
    for level in range(2000):
        definition = machine(**{f"l{level}": {"Type": "Map", "ItemProcessor": definition, "End": True}})
    assert problems(definition) == [f"SLP201 Machine: its states are nested more than {MAX_LEVELS} levels deep"]
