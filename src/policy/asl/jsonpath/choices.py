"""Values that may be one of several: apply a function to each, count them, leave out what is missing."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.syntax import MAX_DEPTH
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MAX_ALTERNATIVES,
    Anything,
    Conditional,
    Missing,
    OneOf,
    Value,
    alternatives_of,
    conditional,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TOO_MANY = f"it can be any of more than {MAX_ALTERNATIVES} values"
_TOO_DEEP = "it depends on too many conditions, one inside the other"


def map_choices(value: Value, change: Callable[[Value], Value], depth: int = 0) -> Value:
    """Apply ``change`` to every value that ``value`` can be, keeping its choices.

    What ``change`` gets is no choice itself; it may be Missing.
    """
    if not isinstance(value, OneOf | Conditional):
        return change(value)
    if depth > MAX_DEPTH:
        return Anything(_TOO_DEEP)
    if isinstance(value, OneOf):
        return one_of([map_choices(each, change, depth + 1) for each in value.alternatives])
    then = map_choices(value.then, change, depth + 1)
    return conditional(value.condition, then, map_choices(value.otherwise, change, depth + 1))


def leaves(value: Value) -> tuple[Value, ...]:
    """Every value that ``value`` can be, none of them a choice, in order of appearance."""
    if not isinstance(value, OneOf | Conditional):
        return (value,)
    found: list[Value] = []
    waiting: list[Value] = [value]
    while waiting:
        each = waiting.pop()
        if isinstance(each, OneOf):
            waiting.extend(reversed(each.alternatives))
        elif isinstance(each, Conditional):
            waiting.extend((each.otherwise, each.then))
        else:
            found.append(each)
    return tuple(found)


def present(value: Value) -> tuple[Value, bool]:
    """``value`` without the possibility that it is missing, and whether there was one.

    MISSING when it is certainly missing. What an Anything is taken from decides whether that may be missing:
    an item of a known array is there, a field of something unknown need not be; see :func:`is_open`.
    """
    if not isinstance(value, OneOf | Conditional):
        return value, isinstance(value, Missing)
    if not any(isinstance(each, Missing) for each in leaves(value)):
        return value, False
    return _without_missing(value), True


def is_open(value: Value) -> bool:
    """Whether nothing is known of what ``value`` can be in some run."""
    return any(isinstance(each, Anything) for each in leaves(value))


def _without_missing(value: Value, depth: int = 0) -> Value:
    if depth > MAX_DEPTH:
        return Anything(_TOO_DEEP)
    if isinstance(value, OneOf):
        kept = [_without_missing(each, depth + 1) for each in value.alternatives]
        return one_of([each for each in kept if not isinstance(each, Missing)])
    if isinstance(value, Conditional):
        then, otherwise = _without_missing(value.then, depth + 1), _without_missing(value.otherwise, depth + 1)
        if isinstance(then, Missing):
            return otherwise
        return then if isinstance(otherwise, Missing) else conditional(value.condition, then, otherwise)
    return value


def union(values: Iterable[Value]) -> Value:
    """The join of many values, found without looking at all of them where it is Anything anyway.

    Objects with the same fields share a hash, so that telling many of them apart would take quadratic time.
    """
    unique: dict[Value, None] = {}
    has_other = False
    for value in values:
        for each in alternatives_of(value):
            unique[each] = None
            has_other = has_other or not isinstance(each, Text)
            if has_other and len(unique) > MAX_ALTERNATIVES:
                return Anything(TOO_MANY)
    return one_of(unique)


def combine(values: tuple[Value, ...], change: Callable[[tuple[Value, ...]], Value]) -> Value:
    """Apply ``change`` to every combination of what ``values`` can be; Anything when there are too many."""
    if prod(len(leaves(value)) for value in values) > MAX_ALTERNATIVES:
        return Anything(TOO_MANY)

    def choose(chosen: tuple[Value, ...]) -> Value:
        if len(chosen) == len(values):
            return change(chosen)
        return map_choices(values[len(chosen)], lambda each: choose((*chosen, each)))

    return choose(())
