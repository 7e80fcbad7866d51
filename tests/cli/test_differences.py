from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.cli.differences import Addition, Altered, Replaced, difference


@pytest.mark.parametrize("value", [{}, {"a": [1, {"b": None}]}, [], "x", 1.5, None])
def test_equal_values_do_not_differ(value: Any) -> None:
    assert difference(value, value) is None


def test_the_order_of_keys_does_not_matter() -> None:
    assert difference({"a": 1, "b": 2}, {"b": 2, "a": 1}) is None


@pytest.mark.parametrize(("old", "new"), [(True, 1), (1, 1.0), (0, False), ("1", 1), ({}, []), (None, {})])
def test_values_of_different_types_differ(old: Any, new: Any) -> None:
    assert difference(old, new) == Replaced(new)


def test_changes_are_found_where_they_are() -> None:
    old = {"keep": {"x": 1}, "change": {"a": 1, "b": 2}}
    new = {"keep": {"x": 1}, "change": {"a": 1, "b": 3}}

    change = difference(old, new)

    assert isinstance(change, Altered)
    assert change.changed == {"change": Altered(new["change"], {"b": Replaced(3)}, frozenset(), ())}


def test_a_new_key_stands_after_the_key_it_follows() -> None:
    change = difference({"a": 1, "z": 2}, {"a": 1, "n": 3, "m": 4, "z": 2})

    assert isinstance(change, Altered)
    assert change.added == (Addition("a", "n", 3), Addition("a", "m", 4))


def test_a_missing_key_is_removed() -> None:
    change = difference({"a": 1, "b": 2}, {"b": 2})

    assert isinstance(change, Altered)
    assert change.removed == {"a"}


@pytest.mark.parametrize(
    ("old", "new", "removed", "added"),
    [
        ([1, 2], [1, 2, 3], frozenset(), (Addition(1, None, 3),)),
        ([1, 2], [1, 9, 8, 2], frozenset(), (Addition(0, None, 9), Addition(0, None, 8))),
        ([1, 2], [0, 1, 2], frozenset(), (Addition(None, None, 0),)),
        ([1, 2, 3], [1, 3], frozenset({1}), ()),
        ([1, 1, 1], [1], frozenset({1, 2}), ()),
        ([], [1], frozenset(), (Addition(None, None, 1),)),
    ],
)
def test_items_come_and_go(
    old: list[Any], new: list[Any], removed: frozenset[int], added: tuple[Addition, ...]
) -> None:
    assert difference(old, new) == Altered(new, {}, removed, added)


def test_lists_of_one_length_differ_item_by_item() -> None:
    assert difference([1, [2]], [1, [3]]) == Altered(
        [1, [3]],
        {1: Altered([3], {0: Replaced(3)}, frozenset(), ())},
        frozenset(),
        (),
    )


def test_lists_that_differ_in_several_ways_are_replaced() -> None:
    assert difference([1, 2, 3], [4, 5]) == Replaced([4, 5])
