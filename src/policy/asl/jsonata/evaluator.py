"""What a JSONata expression can be, told from what is known of its variables.

The result covers every value that a run can give it: where something is not followed, the result is an
:class:`~sfn_least_privilege.policy.value.Anything`, or an unknown part of a string, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.jsonata import calls, expressions, nodes, paths
from sfn_least_privilege.policy.asl.jsonata.callables import Builtin, Place, Scope, as_value
from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, possible
from sfn_least_privilege.policy.asl.jsonata.functions import FUNCTIONS
from sfn_least_privilege.policy.asl.jsonata.limits import (
    CHARACTERS_PER_COST,
    COST_OF_NODE,
    MAX_CALLS,
    MAX_EVALUATION,
    Budget,
    TooComplexError,
)
from sfn_least_privilege.policy.asl.jsonata.parsing import parse
from sfn_least_privilege.policy.asl.jsonata.sequences import collapse
from sfn_least_privilege.policy.asl.jsonata.sizes import size_of
from sfn_least_privilege.policy.asl.jsonata.texts import length_of, plain
from sfn_least_privilege.policy.asl.jsonata.variables import variable
from sfn_least_privilege.policy.asl.work import Work
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    OneOf,
    Value,
    map_texts,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sfn_least_privilege.policy.asl.jsonata.callables import Result
    from sfn_least_privilege.policy.asl.jsonata.nodes import Node

_TOO_DEEP = "the expression is nested too deeply to analyse"


def evaluate(
    expression: str,
    variables: Mapping[str, Value],
    literal: Callable[[str], Value],
    work: Work | None = None,
) -> Value:
    """Every value that an expression can have.

    Args:
        expression: the expression without its delimiters.
        variables: what is known of each variable, by its name without ``$``; ``states`` is an object with
            ``input``, ``context``, ``result`` and ``errorOutput``. A reason such as ``it comes from the state's
            input`` is told as ``$states.input.day comes from the state's input``.
        literal: the value of a string in the expression, which may hold tokens of placeholders.
        work: what all expressions of the definition may cost together; None where this is the only one.

    Raises JsonataSyntaxError.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html and https://docs.jsonata.org
    """
    try:
        budget = Budget(Work() if work is None else work)
        budget.spend(COST_OF_NODE + len(expression) // CHARACTERS_PER_COST)
        program = parse(expression)
        evaluator = _Evaluator(program.elsewhere, literal, budget)
        return evaluator.value(program.root, Place(Scope(None, dict(variables)), None))
    except TooComplexError as error:
        return Anything(str(error))
    except NoResultError as error:
        return Anything(f"the expression always fails: {error}")
    except RecursionError:
        # Only where the caller itself stands near the interpreter's limit.
        return Anything(_TOO_DEEP)


class _Evaluator:
    """One evaluation: its limits, and what holds for the whole expression."""

    def __init__(self, elsewhere: frozenset[str], literal: Callable[[str], Value], budget: Budget) -> None:
        self.elsewhere = elsewhere
        self.constructed = False
        self._literal = literal
        self._budget = budget
        self._depth = 0
        self._calls = 0

    def value(self, node: Node, place: Place) -> Value:
        return as_value(self.result(node, place))

    def result(self, node: Node, place: Place) -> Result:
        if self._depth >= MAX_EVALUATION:
            raise TooComplexError(_TOO_DEEP)
        self._depth += 1
        try:
            result = _HANDLERS[type(node)](self, node, place)
        finally:
            # What fails in one branch is caught where another may be taken.
            self._depth -= 1
        self._budget.spend(COST_OF_NODE)
        return self._limited(result)

    def _limited(self, result: Result) -> Result:
        if isinstance(result, Text):
            self._budget.spend(length_of(result) // CHARACTERS_PER_COST)
        elif isinstance(result, ObjectValue | ArrayValue | ListOf | OneOf | Conditional):
            size = size_of(result)
            if size is None:
                return Anything("it is too large to be followed")
            self._budget.spend(size)
        return result

    def apply(self, function: Result, arguments: Sequence[Result], context: Value | None = None) -> Result:
        result = self.apply_raw(function, arguments, context)
        if isinstance(function, Builtin) and FUNCTIONS[function.name].sequence:
            return collapse(as_value(result))
        return result

    def apply_raw(self, function: Result, arguments: Sequence[Result], context: Value | None = None) -> Result:
        self._budget.spend(COST_OF_NODE)
        if isinstance(function, Builtin):
            return self._limited(calls.apply(self, function, arguments, context))
        if self._calls >= MAX_CALLS:
            return Anything("it is made by functions that call each other too often")
        self._calls += 1
        try:
            return calls.apply(self, function, arguments, context)
        finally:
            self._calls -= 1

    def charge(self, sequence: Value) -> None:
        for each in possible(sequence):
            if isinstance(each, ArrayValue):
                self._budget.spend(COST_OF_NODE * len(each.items))

    def text(self, literal: str) -> Value:
        spelt = plain(literal)
        if spelt is None:
            return unknown("it holds half of a character")
        value = self._literal(spelt)
        # Whatever a placeholder stands for, inside quotes it becomes part of a string.
        return value if isinstance(value, Text) else map_texts(value, lambda text: text)


_HANDLERS: Mapping[type, Callable[[Any, Any, Place], Result]] = {
    nodes.String: expressions.string,
    nodes.Constant: expressions.constant,
    nodes.Regex: expressions.regex,
    nodes.Variable: variable,
    nodes.Name: paths.name,
    nodes.Wildcard: paths.wildcard,
    nodes.Unsupported: expressions.unsupported,
    nodes.Concatenation: expressions.concatenation,
    nodes.Chain: expressions.chain,
    nodes.Negation: expressions.negation,
    nodes.Range: expressions.number_range,
    nodes.Array: expressions.array,
    nodes.Object: expressions.object_of,
    nodes.Group: paths.group,
    nodes.Block: expressions.block,
    nodes.Bind: expressions.bind,
    nodes.Condition: expressions.condition,
    nodes.Default: expressions.default,
    nodes.Coalesce: expressions.coalesce,
    nodes.Lambda: expressions.function,
    nodes.Call: calls.call,
    nodes.Transform: expressions.transform,
    nodes.Filtered: paths.filtered,
    nodes.Path: paths.path,
}
