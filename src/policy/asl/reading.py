"""The understand stage: walk a definition's states and say what its tasks call, with which arguments."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl import rules
from sfn_least_privilege.policy.asl.arguments import Arguments, known_arguments
from sfn_least_privilege.policy.asl.payload import (
    ExpressionSyntaxError,
    StateData,
    jsonata_payload,
    jsonpath_payload,
)
from sfn_least_privilege.policy.asl.workflow import DistributedMap, QueryLanguage, Task, Workflow
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.template.tokens import CLOSE, OPEN
from sfn_least_privilege.policy.value import MISSING, Anything, guarded_texts, member

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.template.machine import Definition
    from sfn_least_privilege.policy.template.tokens import Tokens
    from sfn_least_privilege.policy.value import Value

_TYPES = ("Task", "Map", "Parallel", "Pass", "Choice", "Wait", "Succeed", "Fail")
_UNKNOWN_DATA = StateData(
    input=Anything("it comes from the state's input"),
    context=Anything("it comes from the context object"),
)


@dataclass(frozen=True, slots=True)
class _Machine:
    """A set of states under one ``StartAt``: the definition itself, a branch, or what a map runs for an item."""

    node: Any
    path: tuple[str, ...]
    language: QueryLanguage


def understand(definition: Definition, logical_id: str) -> Workflow:
    """What a definition calls. Problems become findings; understanding goes on."""
    walk = _Walk(logical_id, definition.tokens)
    # A stack instead of recursion: nesting is bounded by memory, not by the interpreter.
    stack: list[Iterator[tuple[str, Any, _Machine]]] = [walk.states(_Machine(definition.document, (), _JSON_PATH))]
    while stack:
        item = next(stack[-1], None)
        if item is None:
            stack.pop()
            continue
        name, state, machine = item
        inner = walk.visit(name, state, machine)
        stack.extend(walk.states(each) for each in reversed(inner))
    return Workflow(tuple(walk.tasks), tuple(walk.maps), tuple(walk.findings))


_JSON_PATH = QueryLanguage.JSON_PATH


class _Walk:
    """What one walk over a definition collects."""

    def __init__(self, logical_id: str, tokens: Tokens) -> None:
        self.logical_id = logical_id
        self.tokens = tokens
        self.tasks: list[Task] = []
        self.maps: list[DistributedMap] = []
        self.findings: list[Finding] = []

    def problem(self, path: tuple[str, ...], problem: str) -> None:
        self.findings.append(finding(rules.STATES_LANGUAGE, Location(self.logical_id, path), problem=problem))

    def states(self, machine: _Machine) -> Iterator[tuple[str, Any, _Machine]]:
        node, path = machine.node, machine.path
        what = "what it runs" if path else "the definition"
        if not isinstance(node, dict):
            self.problem(path, f"{what} is not an object")
            return
        states = node.get("States")
        if not isinstance(states, dict) or not states:
            self.problem(path, f"{what} has no `States`")
            return
        start = node.get("StartAt")
        if start not in states:
            self.problem(path, f"`StartAt` names no state: {shown(start)}")
        language = self._language(node, path, machine.language)
        here = _Machine(node, path, language)
        for name, state in states.items():
            yield str(name), state, here

    def _language(self, node: Mapping[str, Any], path: tuple[str, ...], inherited: QueryLanguage) -> QueryLanguage:
        given = node.get("QueryLanguage")
        if given is None:
            return inherited
        if given not in tuple(QueryLanguage):
            self.problem(path, f"`QueryLanguage` is {shown(given)}: it can be JSONPath or JSONata")
            return inherited
        return QueryLanguage(given)

    def visit(self, name: str, state: Any, machine: _Machine) -> list[_Machine]:
        """Take in one state; answers the machines inside it."""
        path = (*machine.path, shown_name(name))
        if not isinstance(state, dict):
            self.problem(path, "the state is not an object")
            return []
        kind = state.get("Type")
        if kind not in _TYPES:
            near = get_close_matches(str(kind), _TYPES, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it can be {', '.join(_TYPES)}"
            self.problem(path, f"`Type` is {shown(kind)}{hint}")
            return []
        language = self._language(state, path, machine.language)
        if kind == "Task":
            self._task(path, state, language)
        elif kind == "Parallel":
            return self._branches(path, state, machine.language)
        elif kind == "Map":
            return self._map(path, state, machine.language)
        return []

    def _branches(self, path: tuple[str, ...], state: Mapping[str, Any], language: QueryLanguage) -> list[_Machine]:
        branches = state.get("Branches")
        if not isinstance(branches, list) or not branches:
            self.problem(path, "a Parallel state needs `Branches`")
            return []
        return [_Machine(branch, path, language) for branch in branches]

    def _map(self, path: tuple[str, ...], state: Mapping[str, Any], language: QueryLanguage) -> list[_Machine]:
        processor = state.get("ItemProcessor", state.get("Iterator"))
        if processor is None:
            self.problem(path, "a Map state needs `ItemProcessor` (or `Iterator`, its older name)")
            return []
        config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
        if isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED":
            self.maps.append(DistributedMap(path))
        return [_Machine(processor, path, language)]

    def _task(self, path: tuple[str, ...], state: Mapping[str, Any], language: QueryLanguage) -> None:
        resource = state.get("Resource")
        if not isinstance(resource, str) or not resource:
            self.problem(path, f"a Task state needs `Resource`, a string: it is {shown(resource)}")
            return
        location = Location(self.logical_id, path)
        self.tasks.append(
            Task(
                path=path,
                resources=guarded_texts(self.tokens.literal(resource)),
                arguments=self._arguments(location, state, language),
                credentials_role=self._credentials_role(location, state, language),
            )
        )

    def _arguments(self, location: Location, state: Mapping[str, Any], language: QueryLanguage) -> Arguments:
        name, other = ("Arguments", "Parameters") if language is QueryLanguage.JSONATA else ("Parameters", "Arguments")
        if other in state:
            self.problem(location.state, f"`{other}` does not belong to {language}; use `{name}`")
        given = state.get(name)
        if given is None:
            # The state's input goes to the service as it is.
            return known_arguments(_UNKNOWN_DATA.input)
        if isinstance(given, dict):
            return Arguments(given, partial(self._payload, language))
        return known_arguments(self._evaluate(location, name, language, given))

    def _credentials_role(self, location: Location, state: Mapping[str, Any], language: QueryLanguage) -> Value:
        given = state.get("Credentials")
        if given is None:
            return MISSING
        role = member(self._evaluate(location, "Credentials", language, given), "RoleArn")
        if role is MISSING:
            self.problem(location.state, "`Credentials` needs `RoleArn`")
        return role

    def _evaluate(self, location: Location, field: str, language: QueryLanguage, node: Any) -> Value:
        try:
            return self._payload(language, node)
        except ExpressionSyntaxError as error:
            self.findings.append(finding(rules.EXPRESSION_UNREADABLE, location, field=f"`{field}`", problem=error))
            return Anything("it cannot be read")

    def _payload(self, language: QueryLanguage, node: Any) -> Value:
        payload = jsonata_payload if language is QueryLanguage.JSONATA else jsonpath_payload
        return payload(node, _UNKNOWN_DATA, self.tokens)


def shown(value: Any) -> str:
    """A value from a definition as a message may repeat it: short, and without tokens."""
    if value is None:
        return "missing"
    text = value if isinstance(value, str) else f"a {type(value).__name__}"
    return f"`{shown_name(text)[:60]}`"


def shown_name(name: str) -> str:
    """A name from a definition with its tokens shown as ``${…}``."""
    if OPEN not in name:
        return name
    head, *tail = name.split(OPEN)
    return head + "".join("${…}" + piece.partition(CLOSE)[2] for piece in tail)
