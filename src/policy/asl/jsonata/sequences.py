"""JSONata's sequences: how values spread into items, flow through the steps of a path and become values again.

https://docs.jsonata.org/processing#sequences. A *sequence* here is an :class:`ArrayValue` when its items are
known, a :class:`ListOf` when their number is not, or a choice among these; :func:`collapse` makes a value of it:
nothing when it is empty, its only item when it has one, else an array.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.choices import (
    NoResultError,
    each_choice,
    may_be_missing,
    possible,
)
from sfn_least_privilege.policy.asl.jsonata.joins import join
from sfn_least_privilege.policy.asl.jsonata.limits import MAX_ITEMS
from sfn_least_privilege.policy.asl.presence import present
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    Missing,
    ObjectValue,
    OneOf,
    Scalar,
    Value,
    conditional,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

EMPTY = ArrayValue(())


def as_sequence(value: Value) -> Value:
    """The sequence that ``value`` is: the items of an array, or the value alone."""
    return each_choice(value, _spread)


def _spread(value: Value) -> Value:
    if isinstance(value, ListOf):
        return many(value.item)
    if isinstance(value, ArrayValue):
        if any(may_be_missing(item) and not isinstance(item, Anything) for item in value.items):
            return many(*value.items)
        return value
    if isinstance(value, Anything):
        return ListOf(value)
    if isinstance(value, Missing):
        return EMPTY
    return ArrayValue((value,))


def as_item(value: Value) -> Value:
    """A sequence of ``value`` as one item, even where it is an array."""
    return ArrayValue((value,)) if not may_be_missing(value) else each_choice(value, _alone)


def _alone(value: Value) -> Value:
    if isinstance(value, Anything):
        return ListOf(value)
    return EMPTY if isinstance(value, Missing) else ArrayValue((value,))


def many(*items: Value) -> Value:
    """A sequence of unknown length whose items are any of ``items``."""
    found = [there for item in items if not isinstance(there := present(item), Missing)]
    return ListOf(join(found)) if found else EMPTY


def flatten(sequences: Sequence[Value]) -> Value:
    """One sequence of several."""
    if len(sequences) == 1:
        return sequences[0]
    items: list[Value] = []
    for sequence in sequences:
        single = _single(sequence)
        if single is None:
            return many(*(item for each in sequences for item in _items(each)))
        items.extend(single)
    if len(items) > MAX_ITEMS:
        return many(*items)
    return ArrayValue(tuple(items))


def _single(sequence: Value) -> tuple[Value, ...] | None:
    """The items of a sequence whose length is known: a choice among single items is one item."""
    if isinstance(sequence, ArrayValue):
        return sequence.items
    if isinstance(sequence, OneOf):
        parts = [_single(alternative) for alternative in sequence.alternatives]
        alone = [part[0] for part in parts if part is not None and len(part) == 1]
        return (one_of(alone),) if len(alone) == len(parts) else None
    if isinstance(sequence, Conditional):
        then, otherwise = _single(sequence.then), _single(sequence.otherwise)
        if then is None or otherwise is None or len(then) != 1 or len(otherwise) != 1:
            return None
        return (conditional(sequence.condition, then[0], otherwise[0]),)
    return None


def _items(sequence: Value) -> list[Value]:
    found: list[Value] = []
    for each in possible(sequence):
        if isinstance(each, ArrayValue):
            found.extend(each.items)
        elif isinstance(each, ListOf):
            found.append(each.item)
    return found


def items_of(value: Value) -> tuple[Value, ...]:
    """Every value that an item of ``value``, taken as a sequence, can be."""
    return tuple(_items(as_sequence(value)))


def collapse(sequence: Value) -> Value:
    """The value that a sequence becomes."""
    return each_choice(sequence, _collapsed)


def _collapsed(sequence: Value) -> Value:
    if isinstance(sequence, ArrayValue) and len(sequence.items) <= 1:
        return sequence.items[0] if sequence.items else MISSING
    if isinstance(sequence, ListOf):
        # An item of which nothing is known may also be an array, so all three are one.
        return one_of((MISSING, sequence.item, sequence))
    return sequence


def kept(value: Value) -> Value:
    """What ``value[]`` can be: JSONata forgets in places that a single item was to stay an array."""
    return each_choice(
        value,
        lambda each: each if isinstance(each, ArrayValue | ListOf | Missing) else one_of((each, ArrayValue((each,)))),
    )


def uncollapsed(value: Value) -> Value:
    """``value``, and the sequences that would have become it."""
    return each_choice(value, lambda each: one_of((each, EMPTY)) if isinstance(each, Missing) else kept(each))


def as_either(value: Value) -> Value:
    """A sequence of ``value``, of which it is not known whether, being an array, it counts as one item."""
    return one_of((as_sequence(value), as_item(value)))


def step(sequence: Value, visit: Callable[[Value], Value], spread: Callable[[Value], Value]) -> Value:
    """The sequence that a step in the middle of a path makes: ``visit`` for each item, all results in a row."""

    def mapped(each: Value) -> Value:
        if isinstance(each, ArrayValue):
            return flatten([spread(visit(item)) for item in each.items]) if each.items else EMPTY
        return many(*_items(spread(_attempted(each, visit))))

    return each_choice(sequence, mapped)


def last_step(sequence: Value, visit: Callable[[Value], Value], spread: Callable[[Value], Value]) -> Value:
    """The value that the last step of a path makes. An array that is its only result stays as it is."""

    def mapped(each: Value) -> Value:
        if isinstance(each, ArrayValue):
            return _finished([visit(item) for item in each.items], spread)
        return _uncertain([_attempted(each, visit)], spread)

    return each_choice(sequence, mapped)


def _attempted(sequence: Value, visit: Callable[[Value], Value]) -> Value:
    if not isinstance(sequence, ListOf):
        return MISSING
    try:
        return visit(sequence.item)
    except NoResultError:
        # Nothing comes of any item, so where something comes out there was none.
        return MISSING


def _finished(results: list[Value], spread: Callable[[Value], Value]) -> Value:
    results = [result for result in results if not isinstance(result, Missing)]
    if not results:
        return MISSING
    if len(results) == 1:
        return results[0]
    if any(may_be_missing(result) for result in results):
        # How many results there are decides whether an array stays one.
        return _uncertain(results, spread)
    return end_of_path(flatten([spread(result) for result in results]))


def end_of_path(sequence: Value) -> Value:
    """The value of the sequence that a path ends with; ``[]`` in the path keeps a list that is its only item."""
    if isinstance(sequence, ArrayValue) and len(sequence.items) == 1 and may_be_array(sequence.items[0]):
        return one_of((sequence.items[0], sequence))
    return collapse(sequence)


def _uncertain(results: Sequence[Value], spread: Callable[[Value], Value]) -> Value:
    """The value of several results of which it is not known which there are."""
    value = collapse(many(*(item for result in results for item in _items(spread(result)))))
    if isinstance(value, Missing) and any(each == EMPTY for result in results for each in possible(result)):
        # An empty array that is the only result stays one.
        return one_of((value, EMPTY))
    return value


def may_be_array(value: Value) -> bool:
    """Whether ``value`` may be an array."""
    return any(not isinstance(each, Text | Scalar | ObjectValue | Missing) for each in possible(value))


def select(value: Value, index: int) -> Value:
    """The item at ``index`` of ``value`` taken as a sequence; from the end when negative."""

    def selected(sequence: Value) -> Value:
        if isinstance(sequence, ArrayValue):
            if any(may_be_missing(item) and not isinstance(item, Anything) for item in sequence.items):
                return join((MISSING, *sequence.items))
            position = index + len(sequence.items) if index < 0 else index
            return sequence.items[position] if 0 <= position < len(sequence.items) else MISSING
        return one_of((MISSING, *_items(sequence)))

    return selected_each(value, selected)


def selected_each(value: Value, do: Callable[[Value], Value]) -> Value:
    """``do`` for each sequence that ``value`` can be."""
    return each_choice(value, lambda each: each_choice(_spread(each), do))
