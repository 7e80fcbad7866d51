from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    ObjectValue,
    Value,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

text = Text.of


# https://docs.jsonata.org/path-operators, over the variables of conftest.py.
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Fields, also of all items of an array
        ("$order.id", text("o-1")),
        ("$order.'id'", text("o-1")),
        ("$order.`id`", text("o-1")),
        ("$order.nothing", MISSING),
        ("$order.id.nothing", MISSING),
        ("$order.lines.sku", from_json(["a", "b"])),
        ("{'and': 1}.and", from_json(1)),
        ("$settings.region", text("eu")),
        ("$settings.other", one_of([MISSING, text("s")])),
        ("$names.nothing", MISSING),
        # A single item is no array, but an array that is there stays one
        ("$order.tags", from_json(["x"])),
        ("[{'t': ['x']}, {}].t", from_json(["x"])),
        ("[{'t': 'x'}, {}].t", text("x")),
        ("[{'t': ['x']}, {'t': []}].t", text("x")),
        # Steps that are expressions
        ("$order.lines.(sku & ':' & n)", from_json(["a:1", "b:2"])),
        ("$order.lines.{'k': sku}", from_json([{"k": "a"}, {"k": "b"}])),
        ("$order.lines.[sku, n]", from_json([["a", 1], ["b", 2]])),
        ("$order.lines[0].[sku, n]", from_json(["a", 1])),
        ("$order.lines.sku.$uppercase()", from_json(["A", "B"])),
        ("[$order, $order].id", from_json(["o-1", "o-1"])),
        ("[].id", ArrayValue(())),
        # By position
        ("$order.lines[0].sku", text("a")),
        ("$order.lines[-1].sku", text("b")),
        ("$order.lines[5].sku", MISSING),
        ("$order.id[0]", text("o-1")),
        ("$order.id[1]", MISSING),
        ("$order.grid[0][1]", text("q")),
        ("$order.lines.sku[0]", from_json(["a", "b"])),
        ("$order.lines.(sku)[0]", from_json(["a", "b"])),
        ("($order.lines.sku)[0]", text("a")),
        ("$order.lines[[0, 1]].sku", from_json(["a", "b"])),
        ("$order.lines[$count($order.tags)].sku", text("b")),
        ("$names[0]", one_of([MISSING, text("n")])),
        # By a condition
        ("$order.lines[n > 1].sku", text("b")),
        ("$order.lines[sku = 'z']", MISSING),
        ("$order.lines[true].n", from_json([1, 2])),
        ("$order.lines[sku = $env].n", MISSING),
        ("$order.tags[$ = $states.input.t]", one_of([text("x"), MISSING])),
        ("$order[paid].id", text("o-1")),
        ("$names[$ = 'z']", MISSING),
        # Arrays kept
        ("$order.id[]", one_of([text("o-1"), from_json(["o-1"])])),
        ("$order.lines[].sku", from_json(["a", "b"])),
        ("$names[]", ListOf(text("n"))),
        # Wildcards, order, groups
        ("$order.lines[0].*", from_json(["a", 1])),
        ("$settings.*[0]", one_of([MISSING, text("eu"), text("s")])),
        ("$order.lines^(>n).n", ArrayValue((one_of([from_json(1), from_json(2)]),) * 2)),
        ("$order.tags^($)", text("x")),
        ("$order.lines{'skus': 'known'}", ObjectValue({"skus": text("known")})),
    ],
)
def test_what_is_known_of_a_path(expression: str, expected: Value, evaluated: Callable[[str], Value]) -> None:
    assert evaluated(expression) == expected


def test_a_condition_that_only_the_execution_decides_may_take_any_item(evaluated: Callable[[str], Value]) -> None:
    either = one_of([text("a"), text("b")])
    assert evaluated("$order.lines[n = $states.input.n].sku") == one_of([MISSING, text("a"), text("b"), ListOf(either)])


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("$states.input.a.b", "`$states.input.a.b` comes from the state's input"),
        ("$states.input.items[0].b", "`$states.input.items[0].b` comes from the state's input"),
        ("$states.input.items[x = 1]", "`$states.input.items[…]` comes from the state's input"),
        ("$states.input.items.$string()", "`$states.input.items.$string(…)` comes from the state's input"),
        ("$states.input.items.*", "`$states.input.items.*` comes from the state's input"),
        ("$states.input", "`$states.input` comes from the state's input"),
        ("$order.grid[true]", "it is chosen among lists inside a list"),
    ],
)
def test_a_reason_names_the_path(expression: str, reason: str, evaluated: Callable[[str], Value]) -> None:
    found = evaluated(expression)
    assert isinstance(found, Anything)
    assert found.reason in {reason, f"`{expression}` {reason[3:]}"}
