"""Joining values: one value that covers several, for a place that several ways lead to.

Objects that differ in much stay apart for as long as they are few, because what one of their fields is may tell
what another is. Objects that differ in one field only, or in nothing that is known, become one without loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.covering import covers
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    OneOf,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_VARIANTS = 8
"""How many different objects, or arrays, a value may become before they are joined item by item."""


def join(values: Iterable[Value], limit: int = MAX_VARIANTS) -> Value:
    """A value that covers each of ``values``; MISSING when there are none.

    It is no more than ``limit`` different objects, and as many arrays, or no more than one of the values is already.
    """
    distinct = {id(value): value for value in values}
    for value in distinct.values():
        if isinstance(value, Anything):
            return value
    if len(distinct) == 1:
        return next(iter(distinct.values()))
    return _Found(limit).joined(distinct.values())


def merge(value: Value) -> Value:
    """``value`` with all the objects that it can be as one object, and all the arrays as one array."""
    return _Found(0).joined((value,)) if isinstance(value, OneOf) else value


_ARRAYS = (ArrayValue, ListOf)


class _Found:
    """The alternatives of a value that is being put together; objects stay apart up to ``limit``."""

    __slots__ = ("arrays", "limit", "objects", "others")

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.objects: list[ObjectValue] = []
        self.arrays: list[ArrayValue | ListOf] = []
        self.others: list[Value] = []

    def joined(self, values: Iterable[Value]) -> Value:
        distinct: dict[int, Value] = {}
        for value in values:
            leaves = value.alternatives if isinstance(value, OneOf) else (value,)
            if self.limit:
                self.limit = max(self.limit, len(leaves))
            for leaf in leaves:
                if isinstance(leaf, Anything):
                    return leaf
                distinct[id(leaf)] = leaf
        for leaf in distinct.values():
            if isinstance(leaf, ObjectValue):
                self._add_object(leaf)
            elif isinstance(leaf, _ARRAYS):
                self._add_array(leaf)
            else:
                self.others.append(leaf)
        arrays = self.arrays
        if len(arrays) > max(1, self.limit) or (len(arrays) > 1 and any(isinstance(each, ListOf) for each in arrays)):
            arrays = [_one_array(arrays)]
        return one_of((*self.others, *self.objects, *arrays))

    def _add_array(self, new: ArrayValue | ListOf) -> None:
        if not any(covers(old, new) for old in self.arrays):
            self.arrays = [*(old for old in self.arrays if not covers(new, old)), new]

    def _add_object(self, new: ObjectValue) -> None:
        for position, old in enumerate(self.objects):
            if covers(old, new):
                return
            if not self.limit or _loses_nothing(old, new):
                self.objects[position] = _one_object(old, new)
                return
        self.objects.append(new)
        if len(self.objects) > max(1, self.limit):
            first, *others = self.objects
            for other in others:
                first = _one_object(first, other)
            self.objects = [first]
            self.limit = 0


def _one_array(arrays: list[ArrayValue | ListOf]) -> ListOf | ArrayValue:
    items = [item for each in arrays for item in ((each.item,) if isinstance(each, ListOf) else each.items)]
    return ListOf(join(items)) if items else ArrayValue(())


def _one_object(old: ObjectValue, new: ObjectValue) -> ObjectValue:
    if old is new:
        return old
    fields: dict[str, Value] = {}
    for name in (*old.fields, *(name for name in new.fields if name not in old.fields)):
        one, other = old.fields.get(name), new.fields.get(name)
        fields[name] = one if one is other and one is not None else join((*_there(one, old), *_there(other, new)))
    rests = [each.rest for each in (old, new) if each.rest is not None]
    return ObjectValue(fields, join(rests) if rests else None)


def _there(value: Value | None, holder: ObjectValue) -> tuple[Value, ...]:
    """What a field may be in ``holder``, where it may not be listed."""
    if value is not None:
        return (value,)
    return (MISSING,) if holder.rest is None else (MISSING, holder.rest)


def _loses_nothing(one: ObjectValue, other: ObjectValue) -> bool:
    """Whether two objects can be joined field by field without making combinations that neither is."""
    informative = 0
    for name in one.fields.keys() | other.fields.keys():
        left, right = one.fields.get(name), other.fields.get(name)
        if left is right or left == right:
            continue
        informative += _tells(left) or _tells(right)
        if informative > 1:
            return False
    return True


def _tells(value: Value | None) -> bool:
    if value is None or isinstance(value, Anything):
        return False
    if isinstance(value, Text):
        return not all(isinstance(part, Unknown) for part in value.parts)
    if isinstance(value, OneOf):
        return any(_tells(alternative) for alternative in value.alternatives)
    if isinstance(value, Conditional):
        return True
    if isinstance(value, ObjectValue):
        return any(_tells(item) for item in value.fields.values())
    if isinstance(value, ListOf):
        return _tells(value.item)
    return not isinstance(value, ArrayValue) or any(_tells(item) for item in value.items)
