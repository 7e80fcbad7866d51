"""Looking fields up in objects that are known in part, and putting objects together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, each_choice, may_be_missing, possible
from sfn_least_privilege.policy.asl.jsonata.operators import NULL, are_equal
from sfn_least_privilege.policy.asl.jsonata.sequences import as_sequence, collapse, items_of, last_step, may_be_array
from sfn_least_privilege.policy.asl.presence import present
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    Missing,
    ObjectValue,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


def field(value: Value, name: str) -> Value:
    """``value.name``: of an array, the fields of its items in a row."""
    return each_choice(value, lambda each: _field(each, name))


def _field(value: Value, name: str) -> Value:
    if isinstance(value, ObjectValue):
        found = value.fields.get(name)
        if found is not None:
            return found
        if any(OPEN in key for key in value.fields):
            return Anything(f"whether a field is called `{name}` is only known at deployment")
        return MISSING if value.rest is None else one_of((MISSING, value.rest))
    if isinstance(value, ArrayValue | ListOf):
        return _flat_fields(value, name)
    return value if isinstance(value, Anything) else MISSING


def _flat_fields(value: Value, name: str) -> Value:
    # Looking a name up in an array always makes a sequence, where a path keeps an array that is its only result.
    found = last_step(as_sequence(value), lambda item: field(item, name), as_sequence)
    if any(may_be_array(item) and not isinstance(item, Anything) for item in items_of(found)):
        return Anything(f"it is any `{name}` among lists inside lists")
    return one_of((found, collapse(as_sequence(found))))


def lookup(value: Value, key: Value, name_of: Callable[[str], Value]) -> Value:
    """``$lookup``, for a key that need not be known: every field whose name it can be."""

    def found(each: Value) -> Value:
        if isinstance(each, Text):
            literal = each.literal
            return field(value, literal) if literal is not None else _any_field(value, each, name_of)
        if isinstance(each, Missing) or each == NULL:
            return MISSING
        if isinstance(each, Anything):
            return _any_field(value, each, name_of)
        message = "`$lookup` needs the name of a field"
        raise NoResultError(message)

    return each_choice(key, found)


def _any_field(value: Value, key: Value, name_of: Callable[[str], Value]) -> Value:
    found: list[Value] = [MISSING]
    for each in possible(value):
        if isinstance(each, ObjectValue):
            found.extend(item for name, item in each.fields.items() if are_equal(name_of(name), key) is not False)
            if each.rest is not None:
                found.append(each.rest)
        elif isinstance(each, Anything):
            found.append(each)
        elif isinstance(each, ArrayValue | ListOf):
            found.append(Anything("it is one of the fields of several objects"))
    return one_of(found)


def constructed(pairs: Iterable[tuple[Value, Callable[[], Value]]]) -> Value:
    """``{key: value, …}``; a field whose value is missing is left out. Without a key, no value is worked out.

    Raises NoResultError where a key certainly is no string.
    """
    fields: dict[str, Value] = {}
    rest: list[Value] = []
    for key, make in pairs:
        names = possible(key)
        value = _worked_out(key, make)
        content = present(value)
        if isinstance(content, Missing):
            continue
        for name in names:
            literal = name.literal if isinstance(name, Text) else None
            if literal is not None:
                # A key that is only one of several may be another one, and then an equal one before it stays.
                fields[literal] = value if len(names) == 1 else one_of((fields.get(literal, MISSING), value))
            elif isinstance(name, Text | Anything):
                rest.append(content)
            elif not isinstance(name, Missing) and len(names) == 1:
                message = "the key of an object must be a string"
                raise NoResultError(message)
    return ObjectValue(fields, one_of(rest) if rest else None)


def _worked_out(key: Value, make: Callable[[], Value]) -> Value:
    if not may_be_missing(key):
        return make()
    try:
        return MISSING if isinstance(key, Missing) else make()
    except NoResultError:
        # Where it does not fail there was no key.
        return MISSING


def merged(items: Sequence[Value]) -> Value:
    """``$merge`` of objects, of which later ones come before earlier ones.

    Raises NoResultError where one of them is no object.
    """
    fields: dict[str, Value] = {}
    rest: Value | None = None
    for item in items:
        added = ObjectValue({}, item) if isinstance(item, Anything) else item
        if not isinstance(added, ObjectValue):
            message = "`$merge` merges objects only"
            raise NoResultError(message)
        other = added.rest
        if other is not None:
            fields = {name: one_of((value, other)) for name, value in fields.items()}
        for name, value in added.fields.items():
            fields[name] = _overridden(fields.get(name, MISSING if rest is None else one_of((MISSING, rest))), value)
        if other is not None:
            rest = other if rest is None else one_of((rest, other))
    return ObjectValue(fields, rest)


def _overridden(old: Value, new: Value) -> Value:
    if not may_be_missing(new):
        return new
    content = present(new)
    return old if isinstance(content, Missing) else one_of((old, content))


def merged_in_any_number(objects: Sequence[ObjectValue]) -> ObjectValue:
    """``$merge`` of a list of unknown length whose items are any of ``objects``."""
    rests = [each.rest for each in objects if each.rest is not None]
    names = dict.fromkeys(name for each in objects for name in each.fields)
    fields = {
        name: one_of((MISSING, *rests, *(each.fields[name] for each in objects if name in each.fields)))
        for name in names
    }
    return ObjectValue(fields, one_of(rests) if rests else None)
