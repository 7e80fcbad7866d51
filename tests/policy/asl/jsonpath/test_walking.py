from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonpath_ng.ext import parse as parse_with_jsonpath_ng

from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError
from sfn_least_privilege.policy.asl.jsonpath.walking import Frame, walk
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

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import SimpleNamespace

ORDERS = Text.of(Reference("Ref", "Orders", Kind.NAME))
UNKNOWN = Anything("comes from the execution's input")

FRAME = Frame(
    input=ObjectValue(
        {
            "table": Text.of("orders"),
            "tags": from_json(["x", "y", "z"]),
            "rows": from_json([{"id": "a", "on": True}, {"id": "b", "on": False}, {"name": "c"}]),
            "deep": from_json({"p": {"id": "q"}, "list": [{"id": "r"}]}),
            "body": UNKNOWN,
            "maybe": one_of((MISSING, Text.of("m"))),
            "either": one_of((from_json({"id": "one"}), from_json({"id": "two"}))),
            "stage": Conditional("IsProd", from_json({"id": "prod"}), from_json({"id": "dev"})),
            "many": ListOf(ObjectValue({"id": Text.of("job-", Unknown("`$.n` is counted"))})),
            "open": ObjectValue({"id": Text.of("o")}, rest=Text.of("rest")),
            "nothing": Scalar("null"),
            "token": ORDERS,
        }
    ),
    context=from_json({"Execution": {"Name": "run"}, "Map": {"Item": {"Index": 0, "Value": {"x": "item"}}}}),
    variables={"config": from_json({"bucket": "data"})},
)


def text(value: str) -> Text:
    return Text.of(value)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.table", text("orders")),
        (" $.table ", text("orders")),
        ("$['table']", text("orders")),
        ("$.token", ORDERS),
        ("$.tags[1]", text("y")),
        ("$.tags[-1]", text("z")),
        ("$.rows[0].id", text("a")),
        ("$.deep.list[0]['id']", text("r")),
        ("$$.Execution.Name", text("run")),
        ("$$.Map.Item.Value.x", text("item")),
        ("$$.Map.Item.Index", Scalar("0")),
        ("$config.bucket", text("data")),
        ("$config", from_json({"bucket": "data"})),
        ("$.nothing", Scalar("null")),
        ("$.either.id", one_of((text("one"), text("two")))),
        ("$.stage.id", Conditional("IsProd", text("prod"), text("dev"))),
        ("$.maybe", one_of((MISSING, text("m")))),
        ("$.open.other", one_of((text("rest"), MISSING))),
        ("$.many[0].id", one_of((text("job-") + Text.of(Unknown("`$.n` is counted")), MISSING))),
    ],
)
def test_a_definite_path_gives_what_stands_there(path: str, expected: Value) -> None:
    assert walk(path, FRAME) == expected


@pytest.mark.parametrize(
    "path",
    [
        "$.none",
        "$.Table",
        "$.tags[3]",
        "$.tags[-4]",
        "$.table.x",
        "$.table[0]",
        "$.nothing.x",
        "$.tags.x",
        "$.rows[2].id",
    ],
)
def test_what_is_certainly_not_there_is_missing(path: str) -> None:
    assert walk(path, FRAME) == MISSING


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.tags[*]", from_json(["x", "y", "z"])),
        ("$.tags[0,2]", from_json(["x", "z"])),
        ("$.tags[0,9]", from_json(["x"])),
        ("$.tags[1:]", from_json(["y", "z"])),
        ("$.tags[-2:]", from_json(["y", "z"])),
        ("$.tags[:2]", from_json(["x", "y"])),
        ("$.tags[:-1]", from_json(["x", "y"])),
        ("$.tags[1:9]", from_json(["y", "z"])),
        ("$.rows[*].id", from_json(["a", "b"])),
        ("$.rows[*].none", from_json([])),
        ("$.rows[?(@.id == 'b')].id", from_json(["b"])),
        ("$.rows[?(@.on == true)].id", from_json(["a"])),
        # Observed in Step Functions Local: a field that is false exists, https://github.com/floci-io/floci/issues/3260
        ("$.rows[?(@.on)].id", from_json(["a", "b"])),
        ("$.rows[?(@.id == 'z')]", from_json([])),
        ("$.none[*].id", from_json([])),
        ("$.deep.p.*", from_json(["q"])),
        ("$.either[*]", one_of((from_json(["one"]), from_json(["two"])))),
    ],
)
def test_an_indefinite_path_on_known_data_gives_an_array(path: str, expected: Value) -> None:
    assert walk(path, FRAME) == expected


@pytest.mark.parametrize(
    ("path", "item"),
    [
        ("$.deep..id", one_of((text("q"), text("r")))),
        ("$.deep..list[0].id", text("r")),
        ("$.deep.*", one_of((from_json({"id": "q"}), from_json([{"id": "r"}])))),
        ("$.many[*].id", text("job-") + Text.of(Unknown("`$.n` is counted"))),
        ("$.many[1:].id", text("job-") + Text.of(Unknown("`$.n` is counted"))),
        ("$.tags[1:-1]", one_of((text("x"), text("y"), text("z")))),
        ("$.rows[?(@.id =~ /a/)].id", one_of((text("a"), text("b")))),
        ("$.body[*].id", Anything("`$.body[*].id` comes from the execution's input")),
    ],
)
def test_where_the_number_of_items_is_not_known_every_item_is_covered(path: str, item: Value) -> None:
    assert walk(path, FRAME) == ListOf(item)


def test_what_may_be_missing_from_an_item_makes_the_number_of_items_unknown() -> None:
    maybe = ObjectValue({"id": one_of((MISSING, text("m")))})
    frame = Frame(ArrayValue((from_json({"id": "a"}), maybe)), MISSING)
    assert walk("$[*].id", frame) == ListOf(one_of((text("a"), text("m"))))


def test_a_field_of_an_item_of_which_nothing_is_known_need_not_be_there() -> None:
    frame = Frame(ArrayValue((UNKNOWN, from_json({"id": "a"}))), MISSING)
    assert walk("$[*].id", frame) == ListOf(Anything("`$[*].id` comes from the execution's input"))


def test_a_search_at_any_depth_finds_what_other_fields_may_hold() -> None:
    frame = Frame(ObjectValue({"a": text("b")}, rest=from_json({"id": "q"})), MISSING)
    # The other field may be called `id` itself, or hold one.
    assert walk("$..id", frame) == ListOf(one_of((from_json({"id": "q"}), text("q"))))


def test_an_item_of_a_known_array_of_which_nothing_is_known_is_still_one_item() -> None:
    frame = Frame(ArrayValue((text("a"), UNKNOWN)), MISSING)
    assert walk("$[*]", frame) == ArrayValue((text("a"), UNKNOWN))


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("$.body", "`$.body` comes from the execution's input"),
        ("$.body.day[0]", "`$.body.day[0]` comes from the execution's input"),
        ("$nowhere.x", "`$nowhere` is a variable that no state is seen to set"),
        ("$.tags.length()", "`$.tags.length()` calls a JSONPath function"),
        ("$['a','b']", "`$['a','b']` selects several fields"),
        ("$.\ufdd07\ufdd1.x", "`$.${…}.x` is a path that is known only at deployment"),
        ("\ufdd07\ufdd1", "`${…}` is a path that is known only at deployment"),
    ],
)
def test_what_is_not_known_says_why_and_names_the_path(path: str, reason: str) -> None:
    assert walk(path, FRAME) == Anything(reason)


def test_a_reason_that_names_its_subject_stays_as_it_is() -> None:
    first = walk("$.day", Frame(UNKNOWN, MISSING))
    second = walk("$.copy", Frame(ObjectValue({"copy": first}), MISSING))
    assert second == Anything("`$.day` comes from the execution's input")


def test_a_reason_about_a_number_of_alternatives_becomes_one_about_the_path() -> None:
    many = one_of(from_json({"id": number}) for number in range(100))
    assert walk("$.x.id", Frame(ObjectValue({"x": many}), MISSING)) == Anything(
        "`$.x.id` can be any of more than 64 values"
    )


def test_a_long_path_is_shortened_in_its_reason() -> None:
    found = walk("$." + "x" * 1000, Frame(UNKNOWN, MISSING))
    assert isinstance(found, Anything)
    assert len(found.reason) < 120


@pytest.mark.parametrize("path", ["$" + "[" * 10_000, "$" + ".a" * 10_000, "$" + "[0]" * 10_000, "$" + "..a" * 10_000])
def test_an_endless_path_is_refused(path: str) -> None:
    with pytest.raises(JsonPathSyntaxError):
        walk(path, FRAME)


@pytest.mark.parametrize(
    "path",
    [
        "$.rows" + "[?(@" * 10_000 + ")]" * 10_000,
        "$.rows[?(" + "(" * 10_000 + "@.id" + ")" * 10_000 + ")]",
        "$.rows[?(" + "!" * 10_000 + "@.id)]",
        "$['" + r"\'" * 500_000 + "']",
        "$.rows[?(" + "=~ /" * 250_000 + ")]",
        "$.rows" + "..*" * 400,
    ],
)
def test_an_overgrown_path_is_answered(path: str) -> None:
    assert walk(path, FRAME) is not None


def test_values_that_share_their_parts_are_walked_once() -> None:
    value: Value = text("x")
    for _ in range(60):
        value = ArrayValue((value, value))
    assert walk("$..none", Frame(value, MISSING)) == ArrayValue(())


# What follows compares with concrete evaluation.

_SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-2, 3), st.sampled_from(("", "x", "y", "xyz")))
_NAMES = st.sampled_from("abc")
_DOCUMENTS = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3), max_leaves=12
)
_DEFINITE = st.one_of(_NAMES.map(lambda name: ("field", name)), st.integers(0, 2).map(lambda index: ("index", index)))
_SLICES = st.sampled_from(((0, 2), (1, None), (-2, None), (None, 1), (None, -1), (1, 3)))
_INDEFINITE = st.one_of(
    st.just(("each", None)),
    _SLICES.map(lambda bounds: ("slice", bounds)),
    _NAMES.map(lambda name: ("anywhere", name)),
    st.tuples(_NAMES, st.sampled_from(("x", "y", 1, True, None))).map(lambda pair: ("filter", pair)),
)
_PATHS = st.tuples(st.lists(_DEFINITE, max_size=2), st.lists(_DEFINITE | _INDEFINITE, max_size=3)).map(
    lambda pair: [*pair[0], *pair[1]]
)
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "field": lambda name: f".{name}",
    "index": lambda index: f"[{index}]",
    "each": lambda _: "[*]",
    "slice": lambda bounds: "[{}:{}]".format(*("" if bound is None else bound for bound in bounds)),
    "anywhere": lambda name: f"..{name}",
    "filter": lambda pair: f"[?(@.{pair[0]} == {_literal(pair[1])})]",
}


def _literal(constant: object) -> str:
    return f"'{constant}'" if isinstance(constant, str) else {True: "true", None: "null"}.get(constant, str(constant))


def _written(steps: list[tuple[str, Any]]) -> str:
    return "$" + "".join(_WRITTEN[kind](argument) for kind, argument in steps)


def _nodes(value: Any, kind: str, argument: Any) -> list[Any]:
    """What one step of Jayway's JsonPath leads to, written for these tests."""
    if kind == "field":
        return [value[argument]] if isinstance(value, dict) and argument in value else []
    if kind == "index":
        return [value[argument]] if isinstance(value, list) and argument < len(value) else []
    if kind == "each":
        return list(value.values()) if isinstance(value, dict) else list(value) if isinstance(value, list) else []
    if kind == "slice":
        return value[slice(*argument)] if isinstance(value, list) else []
    if kind == "filter":
        candidates = value if isinstance(value, list) else [value]
        return [each for each in candidates if isinstance(each, dict) and _meets(each, *argument)]
    found = [value[argument]] if isinstance(value, dict) and argument in value else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return found + [node for each in inner for node in _nodes(each, kind, argument)]


def _meets(item: dict[str, Any], name: str, constant: object) -> bool:
    return name in item and type(item[name]) is type(constant) and item[name] == constant


def _select(document: Any, steps: list[tuple[str, Any]], nothing: object) -> Any:
    nodes = [document]
    for kind, argument in steps:
        nodes = [found for node in nodes for found in _nodes(node, kind, argument)]
    if all(kind in {"field", "index"} for kind, _ in steps):
        return nodes[0] if nodes else nothing
    return nodes


@settings(deadline=None)
@given(data=st.data(), document=_DOCUMENTS, steps=_PATHS)
def test_what_a_path_selects_in_a_run_is_covered(
    data: st.DataObject,
    document: Any,
    steps: list[tuple[str, Any]],
    runs: SimpleNamespace,
) -> None:
    known = data.draw(runs.hidden(document))
    assert runs.covers(known, document)
    assert runs.covers(walk(_written(steps), Frame(known, MISSING)), _select(document, steps, runs.nothing))


@settings(deadline=None)
@given(document=_DOCUMENTS, steps=st.lists(_DEFINITE, max_size=4))
def test_a_definite_path_on_known_data_is_exact(
    document: Any, steps: list[tuple[str, Any]], runs: SimpleNamespace
) -> None:
    expected = _select(document, steps, runs.nothing)
    found = walk(_written(steps), Frame(from_json(document), MISSING))
    assert found == (MISSING if expected is runs.nothing else from_json(expected))


_ROWS = st.lists(st.dictionaries(_NAMES, st.sampled_from(("x", "y")), max_size=3), max_size=4)


@settings(deadline=None)
@given(
    rows=_ROWS,
    path=st.sampled_from(
        ("$.rows[*].a", "$.rows[0:2].b", "$.rows[1:].a", "$.rows[?(@.a == 'x')].b", "$.rows[?(@.c)].a", "$.rows..a")
    ),
)
def test_another_implementation_of_jsonpath_selects_what_is_covered(
    rows: list[dict[str, str]], path: str, runs: SimpleNamespace
) -> None:
    document = {"rows": rows}
    selected = [match.value for match in parse_with_jsonpath_ng(path).find(document)]
    assert runs.covers(walk(path, Frame(from_json(document), MISSING)), selected)
