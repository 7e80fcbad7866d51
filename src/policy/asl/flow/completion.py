"""How a state that calls or runs something ends: with a result, or caught."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.exits import catchers
from sfn_least_privilege.policy.asl.flow.entry import Entry, Move
from sfn_least_privilege.policy.asl.states import Kind
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.text import unknown
from sfn_least_privilege.policy.value import MISSING, Anything, ObjectValue, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.flow.fields import Fields
    from sfn_least_privilege.policy.asl.states import State
    from sfn_least_privilege.policy.value import Value

# https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
_CAUGHT = "it is told by the error that was caught"
ERROR_OUTPUT = ObjectValue(
    {"Error": unknown(_CAUGHT), "Cause": one_of((unknown(_CAUGHT), MISSING))},
    Anything(_CAUGHT),
)


def moves_to(state: State, name: Any, entry: Entry) -> list[Move]:
    """The move to the state called ``name``; none where there is no such state, which has been reported."""
    target = state.machine.states.get(name) if isinstance(name, str) else None
    return [] if target is None else [Move(target, entry)]


def moves_on(fields: Fields, output: Value, variables: Mapping[str, Value]) -> list[Move]:
    """The move to ``Next``, or the end of the machine where there is none."""
    entry = Entry(output, variables, fields.entry.context)
    state = fields.state
    if "Next" in state.fields and state.kind is not Kind.SUCCEED:
        return moves_to(state, state.fields["Next"], entry)
    return [Move(None, entry)]


def completed(fields: Fields, result: Value) -> list[Move]:
    """The move of a Task, Map or Parallel state that has come to ``result``."""
    given = fields.state.fields
    if fields.state.language is QueryLanguage.JSONATA:
        if "Assign" not in given and "Output" not in given:
            return moves_on(fields, result, fields.entry.variables)
        data = fields.data(fields.entry.input, result)
        output = fields.template("Output", data) if "Output" in given else result
        return moves_on(fields, output, fields.assigned(data))
    # `Assign` reads what the service answers, not what `ResultSelector` makes of it.
    variables = fields.assigned(fields.data(result)) if "Assign" in given else fields.entry.variables
    selected = fields.template("ResultSelector", fields.data(result)) if "ResultSelector" in given else result
    return moves_on(fields, fields.path("OutputPath", fields.written(given, selected)), variables)


def caught(fields: Fields) -> list[Move]:
    """The moves of the catchers of a state; ``OutputPath`` and ``Output`` of the state do not apply to them."""
    state = fields.state
    made: list[Move] = []
    for catcher in catchers(state.kind, state.fields):
        if state.language is QueryLanguage.JSONATA:
            data = fields.data(fields.entry.input, error_output=ERROR_OUTPUT)
            output = fields.template("Output", data, catcher) if "Output" in catcher else ERROR_OUTPUT
        else:
            data = fields.data(ERROR_OUTPUT)
            output = fields.written(catcher, ERROR_OUTPUT)
        variables = fields.assigned(data, catcher)
        made += moves_to(state, catcher.get("Next"), Entry(output, variables, fields.entry.context))
    return made
