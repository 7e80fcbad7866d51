from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    ObjectValue,
    Scalar,
    Value,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

text = Text.of
MORE = "`$states.input.more` comes from the state's input"
IN_A_RANGE = ListOf(Anything("it is a number of a range"))


# https://docs.jsonata.org/array-functions, https://docs.jsonata.org/object-functions, and Step Functions' own.
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$append(['a'], 'b')", from_json(["a", "b"])),
        ("$append($states.result, 'b')", text("b")),
        ("$append($names, 'b')", ListOf(one_of([text("n"), text("b")]))),
        ("$reverse([1, 2])", from_json([2, 1])),
        ("$reverse('a')", from_json(["a"])),
        ("$sort(['b', 'a'])", from_json(["a", "b"])),
        ("$sort([2, 10, 1])", from_json([1, 2, 10])),
        ("$sort(['b', 'a'], function($l, $r){ $l > $r })", ArrayValue((one_of([text("b"), text("a")]),) * 2)),
        ("$shuffle(['a'])", from_json(["a"])),
        ("$distinct(['a', 'b', 'a'])", from_json(["a", "b"])),
        ("$distinct(['a', 'a'])", one_of([text("a"), from_json(["a"])])),
        ("$distinct($names)", one_of([text("n"), ListOf(text("n"))])),
        ("$zip([1, 2], ['a', 'b'])", from_json([[1, "a"], [2, "b"]])),
        ("$keys({'a': 1, 'b': 2})", from_json(["a", "b"])),
        ("$keys({'a': 1})", text("a")),
        ("$keys($order.lines)", from_json(["sku", "n"])),
        (
            "$keys($settings)[0]",
            one_of([MISSING, text("region"), text(Unknown("it is the name of a field that is not known"))]),
        ),
        ("$lookup($order, 'id')", text("o-1")),
        ("$lookup($order.lines, 'sku')", from_json(["a", "b"])),
        ("$lookup({'dev': 'a', 'prod': 'b', 'test': 'c'}, $env)", one_of([text("a"), text("b")])),
        (
            "$lookup({'dev': 'a', 'prod': 'b'}, $states.input.env)",
            one_of([MISSING, text("a"), text("b")]),
        ),
        ("$lookup({'x-dev': 'a', 'y': 'b'}, 'x-' & $states.input.env)", one_of([MISSING, text("a")])),
        ("$lookup($order, 'nothing')", MISSING),
        ("$spread({'a': 1, 'b': 2})", from_json([{"a": 1}, {"b": 2}])),
        ("$spread('a')", text("a")),
        ("$merge([{'a': 1, 'b': 1}, {'b': 2}])", from_json({"a": 1, "b": 2})),
        ("$merge({'a': 1})", from_json({"a": 1})),
        (
            "$merge([{'a': 1}, $env = 'dev' ? {'a': 2} : {'b': 3}])",
            one_of([from_json({"a": 2}), from_json({"a": 1, "b": 3})]),
        ),
        (
            "$merge([{'region': 'us', 'x': 1}, $settings])",
            ObjectValue({"region": text("eu"), "x": one_of([Scalar("1"), text("s")])}, text("s")),
        ),
        (
            "$merge($map($names, function($n){ {'k': $n} }))",
            one_of([MISSING, ObjectValue({"k": text("n")}), ObjectValue({"k": one_of([MISSING, text("n")])})]),
        ),
        (
            "$merge([$states.input.more, {'a': 1}])",
            ObjectValue({"a": Scalar("1")}, Anything("`$states.input.more` comes from the state's input")),
        ),
        (
            "$merge([{'a': 1}, $states.input.more])",
            ObjectValue({"a": Anything(MORE)}, Anything(MORE)),
        ),
        ("$merge([{'a': 1}, [{'b': 2}, {'a': 3}], $states.result])", from_json({"a": 3, "b": 2})),
        ("$clone({'a': 1})", from_json({"a": 1})),
        ("$partition([1, 2, 3], 2)", from_json([[1, 2], [3]])),
        ("$partition($names, 2)", ListOf(ListOf(text("n")))),
        ("$range(0, 4, 2)", from_json([0, 2, 4])),
        ("$range(2, 0, -1)", from_json([2, 1, 0])),
        ("$range(0, $states.input.n, 1)", IN_A_RANGE),
        ("[1..$states.input.n]", IN_A_RANGE),
    ],
)
def test_what_is_known_of_a_function(expression: str, expected: Value, evaluated: Callable[[str], Value]) -> None:
    assert evaluated(expression) == expected


def test_many_objects_are_joined_field_by_field(evaluated: Callable[[str], Value]) -> None:
    objects = ", ".join(f"{{'Bucket': 'b{number % 2}', 'Key': 'k'}}" for number in range(40))
    expected = ObjectValue({"Bucket": one_of([text("b0"), text("b1")]), "Key": text("k")})
    assert evaluated(f"[{objects}][$states.input.index]") == one_of([MISSING, expected, ListOf(expected)])
