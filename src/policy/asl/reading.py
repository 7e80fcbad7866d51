"""The understand stage: follow a definition's data through its states and say what its tasks call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl import rules
from sfn_least_privilege.policy.asl.calls import distributed_map_of, task_of
from sfn_least_privilege.policy.asl.flow.context import execution_context
from sfn_least_privilege.policy.asl.flow.entry import Entry
from sfn_least_privilege.policy.asl.flow.fields import Fields
from sfn_least_privilege.policy.asl.flow.solving import entries
from sfn_least_privilege.policy.asl.flow.world import World
from sfn_least_privilege.policy.asl.hints import hinted_input, with_hints
from sfn_least_privilege.policy.asl.outline import read_outline
from sfn_least_privilege.policy.asl.shown import shown
from sfn_least_privilege.policy.asl.states import Kind
from sfn_least_privilege.policy.asl.workflow import DistributedMap, Task, Workflow
from sfn_least_privilege.policy.findings import Location, finding
from sfn_least_privilege.policy.template.hints import Hints
from sfn_least_privilege.policy.text import unknown
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sfn_least_privilege.policy.asl.states import Outline
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.template.machine import Definition
    from sfn_least_privilege.policy.value import Value

EXECUTION_INPUT = Anything("it comes from the execution's input")
OWN_ARN = unknown("it is the machine's own ARN")
NO_HINTS = Hints()
OWN_NAME = unknown("it is the machine's own name")


def understand_variants(
    definitions: Sequence[Definition],
    logical_id: str,
    own_arn: Value = OWN_ARN,
    own_name: Value = OWN_NAME,
    hints: Hints = NO_HINTS,
) -> tuple[Workflow, ...]:
    """What each form of one machine's definition calls; see :func:`understand`."""
    workflows = [_understood(each, logical_id, own_arn, own_name, hints) for each in definitions]
    return with_hints(workflows, hints.arguments, logical_id)


def understand(
    definition: Definition,
    logical_id: str,
    own_arn: Value = OWN_ARN,
    own_name: Value = OWN_NAME,
    hints: Hints = NO_HINTS,
) -> Workflow:
    """What a definition calls. Problems become findings; understanding goes on.

    ``own_arn`` and ``own_name`` are what is known of the machine itself, which the definition can read from the
    context object; ``hints`` are what its author says of values that only a run knows.
    """
    (workflow,) = understand_variants((definition,), logical_id, own_arn, own_name, hints)
    return workflow


def _understood(definition: Definition, logical_id: str, own_arn: Value, own_name: Value, hints: Hints) -> Workflow:
    execution_input, misled = hinted_input(hints.paths, EXECUTION_INPUT, logical_id)
    outline, problems = read_outline(definition.document, logical_id)
    world = World(outline, definition.tokens, logical_id)
    context = execution_context(execution_input, own_arn, own_name)
    known = entries(world, Entry(execution_input, {}, context))
    tasks: list[Task] = []
    maps: list[DistributedMap] = []
    for state in outline.states:
        entry = known.get(state.index)
        if entry is None:
            continue
        if state.kind is Kind.TASK:
            task = task_of(Fields(state, entry, world))
            if task is not None:
                tasks.append(task)
        elif state.kind is Kind.MAP and state.is_distributed:
            maps.append(distributed_map_of(Fields(state, entry, world)))
    findings = (*misled, *problems, *world.findings, *_unreachable(outline, known, logical_id))
    return Workflow(tuple(tasks), tuple(maps), findings)


def _unreachable(outline: Outline, known: Mapping[int, Entry], logical_id: str) -> Iterator[Finding]:
    """What there is to tell of states that nothing leads to; what such a state runs is not told of again."""
    for state in outline.states:
        parent = state.machine.parent
        if state.index not in known and (parent is None or parent.index in known):
            yield finding(rules.STATE_UNREACHABLE, Location(logical_id, state.path), start=shown(state.machine.start))
