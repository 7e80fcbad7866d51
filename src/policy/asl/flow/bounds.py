"""Bounds on the values that flow: how deep and how large one may be, and how much may be built in all.

They hold for every definition, so that none can make the analysis slow, fill the memory or reach Python's limit of
recursion: values are compared, joined and read by functions that call themselves once for each level.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.joining import join, merge
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    OneOf,
    Value,
    conditional,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_DEPTH = 32
"""How deep a value may be nested. Payloads of services end far below."""

MAX_SIZE = 10_000
"""The most values inside one value."""

MAX_BUILT = 1_000_000
"""The most values built for one definition: what the memory of a small Lambda function holds."""

MAX_APART = 10_000
"""How many objects are followed apart from others that may be in their place, counted at each state."""

TOO_DEEP = Anything(f"it is nested more than {MAX_DEPTH} levels deep")
TOO_LARGE = Anything(f"it is part of more than {MAX_SIZE:,} values that are passed on together")
TOO_MUCH = Anything("the definition passes on more data than can be followed")


class Bounds:
    """Keeps the values of one analysis within bounds."""

    def __init__(self) -> None:
        """Start with nothing built."""
        self._built = 0
        self._apart = 0
        # Size and depth of everything measured so far; the value beside them keeps its id from being used again.
        self._measured: dict[int, tuple[int, int, Value]] = {}

    @property
    def exhausted(self) -> bool:
        """Whether so much has been built that nothing more is followed."""
        return self._built > MAX_BUILT

    def spend(self, built: int) -> None:
        """Count ``built`` more values."""
        self._built += built

    def few(self, value: Value) -> Value:
        """``value`` as one object where it has been many different ones at too many states."""
        if not isinstance(value, OneOf):
            return value
        self._apart += len(value.alternatives)
        return self.keep(merge(value)) if self._apart > MAX_APART else value

    def keep(self, value: Value) -> Value:
        """``value``, or a simpler value that covers it where it goes beyond a bound."""
        if type(value) not in _CONTAINERS:
            return value
        size, depth = self._measure(value)
        if size > MAX_SIZE:
            value = self._lighten(value)
            size, depth = self._measure(value)
        if depth > MAX_DEPTH:
            # Half of it, so that data which is wrapped again and again is not rebuilt each time.
            value = self._flatten(value, MAX_DEPTH // 2)
        return TOO_MUCH if self.exhausted else value

    def _measure(self, value: Value) -> tuple[int, int]:
        """The number of values in ``value`` and how deep they are nested; what was measured before counts at once."""
        if type(value) not in _CONTAINERS:
            return _LEAF
        known = self._measured.get(id(value)) or self._sum(value)
        if known:
            return known[:2]
        waiting = [value]
        while waiting:
            each = waiting[-1]
            if id(each) in self._measured or self._sum(each):
                waiting.pop()
            else:
                waiting.extend(part for part in _parts(each) if type(part) in _CONTAINERS)
        return self._measured[id(value)][:2]

    def _sum(self, value: Value) -> tuple[int, int, Value] | None:
        """Measure ``value`` from its parts; None when one of them has not been measured."""
        size = depth = 1
        parts = _parts(value)
        for part in parts:
            if type(part) not in _CONTAINERS:
                size += 1
                continue
            known = self._measured.get(id(part))
            if known is None:
                return None
            size += known[0]
            depth = max(depth, known[1])
        self._built += 1 + len(parts)
        measured = self._measured[id(value)] = (size, depth + 1, value)
        return measured

    def _flatten(self, value: Value, levels: int) -> Value:
        """``value`` down to ``levels`` levels, and nothing known of what is below."""
        if type(value) not in _CONTAINERS or self._measure(value)[1] <= levels:
            return value
        if levels <= 1:
            return TOO_DEEP
        return _rebuilt(value, {id(part): self._flatten(part, levels - 1) for part in _parts(value)})

    def _lighten(self, value: Value) -> Value:
        """``value`` without its largest parts; a long array as one of unknown length."""
        if isinstance(value, ArrayValue):
            value = ListOf(join(value.items))
            if self._measure(value)[0] <= MAX_SIZE:
                return value
        parts = _parts(value)
        heavy = {id(part) for part in parts if self._measure(part)[0] > MAX_SIZE // _SHARES}
        lighter = _rebuilt(value, {id(part): TOO_LARGE if id(part) in heavy else part for part in parts})
        return lighter if self._measure(lighter)[0] <= MAX_SIZE else TOO_LARGE


_CONTAINERS = frozenset({ObjectValue, ArrayValue, ListOf, OneOf, Conditional})
_LEAF = (1, 1)
_SHARES = 8


def _parts(value: Value) -> tuple[Value, ...]:
    if isinstance(value, ObjectValue):
        fields = tuple(value.fields.values())
        return fields if value.rest is None else (*fields, value.rest)
    if isinstance(value, ArrayValue):
        return value.items
    if isinstance(value, OneOf):
        return value.alternatives
    if isinstance(value, ListOf):
        return (value.item,)
    return (value.then, value.otherwise) if isinstance(value, Conditional) else ()


def _rebuilt(value: Value, parts: Mapping[int, Value]) -> Value:
    """``value`` with each of its parts, by id, replaced."""
    if isinstance(value, ObjectValue):
        fields = {name: parts[id(item)] for name, item in value.fields.items()}
        return ObjectValue(fields, None if value.rest is None else parts[id(value.rest)])
    if isinstance(value, ArrayValue):
        return ArrayValue(tuple(parts[id(item)] for item in value.items))
    if isinstance(value, OneOf):
        return one_of([parts[id(alternative)] for alternative in value.alternatives])
    if isinstance(value, ListOf):
        return ListOf(parts[id(value.item)])
    if isinstance(value, Conditional):
        return conditional(value.condition, parts[id(value.then)], parts[id(value.otherwise)])
    return value
