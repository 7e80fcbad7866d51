from __future__ import annotations

from sfn_least_privilege.policy.template.intrinsics.choices import (
    assume,
    conditions_of,
    may_be_missing,
    per_branch,
    with_present_items,
)
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import MISSING, ArrayValue, Conditional

A, B, C = Text.of("a"), Text.of("b"), Text.of("c")
NESTED = Conditional("Outer", Conditional("Inner", A, B), C)


def test_each_branch_is_changed() -> None:
    changed = per_branch(NESTED, lambda value: Text.of(value, "!"))

    assert changed == Conditional("Outer", Conditional("Inner", Text.of("a!"), Text.of("b!")), Text.of("c!"))


def test_one_branch_that_cannot_be_changed_is_enough() -> None:
    assert per_branch(NESTED, lambda value: None if value == C else value) is None


def test_a_condition_that_is_known_chooses() -> None:
    assert assume(NESTED, "Inner", holds=False) == Conditional("Outer", B, C)
    assert assume(NESTED, "Outer", holds=False) == C


def test_conditions_are_named_outermost_first() -> None:
    assert list(conditions_of(NESTED)) == ["Outer", "Inner"]


def test_a_missing_branch_anywhere_counts() -> None:
    assert may_be_missing(Conditional("Outer", Conditional("Inner", A, MISSING), B))
    assert not may_be_missing(NESTED)


def test_conditions_that_take_no_item_out_stay_in_the_items() -> None:
    assert with_present_items((A, NESTED), ArrayValue) == ArrayValue((A, NESTED))


def test_two_items_under_one_condition_go_together() -> None:
    items = (Conditional("X", A, MISSING), B, Conditional("X", MISSING, C))

    assert with_present_items(items, ArrayValue) == Conditional("X", ArrayValue((A, B)), ArrayValue((B, C)))
