"""When one value is covered by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.asl.flow.covering import covers as covers_value
from sfn_least_privilege.policy.asl.flow.joining import join
from sfn_least_privilege.policy.value import MISSING, Anything, ListOf, ObjectValue, Value, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

ANYTHING = Anything("why")
A, B, AB = from_json("a"), from_json("b"), one_of([from_json("a"), from_json("b")])
DOCUMENTS = st.recursive(
    st.sampled_from(["a", "b", 1, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (ANYTHING, A),
        (AB, A),
        (AB, AB),
        (ObjectValue({"x": AB}), ObjectValue({"x": A})),
        (ObjectValue({"x": one_of([A, MISSING])}), ObjectValue({})),
        (ObjectValue({}, ANYTHING), ObjectValue({"x": A})),
        (ObjectValue({"x": AB}, ANYTHING), ObjectValue({"x": A}, B)),
        (ListOf(AB), from_json(["a", "b"])),
        (ListOf(AB), ListOf(A)),
        (ListOf(AB), from_json([])),
        (one_of([A, ObjectValue({"x": AB})]), ObjectValue({"x": B})),
    ],
)
def test_covered(wide: Value, narrow: Value) -> None:
    assert covers_value(wide, narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (A, AB),
        (A, ANYTHING),
        (ObjectValue({"x": A}), ObjectValue({})),
        (ObjectValue({"x": A}), ObjectValue({"x": A, "y": A})),
        (ObjectValue({"x": A}), ObjectValue({"x": A}, ANYTHING)),
        (ObjectValue({"x": one_of([A, MISSING])}, ANYTHING), ObjectValue({}, B)),
        (ListOf(A), from_json(["b"])),
        (from_json(["a"]), ListOf(A)),
        (from_json(["a"]), from_json(["a", "a"])),
    ],
)
def test_not_covered(wide: Value, narrow: Value) -> None:
    assert not covers_value(wide, narrow)


@given(st.lists(DOCUMENTS, min_size=1, max_size=12), DOCUMENTS)
def test_what_is_covered_can_really_be(covers: Callable[..., bool], documents: list[Any], other: Any) -> None:
    wide = join([from_json(each) for each in documents])
    assert not covers_value(wide, from_json(other)) or covers(wide, other)
