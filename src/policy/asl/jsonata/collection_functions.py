"""Functions about arrays and objects.

https://docs.jsonata.org/array-functions and https://docs.jsonata.org/object-functions
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.callables import as_value
from sfn_least_privilege.policy.asl.jsonata.choices import (
    NoResultError,
    combined,
    each_choice,
    may_be_missing,
    possible,
)
from sfn_least_privilege.policy.asl.jsonata.joins import join
from sfn_least_privilege.policy.asl.jsonata.limits import MAX_RANGE
from sfn_least_privilege.policy.asl.jsonata.numbers import integer_of, number_of
from sfn_least_privilege.policy.asl.jsonata.objects import lookup as lookup_field
from sfn_least_privilege.policy.asl.jsonata.objects import merged, merged_in_any_number
from sfn_least_privilege.policy.asl.jsonata.operators import NULL, are_equal
from sfn_least_privilege.policy.asl.jsonata.sequences import (
    as_sequence,
    collapse,
    flatten,
    items_of,
    kept,
    many,
    selected_each,
    uncollapsed,
)
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    ListOf,
    Missing,
    ObjectValue,
    Scalar,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sfn_least_privilege.policy.asl.jsonata.callables import Interpreter, Result
    from sfn_least_privilege.policy.asl.jsonata.functions import Implementation

_OF_NULL = Anything("implementations differ about `null` as an array or an object")


def of_array(do: Callable[[Value], Value]) -> Implementation:
    """A function of one array, to which a single value counts as an array of one."""

    def of(value: Value) -> Value:
        if isinstance(value, Missing | Anything):
            return value
        return _OF_NULL if value == NULL else each_choice(as_sequence(value), do)

    def run(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
        return each_choice(as_value(arguments[0]), of)

    return run


def reverse(sequence: Value) -> Value:
    """``$reverse``."""
    return ArrayValue(sequence.items[::-1]) if isinstance(sequence, ArrayValue) else sequence


def shuffle(sequence: Value) -> Value:
    """``$shuffle``: the same items in any order."""
    if not isinstance(sequence, ArrayValue) or len(sequence.items) < 2:  # noqa: PLR2004 -- one item has one order
        return sequence
    return ArrayValue((join(sequence.items),) * len(sequence.items))


def sort(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$sort``. The order that a function gives is not followed."""
    order = _ordered if len(arguments) == 1 else shuffle
    return of_array(order)(_interpreter, arguments)


def _ordered(sequence: Value) -> Value:
    if not isinstance(sequence, ArrayValue):
        return sequence
    literals = [item.literal for item in sequence.items if isinstance(item, Text)]
    strings = [literal for literal in literals if literal is not None and literal.isascii()]
    if len(strings) == len(sequence.items):
        return ArrayValue(tuple(Text.of(each) for each in sorted(strings)))
    numbers = [(number, item) for item in sequence.items if (number := number_of(item)) is not None]
    if len(numbers) == len(sequence.items):
        return ArrayValue(tuple(item for _, item in sorted(numbers, key=lambda pair: pair[0])))
    return shuffle(sequence)


def distinct(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$distinct``."""
    return each_choice(as_value(arguments[0]), _distinct)


def _distinct(value: Value) -> Value:
    if not isinstance(value, ArrayValue) or len(value.items) < 2:  # noqa: PLR2004 -- one item cannot repeat
        return one_of((value.item, value)) if isinstance(value, ListOf) else value
    found: list[Value] = []
    for item in value.items:
        verdicts = {_same(item, each) for each in found}
        if None in verdicts:
            any_item = join(value.items)
            return one_of((any_item, ListOf(any_item)))
        if True not in verdicts:
            found.append(item)
    # Implementations differ about a single item that is left over.
    return kept(collapse(ArrayValue(tuple(found))))


def _same(left: Value, right: Value) -> bool | None:
    if isinstance(left, Scalar) and isinstance(right, Scalar) and _is_number(left) is not _is_number(right):
        # Implementations differ about `$distinct([1, true])`.
        return None
    return are_equal(left, right)


def _is_number(value: Value) -> bool:
    return number_of(value) is not None


def zipped(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$zip``."""
    arrays = [as_value(argument) for argument in arguments]
    rows = [array.items for array in arrays if isinstance(array, ArrayValue)]
    if len(rows) < len(arrays):
        return Anything("`$zip` works on arrays that are not known")
    return ArrayValue(tuple(ArrayValue(row) for row in zip(*rows, strict=False)))


def append(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$append``."""
    return combined(_appended, *(as_value(argument) for argument in arguments))


def _appended(first: Value, second: Value) -> Value:
    if isinstance(first, Missing):
        return second
    if isinstance(second, Missing):
        return first
    for each in (first, second):
        if isinstance(each, Anything):
            return each
    return flatten([as_sequence(first), as_sequence(second)])


def keys(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$keys``."""

    def named(value: Value) -> Value:
        if isinstance(value, Anything):
            return value
        objects = [each for item in items_of(value) for each in possible(item)]
        if any(isinstance(each, Anything | ArrayValue | ListOf) for each in objects):
            return Anything("it is the names of fields that are not known")
        found = [each for each in objects if isinstance(each, ObjectValue)]
        names = [interpreter.text(name) for name in dict.fromkeys(name for each in found for name in each.fields)]
        certain = isinstance(as_sequence(value), ArrayValue) and all(_is_complete(each) for each in found)
        if certain and len(objects) == len(found) == len(items_of(value)):
            return ArrayValue(tuple(names))
        if any(each.rest is not None for each in found):
            names.append(Text((Unknown("it is the name of a field that is not known"),)))
        return many(*names)

    return each_choice(as_value(arguments[0]), named)


def _is_complete(value: ObjectValue) -> bool:
    return value.rest is None and not any(may_be_missing(item) for item in value.fields.values())


def spread(value: Value) -> Value:
    """``$spread``: an object for each field."""
    if not isinstance(value, ObjectValue | ArrayValue | ListOf):
        return value

    def parts(item: Value) -> Value:
        if isinstance(item, ArrayValue | ListOf):
            return ListOf(Anything("it is a part of lists inside lists"))
        if not isinstance(item, ObjectValue):
            return as_sequence(item)
        if _is_complete(item):
            return ArrayValue(tuple(ObjectValue({name: field}) for name, field in item.fields.items()))
        if item.rest is not None:
            return ListOf(Anything("it is a field that is not known"))
        return many(*(ObjectValue({name: field}) for name, field in item.fields.items()))

    if isinstance(value, ListOf):
        pieces = [parts(each) for each in possible(value.item)]
        return uncollapsed(collapse(many(*(item for piece in pieces for item in items_of(piece)))))
    items = [value] if isinstance(value, ObjectValue) else list(value.items)
    # What it makes of an array is no sequence, not even with one item.
    return uncollapsed(collapse(flatten([each_choice(item, parts) for item in items] or [ArrayValue(())])))


def merge(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$merge``."""

    def of(value: Value) -> Value:
        if isinstance(value, Missing | Anything):
            return value
        return _OF_NULL if value == NULL else selected_each(value, _merged)

    return each_choice(as_value(arguments[0]), of)


def merge_parts(parts: Sequence[Value]) -> Value:
    """``$merge([a, b])``, of which more is known than of ``$merge`` of any array: what comes last, comes first."""
    return combined(lambda *objects: merged(objects), *(each_choice(part, _as_object) for part in parts))


def _as_object(part: Value) -> Value:
    if isinstance(part, Missing):
        return ObjectValue({})
    if isinstance(part, ArrayValue | ListOf):
        return selected_each(part, _merged)
    # It may be one object, several or none: in any case it adds fields that are not known.
    return ObjectValue({}, part) if isinstance(part, Anything) else part


def _merged(sequence: Value) -> Value:
    if isinstance(sequence, ArrayValue):
        return combined(lambda *items: merged(items), *sequence.items)
    found = [each for item in items_of(sequence) for each in possible(item)]
    objects = [each for each in found if isinstance(each, ObjectValue)]
    if len(objects) < len(found):
        return Anything("`$merge` works on objects that are not known")
    return merged_in_any_number(objects)


def lookup(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$lookup``."""
    return lookup_field(as_value(arguments[0]), as_value(arguments[1]), interpreter.text)


def clone(value: Value) -> Value:
    """``$clone``."""
    return _OF_NULL if value == NULL else value


def partition(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$partition``, Step Functions' own: an array cut into arrays of one size."""
    size = integer_of(as_value(arguments[1]))

    def cut(sequence: Value) -> Value:
        if not isinstance(sequence, ArrayValue) or size is None or size < 1:
            return ListOf(ListOf(join(items_of(sequence))))
        items = sequence.items
        return ArrayValue(tuple(ArrayValue(items[start : start + size]) for start in range(0, len(items), size)))

    return of_array(cut)(_interpreter, arguments)


def number_range(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$range``, Step Functions' own: from the first number to the last, both included, by a step."""
    first, last, by = (integer_of(as_value(argument)) for argument in arguments)
    if first is None or last is None or by is None or by == 0 or abs(last - first) // abs(by) >= MAX_RANGE:
        return ListOf(Anything("it is a number of a range"))
    end = last + (1 if by > 0 else -1)
    return ArrayValue(tuple(Scalar(str(number)) for number in range(first, end, by)))


def closed_range(first: Value, last: Value) -> Value:
    """``first..last``, as a sequence.

    Raises NoResultError where an end certainly is no whole number.
    """
    for end in (first, last):
        if isinstance(end, Missing):
            return ArrayValue(())
        number = number_of(end)
        if isinstance(end, Text | ObjectValue | ArrayValue | ListOf) or (number is not None and number % 1):
            message = "`..` needs whole numbers"
            raise NoResultError(message)
    start, end_number = integer_of(first), integer_of(last)
    if start is None or end_number is None or end_number - start >= MAX_RANGE:
        return ListOf(Anything("it is a number of a range"))
    return ArrayValue(tuple(Scalar(str(number)) for number in range(start, end_number + 1)))
