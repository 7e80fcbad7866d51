from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import Anything, Conditional

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a${!b}c", "a${b}c"),
        ("$ $$ {} }", "$ $$ {} }"),
        ("${", "${"),
        ("a${b", "a${b"),
    ],
)
def test_a_string_without_placeholders_is_literal(text: Callable[[Any], Text], template: str, expected: Any) -> None:
    assert text({"Fn::Sub": template}).literal == expected


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("x-${Stage}", {"Fn::Sub": "x-${Stage}"}),
        ("${Stage}", {"Ref": "Stage"}),
        ("${ Stage }", {"Ref": "Stage"}),
        ("${Queue}", {"Ref": "Queue"}),
        ("${Queue.Arn}", {"Fn::GetAtt": ["Queue", "Arn"]}),
        ("arn:${AWS::Partition}:s3:::${Bucket}/*", {"Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/*"}),
    ],
)
def test_placeholders_are_references(written: Callable[[Any], Any], template: str, expected: Any) -> None:
    assert written({"Fn::Sub": template}) == expected


@pytest.mark.parametrize(("template", "literal"), [("$${Stage}", "$"), ("${!x}${Stage}", "${x}"), ("}${Stage}", "}")])
def test_what_looks_like_a_placeholder_is_literal(text: Callable[[Any], Text], template: str, literal: str) -> None:
    value = text({"Fn::Sub": template})

    assert (value.prefix, [reference.argument for reference in value.references]) == (literal, ["Stage"])


def test_a_variable_stands_for_its_value(written: Callable[[Any], Any]) -> None:
    assert written({"Fn::Sub": ["${a}/${b}/${Stage}", {"a": "x", "b": {"Ref": "Bucket"}}]}) == {
        "Fn::Sub": "x/${Bucket}/${Stage}"
    }


def test_a_variable_hides_what_is_called_the_same_in_the_template(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Sub": ["${Stage}", {"Stage": "mine"}]}).literal == "mine"


def test_a_variable_with_a_dot_is_a_variable(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Sub": ["${Queue.Arn}", {"Queue.Arn": "mine"}]}).literal == "mine"


def test_a_number_becomes_text(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Sub": ["${n}-${yes}", {"n": 3, "yes": True}]}).literal == "3-true"


def test_a_choice_makes_a_choice_of_strings(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Sub": ["${name}-queue", {"name": {"Fn::If": ["IsProd", "live", "test"]}}]})

    assert value == Conditional("IsProd", Text.of("live-queue"), Text.of("test-queue"))


def test_the_same_variable_twice_makes_the_same_choice_twice(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Sub": ["${a}${a}", {"a": {"Fn::If": ["IsProd", "x", "y"]}}]})

    assert value == Conditional("IsProd", Text.of("xx"), Text.of("yy"))


def test_a_list_is_no_string(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Sub": "${Names}"}).unknowns[0].reason == "it is not a string"


def test_a_parameters_wildcard_is_a_literal_that_is_escaped(
    text: Callable[[Any], Text], pattern: Callable[[Any], Any]
) -> None:
    assert text({"Fn::Sub": "${Everything}"}) == Text((Literal("orders-*"),))
    assert pattern({"Fn::Sub": "${Everything}"}) == "orders-${*}"


@pytest.mark.parametrize(
    "argument",
    [7, None, [], ["x"], ["x", {}, {}], [7, {}], ["x", []], {}, "a${}b", "${!}${a-b}", "${a b}", "${${Stage}}"],
)
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::Sub": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::Sub is malformed")
