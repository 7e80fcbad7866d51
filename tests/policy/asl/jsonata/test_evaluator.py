from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.asl.jsonata import evaluate
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    ObjectValue,
    Scalar,
    Value,
    conditional,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

text = Text.of
DAY = Unknown("`$states.input.day` comes from the state's input")
STAGE = Reference("Ref", "Stage", Kind.NAME)
BOOLEAN = one_of([Scalar("true"), Scalar("false")])
LIST_OF_INPUT = Anything("`$states.input.day` comes from the state's input")


# The variables are those of conftest.py.
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        # Literals
        ("'orders'", text("orders")),
        ('"orders"', text("orders")),
        ("''", text()),
        (r"'a\tb\u0041'", text("a\tbA")),
        (r"'\ud83d\ude00'", text("\U0001f600")),
        ("12", Scalar("12")),
        ("1.50", Scalar("1.5")),
        ("-3", Scalar("-3")),
        ("true", Scalar("true")),
        ("null", Scalar("null")),
        # Strings put together
        ("'reports/' & $states.input.day & '.csv'", text("reports/", DAY, ".csv")),
        ("'a' & 1 & true & null", text("a1truenull")),
        ("'a' & 12.5", text("a12.5")),
        ("'a' & 0.1 * 3", text("a0.3")),
        ("'a' & $states.result & 'b'", text("ab")),
        ("'a' & $order.lines", text("a", Unknown("it is an object or an array written as JSON"))),
        ("'a' & 1e300", text("a", Unknown("it is a number too large or too small to be written out"))),
        ("'a' & $uppercase", text("a")),
        ("$stage & '-x'", text(STAGE, "-x")),
        ("$env & '-x'", one_of([text("dev-x"), text("prod-x")])),
        ("$table & '/x'", conditional("IsProd", text("orders/x"), text("orders-dev/x"))),
        ("$maybe & '!'", one_of([text("m!"), text("!")])),
        ("1 + 1 & 'a' & 'b'", text("2ab")),
        # Objects and arrays
        (
            "{'TableName': 'orders', 'Key': $states.input.day}",
            ObjectValue({"TableName": text("orders"), "Key": LIST_OF_INPUT}),
        ),
        ("{'a': $states.result, 'b': 1}", ObjectValue({"b": Scalar("1")})),
        ("{'a': $maybe}", ObjectValue({"a": one_of([text("m"), MISSING])})),
        ("{'a' & 'b': 1}", ObjectValue({"ab": Scalar("1")})),
        ("{$stage: 1}", ObjectValue({}, Scalar("1"))),
        (
            "{$env: 1}",
            ObjectValue({"dev": one_of([MISSING, Scalar("1")]), "prod": one_of([MISSING, Scalar("1")])}),
        ),
        ("{$states.result: 1}", ObjectValue({})),
        ("{}", ObjectValue({})),
        ("[]", ArrayValue(())),
        ("['a', $states.result, 'b']", from_json(["a", "b"])),
        ("[$order.id, $order.tags, [1]]", from_json(["o-1", "x", [1]])),
        ("[$env]", one_of([from_json(["dev"]), from_json(["prod"])])),
        ("['a', $env]", ArrayValue((text("a"), one_of([text("dev"), text("prod")])))),
        ("['a', $maybe]", ListOf(one_of([text("a"), text("m")]))),
        ("[1..3]", from_json([1, 2, 3])),
        ("[3..1]", ArrayValue(())),
        ("['a', 1..2]", from_json(["a", 1, 2])),
        # Conditions
        ("true ? 'a' : 'b'", text("a")),
        ("$order.paid ? 'yes' : 'no'", text("yes")),
        ("false ? 'a'", MISSING),
        ("$states.input.day ? 'a' : 'b'", one_of([text("a"), text("b")])),
        ("$states.input.day ? 'a'", one_of([text("a"), MISSING])),
        ("$env = 'prod' ? 'x' : 'y'", one_of([text("x"), text("y")])),
        ("$env = 'test' ? 'x' : 'y'", text("y")),
        ("$isProd ? 'a' : 'b'", conditional("IsProd", text("a"), text("b"))),
        ("$isProd ? 'a' : $env", conditional("IsProd", text("a"), one_of([text("dev"), text("prod")]))),
        ("$states.input.a ? 1 : $states.input.b ? 2 : 3", one_of([Scalar("1"), Scalar("2"), Scalar("3")])),
        ("$env = 'prod' ? $error('no') : 'dev'", text("dev")),
        ("$maybe ?: 'd'", one_of([text("m"), text("d")])),
        ("'' ?: 'd'", text("d")),
        ("$states.result ?? 'd'", text("d")),
        ("$order.id ?? 'd'", text("o-1")),
        # Blocks, variables, functions
        ("( $a := 'x'; $b := $a & 'y'; $b & $a )", text("xyx")),
        ("( $a := 'x'; ( $a := 'y' ); $a )", text("x")),
        ("( $a := $b := 'x'; $a & $b )", text("xx")),
        ("()", MISSING),
        ("( $f := function($n){ $n & '!' }; $f('a') )", text("a!")),
        ("( $x := 'a'; $f := function(){ $x }; $x := 'b'; $f() )", text("b")),
        ("(function($a, $b){ $b & $a })('x', 'y')", text("yx")),
        ("(function($a){ $a })()", MISSING),
        ("( $f := function($n){ $n <= 0 ? 'end' : $f($n - 1) }; $f(3) )", text("end")),
        ("$substring(?, 0, 1)('abc')", text("a")),
        ("($uppercase ~> $trim)(' a ')", text("A")),
        ("$order.id ~> $substringAfter('-') ~> $string", text("1")),
        ("{'a': 1} ~> |$|{'b': 2}|", from_json({"a": 1, "b": 2})),
        # Operators
        ("1 + 2 * 3", Scalar("7")),
        ("(1 + 2) * 3 - 4 / 2 % 3", Scalar("7")),
        ("$order.total * 2", Scalar("25")),
        ("$order.total > 12", Scalar("true")),
        ("'a' < 'b'", Scalar("true")),
        ("'a' = 'a' and 1 != 2", Scalar("true")),
        ("1 = '1'", Scalar("false")),
        ("$states.result != 1", Scalar("false")),
        ("$stage = $stage", Scalar("true")),
        ("$stage = 'prod'", BOOLEAN),
        ("'a-' & $stage = 'b-x'", Scalar("false")),
        ("$env = 'prod'", one_of([Scalar("false"), Scalar("true")])),
        ("$states.input.day and false", Scalar("false")),
        ("$states.input.day or true", Scalar("true")),
        ("$states.input.day in ['a']", BOOLEAN),
        ("$env in ['dev', 'prod']", Scalar("true")),
        ("'x' in $names", Scalar("false")),
        ("'n' in $names", BOOLEAN),
        ("-$order.total", Scalar("-12.5")),
        # Step Functions' own variable
        ("$states.context.State.Name", text("Write")),
        ("$states.context.Execution.Id", text("arn:aws:states:eu-west-1:1:execution:flow:", Wildcard())),
        ("$states.result", MISSING),
        ("$states.input.day", Anything("`$states.input.day` comes from the state's input")),
    ],
)
def test_what_is_known_of_an_expression(expression: str, expected: Value, evaluated: Callable[[str], Value]) -> None:
    assert evaluated(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'{token}'", text(Reference("Ref", "Table", Kind.NAME))),
        ("'x-{token}/key'", text("x-", Reference("Ref", "Table", Kind.NAME), "/key")),
        ("{'{token}': 1}", ObjectValue({}, Scalar("1"))),
        ("{'T': {'a': 1, 'b': 'x'}}.T.'{token}'", one_of([MISSING, Scalar("1"), text("x")])),
        ("/* {token} */ 'a'", text("a")),
    ],
)
def test_a_placeholder_inside_a_string_is_what_it_stands_for(
    expression: str, expected: Value, evaluated: Callable[[str], Value], token: str
) -> None:
    assert evaluated(expression.replace("{token}", token)) == expected


@pytest.mark.parametrize(
    "expression",
    ["{token}", " {token} ", "'a' & {token}", "$x.{token}", "${token}", "$a {token} $b", "`{token}`", "/{token}/"],
)
def test_a_placeholder_outside_a_string_leaves_the_expression_unknown(
    expression: str, evaluated: Callable[[str], Value], token: str
) -> None:
    assert evaluated(expression.replace("{token}", token)) == Anything(
        "a placeholder in the expression stands outside a string"
    )


def test_an_escape_cannot_pass_for_a_placeholder(evaluated: Callable[[str], Value]) -> None:
    assert evaluated(r"'\uFDD00\ufdd1'") == Anything("the expression escapes a character that stands for no text")


def test_half_of_a_surrogate_pair_is_no_text(evaluated: Callable[[str], Value]) -> None:
    assert evaluated(r"'\ud83d'") == text(Unknown("it holds half of a character"))


def test_what_a_placeholder_stands_for_becomes_part_of_a_string() -> None:
    numbers = evaluate("'a'", {}, lambda _text: one_of([Scalar("1"), Anything("it is a parameter")]))
    assert numbers == text(Unknown("it is a parameter"))


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("$x", "`$x` is not known here"),
        ("$nope(1)", "`$nope` is not known here"),
        ("field", "`field` is read from no variable: begin with `$states` or a variable"),
        ("$", "`$` stands outside a path"),
        ("$$.a", "`$$` has no meaning in Step Functions"),
        ("[$a := 'x', $a]", "`$a` is set in the middle of an expression"),
        ("$order.lines#$i.sku", "it binds a variable inside a path"),
        ("$order.lines.(%.id)", "it refers to the parent of a step"),
        ("$order.**.sku", "it searches through all levels of a value"),
        ("$eval('1')", "`$eval` makes its expression while it runs, and Step Functions refuses it"),
        ("$error('no')", "the expression always fails: `$error` stops the state"),
        ("1 + 'a'", "the expression always fails: `+` calculates with numbers only"),
        ("'a'('b')", "the expression always fails: what is called is no function"),
        ("function($x){ $x }", "it is a function"),
        ("/a+/", "it is a function"),
        ("{'a': 1} ~> |a|{'b': 2}|", "it is changed by `|…|` inside"),
        ("(function($x)<s:s>{ $x })('a')", "it comes from a function that is not followed"),
        ("$env[0] ?? 'a'", "implementations differ about what stands before `??` and `?:` here"),
    ],
)
def test_why_nothing_is_known(expression: str, reason: str, evaluated: Callable[[str], Value]) -> None:
    found = evaluated(expression)
    unknown = found.items[-1] if isinstance(found, ArrayValue) else found
    unknown = unknown.item if isinstance(unknown, ListOf) else unknown
    assert unknown == Anything(reason)


def test_variables_of_the_definition_come_before_functions_of_the_language() -> None:
    assert evaluate("$count", {"count": Scalar("3")}, text) == Scalar("3")


def test_a_variable_is_not_changed_by_the_expression() -> None:
    variables: dict[str, Value] = {"a": text("x")}
    evaluate("$a := 'y'", variables, text)
    assert variables == {"a": text("x")}
