"""Machines whose data is constant: what every state receives is predicted to the letter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.value import from_json

if TYPE_CHECKING:
    from collections.abc import Callable

TABLES = {"orders": "orders-table", "customers": {"name": "customers-table"}, "list": ["a", "b"]}


def after(name: str, state: dict[str, Any]) -> Any:
    """A machine in which ``state`` receives constant data, and another state what it makes of it."""
    states = {
        "Set": {"Type": "Pass", "Result": TABLES, "Next": "Keep"},
        "Keep": {"Type": "Pass", "Assign": {"kept": "kept-table", "list.$": "$.list"}, "Next": "Look"},
        "Look": {**state, "Next": "Last"},
        "Last": {"Type": "Succeed"},
    }
    return pytest.param({"StartAt": "Set", "States": states}, id=name)


def processor(**fields: Any) -> dict[str, Any]:
    return {"StartAt": "Inside", "States": {"Inside": {"Type": "Pass", **fields, "End": True}}}


JSONATA = {"QueryLanguage": "JSONata"}


@pytest.mark.parametrize(
    "definition",
    [
        after("what Pass receives it sends on", {"Type": "Pass"}),
        after("Result goes on", {"Type": "Pass", "Result": {"a": [1, True, None, "x"]}}),
        after("ResultPath adds", {"Type": "Pass", "Result": "x", "ResultPath": "$.customers.id"}),
        after("ResultPath null discards", {"Type": "Pass", "Result": "x", "ResultPath": None}),
        after("InputPath selects", {"Type": "Pass", "InputPath": "$.customers"}),
        after("OutputPath selects", {"Type": "Pass", "OutputPath": "$.customers.name"}),
        after("InputPath and ResultPath", {"Type": "Pass", "InputPath": "$.customers.name", "ResultPath": "$.orders"}),
        after("Parameters build", {"Type": "Pass", "Parameters": {"t.$": "States.Format('{}-x', $.orders)", "u": "v"}}),
        after("variables are read", {"Type": "Pass", "Parameters": {"t.$": "$kept", "u.$": "$list[1]"}}),
        after(
            "JSONata builds", {"Type": "Pass", **JSONATA, "Output": {"t": "{% $states.input.orders & '-' & $kept %}"}}
        ),
        after("JSONata without Output", {"Type": "Pass", **JSONATA, "Assign": {"other": "{% $kept %}"}}),
        after("Wait passes on", {"Type": "Wait", "Seconds": 0, "InputPath": "$.customers"}),
        after(
            "Parallel collects",
            {
                "Type": "Parallel",
                "Branches": [processor(Parameters={"t.$": "$kept"}), processor(InputPath="$.orders")],
                "ResultSelector": {"first.$": "$[0]", "second.$": "$[1]"},
                "ResultPath": "$.results",
            },
        ),
        after("Parallel hands on Parameters", {"Type": "Parallel", "Parameters": {"a": 1}, "Branches": [processor()]}),
        after(
            "Parallel in JSONata",
            {
                "Type": "Parallel",
                **JSONATA,
                "Arguments": {"a": "{% $states.input.orders %}"},
                "Branches": [processor(**JSONATA, Output="{% $states.input.a %}")],
                "Output": "{% {'all': $states.result} %}",
            },
        ),
        after(
            "Map over one item",
            {
                "Type": "Map",
                "ItemsPath": "$.one",
                "InputPath": "$$.Execution.Input",
                "ItemSelector": {"i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "k.$": "$kept"},
                "ItemProcessor": processor(),
                "ResultPath": "$.done",
            },
        ),
        after("Map over none", {"Type": "Map", "ItemsPath": "$$.Execution.Input.none", "ItemProcessor": processor()}),
    ],
)
def test_constants_are_followed_exactly(
    predict: Callable[..., Any], run_in_moto: Callable[..., Any], definition: Any
) -> None:
    given = {"one": ["x"], "none": []}
    predicted = predict(definition, from_json(given))
    run = run_in_moto(definition, given)
    assert run.seen[-1].state == "Last"
    for seen in run.seen:
        assert predicted[seen.state].input == from_json(seen.input)
        assert predicted[seen.state].variables == {name: from_json(value) for name, value in seen.variables.items()}


def test_the_way_of_a_caught_failure_is_followed(
    predict: Callable[..., Any], run_in_moto: Callable[..., Any], covers: Callable[..., bool]
) -> None:
    failing = {"StartAt": "Stop", "States": {"Stop": {"Type": "Fail", "Error": "Broken", "Cause": "it had to"}}}
    catcher = {
        "ErrorEquals": ["States.ALL"],
        "ResultPath": "$.failure",
        "Assign": {"told.$": "$.Error"},
        "Next": "Last",
    }
    definition = {
        "StartAt": "Set",
        "States": {
            "Set": {"Type": "Pass", "Result": TABLES, "Next": "Try"},
            "Try": {"Type": "Parallel", "Branches": [failing], "Catch": [catcher], "Next": "Never"},
            "Never": {"Type": "Succeed"},
            "Last": {"Type": "Succeed"},
        },
    }
    last = run_in_moto(definition, {}).seen[-1]
    assert (last.state, last.variables) == ("Last", {"told": "Broken"})
    entry = predict(definition)["Last"]
    assert covers(entry.input, last.input)
    assert covers(entry.variables["told"], "Broken")
    assert entry.input.fields["orders"] == from_json("orders-table")
