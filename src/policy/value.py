"""What is known of a JSON value before a workflow runs: the abstract domain of the analysis.

Every value that an execution can really have at a place is covered by the ``Value`` computed for that place.
Strings are :class:`~sfn_least_privilege.policy.text.Text`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.text import Literal, Text, Unknown, unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

MAX_ALTERNATIVES = 64
"""How many strings a value may stand for before only their common beginning is kept."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """A number, a boolean or null that is known, as JSON writes it: ``1``, ``true`` and ``1.5`` stay apart."""

    json: str

    @property
    def value(self) -> float | bool | None:
        """The Python value it is."""
        parsed: float | bool | None = json.loads(self.json)
        return parsed


@dataclass(frozen=True, slots=True)
class ObjectValue:
    """An object. ``rest`` says what any field that is not listed may hold; None means there are no others.

    A field that may be missing holds a :class:`OneOf` with :class:`Missing` among its alternatives.
    """

    fields: Mapping[str, Value]
    rest: Value | None = None

    def __hash__(self) -> int:
        # Strings tell objects apart well enough; hashing what is nested deeper would cost more than it saves.
        return hash(frozenset((name, item if isinstance(item, Text) else None) for name, item in self.fields.items()))


@dataclass(frozen=True, slots=True)
class ArrayValue:
    """An array whose length and items are known."""

    items: tuple[Value, ...]

    def __hash__(self) -> int:
        # As for objects: shallow, because nested arrays can share their items many times over.
        return hash((len(self.items), tuple(item for item in self.items if isinstance(item, Text))))


@dataclass(frozen=True, slots=True)
class ListOf:
    """An array of unknown length whose every item is covered by ``item``."""

    item: Value


@dataclass(frozen=True, slots=True)
class Anything:
    """A value of which nothing is known; ``reason`` says why, for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class Missing:
    """No value at all: ``AWS::NoValue``, or a field that is not there."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several values; only the running execution can tell which. Build it with :func:`one_of`."""

    alternatives: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """A value that a template condition chooses at deployment (``Fn::If``)."""

    condition: str
    then: Value
    otherwise: Value


Value: TypeAlias = Text | Scalar | ObjectValue | ArrayValue | ListOf | Anything | Missing | OneOf | Conditional


Guards: TypeAlias = tuple[tuple[str, bool], ...]
"""Template conditions that must hold (True) or must not (False): ``((name, holds), …)``."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """A Text together with the template conditions under which it is the one."""

    text: Text
    guards: Guards = ()


MISSING = Missing()


def one_of(values: Iterable[Value]) -> Value:
    """Join alternatives: flat, without repetition, in order of first appearance, and bounded.

    More than :data:`MAX_ALTERNATIVES` strings become their common beginning followed by an unknown part.
    """
    unique: dict[Value, None] = {}
    for value in values:
        for alternative in value.alternatives if isinstance(value, OneOf) else (value,):
            if isinstance(alternative, Anything):
                return alternative
            unique[alternative] = None
    if not unique:
        return MISSING
    alternatives = tuple(unique)
    if len(alternatives) > MAX_ALTERNATIVES:
        return _widen(alternatives)
    return alternatives[0] if len(alternatives) == 1 else OneOf(alternatives)


def _widen(alternatives: tuple[Value, ...]) -> Value:
    reason = f"it can be any of more than {MAX_ALTERNATIVES} values"
    objects = [alternative for alternative in alternatives if isinstance(alternative, ObjectValue)]
    if len(objects) == len(alternatives):
        return _merge(objects)
    if not all(isinstance(alternative, Text) for alternative in alternatives):
        return Anything(reason)
    prefixes = [alternative.prefix for alternative in alternatives if isinstance(alternative, Text)]
    shortest, longest = min(prefixes), max(prefixes)
    length = next((i for i, (a, b) in enumerate(zip(shortest, longest, strict=False)) if a != b), len(shortest))
    return Text.of(shortest[:length], Unknown(reason))


def _merge(objects: list[ObjectValue]) -> ObjectValue:
    """One object that covers all of them, field by field: which fields go together is given up."""
    rests = [each.rest for each in objects if each.rest is not None]
    names = dict.fromkeys(name for each in objects for name in each.fields)
    fields = {name: one_of(each.fields.get(name, MISSING) for each in objects) for name in names}
    if rests:
        fields = {name: one_of((value, *rests)) for name, value in fields.items()}
    return ObjectValue(fields, one_of(rests) if rests else None)


def map_texts(value: Value, change: Callable[[Text], Value]) -> Value:
    """Apply ``change`` to every string that ``value`` can be, keeping its choices; see :func:`as_text`."""
    if isinstance(value, OneOf):
        return one_of(map_texts(alternative, change) for alternative in value.alternatives)
    if isinstance(value, Conditional):
        return conditional(value.condition, map_texts(value.then, change), map_texts(value.otherwise, change))
    if isinstance(value, Missing):
        return value
    return change(as_text(value))


def as_text(value: Value) -> Text:
    """One value without choices, as a string is made of it: numbers as JSON writes them, objects unknown."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Scalar):
        return Text.of(value.json)
    if isinstance(value, Anything):
        return unknown(value.reason)
    return unknown("it is not a string")


def conditional(condition: str, then: Value, otherwise: Value) -> Value:
    """A choice by a template condition; branches that are equal are no choice."""
    then = _assume(then, condition, holds=True)
    otherwise = _assume(otherwise, condition, holds=False)
    return then if then == otherwise else Conditional(condition, then, otherwise)


def _assume(value: Value, condition: str, *, holds: bool) -> Value:
    while isinstance(value, Conditional) and value.condition == condition:
        value = value.then if holds else value.otherwise
    return value


def concatenate(values: Sequence[Value]) -> Value:
    """The string made of ``values`` one after the other; every combination of their choices, bounded."""
    result: Value = Text()
    run: list[Text] = []
    for value in values:
        if isinstance(value, OneOf | Conditional):
            result = _bounded(_append(_append(result, Text.of(*run)), value))
            run = []
        else:
            run.append(as_text(value))
    return _append(result, Text.of(*run))


def _bounded(value: Value) -> Value:
    leaves = guarded_texts(value)
    return value if len(leaves) <= MAX_ALTERNATIVES else _widen(tuple(leaf.text for leaf in leaves))


def _append(left: Value, right: Value) -> Value:
    if isinstance(left, Conditional):
        condition = left.condition
        return conditional(
            condition,
            _append(left.then, _assume(right, condition, holds=True)),
            _append(left.otherwise, _assume(right, condition, holds=False)),
        )
    if isinstance(right, Conditional):
        return conditional(right.condition, _append(left, right.then), _append(left, right.otherwise))
    lefts, rights = alternatives_of(left), alternatives_of(right)
    if len(lefts) * len(rights) > MAX_ALTERNATIVES:
        widened = unknown(f"it can be any of more than {MAX_ALTERNATIVES} values")
        return one_of(Text.of(as_text(each), widened) for each in lefts)
    return one_of(_join(a, b) for a in lefts for b in rights)


def _join(left: Value, right: Value) -> Value:
    if isinstance(left, Conditional) or isinstance(right, Conditional):
        return _append(left, right)
    return Text.of(as_text(left), as_text(right))


def alternatives_of(value: Value) -> tuple[Value, ...]:
    """The alternatives of a choice, or the value alone; a choice by condition counts as one."""
    return value.alternatives if isinstance(value, OneOf) else (value,)


def guarded_leaves(value: Value) -> tuple[tuple[Guards, Value], ...]:
    """Every single value that ``value`` can be, MISSING included, each under the template conditions it needs."""
    found: dict[tuple[Guards, Value], None] = {}
    waiting: list[tuple[Value, Guards]] = [(value, ())]
    while waiting:
        each, guards = waiting.pop()
        if isinstance(each, OneOf):
            waiting.extend((alternative, guards) for alternative in reversed(each.alternatives))
        elif isinstance(each, Conditional):
            for branch, holds in ((each.otherwise, False), (each.then, True)):
                merged = merge_guards(guards, ((each.condition, holds),))
                if merged is not None:
                    waiting.append((branch, merged))
        else:
            found[guards, each] = None
    return tuple(found)


def guarded_texts(value: Value) -> tuple[Guarded, ...]:
    """Every string that ``value`` can be, each with the template conditions under which it can."""
    leaves = guarded_leaves(value)
    return tuple(dict.fromkeys(Guarded(as_text(leaf), guards) for guards, leaf in leaves if leaf != MISSING))


def merge_guards(left: Guards, right: Guards) -> Guards | None:
    """The conditions of both, once each; None where they contradict each other."""
    merged = dict(left)
    for condition, holds in right:
        if merged.setdefault(condition, holds) is not holds:
            return None
    return tuple(merged.items())


def member(value: Value, name: str) -> Value:
    """The field ``name`` of an object, in whatever letter case; MISSING where it is certainly not there."""
    if isinstance(value, ObjectValue):
        if name in value.fields:
            return value.fields[name]
        wanted = name.lower()
        found = next((item for key, item in value.fields.items() if key.lower() == wanted), None)
        if found is not None:
            return found
        return MISSING if value.rest is None else one_of((MISSING, value.rest))
    if isinstance(value, OneOf):
        return one_of(member(alternative, name) for alternative in value.alternatives)
    if isinstance(value, Conditional):
        return conditional(value.condition, member(value.then, name), member(value.otherwise, name))
    return value if isinstance(value, Anything) else MISSING


_MAX_NESTING = 200


def from_json(node: object, depth: int = 0) -> Value:
    """A JSON value all of whose parts are literal; nothing is known of what is nested very deep."""
    if isinstance(node, str):
        return Text((Literal(node),)) if node else Text()
    if depth > _MAX_NESTING:
        return Anything(f"it is nested more than {_MAX_NESTING} levels deep")
    if isinstance(node, dict):
        return ObjectValue({str(key): from_json(item, depth + 1) for key, item in node.items()})
    if isinstance(node, list):
        return ArrayValue(tuple(from_json(item, depth + 1) for item in node))
    if node is None or isinstance(node, bool | int | float):
        return Scalar(json.dumps(node))
    return Anything(f"a value of type {type(node).__name__} is no JSON")
