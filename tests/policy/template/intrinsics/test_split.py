from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, ArrayValue, Conditional, ListOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    ("delimiter", "source", "expected"),
    [
        (",", "a,b", ["a", "b"]),
        (",", "a", ["a"]),
        (",", "", [""]),
        ("::", "a::b:c", ["a", "b:c"]),
        (",", ",", ["", ""]),
    ],
)
def test_a_literal_is_cut(resolved: Callable[[Any], Value], delimiter: str, source: Any, expected: Any) -> None:
    assert resolved({"Fn::Split": [delimiter, source]}) == ArrayValue(tuple(Text.of(piece) for piece in expected))


def test_a_reference_that_cannot_hold_the_delimiter_stays_whole(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Split": [":", {"Fn::Sub": "arn:${AWS::Partition}:${Stage}"}]})

    assert [render_string(item) for item in value.items] == ["arn", {"Ref": "AWS::Partition"}, {"Ref": "Stage"}]


def test_a_parameter_that_holds_the_delimiter_is_cut_at_deployment(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Split": ["/", {"Ref": "QueueUrl"}]})

    assert [item.sample for item in value.items] == [
        "https:",
        "",
        "sqs.eu-west-1.amazonaws.com",
        "123456789012",
        "orders",
    ]
    assert render_string(value.items[4]) == {"Fn::Select": [4, {"Fn::Split": ["/", {"Ref": "QueueUrl"}]}]}


@pytest.mark.parametrize("source", [{"Ref": "Later"}, {"Fn::GetAtt": ["Queue", "Arn"]}, {"Ref": "Names"}])
def test_what_is_not_known_has_no_known_length(resolved: Callable[[Any], Value], source: Any) -> None:
    assert isinstance(resolved({"Fn::Split": [":", source]}), ListOf)


def test_a_value_of_very_many_pieces_has_no_known_length(scope: Scope, resolved: Callable[[Any], Value]) -> None:
    scope.parameters["Long"] = type(scope.parameters["Stage"])("Long", "String", "a," * 1000)

    assert isinstance(resolved({"Fn::Split": [",", {"Ref": "Long"}]}), ListOf)


def test_a_choice_of_strings_is_a_choice_of_lists(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Split": [",", {"Fn::If": ["IsProd", "a,b", "c"]}]})

    assert value == Conditional("IsProd", ArrayValue((Text.of("a"), Text.of("b"))), ArrayValue((Text.of("c"),)))


@pytest.mark.parametrize("argument", [None, "x", [], [","], ["", "a"], [7, "a"], [",", "a", "b"]])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::Split": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::Split is malformed")


def test_what_is_wrong_inside_is_said(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Split": [",", {"Fn::If": []}]})

    assert value.item.unknowns[0].reason.startswith("Fn::If is malformed")
