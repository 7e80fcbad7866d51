from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.text import Kind, Text
from sfn_least_privilege.policy.value import Anything, Conditional, ObjectValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize("index", [1, "1", {"Fn::FindInMap": ["Indices", "a", "b"]}])
def test_a_literal_index_picks_the_item(resolved: Callable[[Any], Value], scope: Scope, index: Any) -> None:
    scope.mappings["Indices"] = {"a": {"b": 1}}

    assert resolved({"Fn::Select": [index, ["a", {"Ref": "Queue"}, "c"]]}).reference.argument == "Queue"


def test_an_item_may_be_anything(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Fn::Select": [0, [{"a": "b"}]]}) == ObjectValue({"a": Text.of("b")})


def test_an_item_of_a_list_parameter_stays_a_reference(written: Callable[[Any], Any]) -> None:
    node = {"Fn::Select": [1, {"Ref": "Names"}]}

    assert written(node) == node


def test_an_item_of_a_list_that_is_not_known_leaves_the_function_as_it_is(
    written: Callable[[Any], Any], text: Callable[[Any], Text]
) -> None:
    node = {"Fn::Select": [1, {"Ref": "LaterNames"}]}

    assert written(node) == node
    assert text(node).sample is None


def test_a_piece_of_an_arn_is_exact_at_deployment(written: Callable[[Any], Any], text: Callable[[Any], Text]) -> None:
    node = {"Fn::Select": [5, {"Fn::Split": [":", {"Fn::GetAtt": ["Queue", "Arn"]}]}]}

    assert written(node) == node
    assert text(node).reference.kind is Kind.UNKNOWN


def test_a_piece_of_a_parameter_has_its_present_value_as_sample(
    written: Callable[[Any], Any], text: Callable[[Any], Text]
) -> None:
    node = {"Fn::Select": [5, {"Fn::Split": [":", {"Ref": "QueueArn"}]}]}

    assert written(node) == node
    assert (text(node).sample, text(node).reference.kind) == ("orders", Kind.NAME)


def test_an_index_that_is_a_parameter_leaves_the_function_as_it_is(
    written: Callable[[Any], Any], text: Callable[[Any], Text]
) -> None:
    node = {"Fn::Select": [{"Ref": "Index"}, ["a", "b"]]}

    assert written(node) == node
    assert text(node).sample == "b"


def test_an_index_that_is_not_known_leaves_the_function_as_it_is(
    written: Callable[[Any], Any], text: Callable[[Any], Text]
) -> None:
    node = {"Fn::Select": [{"Ref": "Later"}, ["a", "b"]]}

    assert written(node) == node
    assert text(node).sample is None


def test_an_item_is_counted_among_those_that_are_there(resolved: Callable[[Any], Value]) -> None:
    node = {"Fn::Select": [1, ["a", {"Fn::If": ["IsProd", "b", {"Ref": "AWS::NoValue"}]}, "c"]]}

    assert resolved(node) == Conditional("IsProd", Text.of("b"), Text.of("c"))


def test_a_choice_of_lists_is_a_choice_of_items(resolved: Callable[[Any], Value]) -> None:
    node = {"Fn::Select": [0, {"Fn::If": ["IsProd", ["a"], [{"Ref": "Bucket"}]]}]}

    value = resolved(node)

    assert (value.then, render_string(value.otherwise)) == (Text.of("a"), {"Ref": "Bucket"})


@pytest.mark.parametrize("index", [-1, "x", 1.5, True, "9" * 5000])
def test_what_is_no_index_is_said(resolved: Callable[[Any], Value], index: Any) -> None:
    assert isinstance(resolved({"Fn::Select": [index, ["a"]]}), Anything)


def test_an_item_beyond_the_end_is_said(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Fn::Select": [3, ["a"]]}) == Anything("Fn::Select is malformed: there is no item 3 among 1")


@pytest.mark.parametrize("argument", [None, "x", [], [0], [0, ["a"], "b"]])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::Select": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::Select is malformed")


@pytest.mark.parametrize("argument", [[{"Fn::If": []}, ["a"]], [0, {"Fn::If": []}]])
def test_what_is_wrong_inside_is_said(text: Callable[[Any], Text], argument: Any) -> None:
    assert text({"Fn::Select": argument}).unknowns[0].reason.startswith("Fn::If is malformed")
