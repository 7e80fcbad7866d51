from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    Scalar,
    Value,
    conditional,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

text = Text.of
STAGE = Reference("Ref", "Stage", Kind.NAME)
INPUT = Unknown("`$states.input.x` comes from the state's input")
BOOLEAN = one_of([Scalar("true"), Scalar("false")])


def later(function: str) -> Unknown:
    return Unknown(f"`${function}` works on a value that is only known later")


def unfollowed(function: str) -> Unknown:
    return Unknown(f"`${function}` is not followed here")


# https://docs.jsonata.org/string-functions. `$stage` is a Ref to a name, `$states.input.x` is not known.
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$string(1.0)", text("1")),
        ("$string(null)", text("null")),
        ("$string($states.result)", MISSING),
        ("$string({'a': 1})", text(Unknown("it is an object or an array written as JSON"))),
        ("$string($states.input.x)", Anything(INPUT.reason)),
        ("$length('abc')", Scalar("3")),
        ("$length($stage)", Anything("it is the length of a string that is not known")),
        ("$substring('orders-table', 0, 6)", text("orders")),
        ("$substring('orders', -3)", text("ers")),
        ("$substring('orders', 1, 0)", text()),
        ("$substring('orders-' & $stage, 0, 6)", text("orders")),
        ("$substring('orders-' & $stage, 3)", text("ers-", STAGE)),
        ("$substring('orders-' & $stage, 3, 9)", text("ers-", later("substring"))),
        ("$substring($stage & '-orders', -6)", text("orders")),
        ("$substring($stage & '-orders', -6, 2)", text("or")),
        ("$substring($stage & '-orders', -9)", text(later("substring"))),
        ("$substring($stage & '-orders', 2)", text(later("substring"))),
        ("$substring('abc', $states.input.x)", text(unfollowed("substring"))),
        ("$substringBefore('a-b-c', '-')", text("a")),
        ("$substringBefore('abc', '-')", text("abc")),
        ("$substringBefore('a' & $stage, '-')", text("a", later("substringBefore"))),
        ("$substringBefore('a:' & $stage, ':')", text("a")),
        ("$substringBefore($stage & ':x', ':')", text(STAGE)),
        ("$substringBefore('ab' & $states.input.x, '::')", text("a", INPUT)),
        ("$substringBefore($states.input.x & ':y', ':')", text(INPUT)),
        ("$substringAfter('a-b-c', '-')", text("b-c")),
        ("$substringAfter('abc', '-')", text("abc")),
        ("$substringAfter('a-' & $states.input.x, '-')", text(INPUT)),
        ("$substringAfter($stage & ':x:y', ':')", text("x:y")),
        ("$substringAfter($states.input.x & ':x:y', ':')", text(INPUT, "x:y")),
        ("$substringAfter($states.input.x & '-xy', ':')", text(INPUT, "-xy")),
        ("$substringAfter($states.input.x & '-xy', '::')", text(INPUT)),
        ("$lowercase('Reports-' & $states.input.x)", text("reports-", INPUT)),
        (
            "$uppercase('ab' & $stage & 'c')",
            text("AB", Unknown("`$uppercase` changes a value that is only known at deployment"), "C"),
        ),
        ("$lowercase('É')", text(Unknown("`$lowercase` changes it"))),
        ("$lowercase($env)", one_of([text("dev"), text("prod")])),
        ("$uppercase($table)", conditional("IsProd", text("ORDERS"), text("ORDERS-DEV"))),
        ("$trim('  a   b ')", text("a b")),
        ("$trim('a' & $stage & 'b')", text("a", STAGE, "b")),
        ("$trim('a ' & $stage)", text(later("trim"))),
        ("$pad('ab', 5, '-')", text("ab---")),
        ("$pad('ab', -5)", text("   ab")),
        ("$pad('ab' & $stage, 2)", text("ab", STAGE)),
        ("$pad($stage, 8)", text(STAGE, Unknown("`$pad` fills it up"))),
        ("$contains('abc', 'b')", Scalar("true")),
        ("$contains('ab' & $stage, 'b')", Scalar("true")),
        ("$contains('a' & $stage, ':')", Scalar("false")),
        ("$contains('a' & $stage, 'z')", BOOLEAN),
        ("$contains('abc', /b/)", BOOLEAN),
        ("$split('a,b,c', ',')", from_json(["a", "b", "c"])),
        ("$split('a,b,c', ',', 2)", from_json(["a", "b"])),
        ("$split('a', ',')", from_json(["a"])),
        ("$split('abc', '')", from_json(["a", "b", "c"])),
        ("$split('x:' & $stage, ':')", ArrayValue((text("x"), text(STAGE)))),
        ("$split('x,' & $stage, ',')", ListOf(text(later("split")))),
        ("$split('a1b', /[0-9]/)", ListOf(text(unfollowed("split")))),
        ("$join(['a', 'b'], '-')", text("a-b")),
        ("$join(['a', $env], '-')", one_of([text("a-dev"), text("a-prod")])),
        ("$join(['a', $stage])", text("a", STAGE)),
        ("$join('a')", text("a")),
        ("$join($names, '-')", text(Unknown("it is joined of strings whose number is not known"))),
        ("$join([])", text()),
        ("$replace('a.b.c', '.', '-')", text("a-b-c")),
        ("$replace('a.b.c', '.', '-', 1)", text("a-b.c")),
        ("$replace('a:' & $stage, ':', '/')", text("a/", STAGE)),
        ("$replace('a:' & $states.input.x, ':', '/')", text("a/", INPUT)),
        ("$replace('ab', /a/, 'x')", text(unfollowed("replace"))),
        ("$replace('aa', 'a', '$')", text(unfollowed("replace"))),
        ("$match('ab', /a/)", Anything("it is what a regular expression finds")),
        ("$base64encode('ab')", text("YWI=")),
        ("$base64decode('YWI=')", text("ab")),
        ("$base64decode('!')", text(unfollowed("base64decode"))),
        ("$encodeUrl('a b/c')", text("a%20b/c")),
        ("$encodeUrlComponent('a b/' & $states.input.x)", text("a%20b%2F", INPUT)),
        ("$decodeUrlComponent('a%20b')", text("a b")),
        ("$decodeUrl('ab')", text("ab")),
        ("$decodeUrl('a%20b')", text(unfollowed("decodeUrl"))),
        ("$hash('a', 'MD5')", text(Unknown("it is a hash, which only the execution calculates"))),
        ("$uuid()", text(Unknown("it is a new identifier each time"))),
    ],
)
def test_what_is_known_of_a_string_function(
    expression: str, expected: Value, evaluated: Callable[[str], Value]
) -> None:
    assert evaluated(expression) == expected


# As in `$split($states.context.Execution.Id, ':')[4]`, the account.
@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$split($states.context.Execution.Id, ':')[3]", text("eu-west-1")),
        ("$split($states.context.Execution.Id, ':')[6]", text("flow")),
        ("$split($states.context.Execution.Id, ':')[7]", text(later("split"))),
        ("$split($states.context.Execution.Id, ':')[8]", one_of([MISSING, text(later("split"))])),
        ("$split($states.input.x & '/a/b', '/')[-1]", text("b")),
        ("$split($states.input.x & '/a/b', '/')[-2]", text("a")),
        ("$split($states.input.x & '/a/b', '/')[-3]", text(INPUT)),
        ("$split('a/b-' & $states.input.x, '/')[1]", text("b-", INPUT)),
        ("$split($env & '/x', '/')[0]", one_of([text("dev"), text("prod")])),
        ("$split('a/b', '/')[2]", MISSING),
        ("$split('a/b', '/', 1)[1]", MISSING),
        ("$split($states.input.x, '/')[0]", Anything(INPUT.reason)),
    ],
)
def test_a_piece_is_known_as_far_as_the_separators_before_it_or_behind_it(
    expression: str, expected: Value, evaluated: Callable[[str], Value]
) -> None:
    assert evaluated(expression) == expected


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("$uppercase(1)", "`$uppercase` works on strings only"),
        ("$join([1])", "`$join` joins strings only"),
        ("$split('a', ',', -1)", "`$split` refuses a negative limit"),
    ],
)
def test_a_call_that_jsonata_refuses_has_no_value(
    expression: str, problem: str, evaluated: Callable[[str], Value]
) -> None:
    assert evaluated(expression) == Anything(f"the expression always fails: {problem}")


def test_the_context_stands_for_a_first_argument_that_is_left_out(evaluated: Callable[[str], Value]) -> None:
    assert evaluated("$order.id.$substringBefore('-')") == text("o")
    assert evaluated("$order.id.$substring(1, 1)") == Anything("`$substring` works on the context here")
