"""Calls: arguments, partial application, and ``~>``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.jsonata.callables import (
    Builtin,
    Closure,
    Composition,
    Matcher,
    Partial,
    Place,
    Rewriting,
    Scope,
    as_value,
)
from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, combined, each_choice
from sfn_least_privilege.policy.asl.jsonata.functions import FUNCTIONS
from sfn_least_privilege.policy.asl.jsonata.objects import merged
from sfn_least_privilege.policy.asl.jsonata.sequences import may_be_array, select
from sfn_least_privilege.policy.asl.jsonata.tails import leaves_sequences
from sfn_least_privilege.policy.value import MISSING, Anything, ArrayValue, Missing, ObjectValue, Value, one_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.asl.jsonata.callables import Evaluation, Result

_NOT_FOLLOWED = Anything("it comes from a function that is not followed")


def call(evaluation: Evaluation, node: nodes.Call, place: Place) -> Result:
    """``f(a, b)``, or with an open argument the function that takes it."""
    procedure = evaluation.result(node.procedure, place)
    if node.partial:
        return _partial(evaluation, procedure, node, place)
    put_together = FUNCTIONS[procedure.name].parts if isinstance(procedure, Builtin) else None
    if put_together is not None and len(node.arguments) == 1 and isinstance(node.arguments[0], nodes.Array):
        return put_together([evaluation.value(item, place) for item in node.arguments[0].items])
    return evaluation.apply(procedure, _arguments(evaluation, node, place), place.context)


def _arguments(evaluation: Evaluation, node: nodes.Call, place: Place) -> list[Result]:
    return [evaluation.result(argument, place) for argument in node.arguments if argument is not None]


def raw_call(evaluation: Evaluation, node: nodes.Call, place: Place) -> Value:
    """A call as a predicate behind it sees it: a sequence has not become a value yet."""
    procedure = evaluation.result(node.procedure, place)
    if node.partial:
        return as_value(_partial(evaluation, procedure, node, place))
    return _raw(evaluation, procedure, _arguments(evaluation, node, place), place)


def indexed_call(evaluation: Evaluation, node: nodes.Call, place: Place, index: int) -> Value:
    """``f(a)[index]``, of which sometimes more is known than of ``f(a)``."""
    procedure = evaluation.result(node.procedure, place)
    if node.partial:
        return as_value(_partial(evaluation, procedure, node, place))
    arguments = _arguments(evaluation, node, place)
    find = FUNCTIONS[procedure.name].item if isinstance(procedure, Builtin) else None
    item = None if find is None else find(arguments, index)
    return select(_raw(evaluation, procedure, arguments, place), index) if item is None else item


def _raw(evaluation: Evaluation, procedure: Result, arguments: Sequence[Result], place: Place) -> Value:
    value = as_value(evaluation.apply_raw(procedure, arguments, place.context))
    if isinstance(procedure, Builtin) or not leaves_sequences(procedure):
        return value
    # An array may be the only item of a sequence that is left.
    return one_of((value, each_choice(value, lambda each: ArrayValue((each,)) if may_be_array(each) else each)))


def _partial(evaluation: Evaluation, procedure: Result, node: nodes.Call, place: Place) -> Result:
    arguments = tuple([None if each is None else evaluation.result(each, place) for each in node.arguments])
    if isinstance(procedure, Closure | Builtin):
        return Partial(procedure, arguments)
    return _NOT_FOLLOWED


def piped(evaluation: Evaluation, left: Result, operand: nodes.Node, place: Place) -> Result:
    """``a ~> f``, ``a ~> f(b)`` and ``f ~> g``."""
    if isinstance(operand, nodes.Call) and not operand.partial:
        procedure = evaluation.result(operand.procedure, place)
        return evaluation.apply(procedure, [left, *_arguments(evaluation, operand, place)], place.context)
    function = evaluation.result(operand, place)
    if isinstance(left, Closure | Builtin | Partial | Composition | Rewriting | Matcher):
        # What is no function is told when the composition is called.
        return Composition(left, function)
    return evaluation.apply(function, [left], None)


def apply(evaluation: Evaluation, function: Result, arguments: Sequence[Result], context: Value | None) -> Result:
    """The result of calling ``function``.

    Raises NoResultError when it certainly is none.
    """
    if isinstance(function, Builtin):
        return _of_language(evaluation, function.name, arguments, context)
    if isinstance(function, Closure):
        return _of_expression(evaluation, function, arguments)
    if isinstance(function, Partial):
        return evaluation.apply(function.function, _filled(function, arguments), context)
    if isinstance(function, Composition):
        return evaluation.apply(function.second, [evaluation.apply(function.first, arguments)])
    if isinstance(function, Rewriting):
        return _rewritten(evaluation, function, as_value(arguments[0]) if arguments else MISSING)
    if isinstance(function, Matcher):
        return _NOT_FOLLOWED
    if isinstance(function, Anything):
        return function if "`" in function.reason else _NOT_FOLLOWED
    message = "what is called is no function"
    raise NoResultError(message)


def _of_language(evaluation: Evaluation, name: str, arguments: Sequence[Result], context: Value | None) -> Result:
    function = FUNCTIONS[name]
    if function.context and len(arguments) == function.minimum - 1:
        if context is None:
            return Anything(f"`${name}` is given too few arguments")
        arguments = [context, *arguments]
    if not function.minimum <= len(arguments) <= function.maximum:
        return Anything(f"`${name}` is given {len(arguments)} arguments")
    return function.run(evaluation, arguments)


def _of_expression(evaluation: Evaluation, function: Closure, arguments: Sequence[Result]) -> Result:
    definition, place = function.definition, function.place
    if not definition.followed:
        return _NOT_FOLLOWED
    scope = Scope(place.scope, dict(zip(definition.parameters, arguments, strict=False)))
    for parameter in definition.parameters[len(arguments) :]:
        # Implementations differ: nothing, or what the name means outside.
        outside = parameter in FUNCTIONS or place.scope.lookup(parameter) is not None
        scope.bindings[parameter] = Anything(f"`${parameter}` is given no argument") if outside else MISSING
    return evaluation.result(definition.body, Place(scope, place.context))


def _filled(function: Partial, arguments: Sequence[Result]) -> list[Result]:
    given = iter(arguments)
    return [next(given, MISSING) if each is None else each for each in function.arguments]


def _rewritten(evaluation: Evaluation, function: Rewriting, value: Value) -> Result:
    """``value ~> | $ | {…} |`` sets fields of the value; other patterns are not followed."""
    definition = function.definition
    if definition.pattern != nodes.Variable("") or definition.delete is not None:
        return Anything("it is changed by `|…|` inside")

    def changed(each: Value) -> Value:
        if isinstance(each, Missing | Anything):
            return each
        if not isinstance(each, ObjectValue):
            return _NOT_FOLLOWED
        update = evaluation.value(definition.update, function.place.at(each))
        return combined(lambda new: each if isinstance(new, Missing) else merged([each, new]), update)

    return each_choice(value, changed)
