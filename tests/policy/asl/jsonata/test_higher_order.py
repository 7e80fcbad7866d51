from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ListOf,
    ObjectValue,
    Value,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

text = Text.of


# https://docs.jsonata.org/higher-order-functions
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$map($order.lines, function($l, $i){ $i & $l.sku })", from_json(["0a", "1b"])),
        ("$map($order.lines, function($l, $i, $all){ $count($all) })", from_json([2, 2])),
        ("$map('a', function($x){ $x & '!' })", text("a!")),
        ("$map($states.result, function($x){ $x })", MISSING),
        ("$map(['a', 'b'], $uppercase)", from_json(["A", "B"])),
        ("$map(['a', 'b'], function($x){ $x = 'a' ? $x })", text("a")),
        ("$map($names, function($x){ $x & '!' })", one_of([MISSING, text("n!"), ListOf(text("n!"))])),
        ("$map($names, function($x){ $error() })", MISSING),
        ("$map(['ab'], $substring(?, 0, 1))", text("a")),
        ("$map([{'a': 1}], $keys)[0]", one_of([from_json(["a"]), text("a")])),
        ("$filter($order.lines, function($l){ $l.n = 2 }).sku", text("b")),
        ("$filter($order.lines, function($l){ $l.n > 2 })", MISSING),
        ("$filter($order.lines, function($l){ $l.n > 0 })[0].sku", text("a")),
        ("$filter(['a'], function($x){ $x = $states.input.x })", one_of([text("a"), MISSING])),
        ("$single($order.lines, function($l){ $l.n = 1 }).sku", text("a")),
        ("$single(['a', 'b'], function($x){ $x = $states.input.x })", one_of([text("a"), text("b")])),
        ("$reduce(['a', 'b', 'c'], function($p, $c){ $p & $c })", text("abc")),
        ("$reduce(['a', 'b'], function($p, $c){ $p & $c }, '>')", text(">ab")),
        ("$reduce([], function($p, $c){ $p & $c }, '>')", text(">")),
        ("$each({'a': 1, 'b': 2}, function($v, $k){ $k & '=' & $v })", from_json(["a=1", "b=2"])),
        ("$each({'a': $maybe}, function($v, $k){ $k })", one_of([text("a"), MISSING])),
        (
            "$each($settings, function($v, $k){ $k })[0]",
            one_of([MISSING, text("region"), text(Unknown("`$k` is the name of a field that is not known"))]),
        ),
        ("$sift({'a': 1, 'b': 2}, function($v, $k){ $k = 'a' })", from_json({"a": 1})),
        ("$sift({'a': 1}, function($v){ $v > 1 })", MISSING),
        (
            "$sift({'a': 1}, function($v){ $v = $states.input.x })",
            one_of([ObjectValue({"a": one_of([from_json(1), MISSING])}), MISSING]),
        ),
    ],
)
def test_what_is_known_of_a_function_that_calls_functions(
    expression: str, expected: Value, evaluated: Callable[[str], Value]
) -> None:
    assert evaluated(expression) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "$map(['a', 'b'], $substring)",
        "$reduce($names, function($p, $c){ $p & $c })",
        "$map(['a'], /a/)",
    ],
)
def test_what_is_not_followed(expression: str, evaluated: Callable[[str], Value]) -> None:
    found = evaluated(expression)
    expected = Anything("it comes from a function that is not followed")
    assert found == expected


def test_a_call_needs_a_function(evaluated: Callable[[str], Value]) -> None:
    assert evaluated("$map(['a'], 'b')") == Anything("the expression always fails: what should be a function is none")
