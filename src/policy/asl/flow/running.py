"""What Parallel and Map states run: with which data, and what comes of it.

https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.completion import completed
from sfn_least_privilege.policy.asl.flow.entry import Entry
from sfn_least_privilege.policy.asl.flow.items import dataset, iteration
from sfn_least_privilege.policy.asl.presence import may_be_missing
from sfn_least_privilege.policy.asl.shown import shown_name
from sfn_least_privilege.policy.asl.states import Kind
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.value import Anything, ArrayValue, ListOf, alternatives_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.flow.entry import Move
    from sfn_least_privilege.policy.asl.flow.fields import Fields
    from sfn_least_privilege.policy.value import Value

MAX_COUNTED = 64
"""The longest result of a map that is followed item by item."""


def started(fields: Fields) -> Entry:
    """What is known at the start of each machine that a Parallel or Map state runs."""
    if fields.state.kind is Kind.MAP:
        return iteration(fields)
    name = "Arguments" if fields.state.language is QueryLanguage.JSONATA else "Parameters"
    current = fields.path("InputPath", fields.entry.input)
    given = fields.template(name, fields.data(current)) if name in fields.state.fields else current
    # The variables of a branch are its own: what it sets is gone when it ends.
    return Entry(given, fields.entry.variables, fields.entry.context)


def ended(fields: Fields, outputs: Mapping[int, Value]) -> list[Move]:
    """The move of a Parallel or Map state whose machines, by number, have come to ``outputs``.

    One that is not among them never ends well, as far as can be seen.
    """
    never = Anything(f"it is what state `{shown_name(fields.state.name)}` returned")
    results = [outputs.get(machine.number, never) for machine in fields.state.inner]
    if fields.state.kind is Kind.PARALLEL:
        return completed(fields, fields.world.bounds.keep(ArrayValue(tuple(results))))
    output = results[0] if results else never
    return completed(fields, fields.world.bounds.keep(_map_result(fields, output, never)))


def _map_result(fields: Fields, output: Value, unknown: Value) -> Value:
    given = fields.state.fields
    if fields.state.is_distributed:
        # A writer answers with where it has written, and an execution that failed is reported, not left out:
        # https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
        if "ResultWriter" in given or any(name.startswith("ToleratedFailure") for name in given):
            return unknown
        return ListOf(output)
    lengths = {_length(each) for each in alternatives_of(dataset(fields))}
    length = lengths.pop() if len(lengths) == 1 else None
    return ListOf(output) if length is None or length > MAX_COUNTED else ArrayValue((output,) * length)


def _length(items: Value) -> int | None:
    if not isinstance(items, ArrayValue) or any(may_be_missing(item) for item in items.items):
        return None
    return len(items.items)
