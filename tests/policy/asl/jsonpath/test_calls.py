from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.jsonpath.calls import (
    Argument,
    Call,
    Constant,
    Hole,
    Mark,
    PathArgument,
    StringLiteral,
    parse_call,
)
from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError
from sfn_least_privilege.policy.value import Scalar


@pytest.mark.parametrize(
    ("written", "argument"),
    [
        ("'a'", StringLiteral(("a",))),
        ("''", StringLiteral(())),
        (r"'it\'s \{\} and \\'", StringLiteral(("it's {} and \\",))),
        ("'{}-{}'", StringLiteral((Mark.SLOT, "-", Mark.SLOT))),
        ("'{a}'", StringLiteral(("{a}",))),
        (r"'a\nb'", StringLiteral(("a", Mark.UNCLEAR, "b"))),
        ("'a, b)'", StringLiteral(("a, b)",))),
        ("1", Constant(Scalar("1"))),
        ("-2.50", Constant(Scalar("-2.5"))),
        ("true", Constant(Scalar("true"))),
        ("null", Constant(Scalar("null"))),
        ("$", PathArgument("$")),
        ("$.a['b, )'][0]", PathArgument("$.a['b, )'][0]")),
        ("$$.Execution.Id", PathArgument("$$.Execution.Id")),
        ("$name.x", PathArgument("$name.x")),
        ("$.a.length()", PathArgument("$.a.length()")),
        ("$[?(@.a == ')' && @.b)]", PathArgument("$[?(@.a == ')' && @.b)]")),
        ("\ufdd012\ufdd1", Hole()),
        ("States.UUID()", Call("States.UUID", (), "States.UUID()")),
        ("Custom.thing_2 ( )", Call("Custom.thing_2", (), "Custom.thing_2 ( )")),
    ],
)
def test_every_kind_of_argument_is_read(written: str, argument: Argument) -> None:
    assert parse_call(f"States.Array({written})").arguments == (argument,)
    assert parse_call(f" States.Array( {written} ,\n0 ) ").arguments == (argument, Constant(Scalar("0")))


def test_calls_nest() -> None:
    call = parse_call("States.ArrayGetItem(States.StringSplit($.a, '/'), States.MathAdd(1, -1))")
    split, index = call.arguments
    assert isinstance(split, Call)
    assert isinstance(index, Call)
    assert split.source == "States.StringSplit($.a, '/')"
    assert index.arguments == (Constant(Scalar("1")), Constant(Scalar("-1")))


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "States.Name"),
        ("orders", 0, "States.Name"),
        ("States.Array", 0, "States.Name"),
        ("States.Array(", 13, "an argument is"),
        ("States.Array(1", 14, "never closed"),
        ("States.Array(1,)", 15, "an argument is"),
        ("States.Array(,1)", 13, "an argument is"),
        ("States.Array(1 2)", 15, "`,` or `)`"),
        ("States.Array(1) x", 16, "nothing may follow"),
        ("States.Array(1))", 15, "nothing may follow"),
        ("States.Array('a)", 13, "a string is never closed"),
        (r"States.Array('a\')", 13, "a string is never closed"),
        ('States.Array("a")', 13, "an argument is"),
        ("States.Array(01)", 13, "an argument is"),
        ("States.Array(x)", 13, "an argument is"),
        ("States.Array($.)", 15, "a name is missing"),
        ("States.Array($.a b)", 17, "`,` or `)`"),
    ],
)
def test_a_call_that_cannot_be_read_says_where_and_why(text: str, position: int, problem: str) -> None:
    with pytest.raises(JsonPathSyntaxError) as caught:
        parse_call(text)
    assert caught.value.position == position
    assert problem in caught.value.problem


def test_the_message_shows_a_long_text_shortened_and_without_tokens() -> None:
    with pytest.raises(JsonPathSyntaxError) as caught:
        parse_call("States.Format('{}', \ufdd012\ufdd1 " + "x" * 1000)
    assert str(caught.value) == (
        "`States.Format('{}', ${…} xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…` cannot be read: "
        "`,` or `)` is missing (character 26)"
    )


@pytest.mark.parametrize(
    "text",
    [
        "States.Array(" * 10_000 + ")" * 10_000,
        "States.Array('" + r"\'" * 500_000,
        "States.Array($.a" + "(" * 1_000_000,
        "States.MathAdd(" + "9" * 1_000_000 + ", 1)",
    ],
)
def test_an_endless_call_is_refused(text: str) -> None:
    with pytest.raises(JsonPathSyntaxError):
        parse_call(text)
