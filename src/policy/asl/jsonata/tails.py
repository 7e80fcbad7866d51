"""Functions that leave a sequence as it is, so that one item in it, or none, stays an array.

JSONata makes a value of a sequence wherever it evaluates an expression. But a call that comes last in a function
is made by the caller of that function, and ``$map`` and ``$each`` take what it gives without evaluating anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.jsonata.callables import Builtin, Closure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.jsonata.callables import Result
    from sfn_least_privilege.policy.asl.jsonata.nodes import Node

# The other functions of the language give strings, numbers, objects, or arrays that are none of these.
_OF_SEQUENCES = frozenset({"distinct", "each", "eval", "filter", "keys", "lookup", "map", "match", "spread"})


def leaves_sequences(function: Result) -> bool:
    """Whether calling ``function`` may give a sequence that has not become a value."""
    if isinstance(function, Builtin):
        return function.name in _OF_SEQUENCES
    if not isinstance(function, Closure):
        return True
    return any(_gives_sequence(each, function) for each in _tails(function.definition.body))


def _gives_sequence(tail: nodes.Call, function: Closure) -> bool:
    procedure = tail.procedure
    if not isinstance(procedure, nodes.Variable) or procedure.name in function.definition.parameters:
        return True
    shadowed = function.place.scope.lookup(procedure.name) is not None
    return shadowed or procedure.name in _OF_SEQUENCES


def _tails(body: Node) -> Iterator[nodes.Call]:
    """The calls that may come last in a function's body."""
    waiting: list[Node | None] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, nodes.Call):
            yield node
        elif isinstance(node, nodes.Block):
            waiting.extend(node.statements[-1:])
        elif isinstance(node, nodes.Condition):
            waiting.extend((node.then, node.otherwise))
        elif isinstance(node, nodes.Default | nodes.Coalesce):
            waiting.extend((node.value, node.otherwise))
