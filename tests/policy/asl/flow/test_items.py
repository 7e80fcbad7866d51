"""What the iterations of a Map state start with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    ObjectValue,
    OneOf,
    Scalar,
    Value,
    alternatives_of,
    conditional,
    from_json,
    member,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    Predict = Callable[..., Any]

TABLES = [{"table": "orders", "index": "by-day"}, {"table": "refunds", "index": "by-month"}]
JSONATA = {"QueryLanguage": "JSONata"}


def over(**fields: Any) -> dict[str, Any]:
    processor = {"StartAt": "In", "States": {"In": {"Type": "Succeed"}}, **fields.pop("processor", {})}
    states = {
        "Set": {"Type": "Pass", "Assign": {"kept": "x"}, "Next": "Each"},
        "Each": {"Type": "Map", "ItemProcessor": processor, **fields, "Next": "Then"},
        "Then": {"Type": "Succeed"},
    }
    return {"StartAt": "Set", "States": states}


DISTRIBUTED = {"processor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}}}


def test_an_iteration_starts_with_its_item(predict: Predict) -> None:
    entry = predict(over(ItemsPath="$.list"), from_json({"list": TABLES}))["In"]
    assert entry.input == OneOf(tuple(from_json(each) for each in TABLES))
    assert entry.variables == {"kept": from_json("x")}


def test_without_a_path_the_input_is_the_list(predict: Predict) -> None:
    assert predict(over(), from_json(["a", "b"]))["In"].input == one_of([from_json("a"), from_json("b")])
    assert predict(over(**JSONATA), from_json(["a"]))["In"].input == from_json("a")


def test_what_belongs_to_one_item_stays_together(predict: Predict) -> None:
    selector = {"name.$": "States.Format('{}/{}', $$.Map.Item.Value.table, $$.Map.Item.Value.index)"}
    entry = predict(over(ItemSelector=selector), from_json(TABLES))["In"]
    names = [each.literal for each in alternatives_of(member(entry.input, "name"))]
    assert names == ["orders/by-day", "refunds/by-month"]


def test_the_selector_reads_the_input_the_index_and_the_variables(predict: Predict) -> None:
    selector = {"n.$": "$$.Map.Item.Index", "of.$": "$.of", "kept.$": "$kept", "from.$": "$$.Map.Item.Source"}
    entry = predict(over(ItemsPath="$.list", ItemSelector=selector), from_json({"list": ["a"], "of": "b"}))["In"]
    assert entry.input == from_json({"n": 0, "of": "b", "kept": "x", "from": "STATE_DATA"})


def test_the_older_name_of_the_selector(predict: Predict) -> None:
    assert predict(over(Parameters={"v.$": "$$.Map.Item.Value"}), from_json(["a"]))["In"].input == from_json({"v": "a"})


def test_items_in_jsonata(predict: Predict) -> None:
    selector = {"t": "{% $states.context.Map.Item.Value & '-' & $states.input %}"}
    entry = predict(over(**JSONATA, Items=["a", "{% $kept %}"], ItemSelector=selector), from_json("in"))["In"]
    assert member(entry.input, "t") == one_of([from_json("a-in"), from_json("x-in")])


def test_the_item_can_be_read_inside(predict: Predict) -> None:
    inside = {"Type": "Pass", "Parameters": {"v.$": "$$.Map.Item.Value"}, "Next": "Deep"}
    processor = {"states": {}, "StartAt": "In", "States": {"In": inside, "Deep": {"Type": "Succeed"}}}
    entry = predict(over(processor=processor, ItemSelector={}), from_json(["a", "b"]))["Deep"]
    assert entry.input == ObjectValue({"v": one_of([from_json("a"), from_json("b")])})


@pytest.mark.parametrize(
    ("given", "item"),
    [
        (ListOf(from_json("a")), from_json("a")),
        (Anything("why"), Anything("`$` why")),
        (conditional("Prod", from_json(["a"]), from_json(["b"])), one_of([from_json("a"), from_json("b")])),
        (ArrayValue((from_json("a"), one_of([from_json("b"), MISSING]))), one_of([from_json("a"), from_json("b")])),
        (from_json([]), Anything("there are no items")),
        (from_json("no list at all"), Anything("there are no items")),
    ],
)
def test_datasets(predict: Predict, given: Value, item: Value) -> None:
    assert predict(over(ItemsPath="$"), given)["In"].input == item


def test_an_item_that_may_be_left_out_moves_the_others(predict: Predict) -> None:
    items = ArrayValue((one_of([from_json("a"), MISSING]), from_json("b")))
    entry = predict(over(ItemSelector={"n.$": "$$.Map.Item.Index"}), items)["In"]
    assert isinstance(member(entry.input, "n"), Anything)


def test_fields_of_an_object_are_items_too(predict: Predict, covers: Callable[..., bool]) -> None:
    selector = {"k.$": "$$.Map.Item.Key", "v.$": "$$.Map.Item.Value"}
    pairs = predict(over(ItemSelector=selector), from_json({"a": "x", "b": "y"}))["In"].input
    assert covers(pairs, {"k": "a", "v": "x"})
    assert covers(pairs, {"k": "b", "v": "y"})
    plain = predict(over(), from_json({"a": "x"}))["In"].input
    assert all(covers(plain, form) for form in ("x", {"Key": "a", "Value": "x"}, {"a": "x"}))


def test_many_items_are_taken_as_one(predict: Predict) -> None:
    entry = predict(over(), from_json([{"t": f"t{n}", "i": f"i{n}"} for n in range(50)]))["In"]
    assert len(alternatives_of(member(entry.input, "t"))) == 50
    entry = predict(over(), from_json([f"table-{n}" for n in range(5000)]))["In"]
    assert entry.input.prefix == "table-"


def test_the_result_is_an_array_of_outputs(predict: Predict) -> None:
    assert predict(over(), from_json(["a", "b"]))["Then"].input == ArrayValue(
        (one_of([from_json("a"), from_json("b")]),) * 2
    )
    assert predict(over(), ListOf(from_json("a")))["Then"].input == ListOf(from_json("a"))
    assert isinstance(predict(over(), from_json(["a"] * 100))["Then"].input, ListOf)


# --- distributed


def test_a_child_execution_knows_no_variables(predict: Predict) -> None:
    entry = predict(over(**DISTRIBUTED), from_json(["a"]))["In"]
    assert entry.variables == {}
    assert entry.input == from_json("a")


def test_what_a_reader_reads_is_not_known(predict: Predict) -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket": "b", "Key": "k"}}
    selector = {"row.$": "$$.Map.Item.Value", "stage.$": "$.stage"}
    entry = predict(over(**DISTRIBUTED, ItemReader=reader, ItemSelector=selector), from_json({"stage": "prod"}))["In"]
    assert entry.input.fields["stage"] == from_json("prod")
    assert entry.input.fields["row"] == Anything("`$$.Map.Item.Value` is read by `ItemReader` when the execution runs")


def test_batches(predict: Predict) -> None:
    batcher = {"MaxItemsPerBatch": 10, "BatchInput": {"stage.$": "$.stage"}}
    given = from_json({"stage": "prod", "list": ["a", "b"]})
    entry = predict(over(**DISTRIBUTED, ItemsPath="$.list", ItemBatcher=batcher), given)["In"]
    items = ListOf(one_of([from_json("a"), from_json("b")]))
    assert entry.input == ObjectValue({"Items": items, "BatchInput": from_json({"stage": "prod"})})


def test_a_child_execution_has_a_context_object_of_its_own(predict: Predict) -> None:
    entry = predict(over(**DISTRIBUTED), from_json(["a"]))["In"]
    execution = member(entry.context, "Execution")
    assert member(execution, "Input") == one_of([from_json("a"), from_json(["a"])])
    assert isinstance(member(member(entry.context, "StateMachine"), "Id"), Anything)
    assert member(member(member(entry.context, "Map"), "Item"), "Index") == Scalar("0")


@pytest.mark.parametrize(
    ("fields", "result"),
    [
        ({}, ListOf(from_json("a"))),
        ({"ToleratedFailurePercentage": 5}, Anything("it is what state `Each` returned")),
        ({"ResultWriter": {"Resource": "arn:aws:states:::s3:putObject"}}, Anything("it is what state `Each` returned")),
    ],
)
def test_results_of_child_executions(predict: Predict, fields: dict[str, Any], result: Value) -> None:
    assert predict(over(**DISTRIBUTED, **fields), from_json(["a"]))["Then"].input == result


def test_unknown_text_stays_text(predict: Predict) -> None:
    prefix = Text.of("orders-", Unknown("why"))
    assert predict(over(), ArrayValue((prefix,)))["In"].input == prefix
