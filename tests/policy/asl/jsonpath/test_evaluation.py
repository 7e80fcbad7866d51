from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto.stepfunctions.parser.asl.parse.intrinsic.intrinsic_parser import IntrinsicParser

from sfn_least_privilege.policy.asl.jsonpath.evaluation import evaluate
from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError
from sfn_least_privilege.policy.asl.jsonpath.walking import Frame
from sfn_least_privilege.policy.template.tokens import Tokens
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    Scalar,
    Value,
    from_json,
    one_of,
)

BUCKET = Reference("Ref", "Bucket", Kind.NAME)
STAGE = Reference("Ref", "Stage")
REGION = Reference("Ref", "AWS::Region", Kind.NAME)
DAY = Unknown("`$.day` comes from the execution's input")
RUN = Unknown("is chosen by Step Functions")
TOKENS = Tokens(
    (
        Text.of(BUCKET),
        Text.of(STAGE),
        Text.of("$.table"),
        Text.of("it's"),
        Conditional("P", Text.of("prod"), Text.of("dev")),
        Text.of(Reference("Ref", "Odd", sample="{}")),
        Text.of("1, 2"),
    )
)
BUCKET_TOKEN, STAGE_TOKEN, PATH_TOKEN, ODD_TOKEN, EITHER_TOKEN, SLOT_TOKEN, TWO_TOKEN = (
    f"\ufdd0{number}\ufdd1" for number in range(7)
)
EXECUTION = Text.of("arn:aws:states:", REGION, ":111122223333:execution:machine:", RUN)

FRAME = Frame(
    input=ObjectValue(
        {
            "table": Text.of("orders"),
            "day": Anything("comes from the execution's input"),
            "bucket": Text.of(BUCKET),
            "either": one_of((Text.of("a"), Text.of("b"))),
            "stage": Conditional("P", Text.of("prod"), Text.of("dev")),
            "maybe": one_of((MISSING, Text.of("m"))),
            "template": Text.of("{}/{}"),
            "list": from_json(["a", "b", "a", 1, 1]),
            "numbers": from_json([1, 2, 3, 4, 5]),
            "same": ListOf(Text.of("a")),
            "key": Text.of("logs:day-", DAY, ":x"),
            "many": ListOf(Text.of("x-", DAY)),
            "first": from_json({"a": 1, "b": {"x": 1}}),
            "second": from_json({"b": {"y": 2}, "c": 3}),
            "half": ObjectValue({"a": one_of((MISSING, from_json(2)))}),
            "open": ObjectValue({"a": from_json(1)}, rest=Text.of("r")),
            "price": from_json(1.5),
            "tiny": from_json(1e-9),
        }
    ),
    context=ObjectValue({"Execution": ObjectValue({"Id": EXECUTION})}),
    variables={"region": Text.of(REGION)},
)


def text(*pieces: Any) -> Text:
    return Text.of(*pieces)


def known(expression: str) -> Value:
    return evaluate(expression, FRAME, TOKENS.literal)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$.table", text("orders")),
        ("$region", text(REGION)),
        ("$$.Execution.Id", EXECUTION),
        ("$.none", MISSING),
        ("States.Format('plain')", text("plain")),
        ("States.Format('{}-{}', 'a', $.day)", text("a-", DAY)),
        ("States.Format('{}', $.table)", text("orders")),
        ("States.Format('arn:aws:s3:::{}/{}/*', $.bucket, $.table)", text("arn:aws:s3:::", BUCKET, "/orders/*")),
        ("States.Format($.template, 'a', 'b')", text("a/b")),
        ("States.Format($.template, 'a')", text("a/", Unknown("`States.Format` has fewer arguments than `{}`"))),
        ("States.Format('{}', $.either)", one_of((text("a"), text("b")))),
        ("States.Format('{}-{}', $.stage, $.stage)", Conditional("P", text("prod-prod"), text("dev-dev"))),
        ("States.Format('x-{}', $.maybe)", text("x-m")),
        ("States.Format('{}{}{}{}', 1, true, null, $.price)", text("1truenull1.5")),
        (r"States.Format('it\'s \{{}\} \\', 'x')", text("it's {x} \\")),
        (f"States.Format('{BUCKET_TOKEN}/{{}}', $.table)", text(BUCKET, "/orders")),
        (f"States.Format('{STAGE_TOKEN}-{{}}', $.table)", text(STAGE, "-orders")),
        (f"States.Format('{{}}-{EITHER_TOKEN}', 'x')", Conditional("P", text("x-prod"), text("x-dev"))),
        ("States.Format('{}', States.UUID())", text(Unknown("`States.UUID()` is a new identifier each time"))),
        ('States.StringToJson(\'{"a": [1, "b"]}\')', from_json({"a": [1, "b"]})),
        ("States.StringToJson('')", Scalar("null")),
        ("States.JsonToString('a')", text('"a"')),
        ("States.JsonToString(States.Array('a', 1, null, true))", text('["a",1,null,true]')),
        ("States.JsonToString($.bucket)", text('"', BUCKET, '"')),
        ("States.JsonToString($.second.b)", text('{"y":2}')),
        # Nothing says in which order the fields come.
        ("States.JsonToString($.second)", text(Unknown("it is written as JSON, and not all of it is known"))),
        ("States.JsonToString($.open)", text(Unknown("it is written as JSON, and not all of it is known"))),
        ("States.JsonMerge($.first, $.second, false)", from_json({"a": 1, "b": {"y": 2}, "c": 3})),
        ("States.Array()", from_json([])),
        ("States.Array(1, $.table, $.day)", ArrayValue((Scalar("1"), text("orders"), Anything(DAY.reason)))),
        ("States.ArrayPartition($.numbers, 2)", from_json([[1, 2], [3, 4], [5]])),
        ("States.ArrayPartition($.many, 2)", ListOf(ListOf(text("x-", DAY)))),
        ("States.ArrayContains($.numbers, 3)", Scalar("true")),
        ("States.ArrayContains($.numbers, 9)", Scalar("false")),
        ("States.ArrayContains($.many, 'y')", Scalar("false")),
        ("States.ArrayContains($.many, 'x-1')", one_of((Scalar("true"), Scalar("false")))),
        ("States.ArrayContains($.same, 'a')", one_of((Scalar("true"), Scalar("false")))),
        ("States.ArrayContains($.day, 1)", one_of((Scalar("true"), Scalar("false")))),
        ("States.ArrayRange(1, 9, 2)", from_json([1, 3, 5, 7, 9])),
        ("States.ArrayRange(3, 1, -1)", from_json([3, 2, 1])),
        ("States.ArrayRange(1, $.day, 2)", ListOf(Anything(DAY.reason))),
        ("States.ArrayGetItem($.list, 1)", text("b")),
        ("States.ArrayGetItem($.many, 1)", text("x-", DAY)),
        ("States.ArrayGetItem(States.Array('a', 'b'), $.day)", one_of((text("a"), text("b")))),
        ("States.ArrayLength($.numbers)", Scalar("5")),
        ("States.ArrayLength($.many)", Anything("`States.ArrayLength($.many)` works on an array of unknown length")),
        ("States.ArrayUnique($.list)", from_json(["a", "b", 1])),
        ("States.ArrayUnique(States.Array('a', $.day))", ListOf(Anything(DAY.reason))),
        ("States.ArrayUnique($.many)", ListOf(text("x-", DAY))),
        ("States.Base64Encode('Data to encode')", text("RGF0YSB0byBlbmNvZGU=")),
        ("States.Base64Decode('RGVjb2RlZCBkYXRh')", text("Decoded data")),
        ("States.Base64Encode($.day)", text(DAY)),
        ("States.Hash('input data', 'SHA-1')", text("aaff4a450a104cd177d28d18d74485e8cae074b7")),
        ("States.Hash('a', 'MD5')", text("0cc175b9c0f1b6a831c399e269772661")),
        (
            "States.Hash($.bucket, 'MD5')",
            text(Unknown("`States.Hash($.bucket, 'MD5')` depends on a value that is known only at deployment")),
        ),
        ("States.MathRandom(1, 3)", one_of((Scalar("1"), Scalar("2"), Scalar("3")))),
        ("States.MathRandom(1, 999, 5)", Anything("`States.MathRandom(1, 999, 5)` is random")),
        ("States.MathAdd(111, -1)", Scalar("110")),
        ("States.MathAdd(1, 2.4)", Scalar("3")),
        ("States.MathAdd(0, $.price)", one_of((Scalar("1"), Scalar("2")))),
        ("States.MathAdd(2147483647, 1)", Anything("`States.MathAdd(2147483647, 1)` leaves the range of 32 bits")),
        ("States.MathAdd(1, $.day)", Anything(DAY.reason)),
        ("States.StringSplit('1,2,,3,', ',')", from_json(["1", "2", "3"])),
        ("States.StringSplit('This.is+a,test=string', '.+,=')", from_json(["This", "is", "a", "test", "string"])),
        ("States.StringSplit('a]b^c-d', '^-]')", from_json(["a", "b", "c", "d"])),
        ("States.StringSplit($.bucket, ':')", ArrayValue((text(BUCKET),))),
        (
            "States.StringSplit($.bucket, '-')",
            ListOf(text(Unknown("how its string is split is known only at deployment"))),
        ),
        ("States.StringSplit($$.Execution.Id, ':')", ListOf(text(RUN))),
        ("States.ArrayGetItem(States.StringSplit($.key, ':'), 0)", text("logs")),
        ("States.ArrayGetItem(States.StringSplit($.key, ':'), 1)", text(DAY)),
        ("States.ArrayGetItem(States.StringSplit($$.Execution.Id, ':'), 3)", text(REGION)),
        ("States.ArrayGetItem(States.StringSplit($$.Execution.Id, ':'), 4)", text("111122223333")),
        ("States.ArrayGetItem(States.StringSplit($$.Execution.Id, ':'), 7)", text(RUN)),
        ("States.ArrayGetItem(States.StringSplit('a/b/c', '/'), -1)", text("c")),
        (
            "States.Format('{}.{}', States.ArrayGetItem(States.StringSplit('x/y', '/'), 0), $.table)",
            text("x.orders"),
        ),
        ("States.UUID()", text(Unknown("`States.UUID()` is a new identifier each time"))),
        (PATH_TOKEN, text("orders")),
    ],
)
def test_what_is_known_of_an_expression(expression: str, expected: Value) -> None:
    assert known(expression) == expected


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("States.New($.a)", "`States.New($.a)` calls a function that is not known here"),
        ("States.UUID(1)", "`States.UUID(1)` has 1 arguments, which it does not take"),
        ("States.Format()", "`States.Format()` has 0 arguments, which it does not take"),
        ("States.Format('{}', $.none)", "`States.Format('{}', $.none)` fails: `$.none` selects nothing"),
        ("States.ArrayGetItem($.list, 9)", "`States.ArrayGetItem($.list, 9)` fails: the array has 5 items"),
        ("States.ArrayGetItem($.table, 0)", "`States.ArrayGetItem($.table, 0)` fails: its argument is no array"),
        (
            "States.ArrayGetItem(States.StringSplit('a', '/'), 1)",
            "`States.ArrayGetItem(States.StringSplit('a', '/'), 1)` fails: the string has 1 pieces",
        ),
        ("States.ArrayRange(1, 2, 0)", "`States.ArrayRange(1, 2, 0)` fails: the step is zero"),
        ("States.ArrayRange(1, 5000, 1)", "`States.ArrayRange(1, 5000, 1)` fails: a range has at most 1000 items"),
        ("States.ArrayPartition($.list, 0)", "`States.ArrayPartition($.list, 0)` fails: the size is not positive"),
        ("States.Hash('a', 'CRC')", "`States.Hash('a', 'CRC')` fails: it knows no algorithm CRC"),
        ("States.StringToJson('{')", "`States.StringToJson('{')` fails: its argument is no JSON that can be read"),
        ("States.StringToJson($.day)", "`$.day` comes from the execution's input"),
        ("States.JsonMerge(1, $.first, false)", "`States.JsonMerge(1, $.first, false)` fails: it merges objects only"),
        ("States.StringSplit(1, ',')", "`States.StringSplit(1, ',')` fails: its arguments are not strings"),
        (f"States.Array({TWO_TOKEN})", "`States.Array(${…})` has arguments that are known only at deployment"),
        (f"{BUCKET_TOKEN}", "`${…}` is an expression that is known only at deployment"),
        (f"$.{BUCKET_TOKEN}.x", "`$.${…}.x` is an expression that is known only at deployment"),
        (f"States.{BUCKET_TOKEN}('a')", "`States.${…}('a')` is an expression that is known only at deployment"),
    ],
)
def test_what_is_not_known_says_why(expression: str, reason: str) -> None:
    assert known(expression) == Anything(reason)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (
            "States.JsonMerge($.first, $.half, false)",
            {"a": one_of((from_json(2), from_json(1))), "b": from_json({"x": 1})},
        ),
        (
            "States.JsonMerge($.first, $.open, false)",
            {"a": from_json(1), "b": one_of((text("r"), from_json({"x": 1})))},
        ),
        ("States.JsonMerge($.day, $.second, false)", {"b": from_json({"y": 2}), "c": from_json(3)}),
        ("States.JsonMerge($.first, $.second, true)", {}),
    ],
)
def test_a_merge_knows_the_fields_that_are_certain(expression: str, expected: dict[str, Value]) -> None:
    merged = known(expression)
    assert isinstance(merged, ObjectValue)
    assert merged.fields == expected


@pytest.mark.parametrize(
    ("expression", "prefix", "suffix"),
    [
        # An escape that is not documented spoils its own place only.
        (r"States.Format('a\n-{}', 'b')", "a", "-b"),
        (r"States.Array('a\tb')", "a", "b"),
        # What CloudFormation puts in could be read as a quote or as a slot.
        (f"States.Format('a-{ODD_TOKEN}-{{}}', 'b')", "a-", "-b"),
        (f"States.Format('a-{SLOT_TOKEN}-{{}}', 'b')", "a-", "-b"),
        # Slots that do not agree with the arguments: from the part that is not known on, nothing is.
        (f"States.Format('a-{STAGE_TOKEN}-{{}}', 'b', 'c')", "a-", ""),
        (f"States.Format('a-{{}}-{{}}-z', 'b', {TWO_TOKEN})", "a-b-", "-z"),
        (f"States.Format('a-{{}}-{STAGE_TOKEN}', {TWO_TOKEN})", "a-", ""),
        # Java writes such a number as 1.0E-9, Python as 1e-09.
        ("States.Format('n={}.', $.tiny)", "n=", "."),
        ("States.Format('o={}.', $.first)", "o=", "."),
        # Base64 in the manner of MIME may break lines of more than 76 characters.
        ("States.Base64Encode('" + "a" * 100 + "')", "YWFh" * 19, ""),
        ("States.Base64Decode('%%%')", "", ""),
        ("States.JsonToString('é')", '"', '"'),
    ],
)
def test_a_string_is_known_in_part(expression: str, prefix: str, suffix: str) -> None:
    found = known(expression)
    if isinstance(found, ArrayValue):
        (found,) = found.items
    assert isinstance(found, Text)
    assert found.unknowns
    assert prefix in ("", found.prefix)
    assert found.suffix == suffix


def test_choices_are_combined_up_to_a_bound() -> None:
    letters = one_of(map(from_json, "abcdefghij"))
    frame = Frame(ObjectValue({"x": letters}), MISSING)
    found = evaluate("States.Format('{}{}-{}', $.x, $.x, 'z')", frame, TOKENS.literal)
    assert found == one_of(text(each, Unknown("it can be any of more than 64 values"), "-z") for each in "abcdefghij")


@pytest.mark.parametrize("expression", ["", "orders", "States.Format('{}'", "$.a[", "States.Array($.a[)"])
def test_what_cannot_be_read_is_an_error(expression: str) -> None:
    with pytest.raises(JsonPathSyntaxError):
        known(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "States.Format('" + "{}" * 30_000 + "'" + ",$.table" * 30_000 + ")",
        "States.Format('" + "{}" * 5_000 + "'" + ",$.stage" * 5_000 + ")",
        "States.Array('" + r"\'" * 500_000 + "')",
        "States.StringToJson('" + "[" * 100_000 + "')",
        "States.StringToJson('[\"" + "]" * 10_000 + '",' + "[" * 10_000 + "')",
        "States.StringToJson('" + "9" * 100_000 + "')",
        "States.ArrayLength(" * 60 + "$.list" + ")" * 60,
        "States.ArrayRange(-2000000000, 2000000000, 1)",
    ],
)
def test_an_overgrown_expression_is_answered(expression: str) -> None:
    assert known(expression) is not None


# What follows compares with moto's interpreter of the same functions.

_PLAIN = st.text(alphabet="ab/-:. ", max_size=6)
_QUOTED = _PLAIN.map(lambda value: f"'{value}'")
_STRINGS = st.deferred(
    lambda: st.one_of(
        _QUOTED,
        st.sampled_from(("$.s", "$.t")),
        st.builds("States.Format('{{}}{}{{}}', {}, {})".format, _PLAIN, _VALUES, _VALUES),
        st.builds("States.Base64Encode({})".format, _STRINGS),
        st.builds("States.Base64Decode(States.Base64Encode({}))".format, _STRINGS),
        st.builds("States.Hash({}, '{}')".format, _STRINGS, st.sampled_from(("SHA-1", "SHA-256", "SHA-512"))),
        st.builds("States.JsonToString({})".format, _VALUES),
        st.builds("States.ArrayGetItem(States.StringSplit({}, '/:'), {})".format, _STRINGS, st.integers(0, 2)),
    )
)
_INTEGERS = st.deferred(
    lambda: st.one_of(
        st.integers(-3, 5).map(str),
        st.sampled_from(("$.n", "$.f")),
        st.builds("States.MathAdd({}, {})".format, _INTEGERS, _INTEGERS),
        st.builds("States.MathRandom({}, {})".format, st.integers(0, 2), st.integers(2, 4)),
        st.builds("States.ArrayLength({})".format, _ARRAYS),
    )
)
_ARRAYS = st.deferred(
    lambda: st.one_of(
        st.just("$.l"),
        st.builds("States.Array({}, {})".format, _VALUES, _VALUES),
        st.builds("States.ArrayRange({}, {}, {})".format, _INTEGERS, _INTEGERS, st.integers(1, 3)),
        st.builds("States.ArrayPartition({}, {})".format, _ARRAYS, st.integers(1, 3)),
        st.builds("States.ArrayUnique(States.StringSplit({}, ' /'))".format, _STRINGS),
        st.builds("States.StringSplit({}, '{}')".format, _STRINGS, st.sampled_from(("/", ":.", "-a"))),
    )
)
_OTHERS = st.one_of(
    st.builds("States.ArrayContains({}, {})".format, _ARRAYS, _STRINGS),
    st.builds("States.ArrayGetItem({}, {})".format, _ARRAYS, st.integers(0, 2)),
    st.builds("States.StringToJson(States.JsonToString({}))".format, _ARRAYS),
    st.just("States.JsonMerge($.o, $.p, false)"),
    st.sampled_from(("$.o", "$.p", "true")),
)
_VALUES = st.one_of(_STRINGS, _INTEGERS, _ARRAYS, _OTHERS)
_CALLS = _VALUES.filter(lambda expression: expression.startswith("States."))
_DOCUMENTS = st.fixed_dictionaries(
    {
        "s": _PLAIN,
        "t": _PLAIN,
        "n": st.integers(-3, 3),
        "f": st.sampled_from((0.5, 1.4, 1.5, -0.6)),
        "l": st.lists(_PLAIN | st.integers(0, 2), max_size=3),
        "o": st.dictionaries(st.sampled_from("ab"), _PLAIN, max_size=2),
        "p": st.dictionaries(st.sampled_from("bc"), st.integers(0, 3), max_size=2),
    }
)


# It logs every failed call as an error, with the whole call.
logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)


def _run(expression: str, document: dict[str, Any]) -> Any:
    """What moto's interpreter makes of a call; it reads no more of its environment than this."""
    environment = SimpleNamespace(is_running=lambda: True, stack=[document], next_field_name=None)
    function, _ = IntrinsicParser.parse(expression)
    function.eval(environment)
    return environment.stack.pop()


@settings(max_examples=150, deadline=None)
@given(data=st.data(), expression=_CALLS, document=_DOCUMENTS)
def test_what_moto_makes_of_a_call_is_covered(
    data: st.DataObject,
    expression: str,
    document: dict[str, Any],
    runs: SimpleNamespace,
) -> None:
    frame = Frame(data.draw(runs.hidden(document)), MISSING)
    try:
        outcome = _run(expression, json.loads(json.dumps(document)))
    except Exception:  # noqa: BLE001 - a run that fails in any way has no value to cover
        return
    assert runs.covers(evaluate(expression, frame, TOKENS.literal), outcome)
