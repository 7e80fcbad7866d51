from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.template.intrinsics.keeping import canonical, keep
from sfn_least_privilege.policy.text import Kind, Reference, Text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.scope import Scope


WILD = "what it gives may hold a character that IAM reads as a wildcard or a variable"


def test_it_is_one_reference(scope: Scope) -> None:
    kept = keep("Fn::ImportValue", {"Ref": "Stage"}, scope)

    assert kept == Text((Reference("Fn::ImportValue", '{"Ref":"Stage"}'),))


@pytest.mark.parametrize(("sample", "kind"), [("arn:aws:x", Kind.ARN), ("https://x", Kind.URL), ("x", Kind.NAME)])
def test_the_sample_tells_the_kind(scope: Scope, sample: str | None, kind: Kind) -> None:
    assert keep("Fn::Select", [0, []], scope, sample=sample).reference.kind is kind


def test_arguments_are_written_in_one_way() -> None:
    assert (
        canonical({"b": [1, "ü"], "a": None}) == canonical({"a": None, "b": [1, "ü"]}) == '{"a":null,"b":[1,"\\u00fc"]}'
    )


@pytest.mark.parametrize(
    "argument",
    [
        [{"Ref": "Later"}, ["orders-*", "x"]],
        [0, {"Fn::Split": [",", "a?,b"]}],
        [0, {"Ref": "Everything"}],
        [0, {"Fn::FindInMap": ["Patterns", {"Ref": "Later"}, "all"]}],
        [0, {"Fn::FindInMap": [{"Ref": "Later"}, "a", "b"]}],
        [0, {"Fn::Sub": "a-*-${Stage}"}],
        [0, {"Fn::Sub": "${!aws:username}"}],
        [0, {"Fn::Sub": ["${x}", {"x": "*"}]}],
        [0, {"Fn::Sub": ["*${x}", {"x": "a"}]}],
    ],
)
def test_a_wildcard_that_could_come_out_makes_it_unknown(scope: Scope, argument: Any) -> None:
    assert keep("Fn::Select", argument, scope).unknowns[0].reason == f"Fn::Select: {WILD}"


@pytest.mark.parametrize(
    "argument",
    [
        [0, {"Fn::Sub": "a-${Stage}"}],
        [0, {"Fn::Sub": ["${x}", {"x": "a"}]}],
        [0, {"Fn::FindInMap": ["Tables", {"Ref": "Later"}, "orders"]}],
        [0, {"Ref": "Names"}],
        [0, {"Ref": "Secret"}],
    ],
)
def test_what_cannot_hold_one_is_kept(scope: Scope, argument: Any) -> None:
    assert keep("Fn::Select", argument, scope).reference.argument == canonical(argument)


def test_a_known_value_settles_it_for_what_it_is_made_of(scope: Scope) -> None:
    assert keep("Fn::Select", [1, ["*", "a"]], scope, sample="a").reference.sample == "a"
    assert keep("Fn::Select", [0, ["*", "a"]], scope, sample="*").unknowns[0].reason == f"Fn::Select: {WILD}"


@pytest.mark.parametrize("argument", [{7: "a"}, [dt.date(2026, 1, 1)]])
def test_what_is_no_json_is_unknown(scope: Scope, argument: Any) -> None:
    assert keep("Fn::Select", argument, scope).reference is None


def test_what_is_nested_without_end_is_unknown(scope: Scope) -> None:
    argument = []
    for _ in range(100_000):
        argument = [argument]

    assert "levels deep" in keep("Fn::Select", argument, scope).unknowns[0].reason
