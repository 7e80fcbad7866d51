"""What each state makes of its data, where runs in moto cannot tell: tasks, failures, what is not documented."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.template.tokens import TokenWriter
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import MISSING, Anything, ArrayValue, ListOf, ObjectValue, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Predict = Callable[..., Any]

TASK = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem"}
KNOWN = from_json({"table": "orders", "id": 1})
JSONATA = {"QueryLanguage": "JSONata"}


def then(state: dict[str, Any]) -> dict[str, Any]:
    return {"StartAt": "First", "States": {"First": {**state, "Next": "Then"}, "Then": {"Type": "Succeed"}}}


def caught(state: dict[str, Any], **catcher: Any) -> dict[str, Any]:
    definition = then({**state, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Mend", **catcher}]})
    definition["States"]["Mend"] = {"Type": "Succeed"}
    return definition


RETURNED = Anything("it is what state `First` returned")


def test_what_a_task_returns_is_not_known(predict: Predict) -> None:
    assert predict(then(TASK), KNOWN)["Then"].input == RETURNED


def test_what_a_task_returns_is_added(predict: Predict) -> None:
    entry = predict(then({**TASK, "ResultPath": "$.item"}), KNOWN)["Then"]
    assert entry.input == ObjectValue({**KNOWN.fields, "item": RETURNED})


def test_a_selector_names_what_is_known_all_the_same(predict: Predict) -> None:
    selector = {"table": "orders", "item.$": "$.Item", "machine.$": "$$.StateMachine.Name"}
    entry = predict(then({**TASK, "ResultSelector": selector}), KNOWN)["Then"]
    assert entry.input.fields["table"] == from_json("orders")
    assert entry.input.fields["item"] == Anything("`$.Item` is what state `First` returned")


def test_assign_reads_the_result_as_it_came(predict: Predict) -> None:
    state = {**TASK, "ResultSelector": {"a": "b"}, "ResultPath": None, "Assign": {"all.$": "$", "n.$": "$$.State.Name"}}
    entry = predict(then(state), KNOWN)["Then"]
    assert entry.input == KNOWN
    assert entry.variables["n"] == from_json("First")
    assert isinstance(entry.variables["all"], Anything)


def test_a_task_in_jsonata(predict: Predict) -> None:
    state = {**TASK, **JSONATA, "Output": {"t": "{% $states.input.table %}"}, "Assign": {"r": "{% $states.result %}"}}
    entry = predict(then(state), KNOWN)["Then"]
    assert entry.input == from_json({"t": "orders"})
    assert isinstance(entry.variables["r"], Anything)
    assert isinstance(predict(then({**TASK, **JSONATA}), KNOWN)["Then"].input, Anything)


def test_a_failure_takes_the_place_of_the_input(predict: Predict) -> None:
    entry = predict(caught(TASK), KNOWN)["Mend"]
    assert set(entry.input.fields) == {"Error", "Cause"}


def test_a_failure_is_added_to_the_input(predict: Predict) -> None:
    entry = predict(caught({**TASK, "OutputPath": "$.id"}, ResultPath="$.failure"), KNOWN)["Mend"]
    assert entry.input.fields["table"] == from_json("orders")
    assert set(entry.input.fields["failure"].fields) == {"Error", "Cause"}


def test_a_catcher_assigns_what_the_error_says(predict: Predict) -> None:
    entry = predict(caught(TASK, ResultPath=None, Assign={"why.$": "$.Cause", "where": "here"}), KNOWN)["Mend"]
    assert entry.input == KNOWN
    assert entry.variables["where"] == from_json("here")


def test_a_catcher_in_jsonata(predict: Predict) -> None:
    output = {"t": "{% $states.input.table %}", "e": "{% $states.errorOutput.Error %}"}
    entry = predict(caught({**TASK, **JSONATA}, Output=output, Assign={"x": "{% $states.input.id %}"}), KNOWN)["Mend"]
    assert entry.input.fields["t"] == from_json("orders")
    assert entry.variables == {"x": from_json(1)}


def test_nothing_in_a_result_is_evaluated(predict: Predict) -> None:
    entry = predict(then({"Type": "Pass", "Result": {"t.$": "$.table"}}), KNOWN)["Then"]
    assert entry.input == from_json({"t.$": "$.table"})


def test_a_result_in_jsonata_may_count_or_not(predict: Predict) -> None:
    entry = predict(then({"Type": "Pass", **JSONATA, "Result": "x"}), from_json("y"))["Then"]
    assert entry.input == one_of([from_json("y"), from_json("x")])


def test_what_cloudformation_puts_in_flows_on(predict: Predict) -> None:
    writer = TokenWriter()
    table = Text.of(Reference("Ref", "Orders", Kind.NAME))
    token = writer.token(table)
    state = {"Type": "Pass", "Result": {"name": token, f"x-{token}": "under a name that is not known"}}
    entry = predict(then(state), KNOWN, writer.tokens())["Then"]
    assert entry.input.rest is not None
    state = {"Type": "Pass", "Parameters": token}
    whole = TokenWriter()
    token = whole.token(ObjectValue({"table": table}))
    assert predict(then({"Type": "Pass", "Parameters": token}), KNOWN, whole.tokens())["Then"].input == ObjectValue(
        {"table": table}
    )


def test_a_null_path_is_an_empty_object(predict: Predict) -> None:
    assert predict(then({"Type": "Pass", "InputPath": None}), KNOWN)["Then"].input == from_json({})
    assert predict(then({"Type": "Wait", "Seconds": 1, "OutputPath": None}), KNOWN)["Then"].input == from_json({})


def test_what_must_be_there_is_there(predict: Predict) -> None:
    maybe = ObjectValue({"t": one_of([from_json("orders"), MISSING])})
    assert predict(then({"Type": "Pass", "InputPath": "$.t"}), maybe)["Then"].input == from_json("orders")
    assert isinstance(predict(then({"Type": "Pass", "InputPath": "$.u"}), maybe)["Then"].input, Anything)


def test_variables_change_with_the_next_state(predict: Predict) -> None:
    swap = {"Type": "Pass", "Assign": {"x.$": "$y", "y.$": "$x"}}
    definition = then(swap)
    definition["StartAt"] = "Set"
    definition["States"]["Set"] = {"Type": "Pass", "Assign": {"x": "a", "y": "b"}, "Next": "First"}
    assert predict(definition)["Then"].variables == {"x": from_json("b"), "y": from_json("a")}


@pytest.mark.parametrize("state", [TASK, {"Type": "Pass"}, {"Type": "Wait", "Seconds": 1}])
def test_the_last_state_of_a_branch_gives_its_output(predict: Predict, state: dict[str, Any]) -> None:
    branch = {"StartAt": "In", "States": {"In": {**state, "End": True}}}
    entry = predict(then({"Type": "Parallel", "Branches": [branch, branch]}), KNOWN)["Then"]
    assert isinstance(entry.input, ArrayValue)
    assert len(entry.input.items) == 2


def test_a_branch_that_only_fails_has_no_output_that_matters(predict: Predict) -> None:
    branch = {"StartAt": "In", "States": {"In": {"Type": "Fail"}}}
    assert predict(then({"Type": "Parallel", "Branches": [branch]}), KNOWN)["Then"].input == ArrayValue((RETURNED,))
    assert predict(then({"Type": "Map", "ItemProcessor": branch}))["Then"].input == ListOf(RETURNED)
