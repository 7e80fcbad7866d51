from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError
from sfn_least_privilege.policy.asl.jsonpath.templates import instantiate
from sfn_least_privilege.policy.asl.jsonpath.walking import Frame
from sfn_least_privilege.policy.template.tokens import Tokens
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ObjectValue,
    Value,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from types import SimpleNamespace

ORDERS = Text.of(Reference("Ref", "Orders", Kind.NAME))
TOKENS = Tokens((ORDERS, Text.of("Name"), Text.of("Name.$"), Conditional("P", Text.of("A"), Text.of("B"))))
REFERENCE, NAME, MARKED, EITHER = (f"\ufdd0{number}\ufdd1" for number in range(4))
FRAME = Frame(from_json({"id": "x", "list": ["a"]}), from_json({"Execution": {"Name": "run"}}), {"v": from_json(7)})


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        (
            {"a": 1, "b": [True, None, 1.5], "c": {"d": "e"}},
            from_json({"a": 1, "b": [True, None, 1.5], "c": {"d": "e"}}),
        ),
        ({"Id.$": "$.id"}, from_json({"Id": "x"})),
        ({"Run.$": "$$.Execution.Name", "V.$": "$v"}, from_json({"Run": "run", "V": 7})),
        ({"Key.$": "States.Format('{}.csv', $.id)"}, from_json({"Key": "x.csv"})),
        ({"a": {"b": [{"c.$": "$.id"}]}}, from_json({"a": {"b": [{"c": "x"}]}})),
        ({"path": "$.id"}, from_json({"path": "$.id"})),
        ({"path.$x": "$.id"}, from_json({"path.$x": "$.id"})),
        ({"none.$": "$.none"}, ObjectValue({"none": MISSING})),
        ({"Table": REFERENCE}, ObjectValue({"Table": ORDERS})),
        ({"Arn": f"table/{REFERENCE}"}, ObjectValue({"Arn": Text.of("table/", ORDERS)})),
        ({NAME: "a"}, from_json({"Name": "a"})),
        ({f"{NAME}.$": "$.id"}, from_json({"Name": "x"})),
        ({MARKED: "$.id"}, from_json({"Name": "x"})),
        ({"a": 1, "a.$": "$.id"}, ObjectValue({"a": one_of((from_json(1), from_json("x")))})),
        ([{"a.$": "$.id"}], from_json([{"a": "x"}])),
        ("text", from_json("text")),
    ],
)
def test_a_template_becomes_its_payload(template: Any, expected: Value) -> None:
    assert instantiate(template, FRAME, TOKENS.literal) == expected


def test_a_name_that_is_not_known_may_be_any_name() -> None:
    found = instantiate({"a": 1, f"{REFERENCE}.$": "$.id", EITHER: "z"}, FRAME, TOKENS.literal)
    rest = one_of((from_json("x"), from_json("z")))
    assert found == ObjectValue({"a": one_of((from_json(1), rest))}, rest=rest)


def test_a_name_that_is_not_known_may_hide_the_mark_of_an_expression() -> None:
    found = instantiate({REFERENCE: "$.id"}, FRAME, TOKENS.literal)
    assert isinstance(found, ObjectValue)
    assert isinstance(found.rest, Anything)


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ({"a.$": 1}, "`a.$` cannot be read: its value is no string"),
        ({"a.$": {"b": 1}}, "its value is no string"),
        ({"a": [{"b.$": "orders"}]}, "`orders` cannot be read: a path starts with"),
        ({"b.$": "$.x["}, "never closed"),
    ],
)
def test_a_field_that_cannot_be_evaluated_is_an_error(template: Any, problem: str) -> None:
    with pytest.raises(JsonPathSyntaxError) as caught:
        instantiate(template, FRAME, TOKENS.literal)
    assert problem in str(caught.value)


def test_a_template_without_end_does_not_reach_the_recursion_limit() -> None:
    template: Any = "x"
    for _ in range(100_000):
        template = [{"a": template}]
    found: Value | None = instantiate(template, FRAME, TOKENS.literal)
    while isinstance(found, ArrayValue | ObjectValue):
        found = found.items[0] if isinstance(found, ArrayValue) else found.fields["a"]
    assert found == Anything("it is nested more than 64 levels deep")


_NAMES = st.sampled_from("abc")
_TEMPLATES = st.recursive(
    st.sampled_from(("x", 1, None, ("$",), ("$.a",), ("$.b",))),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=8,
)


def _as_written(node: Any) -> Any:
    """A template in which a path is a tuple, as JSON: the path in a field whose name ends in `.$`."""
    if isinstance(node, dict):
        return {f"{k}.$" if isinstance(v, tuple) else k: _as_written(v) for k, v in node.items()}
    if isinstance(node, list):
        return [_as_written({"item": each}) for each in node]
    return node[0] if isinstance(node, tuple) else node


def _payload(node: Any, document: dict[str, Any]) -> Any:
    if isinstance(node, dict):
        return {name: _payload(item, document) for name, item in node.items()}
    if isinstance(node, list):
        return [{"item": _payload(each, document)} for each in node]
    return {"$": document, "$.a": document["a"], "$.b": document["b"]}[node[0]] if isinstance(node, tuple) else node


@settings(deadline=None)
@given(data=st.data(), template=st.dictionaries(_NAMES, _TEMPLATES), values=st.tuples(_TEMPLATES, _TEMPLATES))
def test_the_payload_of_a_run_is_covered(
    data: st.DataObject,
    template: dict[str, Any],
    values: tuple[Any, Any],
    runs: SimpleNamespace,
) -> None:
    document = {"a": _payload(values[0], {"a": 1, "b": 2}), "b": _payload(values[1], {"a": 3, "b": 4})}
    frame = Frame(data.draw(runs.hidden(document)), MISSING)
    known = instantiate(_as_written(template), frame, TOKENS.literal)
    assert runs.covers(known, _payload(template, document))
