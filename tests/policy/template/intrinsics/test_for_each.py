from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, ObjectValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


LOOP = {"Fn::ForEach::Names": ["Name", ["A", "B"], {"Table${Name}": {"Ref": "Queue"}}]}


def test_an_object_with_a_loop_may_have_more_fields_than_it_shows(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"known": "x", **LOOP}) == ObjectValue(
        {"known": Text.of("x")},
        rest=Anything("Fn::ForEach is not unrolled yet: list the transform AWS::LanguageExtensions before this macro"),
    )


def test_an_object_that_is_only_a_loop_may_have_any_fields(resolved: Callable[[Any], Value]) -> None:
    value = resolved(LOOP)

    assert (value.fields, isinstance(value.rest, Anything)) == ({}, True)


def test_a_loop_cannot_be_kept_for_later(text: Callable[[Any], Text]) -> None:
    value = text({"Fn::Select": [{"Ref": "Later"}, [LOOP]]})

    assert "is not evaluated any more" in value.unknowns[0].reason
