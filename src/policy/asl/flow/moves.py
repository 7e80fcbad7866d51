"""What a state makes of the data at its entry, and where it sends it.

The order of the fields is that of
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html (JSONPath),
https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (JSONata) and
https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html (``Assign``): every field reads the
variables as they were at the state's entry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.choosing import choice_moves
from sfn_least_privilege.policy.asl.flow.completion import caught, completed, moves_on
from sfn_least_privilege.policy.asl.flow.joining import join
from sfn_least_privilege.policy.asl.payload import literal_payload
from sfn_least_privilege.policy.asl.shown import shown_name
from sfn_least_privilege.policy.asl.states import Kind
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.asl.flow.entry import Move
    from sfn_least_privilege.policy.asl.flow.fields import Fields
    from sfn_least_privilege.policy.value import Value


def moves(fields: Fields) -> list[Move]:
    """Every move that a state may make from its entry.

    For a Map or Parallel state, the moves of its catchers: what it runs must end before it makes another.
    """
    return _MOVES[fields.state.kind](fields)


def _task(fields: Fields) -> list[Move]:
    result = Anything(f"it is what state `{shown_name(fields.state.name)}` returned")
    return completed(fields, result) + caught(fields)


def _pass(fields: Fields) -> list[Move]:
    given = fields.state.fields
    if fields.state.language is QueryLanguage.JSONATA:
        return _passed_on(fields, join((fields.entry.input, *_result(fields))))
    current = fields.path("InputPath", fields.entry.input)
    if "Result" in given:
        (result,) = _result(fields)
    elif "Parameters" in given:
        result = fields.template("Parameters", fields.data(current))
    else:
        result = current
    variables = fields.assigned(fields.data(result)) if "Assign" in given else fields.entry.variables
    return moves_on(fields, fields.path("OutputPath", fields.written(given, result)), variables)


def _result(fields: Fields) -> tuple[Value, ...]:
    """The ``Result`` of a Pass state: nothing in it is evaluated.

    It is not documented for JSONata: there, it may be the output, or not count.
    """
    given = fields.state.fields
    if "Result" not in given:
        return ()
    return (fields.world.bounds.keep(literal_payload(given["Result"], fields.world.tokens)),)


def _wait(fields: Fields) -> list[Move]:
    if fields.state.language is QueryLanguage.JSONATA:
        return _passed_on(fields, fields.entry.input)
    current = fields.path("InputPath", fields.entry.input)
    return moves_on(fields, fields.path("OutputPath", current), fields.assigned(fields.data(current)))


def _passed_on(fields: Fields, otherwise: Value) -> list[Move]:
    """The move of a state in JSONata that has no result; ``otherwise`` is its output when it has no ``Output``."""
    data = fields.data(fields.entry.input)
    output = fields.template("Output", data) if "Output" in fields.state.fields else otherwise
    return moves_on(fields, output, fields.assigned(data))


def _fail(_fields: Fields) -> list[Move]:
    return []


_MOVES: Mapping[Kind, Callable[[Fields], list[Move]]] = {
    Kind.TASK: _task,
    Kind.MAP: caught,
    Kind.PARALLEL: caught,
    Kind.PASS: _pass,
    Kind.CHOICE: choice_moves,
    Kind.WAIT: _wait,
    Kind.SUCCEED: _wait,
    Kind.FAIL: _fail,
}
