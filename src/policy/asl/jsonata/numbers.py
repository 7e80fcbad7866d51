"""Numbers, as far as every JSONata implementation agrees about them to the last digit."""

from __future__ import annotations

import json
import math
from operator import ge, gt, le, lt
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# Between these, JSON writes a number without an exponent, and fifteen digits are what JSONata shows:
# https://docs.jsonata.org/string-functions#string
_SMALLEST = 1e-6
_LARGEST = 1e15
_EXACT = 2**53


def number_of(value: Value) -> float | None:
    """The number that ``value`` is, if it is a known one."""
    if not isinstance(value, Scalar):
        return None
    number = value.value
    return None if number is None or isinstance(number, bool) else number


def integer_of(value: Value) -> int | None:
    """The integer that ``value`` is, if it is a known one."""
    number = number_of(value)
    return int(number) if number is not None and abs(number) <= _EXACT and number == int(number) else None


def scalar_number(number: float) -> Scalar | None:
    """A number as a value; None for what JSON has no number for."""
    if not math.isfinite(number):
        return None
    whole = abs(number) <= _EXACT and number == int(number)
    return Scalar(json.dumps(int(number) if whole else number))


def number_text(number: float) -> Text:
    """The string that JSONata makes of a number; unknown where implementations differ."""
    if number == 0:
        return Text.of("0")
    if abs(number) < _LARGEST and number == int(number):
        return Text.of(str(int(number)))
    if _SMALLEST <= abs(number) < _LARGEST:
        written = f"{number:.15g}"
        if "e" not in written:
            return Text.of(written)
    return Text((Unknown("it is a number too large or too small to be written out"),))


def calculate(operator: str, left: float, right: float) -> Scalar | None:
    """``left operator right``; None where there is no number as the result, or none that is certain."""
    try:
        return _calculate(operator, float(left), float(right))
    except (OverflowError, ValueError, ZeroDivisionError):
        return None


def _calculate(operator: str, left: float, right: float) -> Scalar | None:
    if operator == "+":
        return scalar_number(left + right)
    if operator == "-":
        return scalar_number(left - right)
    if operator == "*":
        return scalar_number(left * right)
    if operator == "/":
        return scalar_number(left / right)
    if left == int(left) and right == int(right):
        return scalar_number(math.fmod(left, right))
    return None


def order(operator: str, left: float | str, right: float | str) -> bool:
    """``left operator right`` for two numbers, or for two strings of ASCII characters."""
    holds: bool = _ORDERS[operator](left, right)
    return holds


_ORDERS: Mapping[str, Callable[[Any, Any], Any]] = {"<": lt, "<=": le, ">": gt, ">=": ge}
