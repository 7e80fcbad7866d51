"""Template conditions: fewer where fewer say the same."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.guards import MAX_CONDITIONS, joined, told

if TYPE_CHECKING:
    from sfn_least_privilege.policy.value import Guards

NAMES = "ABCD"
guards = st.dictionaries(st.sampled_from(NAMES), st.booleans(), max_size=4).map(lambda each: tuple(each.items()))


def cube(text: str) -> Guards:
    """``"A b"``: where A holds and B does not."""
    return tuple((word.upper(), word.isupper()) for word in text.split())


@pytest.mark.parametrize(
    ("several", "expected"),
    [
        ([], []),
        ([""], [""]),
        (["A"], ["A"]),
        (["B A", "A B"], ["A B"]),
        (["A", "a"], [""]),
        (["A", "", "b"], [""]),
        (["A B", "A b"], ["A"]),
        (["A B", "A b", "a"], [""]),
        (["A B", "A"], ["A"]),
        (["A", "a B"], ["A", "B"]),
        (["A B", "a b"], ["A B", "a b"]),
        (["A B", "A b", "a C", "a c"], [""]),
        (["A b", "B c", "C a", "A B C", "a b c"], [""]),
    ],
)
def test_what_is_said_either_way_is_said_without_conditions(several: list[str], expected: list[str]) -> None:
    assert set(joined(map(cube, several))) == {tuple(sorted(cube(each))) for each in expected}


@given(st.lists(guards, max_size=8))
def test_together_they_say_the_same(several: list[Guards]) -> None:
    fewer = joined(several)
    for values in itertools.product((True, False), repeat=len(NAMES)):
        truths = dict(zip(NAMES, values, strict=True))
        before, after = (
            any(all(truths[name] is holds for name, holds in each) for each in some) for some in (several, fewer)
        )
        assert before == after


@given(st.lists(guards, max_size=8))
def test_joining_twice_joins_no_more(several: list[Guards]) -> None:
    assert joined(joined(several)) == joined(several)


def test_every_combination_of_conditions_is_no_condition() -> None:
    names = [f"C{number}" for number in range(MAX_CONDITIONS)]
    every = [tuple(zip(names, values, strict=True)) for values in itertools.product((True, False), repeat=len(names))]
    assert joined(every) == ((),)
    assert len(joined(every[1:])) == MAX_CONDITIONS


def test_very_many_conditions_are_left_as_they_are() -> None:
    several = [((f"C{number}", number % 2 == 0), ("Z", True)) for number in range(2_000)]
    assert len(joined([*several, *several])) == 2_000


def test_conditions_are_told_as_a_clause() -> None:
    assert told([cube("A b"), cube("C")]) == "where `A` holds and `B` does not hold, or where `C` holds"
    assert told([()]) == ""
