"""Functions that leave a sequence as it is, so that one item in it, or none, stays an array.

JSONata makes a value of a sequence wherever it evaluates an expression. But a call that comes last in a function
is made by the caller of that function, and ``$map`` and ``$each`` take what it gives without evaluating anything.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.jsonata.callables import Builtin, Closure, Composition, Partial

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.jsonata.callables import Result
    from sfn_least_privilege.policy.asl.jsonata.nodes import Node

# The other functions of the language give strings, numbers, objects, or arrays that are none of these.
_OF_SEQUENCES = frozenset({"distinct", "each", "eval", "filter", "keys", "lookup", "map", "match", "spread"})


def leaves_sequences(function: Result) -> bool:
    """Whether calling ``function`` may give a sequence that has not become a value."""
    if isinstance(function, Builtin):
        return function.name in _OF_SEQUENCES
    if isinstance(function, Partial | Composition):
        return leaves_sequences(function.function if isinstance(function, Partial) else function.second)
    if not isinstance(function, Closure):
        return True
    calls = (_call_of(each) for each in nodes.ends_of(function.definition.body))
    return any(call is not None and _gives_sequence(call, function) for call in calls)


def _call_of(end: Node) -> nodes.Call | None:
    # `$f()[]` at the end is called like `$f()`, and what `[]` means is lost.
    base = end.base if isinstance(end, nodes.Filtered) and not end.predicates else end
    return base if isinstance(base, nodes.Call) else None


def _gives_sequence(tail: nodes.Call, function: Closure) -> bool:
    procedure = tail.procedure
    if not isinstance(procedure, nodes.Variable) or procedure.name in function.definition.parameters:
        return True
    shadowed = function.place.scope.lookup(procedure.name) is not None
    return shadowed or procedure.name in _OF_SEQUENCES
