"""Variables: the context, what the definition has assigned, and the functions of the language by their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.callables import Builtin, as_value, is_function
from sfn_least_privilege.policy.asl.jsonata.functions import FUNCTIONS
from sfn_least_privilege.policy.asl.jsonata.reasons import named
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.jsonata.callables import Evaluation, Place, Result
    from sfn_least_privilege.policy.asl.jsonata.nodes import Variable


def variable(evaluation: Evaluation, node: Variable, place: Place) -> Result:
    """What a variable holds, with a reason that names it."""
    found = read(evaluation, node, place)
    return found if is_function(found) else named(as_value(found), node)


def read(evaluation: Evaluation, node: Variable, place: Place) -> Result:
    """What a variable holds."""
    name = node.name
    if name == "":
        # Step Functions has no `$` outside a path:
        # https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
        return Anything("`$` stands outside a path") if place.context is None else place.context
    if name == "$":
        return Anything("`$$` has no meaning in Step Functions")
    if name in evaluation.elsewhere:
        return Anything(f"`${name}` is set in the middle of an expression")
    found = place.scope.lookup(name)
    if found is not None:
        return found
    return Builtin(name) if name in FUNCTIONS else Anything(f"`${name}` is not known here")
