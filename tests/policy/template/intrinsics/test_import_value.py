from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Kind
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize("name", ["shared-QueueArn", {"Fn::Sub": "${Stage}-QueueArn"}, {"Ref": "Stage"}])
def test_it_stays_as_it_is(written: Callable[[Any], Any], name: str) -> None:
    assert written({"Fn::ImportValue": name}) == {"Fn::ImportValue": name}


def test_an_exports_name_proves_nothing(text: Callable[[Any], Text]) -> None:
    reference = text({"Fn::ImportValue": "shared-QueueArn"}).reference

    assert (reference.kind, reference.sample) == (Kind.UNKNOWN, None)


def test_equal_imports_are_equal(text: Callable[[Any], Text]) -> None:
    first = text({"Fn::ImportValue": {"Fn::Join": ["-", ["a", {"Ref": "Stage"}]]}})
    second = text({"Fn::ImportValue": {"Fn::Join": ["-", ["a", {"Ref": "Stage"}]]}})

    assert first == second


@pytest.mark.parametrize("argument", [None, "", 7, [], ["a"], {}])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::ImportValue": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::ImportValue is malformed")


def test_what_is_wrong_inside_is_said(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Fn::ImportValue": {"Fn::If": []}}).reason.startswith("Fn::If is malformed")
