from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.template.intrinsics.condition_functions import NAMES
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, ObjectValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize("function", sorted(NAMES))
def test_a_condition_is_no_value(resolved: Callable[[Any], Value], function: str) -> None:
    assert resolved({function: ["a", "b"]}) == Anything(
        f"{function} is malformed: it gives a condition, and a value is wanted here"
    )


def test_the_key_condition_is_a_field_like_any_other(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Condition": "{% true %}"}) == ObjectValue({"Condition": Text.of("{% true %}")})
