"""Functions about numbers, booleans, types and time.

https://docs.jsonata.org/numeric-functions, https://docs.jsonata.org/aggregation-functions,
https://docs.jsonata.org/boolean-functions, https://docs.jsonata.org/date-time-functions
"""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.callables import as_value, is_function
from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, each_choice
from sfn_least_privilege.policy.asl.jsonata.numbers import calculate, number_of, scalar_number
from sfn_least_privilege.policy.asl.jsonata.operators import BOOLEAN, FALSE, NULL, TRUE, boolean, truth_of
from sfn_least_privilege.policy.asl.jsonata.sequences import EMPTY, as_sequence
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    Missing,
    ObjectValue,
    Scalar,
    Value,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sfn_least_privilege.policy.asl.jsonata.callables import Interpreter, Result
    from sfn_least_privilege.policy.asl.jsonata.functions import Implementation

_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
_NUMBER_NOT_FOLLOWED = Anything("it is a number that is not followed")


def _or_not_followed(number: Scalar | None) -> Value:
    return _NUMBER_NOT_FOLLOWED if number is None else number


def unary(do: Callable[[Value], Value]) -> Implementation:
    """A function of one value: nothing of nothing, and what is not known stays so."""

    def run(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
        return each_choice(
            as_value(arguments[0]), lambda value: value if isinstance(value, Missing | Anything) else do(value)
        )

    return run


def of_number(function: str, do: Callable[[float], float | None]) -> Implementation:
    """A function of one number; ``do`` answers None where its result is not followed."""

    def calculated(value: Value) -> Value:
        number = number_of(value)
        if number is None:
            message = f"`${function}` works on numbers only"
            raise NoResultError(message)
        result = do(number)
        return _or_not_followed(None if result is None else scalar_number(result))

    return unary(calculated)


def square_root(number: float) -> float | None:
    """``$sqrt``."""
    return math.sqrt(number) if number >= 0 else None


def matches(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$match``. No regular expression is run: it may be one that takes for ever."""
    first = as_value(arguments[0])
    return first if isinstance(first, Missing | Anything) else Anything("it is what a regular expression finds")


def not_followed(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """A function whose result, whatever its type, is not followed; it has none where its argument is missing."""
    first = as_value(arguments[0]) if arguments else _NUMBER_NOT_FOLLOWED
    return first if isinstance(first, Missing | Anything) else _NUMBER_NOT_FOLLOWED


def some_text(reason: str) -> Implementation:
    """A function that makes a string of which nothing is known for ``reason``; none where its argument is missing."""
    made = Text((Unknown(reason),))

    def run(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
        if not arguments:
            return made
        return each_choice(
            as_value(arguments[0]), lambda value: value if isinstance(value, Missing | Anything) else made
        )

    return run


def number(value: Value) -> Value:
    """``$number``."""
    if isinstance(value, Text):
        literal = value.literal
        if literal is not None and _JSON_NUMBER.fullmatch(literal):
            return _or_not_followed(scalar_number(float(literal)))
        return _NUMBER_NOT_FOLLOWED
    if isinstance(value, Scalar) and value != NULL:
        return value if number_of(value) is not None else Scalar("1" if value == TRUE else "0")
    message = "`$number` works on strings, numbers and booleans only"
    raise NoResultError(message)


def _numbers(function: str, value: Value) -> list[float] | None:
    """The numbers in an array; None where they are not all known."""
    if value == NULL or isinstance(value, ListOf):
        return None
    sequence = as_sequence(value)
    if not isinstance(sequence, ArrayValue):
        return None
    if any(isinstance(item, Text | ObjectValue | ArrayValue) for item in sequence.items):
        message = f"`${function}` works on arrays of numbers only"
        raise NoResultError(message)
    found = [found for item in sequence.items if (found := number_of(item)) is not None]
    return found if len(found) == len(sequence.items) else None


def aggregate(function: str, do: Callable[[list[float]], Value]) -> Implementation:
    """``$sum`` and its like."""

    def of(value: Value) -> Value:
        numbers = _numbers(function, value)
        return _NUMBER_NOT_FOLLOWED if numbers is None else do(numbers)

    return unary(of)


def total(numbers: list[float]) -> Value:
    """``$sum``."""
    result: Scalar | None = Scalar("0")
    for each in numbers:
        result = None if result is None else calculate("+", number_of(result) or 0, each)
    return _or_not_followed(result)


def average(numbers: list[float]) -> Value:
    """``$average``."""
    if not numbers:
        return MISSING
    result = number_of(total(numbers))
    return _or_not_followed(None if result is None else calculate("/", result, len(numbers)))


def extreme(choose: Callable[[list[float]], float]) -> Callable[[list[float]], Value]:
    """``$max`` and ``$min``."""
    return lambda numbers: _or_not_followed(scalar_number(choose(numbers))) if numbers else MISSING


def count(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$count``."""

    def counted(value: Value) -> Value:
        sequence = EMPTY if isinstance(value, Missing) else as_sequence(value)
        if value == NULL or not isinstance(sequence, ArrayValue):
            return _NUMBER_NOT_FOLLOWED
        return Scalar(str(len(sequence.items)))

    return each_choice(as_value(arguments[0]), counted)


def truth(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$boolean``."""
    return FALSE if is_function(arguments[0]) else _judged(as_value(arguments[0]), truth_of)


def negation(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$not``."""

    def untrue(value: Value) -> bool | None:
        judged = truth_of(value)
        return None if judged is None else not judged

    return TRUE if is_function(arguments[0]) else _judged(as_value(arguments[0]), untrue)


def _judged(value: Value, judge: Callable[[Value], bool | None]) -> Value:
    def of(each: Value) -> Value:
        if isinstance(each, Missing):
            return each
        if isinstance(each, Anything):
            return one_of((TRUE, FALSE, MISSING))
        return boolean(judge(each))

    return each_choice(value, of)


def exists(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$exists``."""
    return each_choice(
        TRUE if is_function(arguments[0]) else as_value(arguments[0]),
        lambda each: BOOLEAN if isinstance(each, Anything) else FALSE if isinstance(each, Missing) else TRUE,
    )


def type_name(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$type``."""
    if is_function(arguments[0]):
        return Text.of("function")
    return each_choice(as_value(arguments[0]), _type_name)


def _type_name(value: Value) -> Value:
    if isinstance(value, Missing | Anything):
        return value
    if isinstance(value, Text):
        return Text.of("string")
    if isinstance(value, Scalar):
        return Text.of("null" if value == NULL else "boolean" if value in {TRUE, FALSE} else "number")
    return Text.of("object" if isinstance(value, ObjectValue) else "array")


def fail(_interpreter: Interpreter, _arguments: Sequence[Result]) -> Result:
    """``$error``: raises NoResultError, because the state fails there."""
    message = "`$error` stops the state"
    raise NoResultError(message)


def ensure(_interpreter: Interpreter, _arguments: Sequence[Result]) -> Result:
    """``$assert``: nothing comes of it, or the state fails."""
    return MISSING


def refused(_interpreter: Interpreter, _arguments: Sequence[Result]) -> Result:
    """``$eval``, which Step Functions does not have; elsewhere it runs text as an expression."""
    return Anything("`$eval` makes its expression while it runs, and Step Functions refuses it")


def parsed_json(value: Value) -> Value:
    """``$parse``, Step Functions' own.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    if not isinstance(value, Text):
        message = "`$parse` works on strings only"
        raise NoResultError(message)
    unknowns = value.unknowns
    unparsed = Anything(unknowns[0].reason if unknowns else "`$parse` reads it from a string")
    literal = value.literal
    if literal is None:
        return unparsed
    try:
        return from_json(json.loads(literal))
    except (ValueError, RecursionError):
        return unparsed
