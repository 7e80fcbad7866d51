"""Functions that call functions: https://docs.jsonata.org/higher-order-functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.jsonata.callables import (
    Builtin,
    Closure,
    Composition,
    Partial,
    Rewriting,
    as_value,
    is_function,
)
from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, each_choice, may_be_missing
from sfn_least_privilege.policy.asl.jsonata.joins import join
from sfn_least_privilege.policy.asl.jsonata.operators import NULL, truth_of
from sfn_least_privilege.policy.asl.jsonata.sequences import (
    as_item,
    collapse,
    items_of,
    many,
    selected_each,
    uncollapsed,
)
from sfn_least_privilege.policy.asl.jsonata.tails import leaves_sequences
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Missing,
    ObjectValue,
    Scalar,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.asl.jsonata.callables import Interpreter, Result

_INDEX = Anything("it is the position of an item")
_NAME = Text((Unknown("it is the name of a field that is not known"),))
_NOT_FOLLOWED = Anything("it comes from a function that is not followed")

# An item, its position or name, and the whole that it belongs to.
_Call: TypeAlias = Callable[[Value, Value, Value], Value]

# What these are given beside the item does not matter to them.
_OF_ONE_ARGUMENT = frozenset(
    {
        "abs",
        "base64decode",
        "base64encode",
        "boolean",
        "ceil",
        "exists",
        "floor",
        "keys",
        "length",
        "lowercase",
        "not",
        "number",
        "parse",
        "string",
        "trim",
        "type",
        "uppercase",
    }
)
_MAX_PARAMETERS = 3


def _arity(function: Result) -> int | None:
    """How many arguments a function is called with; None where implementations differ, or it is no function."""
    if isinstance(function, Closure):
        return min(len(function.definition.parameters), _MAX_PARAMETERS)
    if isinstance(function, Partial):
        return min(sum(argument is None for argument in function.arguments), _MAX_PARAMETERS)
    if isinstance(function, Composition | Rewriting):
        return 1
    if isinstance(function, Builtin) and function.name in _OF_ONE_ARGUMENT:
        return 1
    return None


def _caller(interpreter: Interpreter, function: Result) -> _Call:
    """How to call ``function`` with an item, its position or name, and the whole."""
    arity = _arity(function)
    if arity is None:
        if not is_function(function) and not isinstance(function, Anything):
            message = "what should be a function is none"
            raise NoResultError(message)
        return lambda _item, _position, _whole: _NOT_FOLLOWED

    def call(item: Value, position: Value, whole: Value) -> Value:
        # An item is always passed, even to a function without parameters.
        return as_value(interpreter.apply_raw(function, (item, position, whole)[: max(1, arity)]))

    def call_of_language(item: Value, position: Value, whole: Value) -> Value:
        try:
            return call(item, position, whole)
        except NoResultError:
            # Implementations differ about whether they look at the type of such an argument.
            return _NOT_FOLLOWED

    return call_of_language if isinstance(function, Builtin) else call


def _collector(interpreter: Interpreter, function: Result) -> _Call:
    """How to call ``function`` where its results become items of an array."""
    call = _caller(interpreter, function)
    if isinstance(function, Builtin):
        # A sequence inside an array becomes a value when somebody takes it out.
        return lambda item, position, whole: _or_collapsed(call(item, position, whole))
    if not leaves_sequences(function):
        return call
    return lambda item, position, whole: uncollapsed(call(item, position, whole))


def _or_collapsed(result: Value) -> Value:
    return one_of((result, collapse(result)))


def _over_array(value: Value, do: Callable[[Value, Value], Value]) -> Value:
    """``do`` with each sequence that ``value`` can be, and the array itself; nothing of nothing."""

    def of(each: Value) -> Value:
        if isinstance(each, Missing):
            return each
        if each == NULL:
            return Anything("implementations differ about `null` as an array")
        return selected_each(each, lambda sequence: do(sequence, sequence))

    return each_choice(value, of)


def map_array(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$map``."""
    call = _collector(interpreter, arguments[1])

    def mapped(sequence: Value, whole: Value) -> Value:
        if isinstance(sequence, ArrayValue):
            return _gathered([call(item, _position(i), whole) for i, item in enumerate(sequence.items)])
        return many(*(_tried(call, item, whole) for item in items_of(sequence)))

    return _over_array(as_value(arguments[0]), mapped)


def _position(index: int) -> Scalar:
    return Scalar(str(index))


def _gathered(results: list[Value]) -> Value:
    """The sequence of results, of which the missing ones are left out."""
    if len(results) == 1:
        return as_item(results[0])
    if any(may_be_missing(result) and not isinstance(result, Missing) for result in results):
        return many(*results)
    return ArrayValue(tuple(result for result in results if not isinstance(result, Missing)))


def _tried(call: _Call, item: Value, whole: Value, position: Value = _INDEX) -> Value:
    """The call for an item that need not be there: where the call fails, there was none."""
    try:
        return call(item, position, whole)
    except NoResultError:
        return MISSING


def filter_array(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$filter``."""
    call = _caller(interpreter, arguments[1])

    def chosen(sequence: Value, whole: Value) -> Value:
        if isinstance(sequence, ArrayValue):
            return _gathered([_if_true(call(item, _position(i), whole), item) for i, item in enumerate(sequence.items)])
        return many(*(_if_true(_tried(call, item, whole), item) for item in items_of(sequence)))

    return _over_array(as_value(arguments[0]), chosen)


def _if_true(verdict: Value, item: Value) -> Value:
    truth = truth_of(verdict)
    if truth is None:
        return one_of((item, MISSING))
    return item if truth else MISSING


def single(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$single``: the one item for which the function holds; the state fails unless there is exactly one."""
    call = _caller(interpreter, arguments[1]) if len(arguments) > 1 else None

    def chosen(sequence: Value, whole: Value) -> Value:
        items = items_of(sequence)
        if call is not None:
            items = tuple(item for item in items if truth_of(_tried(call, item, whole)) is not False)
        if not items:
            message = "`$single` finds no item"
            raise NoResultError(message)
        return join(items)

    value = as_value(arguments[0])
    # It may be missing, and then there is nothing to find.
    return value if isinstance(value, Anything) else _over_array(value, chosen)


def reduce_array(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$reduce``, with an array whose items are known."""
    function = arguments[1]
    start = as_value(arguments[2]) if len(arguments) > 2 else MISSING  # noqa: PLR2004 -- the third argument
    if not isinstance(function, Closure) or len(function.definition.parameters) < 2:  # noqa: PLR2004 -- so it requires
        return _NOT_FOLLOWED

    def reduced(sequence: Value, whole: Value) -> Value:
        if not isinstance(sequence, ArrayValue) or may_be_missing(start) is not isinstance(start, Missing):
            return _NOT_FOLLOWED
        result: Value = start
        for index, item in enumerate(sequence.items):
            if index == 0 and isinstance(start, Missing):
                result = item
            else:
                result = as_value(interpreter.apply(function, (result, item, _position(index), whole)))
        return result

    return _over_array(as_value(arguments[0]), reduced)


def each_field(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$each``: the results of the function for all fields of an object."""
    call = _collector(interpreter, arguments[1])

    def of(value: ObjectValue) -> Value:
        results = [_of_field(call, item, interpreter.text(name), value) for name, item in value.fields.items()]
        if value.rest is None:
            return _gathered(results)
        return many(*results, _tried(call, value.rest, value, _NAME))

    return _over_object("each", as_value(arguments[0]), of)


def sift(interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$sift``: an object of those fields for which the function holds."""
    call = _caller(interpreter, arguments[1])

    def of(value: ObjectValue) -> Value:
        fields = {
            name: _if_true(_of_field(call, item, interpreter.text(name), value), item)
            for name, item in value.fields.items()
        }
        left = {name: item for name, item in fields.items() if not isinstance(item, Missing)}
        sifted = ObjectValue(left, value.rest)
        if any(not may_be_missing(item) for item in left.values()):
            return sifted
        return one_of((sifted, MISSING)) if left or value.rest is not None else MISSING

    return _over_object("sift", as_value(arguments[0]), of)


def _of_field(call: _Call, item: Value, name: Value, whole: Value) -> Value:
    if may_be_missing(item):
        # Without the field there is no call, whatever the function would make of nothing.
        return one_of((_tried(call, item, whole, name), MISSING))
    return call(item, name, whole)


def _over_object(function: str, value: Value, do: Callable[[ObjectValue], Value]) -> Value:
    def of(each: Value) -> Value:
        if isinstance(each, ObjectValue):
            return do(each)
        if isinstance(each, Missing | Anything):
            return each
        message = f"`${function}` works on objects only"
        raise NoResultError(message)

    return each_choice(value, of)
