"""What is known behind a Choice state because of the rule that led there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown
from sfn_least_privilege.policy.value import Anything, ObjectValue, Value, alternatives_of, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

    Predict = Callable[..., Any]

KNOWN = {"kind": "table", "name": "orders"}
ITEMS = [KNOWN, {"kind": "queue", "name": "refunds"}, {"kind": "topic", "name": "news"}]


def choice(rule: dict[str, Any], **state: Any) -> dict[str, Any]:
    """A machine in which a rule leads to ``Then``, and everything else to ``Else``."""
    states = {
        "Which": {"Type": "Choice", "Choices": [{**rule, "Next": "Then"}], "Default": "Else", **state},
        "Then": {"Type": "Succeed"},
        "Else": {"Type": "Succeed"},
    }
    return {"StartAt": "Which", "States": states}


def names(value: Value) -> list[str]:
    """The names in those of ``ITEMS`` that are left."""
    return [each.fields["name"].literal for each in alternatives_of(value)]


APART = one_of([from_json(each) for each in ITEMS])


def test_a_branch_taken_on_equality_knows_the_value(predict: Predict) -> None:
    entry = predict(choice({"Variable": "$.kind", "StringEquals": "table"}))["Then"]
    assert entry.input.fields["kind"] == from_json("table")


def test_the_other_fields_stay_as_unknown_as_they_were(predict: Predict) -> None:
    entry = predict(choice({"Variable": "$.kind", "StringEquals": "table"}))["Then"]
    assert isinstance(entry.input.rest, Anything)
    assert isinstance(predict(choice({"Variable": "$.kind", "StringEquals": "table"}))["Else"].input, Anything)


def test_what_belongs_together_stays_together(predict: Predict) -> None:
    entries = predict(choice({"Variable": "$.kind", "StringEquals": "queue"}), APART)
    assert names(entries["Then"].input) == ["refunds"]
    assert names(entries["Else"].input) == ["orders", "news"]


@pytest.mark.parametrize(
    ("rule", "then", "otherwise"),
    [
        ({"Variable": "$.kind", "StringEqualsPath": "$.wanted"}, ["refunds"], ["orders", "news"]),
        ({"Variable": "$['kind']", "StringMatches": "t*"}, ["orders", "news"], ["orders", "refunds", "news"]),
        (
            {"And": [{"Variable": "$.kind", "StringEquals": "queue"}, {"Variable": "$.n", "NumericEquals": 1}]},
            ["refunds"],
            ["orders", "refunds", "news"],
        ),
        (
            {"Or": [{"Variable": "$.kind", "StringEquals": "queue"}, {"Variable": "$.kind", "StringEquals": "topic"}]},
            ["refunds", "news"],
            ["orders"],
        ),
        (
            {"Or": [{"Variable": "$.kind", "StringEquals": "queue"}, {"Variable": "$.n", "NumericEquals": 1}]},
            ["orders", "refunds", "news"],
            ["orders", "news"],
        ),
        ({"Not": {"Variable": "$.kind", "StringEquals": "queue"}}, ["orders", "refunds", "news"], None),
        ({"Variable": "$.kind", "IsPresent": True}, ["orders", "refunds", "news"], None),
        ({"Variable": "$..kind", "StringEquals": "queue"}, ["orders", "refunds", "news"], None),
        ({"Variable": "$.kind", "StringEquals": "none of them"}, ["orders", "refunds", "news"], None),
    ],
)
def test_rules(predict: Predict, rule: dict[str, Any], then: list[str], otherwise: list[str] | None) -> None:
    given = one_of([from_json({**each, "wanted": "queue"}) for each in ITEMS])
    entries = predict(choice(rule), given)
    assert names(entries["Then"].input) == then
    assert names(entries["Else"].input) == (["orders", "refunds", "news"] if otherwise is None else otherwise)


def test_a_later_rule_knows_that_the_earlier_ones_failed(predict: Predict) -> None:
    rules = [
        {"Variable": "$.kind", "StringEquals": "queue", "Next": "Then"},
        {"Variable": "$.name", "IsPresent": True, "Next": "Later"},
    ]
    states = {"Choices": rules, "Default": "Else"}
    definition = choice({}, **states)
    definition["States"]["Later"] = {"Type": "Succeed"}
    assert names(predict(definition, APART)["Later"].input) == ["orders", "news"]


def test_a_variable_is_known_too(predict: Predict) -> None:
    definition = choice({"Variable": "$chosen", "StringEquals": "orders"})
    definition["States"]["Set"] = {"Type": "Pass", "Assign": {"chosen.$": "$.chosen"}, "Next": "Which"}
    entries = predict({**definition, "StartAt": "Set"})
    assert entries["Then"].variables == {"chosen": from_json("orders")}
    assert isinstance(entries["Else"].variables["chosen"], Anything)


def test_the_context_object_is_known_too(predict: Predict) -> None:
    definition = choice({"Variable": "$$.Execution.Input.stage", "StringEquals": "prod"})
    definition["States"]["Then"] = {
        "Type": "Pass",
        "Parameters": {"table.$": "States.Format('orders-{}', $$.Execution.Input.stage)"},
        "Next": "Last",
    }
    definition["States"]["Last"] = {"Type": "Succeed"}
    assert predict(definition)["Last"].input == from_json({"table": "orders-prod"})


def test_a_pattern_leaves_its_beginning_and_its_end(predict: Predict) -> None:
    entry = predict(choice({"Variable": "$.key", "StringMatches": "logs\\*/*.gz"}))["Then"]
    reason = Unknown("it is anything that matches `logs\\*/*.gz`")
    assert entry.input.fields["key"] == Text.of("logs*/", reason, ".gz")


@pytest.mark.parametrize("turn", [1, -1])
def test_of_two_facts_the_better_one_is_kept(predict: Predict, turn: int) -> None:
    rules = [{"Variable": "$.kind", "StringEquals": "table"}, {"Variable": "$.kind", "StringMatches": "t*"}][::turn]
    assert predict(choice({"And": rules}))["Then"].input.fields["kind"] == from_json("table")


def test_what_is_known_better_is_not_forgotten(predict: Predict) -> None:
    table = Text.of(Reference("Ref", "Orders", Kind.NAME))
    entry = predict(choice({"Variable": "$.t", "StringMatches": "*"}), ObjectValue({"t": table}))["Then"]
    assert entry.input.fields["t"] == table


def test_input_path_comes_first(predict: Predict) -> None:
    definition = choice({"Variable": "$.kind", "StringEquals": "table"}, InputPath="$.item")
    entry = predict(definition, from_json({"item": KNOWN}))["Then"]
    assert entry.input == from_json(KNOWN)


def test_each_rule_assigns_for_itself(predict: Predict) -> None:
    rule = {"Variable": "$.kind", "StringEquals": "table", "Assign": {"found.$": "$.kind"}}
    entries = predict(choice(rule, Assign={"found": "nothing"}))
    assert entries["Then"].variables == {"found": from_json("table")}
    assert entries["Else"].variables == {"found": from_json("nothing")}


# --- JSONata


def in_jsonata(condition: str, **state: Any) -> dict[str, Any]:
    definition = choice({"Condition": "{% " + condition + " %}"}, **state)
    return {"QueryLanguage": "JSONata", **definition}


@pytest.mark.parametrize(
    ("condition", "then", "otherwise"),
    [
        ("$states.input.kind = 'queue'", ["refunds"], ["orders", "news"]),
        ("'queue' = $states.input.kind", ["refunds"], ["orders", "news"]),
        ('($states.input.kind = "queue")', ["refunds"], ["orders", "news"]),
        ("$states.input.kind in ['queue', 'topic']", ["refunds", "news"], ["orders"]),
        ("$states.input.kind = 'queue' or $states.input.kind = 'topic'", ["refunds", "news"], ["orders"]),
        ("$states.input.kind = 'queue' and $count($states.input.list) > 3", ["refunds"], None),
        ("$not($states.input.kind = 'queue')", None, None),
        ("$states.input.kind = 'queue' ? true : false", None, None),
        ("$states.input.kind != 'queue'", None, None),
        ("$states.input.kind = 'queue' & ''", None, None),
        ("$states.input.kind = 'it\\'s'", None, None),
        ("$k := 'queue'; $states.input.kind = 'queue'", None, None),
        ("$contains($states.input.kind, /q(.*)/)", None, None),
        ("$states.context.State.Name = 'queue'", None, None),
        ("$states.input.kind = 'queue' )", None, None),
    ],
)
def test_conditions(predict: Predict, condition: str, then: list[str] | None, otherwise: list[str] | None) -> None:
    everything = ["orders", "refunds", "news"]
    entries = predict(in_jsonata(condition), APART)
    assert names(entries["Then"].input) == (then or everything)
    assert names(entries["Else"].input) == (otherwise or everything)


def test_what_may_be_an_array_is_not_taken_for_an_object(predict: Predict) -> None:
    entry = predict(in_jsonata("$states.input.kind = 'queue'"))["Then"]
    assert isinstance(entry.input, Anything)


def test_a_variable_is_known_in_jsonata_too(predict: Predict) -> None:
    definition = in_jsonata("$chosen = 'orders'")
    definition["States"]["Set"] = {"Type": "Pass", "Assign": {"chosen": "{% $states.input.c %}"}, "Next": "Which"}
    assert predict({**definition, "StartAt": "Set"})["Then"].variables == {"chosen": from_json("orders")}


def test_a_rule_has_its_own_output(predict: Predict) -> None:
    rule = {"Condition": "{% $states.input.kind = 'table' %}", "Output": "{% $states.input.name %}"}
    entries = predict({"QueryLanguage": "JSONata", **choice(rule, Output="nothing")}, from_json(KNOWN))
    assert entries["Then"].input == from_json("orders")
    assert entries["Else"].input == from_json("nothing")


def test_whether_a_rule_without_output_takes_that_of_the_state_is_left_open(predict: Predict) -> None:
    entries = predict(in_jsonata("true", Output="nothing"), from_json("something"))
    assert entries["Then"].input == one_of([from_json("something"), from_json("nothing")])


def test_deep_conditions_tell_nothing_and_do_no_harm(predict: Predict) -> None:
    rule: dict[str, Any] = {"Variable": "$.kind", "StringEquals": "queue"}
    for _ in range(40):
        rule = {"And": [rule]}
    assert isinstance(predict(choice(rule))["Then"].input, Anything)
    deep = "(" * 5000 + "$states.input.kind = 'queue'" + ")" * 5000
    assert isinstance(predict(in_jsonata(deep))["Then"].input, Anything)
