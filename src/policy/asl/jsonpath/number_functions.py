"""The intrinsic functions for numbers.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#asl-intrsc-func-math-operation
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.choices import combine
from sfn_least_privilege.policy.asl.jsonpath.outcomes import some_value
from sfn_least_privilege.policy.value import MAX_ALTERNATIVES, Anything, Scalar, Value, one_of

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.jsonpath.outcomes import Arguments

_LARGEST = 2**31 - 1
_LARGEST_FLOAT = 2.0**52


def integers(value: Value) -> tuple[int, ...] | None:
    """The integers a number without choices can count as; None where that is not known.

    A number with a fraction is rounded to the nearest integer; half-way, either one is possible.
    """
    number = value.value if isinstance(value, Scalar) else None
    if isinstance(number, bool) or number is None:
        return None
    if isinstance(number, int):
        return (number,)
    if not abs(number) < _LARGEST_FLOAT:
        return None
    below = math.floor(number)
    if number - below == 0.5:  # noqa: PLR2004 - half-way
        return below, below + 1
    return (below if number - below < 0.5 else below + 1,)  # noqa: PLR2004 - half-way


def math_add(source: str, arguments: Arguments) -> Value:
    """``States.MathAdd(a, b)``."""

    def add(values: Arguments) -> Value:
        left, right = integers(values[0]), integers(values[1])
        if left is None or right is None:
            return some_value(source, *values)
        sums = {one + other for one in left for other in right}
        if max(map(abs, sums)) > _LARGEST:
            return Anything(f"`{source}` leaves the range of 32 bits")
        return one_of(Scalar(str(each)) for each in sorted(sums))

    return combine(arguments, add)


def math_random(source: str, arguments: Arguments) -> Value:
    """``States.MathRandom(start, end)``, with a seed or without.

    Whether the end is included is not documented: here it is.
    """

    def choose(values: Arguments) -> Value:
        start, end = integers(values[0]), integers(values[1])
        if start is None or end is None:
            return some_value(source, *values)
        numbers = range(min(start), max(end) + 1)
        if not 0 < len(numbers) <= MAX_ALTERNATIVES:
            return Anything(f"`{source}` is random")
        return one_of(Scalar(str(number)) for number in numbers)

    return combine(arguments[:2], choose)
