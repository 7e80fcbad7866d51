"""One definite step into a value: a field of an object, an item of an array."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.choices import map_choices
from sfn_least_privilege.policy.asl.jsonpath.paths import Field, Index
from sfn_least_privilege.policy.value import MISSING, Anything, ArrayValue, ListOf, ObjectValue, Value, one_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def field_of(value: Value, name: str) -> Value:
    """What the field ``name`` holds; MISSING where there certainly is none. Letter case counts."""

    def field(each: Value) -> Value:
        if isinstance(each, ObjectValue):
            found = each.fields.get(name)
            if found is None:
                return MISSING if each.rest is None else one_of((each.rest, MISSING))
            return found
        return each if isinstance(each, Anything) else MISSING

    return map_choices(value, field)


def item_of(value: Value, position: int) -> Value:
    """What stands at ``position``, counted from the end when it is negative; MISSING outside the array."""

    def item(each: Value) -> Value:
        if isinstance(each, ArrayValue):
            length = len(each.items)
            return each.items[position] if -length <= position < length else MISSING
        if isinstance(each, ListOf):
            return one_of((each.item, MISSING))
        return each if isinstance(each, Anything) else MISSING

    return map_choices(value, item)


def follow(value: Value, steps: Iterable[Field | Index]) -> Value:
    """What stands where ``steps`` lead."""
    for step in steps:
        value = field_of(value, step.name) if isinstance(step, Field) else item_of(value, step.position)
    return value
