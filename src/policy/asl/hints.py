"""What authors say of values that only a run knows, brought to the places it speaks of.

A hint that names nothing is an error: a slip of the pen must not leave a permission wide, or out, in silence.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from enum import Enum, auto
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath import JsonPathSyntaxError, write
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.value import MISSING, ObjectValue, guarded_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sfn_least_privilege.policy.asl.workflow import Task, Workflow
    from sfn_least_privilege.policy.value import Value


def hinted_input(
    paths: Mapping[str, Value],
    unknown_input: Value,
    logical_id: str,
) -> tuple[Value, tuple[Finding, ...]]:
    """The execution's input as far as hints tell it; everything else in it is ``unknown_input``."""
    if not paths:
        return unknown_input, ()
    known: Value = ObjectValue({}, unknown_input)
    findings: list[Finding] = []
    for path, value in paths.items():
        try:
            known = write(path, known, value)
        except JsonPathSyntaxError as error:
            findings.append(_invalid(logical_id, (), f"`{path}` is not a path of the execution's input: {error}"))
    return known, tuple(findings)


def with_hints(
    workflows: Sequence[Workflow],
    arguments: Mapping[str, Mapping[str, Value]],
    logical_id: str,
) -> tuple[Workflow, ...]:
    """The forms of one workflow with the hints for arguments of its tasks.

    A hint must have something to say in one of them; it says it only where the value is not known anyway.
    """
    if not arguments:
        return tuple(workflows)
    findings: list[Finding] = []
    hints: list[dict[tuple[str, ...], Mapping[str, Value]]] = [{} for _ in workflows]
    for name, values in arguments.items():
        named = [[task for task in workflow.tasks if _is_named(task, name)] for workflow in workflows]
        if max(map(len, named)) != 1:
            findings.append(_invalid(logical_id, (), _not_one(name, max(named, key=len), workflows)))
            continue
        states = [{each: _state(tasks[0], each) for each in values} if tasks else {} for tasks in named]
        path = next(tasks[0].path for tasks in named if tasks)
        findings.extend(_problems(path, values, [each for each in states if each], logical_id))
        for theirs, tasks, state in zip(hints, named, states, strict=True):
            theirs.update({task.path: _lower(values, state) for task in tasks})
    return tuple(
        replace(_with_hints(workflow, theirs), findings=(*workflow.findings, *findings))
        for workflow, theirs in zip(workflows, hints, strict=True)
    )


def _with_hints(workflow: Workflow, hints: Mapping[tuple[str, ...], Mapping[str, Value]]) -> Workflow:
    tasks = tuple(
        replace(task, arguments=replace(task.arguments, hints=hints[task.path])) if task.path in hints else task
        for task in workflow.tasks
    )
    return replace(workflow, tasks=tasks)


def _is_named(task: Task, name: str) -> bool:
    return name in {task.path[-1], " > ".join(task.path)}


class _State(Enum):
    """What a definition says of an argument that there is a hint for."""

    OPEN = auto()
    SHOWN = auto()
    NOT_GIVEN = auto()


def _state(task: Task, name: str) -> _State:
    try:
        found = task.arguments.get(name)
    except ExpressionSyntaxError:
        # The expression is an error of its own, told where the argument is needed.
        return _State.OPEN
    if found is MISSING:
        return _State.NOT_GIVEN
    return _State.OPEN if any(guarded.text.unknowns for guarded in guarded_texts(found)) else _State.SHOWN


def _lower(values: Mapping[str, Value], states: Mapping[str, _State]) -> dict[str, Value]:
    return {name.lower(): value for name, value in values.items() if states[name] is _State.OPEN}


def _problems(
    path: tuple[str, ...], names: Iterable[str], states: Sequence[Mapping[str, _State]], logical_id: str
) -> Iterator[Finding]:
    for name in names:
        found = {each[name] for each in states}
        if found == {_State.NOT_GIVEN}:
            yield _invalid(logical_id, path, f"there is a hint for `{name}`, but the task gives no such argument")
        elif _State.OPEN not in found:
            yield _invalid(logical_id, path, f"there is a hint for `{name}`, whose value the definition shows")


def _not_one(name: str, named: list[Task], workflows: Sequence[Workflow]) -> str:
    if named:
        paths = ", ".join(f"`{' > '.join(task.path)}`" for task in named)
        return f"the hint for `{name}` can mean several tasks: name it as one of {paths}"
    known = [task.path[-1] for workflow in workflows for task in workflow.tasks]
    near = get_close_matches(name, known, n=1)
    return f"there is a hint for `{name}`, which is no task" + (f"; did you mean `{near[0]}`?" if near else "")


def _invalid(logical_id: str, path: tuple[str, ...], problem: str) -> Finding:
    return finding(rules.HINT_INVALID, Location(logical_id, path), problem=problem)
