"""What authors say of values that only a run knows, brought to the places it speaks of.

A hint that names nothing is an error: a slip of the pen must not leave a permission wide, or out, in silence.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath import JsonPathSyntaxError, write
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.value import MISSING, ObjectValue, guarded_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    workflow: Workflow,
    arguments: Mapping[str, Mapping[str, Value]],
    logical_id: str,
) -> Workflow:
    """The workflow with the hints for arguments of its tasks."""
    if not arguments:
        return workflow
    findings: list[Finding] = []
    hints: dict[tuple[str, ...], Mapping[str, Value]] = {}
    for name, values in arguments.items():
        named = [task for task in workflow.tasks if name in {task.path[-1], " > ".join(task.path)}]
        if len(named) == 1:
            hints[named[0].path] = values
            findings.extend(_problems(named[0], values, logical_id))
        else:
            findings.append(_invalid(logical_id, (), _not_one(name, named, workflow)))
    tasks = tuple(
        replace(task, arguments=replace(task.arguments, hints=_lower(hints[task.path]))) if task.path in hints else task
        for task in workflow.tasks
    )
    return replace(workflow, tasks=tasks, findings=(*workflow.findings, *findings))


def _lower(values: Mapping[str, Value]) -> dict[str, Value]:
    return {name.lower(): value for name, value in values.items()}


def _problems(task: Task, values: Mapping[str, Value], logical_id: str) -> Iterator[Finding]:
    for name in values:
        try:
            found = task.arguments.get(name)
        except ExpressionSyntaxError:
            # The expression is an error of its own, told where the argument is needed.
            continue
        if found is MISSING:
            yield _invalid(logical_id, task.path, f"there is a hint for `{name}`, but the task gives no such argument")
        elif not any(guarded.text.unknowns for guarded in guarded_texts(found)):
            yield _invalid(logical_id, task.path, f"there is a hint for `{name}`, whose value the definition shows")


def _not_one(name: str, named: list[Task], workflow: Workflow) -> str:
    if named:
        paths = ", ".join(f"`{' > '.join(task.path)}`" for task in named)
        return f"the hint for `{name}` can mean several tasks: name it as one of {paths}"
    near = get_close_matches(name, [task.path[-1] for task in workflow.tasks], n=1)
    return f"there is a hint for `{name}`, which is no task" + (f"; did you mean `{near[0]}`?" if near else "")


def _invalid(logical_id: str, path: tuple[str, ...], problem: str) -> Finding:
    return finding(rules.HINT_INVALID, Location(logical_id, path), problem=problem)
