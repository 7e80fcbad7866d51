"""Loops that would never end are cut short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.asl.flow.covering import covers as covers_value
from sfn_least_privilege.policy.asl.flow.widening import REASON, Patience, patience_after, widen
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import Anything, ObjectValue, Value, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Callable

CHANGING = Anything(REASON)
DOCUMENTS = st.recursive(
    st.sampled_from(["aa", "ab", "c", 1, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(DOCUMENTS, DOCUMENTS, st.sampled_from(Patience))
def test_the_old_and_the_new_are_covered(covers: Callable[..., bool], old: Any, new: Any, patience: Patience) -> None:
    widened = widen(from_json(old), from_json(new), patience)
    assert covers(widened, old)
    assert covers(widened, new)


@given(DOCUMENTS, DOCUMENTS, st.sampled_from(Patience))
def test_what_is_covered_already_changes_nothing(old: Any, new: Any, patience: Patience) -> None:
    widened = widen(from_json(old), from_json(new), patience)
    assert widen(widened, from_json(new), patience) is widened or not covers_value(widened, from_json(new))


@given(st.lists(DOCUMENTS, min_size=20, max_size=20))
def test_after_a_few_changes_there_are_no_more(documents: list[Any]) -> None:
    value, changes = from_json(documents[0]), 0
    for each in documents * 2:
        widened = widen(value, from_json(each), patience_after(changes))
        changes += widened != value
        value = widened
    assert changes <= 11


@pytest.mark.parametrize("patience", [Patience.PREFIXES, Patience.UNCHANGED])
def test_what_does_not_change_is_kept(patience: Patience) -> None:
    widened = widen(from_json({"table": "orders", "round": 1}), from_json({"table": "orders", "round": 2}), patience)
    assert widened == ObjectValue({"table": from_json("orders"), "round": CHANGING})


def test_a_common_beginning_is_kept() -> None:
    widened = widen(from_json("page-1"), from_json("page-2"), Patience.PREFIXES)
    assert widened == Text.of("page-", Unknown(REASON))


@pytest.mark.parametrize(
    ("old", "new", "widened"),
    [
        (from_json("page-1"), from_json("1-page"), CHANGING),
        (from_json("page"), from_json(1), CHANGING),
        (from_json({"a": 1}), from_json({"a": 1, "b": 2}), ObjectValue({"a": from_json(1)}, CHANGING)),
        (from_json({"a": {"b": 1, "c": 2}}), from_json({"a": {"b": 1, "c": 3}}), None),
    ],
)
def test_what_changes_is_given_up(old: Value, new: Value, widened: Value | None) -> None:
    expected = widened or ObjectValue({"a": ObjectValue({"b": from_json(1), "c": CHANGING})})
    assert widen(old, new, Patience.PREFIXES) == expected


def test_at_first_everything_is_kept() -> None:
    both = one_of([from_json("a"), from_json("b")])
    assert widen(from_json("a"), from_json("b"), patience_after(0)) == both


def test_at_last_nothing_is_kept() -> None:
    assert widen(from_json({"a": 1}), from_json({"a": 2}), patience_after(100)) == CHANGING
    assert widen(from_json({"a": 1}), from_json({"a": 1}), patience_after(100)) == from_json({"a": 1})
