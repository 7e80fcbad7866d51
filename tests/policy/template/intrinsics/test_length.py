from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.value import Anything, Conditional, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    ("argument", "length"),
    [([], "0"), (["a", "b"], "2"), ({"Ref": "Names"}, "2"), (["a", {"Ref": "AWS::NoValue"}], "1")],
)
def test_a_known_list_is_counted(resolved: Callable[[Any], Value], argument: Any, length: str) -> None:
    assert resolved({"Fn::Length": argument}) == Scalar(length)


def test_an_item_that_may_be_missing_makes_a_choice(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Length": ["a", {"Fn::If": ["IsProd", "b", {"Ref": "AWS::NoValue"}]}]})

    assert value == Conditional("IsProd", Scalar("2"), Scalar("1"))


@pytest.mark.parametrize("argument", [{"Ref": "LaterNames"}, {"Fn::GetAZs": ""}, {"Ref": "Queue"}])
def test_a_list_that_is_not_known_is_not_counted(resolved: Callable[[Any], Value], argument: Any) -> None:
    assert resolved({"Fn::Length": argument}) == Anything("how long a list is may be known only at deployment")


@pytest.mark.parametrize("argument", [None, "x", 7])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    assert resolved({"Fn::Length": argument}) == Anything("Fn::Length is malformed: it wants a list")


def test_what_is_wrong_inside_is_said(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Fn::Length": {"Fn::If": []}}).reason.startswith("Fn::If is malformed")
