from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import MISSING, Anything, ArrayValue, Conditional, ObjectValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


NO_VALUE = {"Ref": "AWS::NoValue"}


def test_both_branches_stay_whatever_the_parameters_are(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Fn::If": ["IsProd", "a", "b"]}) == Conditional("IsProd", Text.of("a"), Text.of("b"))


def test_branches_that_are_equal_are_no_choice(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Fn::If": ["IsProd", "a", "a"]}) == Text.of("a")


def test_a_condition_that_is_declared_nowhere_is_a_choice_all_the_same(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Fn::If": ["Elsewhere", "a", "b"]}) == Conditional("Elsewhere", Text.of("a"), Text.of("b"))


def test_the_same_condition_inside_is_decided_already(resolved: Callable[[Any], Value]) -> None:
    node = {"Fn::If": ["IsProd", {"Fn::If": ["IsProd", "a", "never"]}, "b"]}

    assert resolved(node) == Conditional("IsProd", Text.of("a"), Text.of("b"))


def test_no_value_is_a_branch_that_is_missing(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::If": ["IsProd", "a", NO_VALUE]})

    assert value == Conditional("IsProd", Text.of("a"), MISSING)


def test_a_field_that_may_be_missing_stays_in_its_object(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"x": {"Fn::If": ["IsProd", "a", NO_VALUE]}})

    assert value == ObjectValue({"x": Conditional("IsProd", Text.of("a"), MISSING)})


def test_branches_may_be_objects_and_lists(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::If": ["IsProd", {"a": ["b"]}, [1]]})

    assert value.then == ObjectValue({"a": ArrayValue((Text.of("b"),))})


@pytest.mark.parametrize(
    "argument", [None, "x", [], ["C", "a"], ["C", "a", "b", "c"], [7, "a", "b"], [{"Ref": "C"}, 1, 2]]
)
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::If": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::If is malformed")
