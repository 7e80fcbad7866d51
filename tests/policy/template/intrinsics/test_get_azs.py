from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.value import Anything, ListOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize("argument", ["", "eu-west-1", {"Ref": "AWS::Region"}])
def test_it_is_a_list_that_deployment_tells(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::GetAZs": argument})

    assert isinstance(value, ListOf)
    assert value.item.unknowns[0].reason == "which Availability Zones an account has is known at deployment"


def test_one_of_the_zones_is_exact_at_deployment(written: Callable[[Any], Any]) -> None:
    node = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}

    assert written(node) == node


@pytest.mark.parametrize("argument", [None, [], 7])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::GetAZs": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::GetAZs is malformed")
