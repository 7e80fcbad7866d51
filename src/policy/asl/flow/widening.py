"""Widening: giving up exactness where a loop would go on producing new values for ever."""

from __future__ import annotations

from enum import IntEnum
from itertools import takewhile
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.covering import covers
from sfn_least_privilege.policy.asl.flow.joining import join, merge
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import MISSING, Anything, ObjectValue, Value, alternatives_of

if TYPE_CHECKING:
    from collections.abc import Iterable

REASON = "it changes from one round of a loop to the next"
_CHANGING = Anything(REASON)


class Patience(IntEnum):
    """How much of a place that has changed again and again is kept."""

    ALL = 0
    PREFIXES = 1
    """What strings have in common at their beginning, and every field that does not change."""
    UNCHANGED = 2
    """Only the fields that do not change."""
    NOTHING = 3


def patience_after(changes: int) -> Patience:
    """How much is kept of a place that has changed so many times; the more often, the less."""
    return next((patience for limit, patience in _LIMITS if changes <= limit), Patience.NOTHING)


# Data that ever new rounds change is rare, and constants seldom need more rounds than there are of them in a loop.
_LIMITS = ((5, Patience.ALL), (8, Patience.PREFIXES), (10, Patience.UNCHANGED))


def widen(old: Value, new: Value, patience: Patience) -> Value:
    """A value that covers ``old`` and ``new``; equal to ``old`` when that covers ``new`` already."""
    if covers(old, new):
        return old
    joined = join((old, new))
    if joined == old or patience is Patience.ALL:
        return joined
    if patience is Patience.NOTHING:
        return _CHANGING
    return _soften(old, joined, patience)


def _soften(old: Value, new: Value, patience: Patience) -> Value:
    if old == new:
        return old
    old, new = merge(old), merge(new)
    if isinstance(old, ObjectValue) and isinstance(new, ObjectValue):
        kept = {name: _soften(value, new.fields.get(name, MISSING), patience) for name, value in old.fields.items()}
        grown = new.fields.keys() - old.fields.keys() or new.rest != old.rest
        return ObjectValue(kept, _CHANGING if grown else old.rest)
    if patience is Patience.PREFIXES:
        beginning = _beginning((*alternatives_of(old), *alternatives_of(new)))
        if beginning:
            return Text.of(beginning, Unknown(REASON))
    return _CHANGING


def _beginning(values: Iterable[Value]) -> str:
    """The characters that all ``values`` start with, empty where one of them is no string."""
    prefixes = [each.prefix if isinstance(each, Text) else "" for each in values]
    # What the first and the last in alphabetical order have in common, all between them have as well.
    pairs = zip(min(prefixes), max(prefixes), strict=False)
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
