"""The items of a Map state, and the data that each iteration starts with.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-fields-dist-map.html gives the order: ``ItemReader``,
``ItemsPath`` or ``Items``, ``ItemSelector``, ``ItemBatcher``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.context import child_context, item_context
from sfn_least_privilege.policy.asl.flow.entry import Entry
from sfn_least_privilege.policy.asl.flow.fields import Fields
from sfn_least_privilege.policy.asl.flow.joining import join
from sfn_least_privilege.policy.asl.presence import may_be_missing, present
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    OneOf,
    Scalar,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.value import Value

MAX_TAKEN = 32
"""The most items of which each is taken on its own; more are taken as one that may be any of them."""

_READ = Anything("it is read by `ItemReader` when the execution runs")
_INDEX = Anything("it is the number of the item")
_KEY = unknown("it is the name of the item")
_STATE_DATA = Text.of("STATE_DATA")
_SOURCE = unknown("it says where `ItemReader` has read the item")


@dataclass(frozen=True, slots=True)
class _Item:
    """One item, or all of them; ``value`` is ``Map.Item.Value``, ``passed`` what an iteration starts with."""

    value: Value
    passed: Value
    index: Value = _INDEX
    key: Value = MISSING


def dataset(fields: Fields) -> Value:
    """The array or object whose items a map takes one by one."""
    given = fields.state.fields
    if "ItemReader" in given:
        return _READ
    if fields.state.language is QueryLanguage.JSONATA:
        data = fields.data(fields.entry.input)
        return fields.template("Items", data) if "Items" in given else fields.entry.input
    return fields.path("ItemsPath", _current(fields))


def iteration(fields: Fields) -> Entry:
    """What is known at the start of every iteration of a map."""
    entry, given = fields.entry, fields.state.fields
    items = _few(list(_items(dataset(fields))))
    source = _SOURCE if "ItemReader" in given else _STATE_DATA
    current = _current(fields)
    selector = next((name for name in ("ItemSelector", "Parameters") if name in given), None)
    inputs: list[Value] = []
    for item in items:
        if selector is None:
            inputs.append(item.passed)
            continue
        context = item_context(entry.context, item.value, item.index, item.key, source)
        each = Fields(fields.state, Entry(entry.input, entry.variables, context), fields.world)
        inputs.append(each.template(selector, each.data(current)))
    passed = fields.world.bounds.keep(join(inputs, MAX_TAKEN))
    everything = _joined(items)
    context = item_context(entry.context, everything.value, everything.index, everything.key, source)
    if not fields.state.is_distributed:
        return Entry(passed, entry.variables, context)
    child_input = _batch(fields, passed) if "ItemBatcher" in given else passed
    # A child execution sees none of the variables around it:
    # https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html#variable-scope
    return Entry(child_input, {}, child_context(context, child_input))


def _current(fields: Fields) -> Value:
    return fields.path("InputPath", fields.entry.input)


def _batch(fields: Fields, passed: Value) -> Value:
    """https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itembatcher.html."""
    batch: dict[str, Value] = {"Items": ListOf(passed)}
    batcher = fields.state.fields["ItemBatcher"]
    if isinstance(batcher, dict) and "BatchInput" in batcher:
        batch["BatchInput"] = fields.template("BatchInput", fields.data(_current(fields)), batcher)
    return fields.world.bounds.keep(ObjectValue(batch))


def _items(items: Value) -> Iterator[_Item]:
    """The items that a dataset can have, all that are known one by one."""
    if isinstance(items, OneOf):
        for alternative in items.alternatives:
            yield from _items(alternative)
    elif isinstance(items, Conditional):
        yield from _items(items.then)
        yield from _items(items.otherwise)
    elif isinstance(items, ArrayValue):
        yield from _array_items(items)
    elif isinstance(items, ListOf):
        yield _Item(items.item, items.item)
    elif isinstance(items, ObjectValue):
        yield from (_pair(Text.of(name), item) for name, item in items.fields.items())
        yield from () if items.rest is None else (_pair(_KEY, items.rest),)
    elif isinstance(items, Anything):
        yield _Item(items, items, key=one_of((_KEY, MISSING)))


def _array_items(items: ArrayValue) -> Iterator[_Item]:
    # An item that is left out at deployment moves the others.
    moved = any(may_be_missing(item) for item in items.items)
    for position, item in enumerate(present(each) for each in items.items):
        if item is not MISSING:
            yield _Item(item, item, _INDEX if moved else Scalar(str(position)))


def _pair(key: Value, item: Value) -> _Item:
    """The item that a field of an object is.

    In which form an iteration receives it is not documented, only what ``Map.Item`` says of it.
    """
    pair = ObjectValue({"Key": key, "Value": item})
    name = key.literal if isinstance(key, Text) else None
    single = ObjectValue({}, item) if name is None else ObjectValue({name: item})
    return _Item(item, join((item, pair, single)), key=key)


def _few(items: list[_Item]) -> list[_Item]:
    """``items``, or when they are too many to be taken one by one, one that covers them all."""
    return items if 0 < len(items) <= MAX_TAKEN else [_joined(items)]


def _joined(items: list[_Item]) -> _Item:
    if not items:
        # No run comes to an iteration; what is said of one does not matter.
        nothing = Anything("there are no items")
        return _Item(nothing, nothing)
    return _Item(
        join([each.value for each in items], MAX_TAKEN),
        join([each.passed for each in items], MAX_TAKEN),
        join([each.index for each in items]),
        join([each.key for each in items]),
    )
