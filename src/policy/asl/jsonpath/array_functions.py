"""The intrinsic functions for arrays.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#asl-intrsc-func-arrays
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.choices import combine, present, union
from sfn_least_privilege.policy.asl.jsonpath.equality import equal
from sfn_least_privilege.policy.asl.jsonpath.number_functions import integers
from sfn_least_privilege.policy.asl.jsonpath.outcomes import fails, reason_of, some_value
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, ArrayValue, ListOf, Scalar, Value, one_of

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.jsonpath.outcomes import Arguments

BOOLEANS: dict[bool | None, Value] = {
    True: Scalar("true"),
    False: Scalar("false"),
    None: one_of((Scalar("true"), Scalar("false"))),
}
_MAX_RANGE = 1000
_NO_ARRAY = "its argument is no array"


def array(_source: str, arguments: Arguments) -> Value:
    """``States.Array(a, b, …)``."""
    return ArrayValue(arguments)


def array_get_item(source: str, arguments: Arguments) -> Value:
    """``States.ArrayGetItem(array, index)``."""

    def get(values: Arguments) -> Value:
        base, index = values
        items, exact = _items(base)
        if items is None:
            return _not_an_array(source, base)
        positions = integers(index)
        if positions is None or not exact:
            return union(items) if items else fails(source, "the array is empty")
        length = len(items)
        found = [items[position] for position in positions if -length <= position < length]
        return one_of(found) if found else fails(source, f"the array has {length} items")

    return combine(arguments, get)


def array_length(source: str, arguments: Arguments) -> Value:
    """``States.ArrayLength(array)``."""

    def measure(values: Arguments) -> Value:
        items, exact = _items(values[0])
        if items is None:
            return _not_an_array(source, values[0])
        return Scalar(str(len(items))) if exact else some_value(source, values[0])

    return combine(arguments, measure)


def array_contains(source: str, arguments: Arguments) -> Value:
    """``States.ArrayContains(array, value)``."""

    def search(values: Arguments) -> Value:
        base, wanted = values
        items, exact = _items(base)
        if items is None:
            return _not_an_array(source, base) if not isinstance(base, Anything) else BOOLEANS[None]
        verdicts = {equal(item, wanted) for item in items}
        if exact and True in verdicts:
            return BOOLEANS[True]
        return BOOLEANS[False if verdicts <= {False} else None]

    return combine(arguments, search)


def array_unique(source: str, arguments: Arguments) -> Value:
    """``States.ArrayUnique(array)``."""

    def distinct(values: Arguments) -> Value:
        items, exact = _items(values[0])
        if items is None:
            return _not_an_array(source, values[0])
        if exact and all(_is_simple(item) for item in items):
            return ArrayValue(tuple(dict.fromkeys(items)))
        return ListOf(union(items)) if items else ArrayValue(())

    return combine(arguments, distinct)


def _is_simple(item: Value) -> bool:
    """Whether equal items of this sort are the same Value: `1` and `1.0` would not be."""
    if isinstance(item, Text):
        return item.literal is not None
    return isinstance(item, Scalar) and not isinstance(item.value, float)


def array_partition(source: str, arguments: Arguments) -> Value:
    """``States.ArrayPartition(array, size)``."""

    def partition(values: Arguments) -> Value:
        base, size = values
        items, exact = _items(base)
        if items is None:
            return _not_an_array(source, base)
        sizes = integers(size)
        if sizes is None or not exact:
            return ListOf(ListOf(union(items))) if items else ArrayValue(())
        chunks = [_chunks(items, width) for width in sizes if width > 0]
        return one_of(chunks) if chunks else fails(source, "the size is not positive")

    return combine(arguments, partition)


def _chunks(items: tuple[Value, ...], width: int) -> Value:
    return ArrayValue(tuple(ArrayValue(items[i : i + width]) for i in range(0, len(items), width)))


def array_range(source: str, arguments: Arguments) -> Value:
    """``States.ArrayRange(first, last, step)``."""

    def count(values: Arguments) -> Value:
        bounds = [integers(value) for value in values]
        if any(bound is None or len(bound) > 1 for bound in bounds):
            return ListOf(Anything(reason_of(source, *values)))
        first, last, step = (bound[0] for bound in bounds if bound)
        if not step:
            return fails(source, "the step is zero")
        numbers = range(first, last + (1 if step > 0 else -1), step)
        if len(numbers) > _MAX_RANGE:
            return fails(source, f"a range has at most {_MAX_RANGE} items")
        return ArrayValue(tuple(Scalar(str(number)) for number in numbers))

    return combine(arguments, count)


def _items(value: Value) -> tuple[tuple[Value, ...] | None, bool]:
    """The items of an array without choices, and whether their number and order are known; None for no array."""
    if isinstance(value, ListOf):
        item, _ = present(value.item)
        return (item,), False
    if not isinstance(value, ArrayValue):
        return None, False
    found = [present(item) for item in value.items]
    return tuple(item for item, _ in found), not any(may_be_missing for _, may_be_missing in found)


def _not_an_array(source: str, value: Value) -> Value:
    return some_value(source, value) if isinstance(value, Anything) else fails(source, _NO_ARRAY)
