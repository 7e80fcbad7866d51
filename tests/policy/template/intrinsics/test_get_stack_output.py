from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Kind
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


def test_it_stays_as_it_is(written: Callable[[Any], Any], text: Callable[[Any], Text]) -> None:
    node = {"Fn::GetStackOutput": {"StackName": {"Ref": "Stage"}, "OutputName": "QueueArn", "Region": "us-east-1"}}

    assert written(node) == node
    assert text(node).reference.kind is Kind.UNKNOWN


@pytest.mark.parametrize("argument", [None, "x", [], {}, {"StackName": "a"}, {"OutputName": "b"}])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::GetStackOutput": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::GetStackOutput is malformed")
