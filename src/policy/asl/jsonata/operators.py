"""What operators make of values that are known in part: truth, equality, order, arithmetic, membership."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, combined, may_be_missing, possible
from sfn_least_privilege.policy.asl.jsonata.numbers import calculate, number_of, order
from sfn_least_privilege.policy.text import Literal, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import (
    MISSING,
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
    from collections.abc import Iterable

TRUE = Scalar("true")
FALSE = Scalar("false")
NULL = Scalar("null")
BOOLEAN = one_of((TRUE, FALSE))
"""Either of the two, and the execution decides."""

ARITHMETIC = frozenset("+-*/%")
EQUALITY = frozenset({"=", "!="})
ORDER = frozenset({"<", "<=", ">", ">="})


def boolean(truth: bool | None) -> Value:  # noqa: FBT001 -- the boolean is the value itself, not a flag
    """The value of a judgement; None is one that only the execution can make."""
    return BOOLEAN if truth is None else TRUE if truth else FALSE


def truth_of(value: Value) -> bool | None:
    """Whether JSONata takes ``value`` for true; None when that is not known.

    https://docs.jsonata.org/boolean-functions#boolean
    """
    return _agreed(_truth(each) for each in possible(value))


def _agreed(judgements: Iterable[bool | None]) -> bool | None:
    found = set(judgements)
    return found.pop() if len(found) == 1 else None


def _truth(value: Value) -> bool | None:
    if isinstance(value, Missing):
        return False
    if isinstance(value, Scalar):
        return bool(value.value)
    if isinstance(value, Text):
        literal = value.literal
        if literal is not None:
            return literal != ""
        return True if value.prefix or value.suffix else None
    if isinstance(value, ObjectValue):
        if any(not may_be_missing(field) for field in value.fields.values()):
            return True
        return None if value.fields or value.rest is not None else False
    if isinstance(value, ArrayValue):
        return _any_true(truth_of(item) for item in value.items)
    return None


def _any_true(judgements: Iterable[bool | None]) -> bool | None:
    found = set(judgements)
    if True in found:
        return True
    return None if None in found else False


def are_equal(left: Value, right: Value) -> bool | None:
    """Whether two values are equal; None when that is not known."""
    return _agreed(_equal(one, other) for one in possible(left) for other in possible(right))


def _equal(left: Value, right: Value) -> bool | None:
    if isinstance(left, Missing) or isinstance(right, Missing):
        return False
    if isinstance(left, Anything) or isinstance(right, Anything):
        return None
    if isinstance(left, Text) and isinstance(right, Text):
        return _same_text(left, right)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        first, second = left.value, right.value
        return first == second and isinstance(first, bool) == isinstance(second, bool)
    return False if _shape(left) is not _shape(right) else None


def _shape(value: Value) -> type:
    return ArrayValue if isinstance(value, ListOf) else type(value)


def _same_text(left: Text, right: Text) -> bool | None:
    if left == right:
        return None if any(isinstance(part, Unknown | Wildcard) for part in left.parts) else True
    if left.literal is not None and right.literal is not None:
        return False
    prefixes = zip(left.prefix, right.prefix, strict=False)
    suffixes = zip(reversed(left.suffix), reversed(right.suffix), strict=False)
    if any(one != other for pairs in (prefixes, suffixes) for one, other in pairs):
        return False
    known, pattern = (left, right) if left.literal is not None else (right, left)
    if known.literal is not None and len(known.literal) < sum(len(literal) for literal in _literals(pattern)):
        return False
    return None


def _literals(text: Text) -> list[str]:
    return [part.value for part in text.parts if isinstance(part, Literal)]


def contains(value: Value, items: Value) -> bool | None:
    """Whether ``value in items`` holds; None when that is not known."""
    return _agreed(_is_in(one, other) for one in possible(value) for other in possible(items))


def _is_in(value: Value, items: Value) -> bool | None:
    if isinstance(value, Missing) or isinstance(items, Missing):
        return False
    if isinstance(items, ArrayValue):
        return _any_true(_agreed(_strictly_equal(value, each) for each in possible(item)) for item in items.items)
    if isinstance(items, ListOf):
        lacking = all(_strictly_equal(value, each) is False for each in possible(items.item))
        return False if lacking else None
    return _strictly_equal(value, items)


def _strictly_equal(left: Value, right: Value) -> bool | None:
    # Implementations differ about `true in [1]`, about null, and about objects.
    judged = _equal(left, right)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        plain = number_of(left) is not None and number_of(right) is not None
        same_word = left == right and left != NULL
        return judged if plain or same_word else None
    return judged if isinstance(left, Text | Scalar) and isinstance(right, Text | Scalar) else None


def compared(operator: str, left: Value, right: Value) -> Value:
    """``left < right`` and its like.

    Raises NoResultError where JSONata certainly fails because of the types.
    """
    return combined(lambda one, other: _compared(operator, one, other), left, right)


def _compared(operator: str, left: Value, right: Value) -> Value:
    if not _comparable(left) or not _comparable(right):
        message = f"`{operator}` compares numbers or strings only"
        raise NoResultError(message)
    if isinstance(left, Missing) or isinstance(right, Missing):
        return MISSING
    if isinstance(left, Anything) or isinstance(right, Anything):
        return one_of((TRUE, FALSE, MISSING))
    first, second = _constant(left), _constant(right)
    if isinstance(left, Text) is not isinstance(right, Text):
        message = f"`{operator}` does not compare a number with a string"
        raise NoResultError(message)
    return BOOLEAN if first is None or second is None else boolean(order(operator, first, second))


def _comparable(value: Value) -> bool:
    return isinstance(value, Text | Missing | Anything) or number_of(value) is not None


def _constant(value: Value) -> float | str | None:
    if isinstance(value, Text):
        literal = value.literal
        return literal if literal is not None and literal.isascii() else None
    return number_of(value)


def arithmetic(operator: str, left: Value, right: Value) -> Value:
    """``left + right`` and its like.

    Raises NoResultError where JSONata certainly fails because one is no number.
    """
    return combined(lambda one, other: _arithmetic(operator, one, other), left, right)


def _arithmetic(operator: str, left: Value, right: Value) -> Value:
    if not _numeric(left) or not _numeric(right):
        message = f"`{operator}` calculates with numbers only"
        raise NoResultError(message)
    if isinstance(left, Missing) or isinstance(right, Missing):
        return MISSING
    for side in (left, right):
        if isinstance(side, Anything):
            return side
    first, second = number_of(left), number_of(right)
    result = None if first is None or second is None else calculate(operator, first, second)
    return Anything(f"`{operator}` gives a number that is not followed") if result is None else result


def _numeric(value: Value) -> bool:
    return isinstance(value, Missing | Anything) or number_of(value) is not None
