"""What Express workflows do not support: a definition that asks for it is refused, as Step Functions refuses it.

https://docs.aws.amazon.com/step-functions/latest/dg/choosing-workflow-type.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError
from sfn_least_privilege.policy.asl.task_resource import ActivityCall, Pattern, ServiceCall, task_call
from sfn_least_privilege.policy.findings import Location, finding
from sfn_least_privilege.policy.needs import rules
from sfn_least_privilege.policy.value import Missing, as_text, guarded_leaves

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.asl.workflow import DistributedMap, Task, Workflow
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Value

_EXPRESS = "EXPRESS"


@dataclass(frozen=True, slots=True)
class _Express:
    """A part of a workflow that runs as an Express workflow; ``doubt`` says why it may not, empty where it does."""

    where: str
    doubt: str


def express_problems(workflow: Workflow, surroundings: Surroundings) -> Iterator[Finding]:
    """What the workflow does that is not supported where it runs, or may run, as an Express workflow."""
    machine = _express(surroundings.machine_type, "in an Express workflow")
    if machine is None and not workflow.distributed_maps:
        return
    children = {each.path: _children(each) for each in workflow.distributed_maps}
    for task in workflow.tasks:
        express = _around(task.path, children, machine)
        if express is not None:
            for what in dict.fromkeys(_unsupported(task)):
                yield _told(what, express, Location(surroundings.logical_id, task.path))
    for each in workflow.distributed_maps:
        express = _around(each.path, children, machine)
        if express is not None:
            yield _told("a distributed map", express, Location(surroundings.logical_id, each.path))


def _express(kind: Value, where: str) -> _Express | None:
    """Whether ``kind`` is Express; None where it certainly is not. Standard is what is meant where nothing is said."""
    leaves = guarded_leaves(kind)
    said = ["STANDARD" if isinstance(leaf, Missing) else as_text(leaf).sample for _, leaf in leaves]
    if all(each == _EXPRESS for each in said):
        return _Express(where, "")
    if _EXPRESS in said:
        return _Express(where, "a condition of the template decides")
    return _Express(where, "its type is not known here") if None in said else None


def _children(distributed: DistributedMap) -> _Express | None:
    try:
        return _express(distributed.settings.get("ExecutionType"), "in a distributed map whose children are Express")
    except ExpressionSyntaxError:
        return None


def _around(
    path: tuple[str, ...],
    children: Mapping[tuple[str, ...], _Express | None],
    machine: _Express | None,
) -> _Express | None:
    """The workflow that a state is part of: the children of the innermost distributed map around it, or the machine."""
    for length in sorted({len(each) for each in children if len(each) < len(path)}, reverse=True):
        if path[:length] in children:
            return children[path[:length]]
    return machine


def _unsupported(task: Task) -> Iterator[str]:
    for resource in task.resources:
        call = task_call(resource.text)
        if isinstance(call, ActivityCall):
            yield "an activity"
        elif isinstance(call, ServiceCall) and call.pattern is not Pattern.REQUEST_RESPONSE:
            yield f"the pattern `{call.pattern}`"


def _told(what: str, express: _Express, location: Location) -> Finding:
    if express.doubt:
        return finding(rules.EXPRESS_DOUBTFUL, location, what=what, where=express.where, reason=express.doubt)
    return finding(rules.EXPRESS_UNSUPPORTED, location, what=what, where=express.where)
