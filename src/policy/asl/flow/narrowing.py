"""What a comparison that holds tells of the data: a place is known to be a certain value, or one of several."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.flow.entry import Entry
from sfn_least_privilege.policy.asl.flow.joining import join, merge
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError, StateData, selection, written
from sfn_least_privilege.policy.text import Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import MISSING, Anything, Conditional, ObjectValue, Value, alternatives_of, one_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

INPUT, CONTEXT = "$", "$$"


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a comparison speaks of: ``root`` is ``$``, ``$$`` or the name of a variable.

    ``path`` is the way from there, a reference path that starts with ``$``. ``through`` are the fields on the way
    that must be those of objects for the place to be certain; see :mod:`~.conditions`.
    """

    root: str
    path: str
    through: tuple[str, ...] = ()


Facts: TypeAlias = "Mapping[Place, Value]"
"""What places are: each a Text, or one of several."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a condition tells: what places are where it holds, and what they are not where it does not hold."""

    holding: Facts = field(default_factory=dict)
    failing: Facts = field(default_factory=dict)


NOTHING = Told()


def all_hold(several: Iterable[Told]) -> Told:
    """What is told by several conditions that must hold together."""
    conditions = list(several)
    if len(conditions) == 1:
        return conditions[0]
    holding: dict[Place, Value] = {}
    for place, value in (fact for each in conditions for fact in each.holding.items()):
        # Of several facts about one place, one that names the string itself says the most.
        if place not in holding or not is_certain(holding[place]):
            holding[place] = value
    return Told(holding)


def one_holds(several: Iterable[Told]) -> Told:
    """What is told by several conditions of which one must hold."""
    conditions = list(several)
    failing: dict[Place, Value] = {}
    for place in dict.fromkeys(place for each in conditions for place in each.failing):
        failing[place] = join([each.failing[place] for each in conditions if place in each.failing])
    if not all(each.holding for each in conditions):
        return Told({}, failing)
    common = [place for place in conditions[0].holding if all(place in each.holding for each in conditions)]
    return Told({place: join([each.holding[place] for each in conditions]) for place in common}, failing)


def is_certain(text: Value) -> bool:
    """Whether a value is a string that is the same in every execution."""
    return isinstance(text, Text) and not any(isinstance(part, Unknown | Wildcard) for part in text.parts)


def narrowed(entry: Entry, facts: Facts) -> Entry:
    """``entry`` in those runs in which each place is what ``facts`` say."""
    for place, wanted in facts.items():
        entry = _changed(entry, place, partial(_meet, wanted=wanted))
    return entry


def without(entry: Entry, facts: Facts) -> Entry:
    """``entry`` in those runs in which no place is what ``facts`` say."""
    for place, unwanted in facts.items():
        entry = _changed(entry, place, partial(_exclude, unwanted=unwanted))
    return entry


def _changed(entry: Entry, place: Place, change: Callable[[Value], Value | None]) -> Entry:
    if place.root == INPUT:
        return Entry(_at(entry.input, place, change), entry.variables, entry.context)
    if place.root == CONTEXT:
        context = _at(merge(entry.context), place, change)
        return Entry(entry.input, entry.variables, context) if isinstance(context, ObjectValue) else entry
    if place.root in entry.variables:
        known = _at(entry.variables[place.root], place, change)
        return Entry(entry.input, {**entry.variables, place.root: known}, entry.context)
    return entry


def _at(base: Value, place: Place, change: Callable[[Value], Value | None]) -> Value:
    """``base`` with ``change`` made at ``place``, and without the alternatives for which that leaves nothing."""
    kept: list[Value] = []
    alternatives = alternatives_of(base)
    try:
        for alternative in alternatives:
            changed = _of_one(alternative, place, change)
            if changed is not None:
                kept.append(changed)
    except ExpressionSyntaxError:
        return base
    if len(kept) == len(alternatives) and all(map(operator.is_, kept, alternatives)):
        return base
    # When nothing is left, no run comes here: what is said of it does not matter.
    return join(kept) if kept else base


def _of_one(alternative: Value, place: Place, change: Callable[[Value], Value | None]) -> Value | None:
    if isinstance(alternative, Conditional) or not _is_plain(alternative, place.through):
        return alternative
    current = (
        alternative if isinstance(alternative, Anything) else selection(place.path, StateData(alternative, MISSING))
    )
    changed = change(current)
    return alternative if changed is current else None if changed is None else written(place.path, alternative, changed)


def _is_plain(value: Value, through: Sequence[str]) -> bool:
    """Whether the way to a place leads through objects only."""
    for name in through:
        if not isinstance(value, ObjectValue):
            return False
        value = value.fields.get(name, MISSING)
    return True


def _meet(current: Value, wanted: Value) -> Value | None:
    """What is both: the alternatives of ``current`` that can be ``wanted``. None when none can."""
    if isinstance(current, Anything):
        return wanted
    met: list[Value] = []
    for leaf in alternatives_of(current):
        if isinstance(leaf, Conditional):
            return wanted
        if not isinstance(leaf, Text):
            continue
        fitting = [each for each in alternatives_of(wanted) if isinstance(each, Text) and _may_agree(leaf, each)]
        if fitting and is_certain(leaf):
            met.append(leaf)
        else:
            met.extend(fitting)
    if not met:
        return None
    found = one_of(met)
    return current if found == current else found


def _exclude(current: Value, unwanted: Value) -> Value | None:
    """What is left of ``current`` without the strings that certainly are ``unwanted``."""
    excluded = [each for each in alternatives_of(unwanted) if is_certain(each)]
    leaves = alternatives_of(current)
    left = [leaf for leaf in leaves if leaf not in excluded]
    if len(left) == len(leaves):
        return current
    return one_of(left) if left else None


def _may_agree(one: Text, other: Text) -> bool:
    """Whether two strings, each known in part, may be the same."""
    if one.literal is not None and other.literal is not None:
        return one.literal == other.literal
    return (one.prefix.startswith(other.prefix) or other.prefix.startswith(one.prefix)) and (
        one.suffix.endswith(other.suffix) or other.suffix.endswith(one.suffix)
    )
