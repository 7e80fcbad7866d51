"""How large a value is, counted without recursion and only as far as it matters."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.limits import MAX_DEPTH, MAX_SIZE
from sfn_least_privilege.policy.value import ArrayValue, Conditional, ListOf, ObjectValue, OneOf

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.value import Value


def size_of(value: Value) -> int | None:
    """How many values are in ``value``, itself included; None when it is too large or nested too deeply.

    A value that is used twice counts twice: comparing and hashing visit it twice as well.
    """
    level: list[Value] = [value]
    size = 0
    for _ in range(MAX_DEPTH):
        size += len(level)
        if size > MAX_SIZE:
            return None
        inside = chain.from_iterable(_inside(each) for each in level)
        level = list(islice(inside, MAX_SIZE))
        if not level:
            return size
    return None


def _inside(value: Value) -> Iterable[Value]:
    if isinstance(value, ObjectValue):
        return value.fields.values() if value.rest is None else (*value.fields.values(), value.rest)
    if isinstance(value, ArrayValue):
        return value.items
    if isinstance(value, ListOf):
        return (value.item,)
    if isinstance(value, OneOf):
        return value.alternatives
    if isinstance(value, Conditional):
        return (value.then, value.otherwise)
    return ()
