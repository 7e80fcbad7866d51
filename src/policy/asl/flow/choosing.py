"""Choice states: where each rule leads, and what is known there because the rule holds.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.exits import choice_rules
from sfn_least_privilege.policy.asl.flow.comparisons import told_by_rule
from sfn_least_privilege.policy.asl.flow.completion import moves_to
from sfn_least_privilege.policy.asl.flow.conditions import told_by_condition
from sfn_least_privilege.policy.asl.flow.entry import Entry
from sfn_least_privilege.policy.asl.flow.fields import Fields
from sfn_least_privilege.policy.asl.flow.joining import join
from sfn_least_privilege.policy.asl.flow.narrowing import narrowed, without
from sfn_least_privilege.policy.asl.workflow import QueryLanguage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.flow.entry import Move


def choice_moves(fields: Fields) -> list[Move]:
    """The moves of a Choice state: one for each rule, and one to its ``Default``.

    No rule is left out, however certain it may be that it does not hold.
    """
    if fields.state.language is QueryLanguage.JSONATA:
        return _jsonata_moves(fields)
    return _jsonpath_moves(fields)


def _jsonpath_moves(fields: Fields) -> list[Move]:
    state, world = fields.state, fields.world
    # The rules compare, and `Assign` reads, what `InputPath` selects.
    known = Entry(fields.path("InputPath", fields.entry.input), fields.entry.variables, fields.entry.context)
    made: list[Move] = []
    for rule in choice_rules(state.fields):
        told = told_by_rule(rule, Fields(state, known, world).whole, world.tokens)
        made += _leave_jsonpath(fields, narrowed(known, told.holding), rule.get("Next"), rule)
        known = without(known, told.failing)
    if "Default" in state.fields:
        # The `Assign` of the state itself is for the case that no rule holds.
        made += _leave_jsonpath(fields, known, state.fields["Default"], state.fields)
    return made


def _leave_jsonpath(fields: Fields, known: Entry, target: Any, holder: Mapping[str, Any]) -> list[Move]:
    there = Fields(fields.state, known, fields.world)
    variables = there.assigned(there.whole(), holder) if "Assign" in holder else known.variables
    output = there.path("OutputPath", fields.world.bounds.keep(known.input))
    return moves_to(fields.state, target, Entry(output, variables, known.context))


def _jsonata_moves(fields: Fields) -> list[Move]:
    state, known = fields.state, fields.entry
    made: list[Move] = []
    for rule in choice_rules(state.fields):
        told = told_by_condition(rule.get("Condition"), fields.world.tokens)
        made += _leave_jsonata(fields, narrowed(known, told.holding), rule.get("Next"), rule)
        known = without(known, told.failing)
    if "Default" in state.fields:
        made += _leave_jsonata(fields, known, state.fields["Default"], state.fields)
    return made


def _leave_jsonata(fields: Fields, known: Entry, target: Any, holder: Mapping[str, Any]) -> list[Move]:
    there = Fields(fields.state, known, fields.world)
    output = fields.world.bounds.keep(known.input)
    if "Output" in holder:
        output = there.template("Output", there.whole(), holder)
    elif "Output" in fields.state.fields:
        # Whether the state's `Output` is for its rules as well is not documented: it may be, or may not.
        output = join((output, there.template("Output", there.whole())))
    variables = there.assigned(there.whole(), holder) if "Assign" in holder else known.variables
    return moves_to(fields.state, target, Entry(output, variables, known.context))
