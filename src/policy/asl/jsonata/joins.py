"""One value that covers many, in time that grows with their number and not with its square."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    ObjectValue,
    OneOf,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_VARIANTS = 16
"""How many different objects, or arrays, stay apart. Beyond that they are joined field by field."""


def join(values: Sequence[Value]) -> Value:
    """A value that covers each of ``values``; MISSING when there are none."""
    if len(values) <= _MAX_VARIANTS:
        return one_of(values)
    objects: dict[int, ObjectValue] = {}
    arrays: dict[int, ArrayValue | ListOf] = {}
    others: dict[int, Value] = {}
    for value in values:
        for each in value.alternatives if isinstance(value, OneOf) else (value,):
            if isinstance(each, Anything):
                return each
            if isinstance(each, ObjectValue):
                objects[id(each)] = each
            elif isinstance(each, ArrayValue | ListOf):
                arrays[id(each)] = each
            else:
                others[id(each)] = each
    return one_of((*_plain(list(others.values())), *_objects(list(objects.values())), *_arrays(list(arrays.values()))))


def _plain(values: list[Value]) -> tuple[Value, ...]:
    # Joined first, so that many strings keep their common beginning beside what is no string.
    return (one_of(values),) if values else ()


def _objects(objects: list[ObjectValue]) -> Sequence[Value]:
    if len(objects) <= _MAX_VARIANTS:
        return objects
    found: dict[str, list[Value]] = {}
    for each in objects:
        for name, value in each.fields.items():
            found.setdefault(name, []).append(value)
    rests = [each.rest for each in objects if each.rest is not None]
    elsewhere = [MISSING, *rests]
    fields = {
        name: join(values if len(values) == len(objects) else values + elsewhere) for name, values in found.items()
    }
    return (ObjectValue(fields, join(rests) if rests else None),)


def _arrays(arrays: list[ArrayValue | ListOf]) -> Sequence[Value]:
    if len(arrays) <= _MAX_VARIANTS:
        return arrays
    items = [item for each in arrays for item in (each.items if isinstance(each, ArrayValue) else (each.item,))]
    return (ListOf(join(items)) if items else ArrayValue(()),)
