from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonpath_ng import parse as parse_with_jsonpath_ng

from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError
from sfn_least_privilege.policy.asl.jsonpath.writing import write
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    Value,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from types import SimpleNamespace

NEW = Text.of("new")
UNKNOWN = Anything("comes from the execution's input")


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("$", from_json({"a": 1}), NEW),
        ("$.b", from_json({"a": 1}), from_json({"a": 1, "b": "new"})),
        ("$.a", from_json({"a": 1}), from_json({"a": "new"})),
        ("$['a b'].c", from_json({}), from_json({"a b": {"c": "new"}})),
        ("$.a.b.c", from_json({"a": {"x": 1}}), from_json({"a": {"x": 1, "b": {"c": "new"}}})),
        ("$.a[1]", from_json({"a": [1, 2]}), from_json({"a": [1, "new"]})),
        ("$.a", UNKNOWN, ObjectValue({"a": NEW}, rest=UNKNOWN)),
        ("$.a.b", UNKNOWN, ObjectValue({"a": ObjectValue({"b": NEW}, rest=UNKNOWN)}, rest=UNKNOWN)),
        ("$.a[0]", UNKNOWN, ObjectValue({"a": ListOf(UNKNOWN)}, rest=UNKNOWN)),
        ("$.a[3]", ObjectValue({"a": ListOf(from_json(1))}), ObjectValue({"a": ListOf(one_of((from_json(1), NEW)))})),
        ("$.a", ObjectValue({}, rest=from_json(1)), ObjectValue({"a": NEW}, rest=from_json(1))),
        (
            "$.a",
            Conditional("P", from_json({"x": 1}), from_json({"y": 1})),
            Conditional("P", from_json({"x": 1, "a": "new"}), from_json({"y": 1, "a": "new"})),
        ),
        (
            "$.a.b",
            ObjectValue({"a": one_of((MISSING, from_json({"c": 1})))}),
            ObjectValue({"a": one_of((from_json({"b": "new"}), from_json({"c": 1, "b": "new"})))}),
        ),
    ],
)
def test_a_result_goes_where_the_path_points(path: str, target: Value, expected: Value) -> None:
    assert write(path, target, NEW) == expected


def test_the_target_stays_as_it_was() -> None:
    target = from_json({"a": {"b": 1}})
    write("$.a.b", target, NEW)
    assert target == from_json({"a": {"b": 1}})


@pytest.mark.parametrize("path", ["$.a[2]", "$.a[-1]", "$.b[0]"])
def test_a_place_that_an_array_does_not_have_makes_it_unknown(path: str) -> None:
    found = write(path, from_json({"a": [1, 2]}), NEW)
    assert isinstance(found, ObjectValue)
    assert isinstance(found.fields[path[2]], Anything)


@pytest.mark.parametrize("path", ["$$.a", "$name", "$.a[*]", "$..a", "$[0:1]", "$.a[?(@.b)]", "a", "$.a["])
def test_only_a_reference_path_below_the_input_is_written_to(path: str) -> None:
    with pytest.raises(JsonPathSyntaxError):
        write(path, from_json({}), NEW)


def test_a_path_with_a_token_makes_everything_unknown() -> None:
    assert write("$.\ufdd03\ufdd1", from_json({"a": 1}), NEW) == Anything(
        "`$.${…}` is a path that is known only at deployment"
    )


def test_a_deep_path_is_written_to_as_far_as_values_go() -> None:
    found: Value | None = write("$" + ".a" * 900, from_json({}), NEW)
    depth = 0
    while isinstance(found, ObjectValue):
        found = found.fields["a"]
        depth += 1
    assert isinstance(found, Anything)
    assert depth == 64


_NAMES = st.sampled_from("abc")
_OBJECTS = st.recursive(
    st.dictionaries(_NAMES, st.sampled_from((1, "x")), max_size=3),
    lambda inner: st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)


def _is_free(document: Any, names: list[str]) -> bool:
    """Whether a run does not fail because something that is no object is in the way."""
    if not isinstance(document, dict):
        return False
    return not names or names[0] not in document or _is_free(document[names[0]], names[1:])


@settings(deadline=None)
@given(data=st.data(), document=_OBJECTS, names=st.lists(_NAMES, min_size=1, max_size=3))
def test_what_a_run_has_after_writing_is_covered(
    data: st.DataObject,
    document: dict[str, Any],
    names: list[str],
    runs: SimpleNamespace,
) -> None:
    known = data.draw(runs.hidden(document))
    path = ".".join(("$", *names))
    written = copy.deepcopy(document)
    assume(_is_free(document, names[:-1]))
    parse_with_jsonpath_ng(path).update_or_create(written, "new")
    assert runs.covers(write(path, known, NEW), written)


def test_an_item_is_replaced_and_the_others_stay() -> None:
    assert write("$[0]", ArrayValue((UNKNOWN, from_json(2))), NEW) == ArrayValue((NEW, from_json(2)))
