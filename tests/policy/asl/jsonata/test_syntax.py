from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.jsonata import JsonataSyntaxError, body, evaluate, is_expression
from sfn_least_privilege.policy.text import Text


@pytest.mark.parametrize("string", ["{% 1 %}", "{%1%}", "{%%}", "{% '%}' & '{%' %}"])
def test_a_string_between_the_delimiters_is_an_expression(string: str) -> None:
    assert is_expression(string)


@pytest.mark.parametrize("string", ["", "1", "{%}", " {% 1 %}", "{% 1 %} ", "{% 1", "1 %}", "{ % 1 % }", "a {% 1 %}"])
def test_any_other_string_is_not(string: str) -> None:
    assert not is_expression(string)


def test_the_body_is_what_stands_between_the_delimiters() -> None:
    assert body("{% $a %}") == " $a "


@pytest.mark.parametrize(
    ("expression", "message", "position"),
    [
        ("", "the expression ends too early", 0),
        ("1 +", "the expression ends too early", 3),
        ("(1", "expected ) before end of expression", 2),
        ("1)", "syntax error: )", 2),
        ("{'a'}", "expected :, got }", 5),
        ("'a", "string literal must be terminated by a matching quote", 2),
        ("a ! b", "it ends too early, or a character is not expected here", 3),
        ("/* a", "it ends too early, or a character is not expected here", 4),
        ("$a.1", "`1` cannot be a step of a path", 3),
        ("$f()(?", "expected ) before end of expression", 6),
        ("?", "the symbol ? cannot be used as a unary operator", 1),
        ("$a{'b': 1}[0]", "a predicate cannot follow a grouping", 11),
        ("1 := 2", "the left side of := must be a variable name (start with $)", 1),
    ],
)
def test_what_is_no_jsonata_is_told_with_its_place(expression: str, message: str, position: int) -> None:
    with pytest.raises(JsonataSyntaxError) as raised:
        evaluate(expression, {}, Text.of)
    assert raised.value.message == message
    assert raised.value.position == position
    assert str(raised.value) == f"{message} (at character {position} of the expression)"
