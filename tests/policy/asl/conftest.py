"""Whether a Value covers what a run really had."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    Missing,
    ObjectValue,
    OneOf,
    Scalar,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable


def _covers(value: Value, concrete: Any) -> bool:
    if isinstance(value, Anything):
        return True
    if isinstance(value, OneOf):
        return any(_covers(each, concrete) for each in value.alternatives)
    if isinstance(value, Conditional):
        return _covers(value.then, concrete) or _covers(value.otherwise, concrete)
    if isinstance(value, Missing) or concrete is MISSING:
        return isinstance(value, Missing) and concrete is MISSING
    if isinstance(value, Text):
        return isinstance(concrete, str) and _text_covers(value, concrete)
    if isinstance(value, Scalar):
        return _scalar_covers(value, concrete)
    return _container_covers(value, concrete)


def _text_covers(text: Text, concrete: str) -> bool:
    pattern = "".join(re.escape(part.value) if isinstance(part, Literal) else ".*" for part in text.parts)
    return re.fullmatch(pattern, concrete, re.DOTALL) is not None


def _scalar_covers(value: Scalar, concrete: Any) -> bool:
    known = value.value
    if known is None or isinstance(known, bool):
        return concrete is known
    if isinstance(concrete, bool) or not isinstance(concrete, int | float):
        return False
    return math.isclose(known, concrete, rel_tol=1e-12)


def _container_covers(value: ArrayValue | ListOf | ObjectValue, concrete: Any) -> bool:
    if isinstance(value, ObjectValue):
        if not isinstance(concrete, dict):
            return False
        others = [item for name, item in concrete.items() if name not in value.fields]
        known = all(_covers(item, concrete.get(name, MISSING)) for name, item in value.fields.items())
        return known and all(value.rest is not None and _covers(value.rest, item) for item in others)
    if not isinstance(concrete, list):
        return False
    if isinstance(value, ListOf):
        return all(_covers(value.item, item) for item in concrete)
    return len(value.items) == len(concrete) and all(map(_covers, value.items, concrete))


@pytest.fixture(scope="session")
def covers() -> Callable[[Value, Any], bool]:
    """``covers(value, concrete)``: whether JSON, or MISSING, is among what ``value`` stands for."""
    return _covers
