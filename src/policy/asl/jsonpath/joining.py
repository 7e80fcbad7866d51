"""Strings put together from several values, as ``States.Format`` does it; the work and the answer are bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.choices import TOO_MANY, leaves, map_choices
from sfn_least_privilege.policy.text import EMPTY, Text, unknown
from sfn_least_privilege.policy.value import (
    MAX_ALTERNATIVES,
    Anything,
    Missing,
    Scalar,
    Value,
    concatenate,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

# Java writes a double with an exponent outside of these bounds, Python does not.
_PLAIN_FROM, _PLAIN_TO = 1e-3, 1e7


def joined(values: Iterable[Value]) -> Value:
    """The string that ``values``, none of them missing, make one after the other; every combination of choices.

    What would be more than MAX_ALTERNATIVES strings, or too much work, becomes an unknown part.
    """
    result: Value = EMPTY
    run: list[Text] = []
    multiplied = 0
    for value in values:
        if len(leaves(value)) == 1:
            run.append(printed(value))
        elif multiplied < MAX_ALTERNATIVES and len(leaves(result)) * len(leaves(value)) <= MAX_ALTERNATIVES:
            result = concatenate((result, Text.of(*run), map_choices(value, printed)))
            run.clear()
            multiplied += 1
        else:
            run.append(unknown(TOO_MANY))
    return concatenate((result, Text.of(*run))) if multiplied else Text.of(*run)


def printed(value: Value) -> Text:
    """One value without choices as ``States.Format`` prints it: a string as it is, a constant as JSON writes it."""
    if isinstance(value, Text):
        return value
    if isinstance(value, Scalar):
        return _number(value)
    if isinstance(value, Anything):
        return unknown(value.reason)
    if isinstance(value, Missing):
        return unknown("it is not there")
    return unknown("it is an object or an array, printed as text")


def _number(scalar: Scalar) -> Text:
    value = scalar.value
    if isinstance(value, float) and value and not _PLAIN_FROM <= abs(value) < _PLAIN_TO:
        return unknown(f"how the number {scalar.json} is printed is not documented")
    return Text.of(scalar.json)
