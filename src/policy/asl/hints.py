"""What authors say of values that only a run knows, brought to the places it speaks of.

A hint that names nothing is an error: a slip of the pen must not leave a permission wide, or out, in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum, auto
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.jsonpath import JsonPathSyntaxError, write
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.value import MISSING, ObjectValue, guarded_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.asl.workflow import DataAccess, Workflow
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
    """The forms of one workflow with the hints for arguments of its tasks, and of what its maps read and write.

    A hint must have something to say in one of them; it says it only where the value is not known anyway.
    """
    if not arguments:
        return tuple(workflows)
    findings: list[Finding] = []
    hints: list[_Hints] = [{} for _ in workflows]
    places = [tuple(_places(workflow)) for workflow in workflows]
    for name, values in arguments.items():
        named = [[place for place in each if place.is_named(name)] for each in places]
        paths = [tuple(dict.fromkeys(place.path for place in each)) for each in named]
        if max(map(len, paths)) != 1:
            findings.append(_invalid(logical_id, (), _not_one(name, max(paths, key=len), places)))
            continue
        path = next(each[0] for each in paths if each)
        for argument, value in values.items():
            meant = [_meant(each, argument) for each in named]
            problem = _problem(argument, [answer for answer, each in zip(meant, named, strict=True) if each])
            findings.extend([_invalid(logical_id, path, problem)] if problem else [])
            for theirs, answer in zip(hints, meant, strict=True):
                if answer.place is not None:
                    theirs.setdefault(answer.place, {})[answer.name.lower()] = value
    return tuple(
        replace(_with_hints(workflow, theirs), findings=(*workflow.findings, *findings))
        for workflow, theirs in zip(workflows, hints, strict=True)
    )


READER, WRITER = "ItemReader", "ResultWriter"
_Place: TypeAlias = "tuple[tuple[str, ...], str]"
"""The path of a state, and the field of it that holds the arguments; empty for those of a task."""
_Hints: TypeAlias = "dict[_Place, dict[str, Value]]"


@dataclass(frozen=True, slots=True)
class _Holder:
    """What has arguments: a task, or the ``field`` of a map that says what it reads or writes."""

    path: tuple[str, ...]
    arguments: Arguments
    field: str = ""

    def is_named(self, name: str) -> bool:
        return name in {self.path[-1], " > ".join(self.path)}

    def state(self, name: str) -> _State:
        """What the definition says of the argument ``name``."""
        try:
            found = self.arguments.get(name)
        except ExpressionSyntaxError:
            # The expression is an error of its own, told where the argument is needed.
            return _State.OPEN
        if found is MISSING:
            return _State.NOT_GIVEN
        return _State.OPEN if any(guarded.text.unknowns for guarded in guarded_texts(found)) else _State.SHOWN


class _State(Enum):
    """What a definition says of an argument that there is a hint for."""

    OPEN = auto()
    SHOWN = auto()
    NOT_GIVEN = auto()
    SEVERAL = auto()


@dataclass(frozen=True, slots=True)
class _Meant:
    """What a hint for an argument means in one form of the definition: ``name`` of ``place``, where it is open."""

    state: _State
    place: _Place | None = None
    name: str = ""


def _places(workflow: Workflow) -> Iterator[_Holder]:
    for task in workflow.tasks:
        yield _Holder(task.path, task.arguments)
    for each in workflow.distributed_maps:
        for field, access in ((READER, each.reader), (WRITER, each.writer)):
            if access is not None:
                yield _Holder(each.path, access.arguments, field)


def _meant(holders: Iterable[_Holder], argument: str) -> _Meant:
    """The one argument that is open; one of a map may be named with its field: ``ItemReader.Bucket``."""
    field, dot, rest = argument.partition(".")
    name = rest if dot and field in {READER, WRITER} else argument
    states = [(each, each.state(name)) for each in holders if name == argument or each.field == field]
    opened = [each for each, state in states if state is _State.OPEN]
    if len(opened) == 1:
        return _Meant(_State.OPEN, (opened[0].path, opened[0].field), name)
    if opened:
        return _Meant(_State.SEVERAL)
    shown = any(state is _State.SHOWN for _, state in states)
    return _Meant(_State.SHOWN if shown else _State.NOT_GIVEN)


def _with_hints(workflow: Workflow, hints: _Hints) -> Workflow:
    tasks = tuple(
        replace(task, arguments=_hinted(task.arguments, hints.get((task.path, "")))) for task in workflow.tasks
    )
    maps = tuple(
        replace(
            each,
            reader=_access(each.reader, hints.get((each.path, READER))),
            writer=_access(each.writer, hints.get((each.path, WRITER))),
        )
        for each in workflow.distributed_maps
    )
    return replace(workflow, tasks=tasks, distributed_maps=maps)


def _hinted(arguments: Arguments, hints: Mapping[str, Value] | None) -> Arguments:
    return arguments if hints is None else replace(arguments, hints=hints)


def _access(access: DataAccess | None, hints: Mapping[str, Value] | None) -> DataAccess | None:
    return access if access is None else replace(access, arguments=_hinted(access.arguments, hints))


def _problem(argument: str, meant: Iterable[_Meant]) -> str:
    """What is wrong with a hint; empty where it has something to say."""
    states = {each.state for each in meant}
    if _State.SEVERAL in states:
        return f"the hint for `{argument}` can mean two: name it `{READER}.{argument}` or `{WRITER}.{argument}`"
    if states == {_State.NOT_GIVEN}:
        return f"there is a hint for `{argument}`, but the state gives no such argument"
    return "" if _State.OPEN in states else f"there is a hint for `{argument}`, whose value the definition shows"


def _not_one(name: str, paths: Sequence[tuple[str, ...]], places: Iterable[Sequence[_Holder]]) -> str:
    if paths:
        listed = ", ".join(f"`{' > '.join(path)}`" for path in paths)
        return f"the hint for `{name}` can mean several states: name it as one of {listed}"
    known = [place.path[-1] for each in places for place in each]
    near = get_close_matches(name, known, n=1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    return f"there is a hint for `{name}`, which is no task, and no map that reads or writes data{hint}"


def _invalid(logical_id: str, path: tuple[str, ...], problem: str) -> Finding:
    return finding(rules.HINT_INVALID, Location(logical_id, path), problem=problem)
