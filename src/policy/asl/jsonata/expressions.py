"""Everything in an expression but paths and calls: literals, operators, conditions, blocks, constructors."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata import nodes, texts
from sfn_least_privilege.policy.asl.jsonata.callables import (
    Closure,
    Matcher,
    Place,
    Rewriting,
    Scope,
    as_value,
    is_function,
)
from sfn_least_privilege.policy.asl.jsonata.calls import piped
from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, combined, each_choice, survivors
from sfn_least_privilege.policy.asl.jsonata.collection_functions import closed_range
from sfn_least_privilege.policy.asl.jsonata.objects import constructed
from sfn_least_privilege.policy.asl.jsonata.operators import (
    ARITHMETIC,
    EQUALITY,
    FALSE,
    are_equal,
    arithmetic,
    boolean,
    compared,
    contains,
    truth_of,
)
from sfn_least_privilege.policy.asl.jsonata.sequences import EMPTY, as_item, as_sequence, flatten, may_be_array
from sfn_least_privilege.policy.text import EMPTY as EMPTY_TEXT
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    Conditional,
    Missing,
    Scalar,
    Value,
    conditional,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.asl.jsonata.callables import Evaluation, Result
    from sfn_least_privilege.policy.asl.jsonata.nodes import Node


def string(evaluation: Evaluation, node: nodes.String, _place: Place) -> Result:
    """A string literal."""
    return evaluation.text(node.value)


def constant(_evaluation: Evaluation, node: nodes.Constant, _place: Place) -> Result:
    """A number, a boolean or null."""
    return node.value


def regex(_evaluation: Evaluation, node: nodes.Regex, _place: Place) -> Result:
    """A regular expression, which is a function."""
    return Matcher(node.pattern)


def unsupported(_evaluation: Evaluation, node: nodes.Unsupported, _place: Place) -> Result:
    """Something that is not followed."""
    return Anything(node.reason)


def concatenation(evaluation: Evaluation, node: nodes.Concatenation, place: Place) -> Result:
    """``a & b & c``."""
    return texts.joined([_written(evaluation.result(operand, place)) for operand in node.operands])


def _written(result: Result) -> Value:
    # A function leaves no characters behind.
    return EMPTY_TEXT if is_function(result) else texts.stringified(as_value(result))


def chain(evaluation: Evaluation, node: nodes.Chain, place: Place) -> Result:
    """A row of operators, from left to right."""
    left = evaluation.result(node.first, place)
    run: list[Value] = []
    for operator, operand in node.rest:
        if operator == "&":
            # A run of them is put together at once, so that a long one takes linear time.
            run = run or [_written(left)]
            run.append(_written(evaluation.result(operand, place)))
            continue
        if run:
            left, run = texts.joined(run), []
        left = _operated(evaluation, operator, left, operand, place)
    return texts.joined(run) if run else left


def _operated(evaluation: Evaluation, operator: str, left: Result, operand: Node, place: Place) -> Result:
    if operator == "~>":
        return piped(evaluation, left, operand, place)
    if operator in {"and", "or"}:
        return _logical(evaluation, operator, as_value(left), operand, place)
    one, other = as_value(left), evaluation.value(operand, place)
    if operator in ARITHMETIC:
        return arithmetic(operator, one, other)
    if operator in EQUALITY:
        return _equality(operator, one, other)
    if operator == "in":
        return boolean(contains(one, other))
    return compared(operator, one, other)


def _equality(operator: str, left: Value, right: Value) -> Value:
    def judged(one: Value, other: Value) -> Value:
        if isinstance(one, Missing) or isinstance(other, Missing):
            # With nothing on a side, `!=` does not hold either.
            return FALSE
        equal = are_equal(one, other)
        return boolean(equal if equal is None or operator == "=" else not equal)

    if operator == "!=" and (isinstance(left, Anything) or isinstance(right, Anything)):
        return boolean(None)
    return combined(judged, left, right)


def _logical(evaluation: Evaluation, operator: str, left: Value, operand: Node, place: Place) -> Value:
    truth = truth_of(left)
    decided = operator == "or"
    if truth is decided:
        return boolean(truth)

    def other() -> Value:
        return boolean(truth_of(evaluation.value(operand, place)))

    return other() if truth is not None else survivors((lambda: boolean(decided), other))


def negation(evaluation: Evaluation, node: nodes.Negation, place: Place) -> Result:
    """``-a``."""
    return arithmetic("-", Scalar("0"), evaluation.value(node.operand, place))


def number_range(evaluation: Evaluation, node: nodes.Range, place: Place) -> Result:
    """``a..b``, whose numbers become items of the array around it."""
    return combined(closed_range, evaluation.value(node.first, place), evaluation.value(node.last, place))


def array(evaluation: Evaluation, node: nodes.Array, place: Place) -> Result:
    """``[a, b]``: arrays that come from expressions become part of it, those written inside stay arrays."""
    parts: list[Value] = []
    for item in node.items:
        value = evaluation.value(item, place)
        parts.append(as_item(value) if _is_array(item) else as_sequence(value))
    return flatten(parts) if parts else EMPTY


def _is_array(node: Node) -> bool:
    return isinstance(nodes.base_of(node), nodes.Array)


def object_of(evaluation: Evaluation, node: nodes.Object, place: Place) -> Result:
    """``{key: value}``."""
    if place.context is not None and may_be_array(place.context):
        # It groups the items of such a context by their keys.
        place = place.at(Anything("it comes from the items of an array"))
    return constructed(
        [(evaluation.value(key, place), partial(evaluation.value, value, place)) for key, value in node.pairs]
    )


def block(evaluation: Evaluation, node: nodes.Block, place: Place) -> Result:
    """``(a; b; c)``: the last, in a scope of its own."""
    inner = Place(Scope(place.scope), place.context)
    result: Result = MISSING
    for statement in node.statements:
        result = evaluation.result(statement, inner)
    return result


def bind(evaluation: Evaluation, node: nodes.Bind, place: Place) -> Result:
    """``$name := value``."""
    result = evaluation.result(node.value, place)
    place.scope.bindings[node.name] = result
    return result


def condition(evaluation: Evaluation, node: nodes.Condition, place: Place) -> Result:
    """``a ? b : c``: the branches that may be taken. A chain of them is a loop here."""
    attempts: list[Callable[[], Result]] = []
    current: Node | None = node
    while isinstance(current, nodes.Condition):
        test = evaluation.value(current.test, place)
        if isinstance(test, Conditional):
            attempts.append(_by_template(evaluation, test, current, place))
            break
        truth = truth_of(test)
        if truth is not False:
            attempts.append(_branch(evaluation, current.then, place))
        if truth is True:
            break
        current = current.otherwise
    else:
        attempts.append(_branch(evaluation, current, place))
    if len(attempts) == 1:
        return attempts[0]()
    return survivors([_valued(attempt) for attempt in attempts])


def _branch(evaluation: Evaluation, node: Node | None, place: Place) -> Callable[[], Result]:
    return lambda: MISSING if node is None else evaluation.result(node, place)


def _valued(attempt: Callable[[], Result]) -> Callable[[], Value]:
    return lambda: as_value(attempt())


def _by_template(
    evaluation: Evaluation, test: Conditional, node: nodes.Condition, place: Place
) -> Callable[[], Result]:
    """A test that a condition of the template decides: so does it decide the branch."""

    def taken(value: Value) -> Value:
        truth = truth_of(value)
        then, otherwise = _branch(evaluation, node.then, place), _branch(evaluation, node.otherwise, place)
        if truth is None:
            return survivors((_valued(then), _valued(otherwise)))
        return as_value(then() if truth else otherwise())

    def decided() -> Value:
        try:
            then = taken(test.then)
        except NoResultError:
            return taken(test.otherwise)
        try:
            return conditional(test.condition, then, taken(test.otherwise))
        except NoResultError:
            return then

    return decided


def default(evaluation: Evaluation, node: nodes.Default, place: Place) -> Result:
    """``a ?: b``."""
    value = evaluation.value(node.value, place)
    truth = truth_of(value)
    if truth is not None:
        return value if truth else evaluation.result(node.otherwise, place)
    return _or_other(
        evaluation, value, node.otherwise, place, lambda each: None if isinstance(each, Anything) else truth_of(each)
    )


def coalesce(evaluation: Evaluation, node: nodes.Coalesce, place: Place) -> Result:
    """``a ?? b``."""
    value = evaluation.value(node.value, place)
    if isinstance(value, Missing):
        return evaluation.result(node.otherwise, place)
    return _or_other(
        evaluation,
        value,
        node.otherwise,
        place,
        lambda each: None if isinstance(each, Anything) else not isinstance(each, Missing),
    )


def _or_other(
    evaluation: Evaluation, value: Value, otherwise: Node, place: Place, holds: Callable[[Value], bool | None]
) -> Value:
    """Each value for which ``holds`` says yes, the other value for which it says no, both where it does not say."""

    def chosen(each: Value) -> Value:
        verdict = holds(each)
        if verdict:
            return each
        other = partial(evaluation.value, otherwise, place)
        return other() if verdict is False else survivors((lambda: each, other))

    return each_choice(value, chosen)


def function(_evaluation: Evaluation, node: nodes.Lambda, place: Place) -> Result:
    """``function($a){ … }``."""
    return Closure(node, place)


def transform(_evaluation: Evaluation, node: nodes.Transform, place: Place) -> Result:
    """``| … | … |``."""
    return Rewriting(node, place)
