from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import MISSING, Anything, Scalar, Value, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

text = Text.of
TRUE, FALSE = Scalar("true"), Scalar("false")
NUMBER = Anything("it is a number that is not followed")
FORMATTED = text(Unknown("it is a number or a time that is formatted when the state runs"))


# https://docs.jsonata.org/numeric-functions, aggregation-functions, boolean-functions, date-time-functions
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$number('12.50')", Scalar("12.5")),
        ("$number(true)", Scalar("1")),
        ("$number('0x10')", NUMBER),
        ("$abs(-2)", Scalar("2")),
        ("$floor(1.5)", Scalar("1")),
        ("$ceil(1.5)", Scalar("2")),
        ("$sqrt(9)", Scalar("3")),
        ("$sqrt(-1)", NUMBER),
        ("$round(1.5)", NUMBER),
        ("$power(2, 3)", NUMBER),
        ("$random()", NUMBER),
        ("$sum([1, 2, 3])", Scalar("6")),
        ("$sum($order.lines.n)", Scalar("3")),
        ("$max([1, 3, 2])", Scalar("3")),
        ("$min([])", MISSING),
        ("$average([1, 2])", Scalar("1.5")),
        ("$average([1, $states.input.n])", NUMBER),
        ("$count($order.lines)", Scalar("2")),
        ("$count('a')", Scalar("1")),
        ("$count($states.result)", Scalar("0")),
        ("$count($names)", NUMBER),
        ("$boolean([0, 1])", TRUE),
        ("$boolean('')", FALSE),
        ("$boolean({})", FALSE),
        ("$boolean({'a': 0})", TRUE),
        ("$boolean($states.result)", MISSING),
        ("$boolean($uppercase)", FALSE),
        ("$not(0)", TRUE),
        ("$not($states.input.x)", one_of([TRUE, FALSE, MISSING])),
        ("$exists($order.id)", TRUE),
        ("$exists($order.nothing)", FALSE),
        ("$exists($states.input.x)", one_of([TRUE, FALSE])),
        ("$exists($maybe)", one_of([TRUE, FALSE])),
        ("$type(1)", text("number")),
        ("$type(null)", text("null")),
        ("$type($env)", text("string")),
        ("$type([])", text("array")),
        ("$type({})", text("object")),
        ("$type(true)", text("boolean")),
        ("$type($uppercase)", text("function")),
        ("$assert(true, 'no')", MISSING),
        ("$formatNumber(12, '000')", FORMATTED),
        ("$formatBase(12)", FORMATTED),
        ("$fromMillis(0)", FORMATTED),
        ("$fromMillis($states.result)", MISSING),
        ("$toMillis('2020-01-01')", NUMBER),
        ("$now()", text(Unknown("it is the time at which the state runs"))),
        ("$millis()", NUMBER),
        ("""$parse('{"a": [1, "b"]}')""", from_json({"a": [1, "b"]})),
        ("$parse('nope')", Anything("`$parse` reads it from a string")),
    ],
)
def test_what_is_known_of_a_function(expression: str, expected: Value, evaluated: Callable[[str], Value]) -> None:
    assert evaluated(expression) == expected


@pytest.mark.parametrize("expression", ["$abs('a')", "$sum(['a'])", "$number([])", "$error()", "[1.5..2]"])
def test_what_jsonata_refuses_has_no_value(expression: str, evaluated: Callable[[str], Value]) -> None:
    found = evaluated(expression)
    assert isinstance(found, Anything)
    assert found.reason.startswith("the expression always fails: ")
