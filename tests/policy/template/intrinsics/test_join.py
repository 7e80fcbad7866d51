from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, Conditional

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


NO_VALUE = {"Ref": "AWS::NoValue"}


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        (["", ["a", "b"]], "ab"),
        (["-", ["a", "b", "c"]], "a-b-c"),
        (["-", []], ""),
        (["-", ["a"]], "a"),
        (["-", ["", ""]], "-"),
        (["-", ["a", 7, True]], "a-7-true"),
        (["-", ["a", NO_VALUE, "b"]], "a-b"),
        ([",", {"Fn::Split": ["|", "a|b"]}], "a,b"),
        ([",", {"Fn::FindInMap": ["Tables", "eu-west-1", "zones"]}], "a,b"),
    ],
)
def test_literals_join_to_a_literal(text: Callable[[Any], Text], argument: Any, expected: Any) -> None:
    assert text({"Fn::Join": argument}).literal == expected


def test_references_keep_their_place(written: Callable[[Any], Any]) -> None:
    node = {"Fn::Join": [":", ["arn", {"Ref": "AWS::Partition"}, "sqs", {"Ref": "AWS::Region"}]]}

    assert written(node) == {"Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}"}


def test_a_list_parameter_joins_by_its_items(text: Callable[[Any], Text]) -> None:
    joined = text({"Fn::Join": ["-", {"Ref": "Names"}]})

    assert joined.sample == "alpha-beta"
    assert [reference.argument for reference in joined.references] == ['[0,{"Ref":"Names"}]', '[1,{"Ref":"Names"}]']


def test_a_list_of_unknown_length_leaves_the_function_as_it_is(written: Callable[[Any], Any]) -> None:
    node = {"Fn::Join": ["-", {"Ref": "LaterNames"}]}

    assert written(node) == node


def test_a_choice_of_items_is_a_choice_of_strings(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Join": ["/", ["a", {"Fn::If": ["IsProd", "x", "y"]}]]})

    assert value == Conditional("IsProd", Text.of("a/x"), Text.of("a/y"))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_an_item_that_goes_takes_its_delimiter_along(resolved: Callable[[Any], Value], position: int) -> None:
    items = ["a", "b"]
    items.insert(position, {"Fn::If": ["IsProd", "x", NO_VALUE]})
    with_it = ["a", "b"]
    with_it.insert(position, "x")

    value = resolved({"Fn::Join": ["/", items]})

    assert value == Conditional("IsProd", Text.of("/".join(with_it)), Text.of("a/b"))


def test_a_choice_of_lists_is_a_choice_of_strings(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Join": ["/", {"Fn::If": ["IsProd", ["a", "b"], ["c"]]}]})

    assert value == Conditional("IsProd", Text.of("a/b"), Text.of("c"))


def test_too_many_items_that_may_go_leave_the_function_as_it_is(written: Callable[[Any], Any]) -> None:
    node = {"Fn::Join": ["/", [{"Fn::If": [f"C{i}", "x", NO_VALUE]} for i in range(7)]]}

    assert written(node) == node


@pytest.mark.parametrize("argument", [None, "x", [], ["-"], ["-", ["a"], "b"], [7, ["a"]], [{"Ref": "Stage"}, ["a"]]])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::Join": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::Join is malformed")


def test_what_is_wrong_with_the_list_is_said(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Join": ["-", {"Fn::Split": []}]}).unknowns[0].reason == (
        "Fn::Split is malformed: it wants a delimiter and a string"
    )
