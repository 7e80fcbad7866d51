from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.value import Anything, ListOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize("argument", [["10.0.0.0/16", 2], ["10.0.0.0/16", 2, 8]])
def test_it_is_a_list_that_is_not_worked_out(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::Cidr": argument})

    assert isinstance(value, ListOf)
    assert value.item.unknowns[0].reason == "the address ranges of Fn::Cidr are not worked out"


def test_one_of_its_ranges_is_exact_at_deployment(written: Callable[[Any], Any]) -> None:
    node = {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/16", 2]}]}

    assert written(node) == node


@pytest.mark.parametrize("argument", [None, "x", [], ["10.0.0.0/16"], ["a", 1, 2, 3]])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::Cidr": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::Cidr is malformed")
