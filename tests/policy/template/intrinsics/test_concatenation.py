from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.text import Kind
from sfn_least_privilege.policy.value import guarded_texts

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


def choice(number: int, then: Any = "a", otherwise: Any = "b") -> dict[str, Any]:
    return {"Fn::If": [f"C{number}", then, otherwise]}


def test_six_conditions_make_every_combination(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Join": ["", [choice(number) for number in range(6)]]})

    assert len(guarded_texts(value)) == 64


def test_a_condition_more_stays_in_the_string(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Join": ["", [choice(number) for number in range(8)]]})
    texts = [guarded.text for guarded in guarded_texts(value)]

    assert len(texts) == 64
    assert {tuple(reference.argument for reference in each.references) for each in texts} == {
        ('["C6","a","b"]', '["C7","a","b"]')
    }


def test_the_same_condition_often_is_one(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Join": ["", [choice(0) for _ in range(100)]]})

    assert [guarded.text.literal for guarded in guarded_texts(value)] == ["a" * 100, "b" * 100]


def test_a_long_string_keeps_its_choices_as_holes(text: Callable[[Any], Text]) -> None:
    value = text({"Fn::Join": ["", ["x" * 40_000, choice(0)]]})

    assert value.references[0].function == "Fn::If"


@pytest.mark.parametrize(
    ("then", "otherwise", "kind"),
    [
        ({"Fn::GetAtt": ["Queue", "Arn"]}, {"Ref": "Topic"}, Kind.ARN),
        ({"Ref": "Table"}, {"Ref": "Topic"}, Kind.UNKNOWN),
    ],
)
def test_a_hole_is_what_both_its_branches_are(
    text: Callable[[Any], Text], then: Any, otherwise: Any, kind: Kind
) -> None:
    value = text({"Fn::Join": ["", ["x" * 70_000, choice(0, then, otherwise)]]})

    assert value.references[0].kind is kind


@pytest.mark.parametrize("then", [{"Ref": "AWS::NoValue"}, "*"])
def test_a_hole_that_could_not_be_written_is_unknown(text: Callable[[Any], Text], then: Any) -> None:
    value = text({"Fn::Sub": ["x" * 70_000 + "${hole}", {"hole": choice(0, then)}]})

    assert len(value.unknowns) == 1


def test_a_string_that_grows_without_end_is_unknown(scope: Scope) -> None:
    node = "ab"
    for _ in range(60):
        node = {"Fn::Sub": ["${a}${a}", {"a": node}]}

    assert "4,000,000 characters" in repr(resolve(node, scope))
