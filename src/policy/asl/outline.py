"""Reading a definition's outline: which states there are, and where they lead."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl import rules
from sfn_least_privilege.policy.asl.exits import catch_names, next_names
from sfn_least_privilege.policy.asl.shown import shown, shown_name
from sfn_least_privilege.policy.asl.states import Kind, Machine, Outline, State
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.findings import Location, finding
from sfn_least_privilege.policy.template.tokens import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.findings import Finding

MAX_LEVELS = 500
"""How deep states may be nested. Definitions that come as text end far below: each level costs four of JSON's."""

_KINDS = {kind.value: kind for kind in Kind}
_LANGUAGES = {language.value: language for language in QueryLanguage}

# Step Functions refuses the fields of one language in a state of the other:
# https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
_FOREIGN: Mapping[QueryLanguage, Mapping[str, str]] = {
    QueryLanguage.JSON_PATH: {"Arguments": "Parameters", "Output": "ResultPath and OutputPath", "Items": "ItemsPath"},
    QueryLanguage.JSONATA: {
        "Parameters": "Arguments",
        "InputPath": "$states.input",
        "ItemsPath": "Items",
        "ResultSelector": "Output",
        "ResultPath": "Output",
        "OutputPath": "Output",
    },
}


@dataclass(frozen=True, slots=True)
class _Unread:
    """A machine whose states have not been read, with the object that describes it."""

    machine: Machine
    states: Mapping[str, Any]


def read_outline(document: Any, logical_id: str) -> tuple[Outline, tuple[Finding, ...]]:
    """Every state of a definition, and what is wrong with the way they are put together."""
    reader = _Reader(logical_id)
    # A stack instead of recursion: nesting is bounded by memory, not by the interpreter.
    stack: list[Iterator[list[_Unread]]] = []
    top = reader.machine(document, (), QueryLanguage.JSON_PATH, None, 0)
    if top is not None:
        stack.append(reader.states(top))
    while stack:
        inner = next(stack[-1], None)
        if inner is None:
            stack.pop()
        elif inner and len(inner[0].machine.path) > MAX_LEVELS:
            reader.problem((), f"its states are nested more than {MAX_LEVELS} levels deep")
        else:
            stack.extend(reader.states(each) for each in reversed(inner))
    return Outline(tuple(reader.machines), tuple(reader.found)), tuple(reader.findings)


class _Reader:
    """What is collected while a definition is read."""

    def __init__(self, logical_id: str) -> None:
        self.logical_id = logical_id
        self.machines: list[Machine] = []
        self.found: list[State] = []
        self.findings: list[Finding] = []

    def problem(self, path: tuple[str, ...], problem: str) -> None:
        self.findings.append(finding(rules.STATES_LANGUAGE, Location(self.logical_id, path), problem=problem))

    def machine(
        self, node: Any, path: tuple[str, ...], inherited: QueryLanguage | None, parent: State | None, number: int
    ) -> _Unread | None:
        what = "what it runs" if path else "the definition"
        if not isinstance(node, dict):
            self.problem(path, f"{what} is not an object{_given(node)}")
            return None
        states = node.get("States")
        if not isinstance(states, dict) or not states:
            self.problem(path, f"{what} has no `States`{_given(states)}")
            return None
        start = node.get("StartAt")
        known = isinstance(start, str) and start in states
        if not known:
            self.problem(path, f"`StartAt` names no state: {shown(start)}{_hint(start, states)}")
        language = self._language(node, path, inherited)
        machine = Machine(path, language, start if known else None, parent, number)
        self.machines.append(machine)
        return _Unread(machine, states)

    def _language(
        self, node: Mapping[str, Any], path: tuple[str, ...], inherited: QueryLanguage | None
    ) -> QueryLanguage | None:
        given = node.get("QueryLanguage")
        if given is None:
            return inherited
        language = _LANGUAGES.get(given) if isinstance(given, str) else None
        if language is None:
            self.problem(path, f"`QueryLanguage` is {shown(given)}: it can be JSONPath or JSONata")
        return language or inherited

    def states(self, unread: _Unread) -> Iterator[list[_Unread]]:
        """Read the states of one machine; for each of them the machines that it runs."""
        for name, node in unread.states.items():
            state = self._state(str(name), node, unread.machine)
            if state is None:
                continue
            self._check_targets(state, unread.states)
            if state.kind is Kind.PARALLEL:
                yield self._run_by(state, self._branches(state))
            elif state.kind is Kind.MAP:
                yield self._run_by(state, self._processor(state))

    def _state(self, name: str, node: Any, machine: Machine) -> State | None:
        if not isinstance(node, dict):
            self.problem((*machine.path, shown_name(name)), f"the state is not an object{_given(node)}")
            return None
        given = node.get("Type")
        kind = _KINDS.get(given) if isinstance(given, str) else None
        if kind is None:
            near = get_close_matches(str(given), _KINDS, n=1)
            hint = f"; did you mean {near[0]}?" if near else f"; it can be {', '.join(_KINDS)}"
            self.problem((*machine.path, shown_name(name)), f"`Type` is {shown(given)}{hint}")
            return None
        language = machine.language
        if "QueryLanguage" in node:
            language = self._language(node, (*machine.path, shown_name(name)), language)
        state = State(len(self.found), name, kind, node, language or spoken_language(node), machine)
        foreign = _FOREIGN[state.language]
        if not foreign.keys().isdisjoint(node):
            for other in (each for each in node if each in foreign):
                self.problem(state.path, f"`{other}` does not belong to {state.language}; use `{foreign[other]}`")
        self._check_lists(state)
        self.found.append(state)
        machine.states[name] = state
        return state

    def _check_lists(self, state: State) -> None:
        """A rule or a catcher that cannot be read would hide where the state leads."""
        wanted = "Choices" if state.kind is Kind.CHOICE else "Catch"
        given = state.fields.get(wanted)
        if given is None:
            return
        if not isinstance(given, list):
            self.problem(state.path, f"`{wanted}` is not a list{_given(given)}")
            return
        for each in given:
            if not isinstance(each, dict):
                self.problem(state.path, f"an item of `{wanted}` is not an object{_given(each)}")

    def _check_targets(self, state: State, states: Mapping[str, Any]) -> None:
        for target in (*next_names(state.kind, state.fields), *catch_names(state.kind, state.fields)):
            if not isinstance(target, str) or target not in states:
                self.problem(
                    state.path, f"it leads to a state that does not exist: {shown(target)}{_hint(target, states)}"
                )

    def _run_by(self, state: State, nodes: list[Any]) -> list[_Unread]:
        path = state.path
        # Whether the states inside a state with a language of its own share it is not documented.
        language = state.machine.language if state.machine.language is state.language else None
        read = [self.machine(node, path, language, state, number) for number, node in enumerate(nodes)]
        found = [each for each in read if each is not None]
        state.inner.extend(each.machine for each in found)
        return found

    def _branches(self, state: State) -> list[Any]:
        branches = state.fields.get("Branches")
        if isinstance(branches, list) and branches:
            return branches
        self.problem(state.path, f"a Parallel state needs `Branches`{_given(branches)}")
        return []

    def _processor(self, state: State) -> list[Any]:
        processor = state.fields.get("ItemProcessor", state.fields.get("Iterator"))
        if processor is not None:
            return [processor]
        self.problem(state.path, "a Map state needs `ItemProcessor` (or `Iterator`, its older name)")
        return []


def spoken_language(fields: Mapping[str, Any]) -> QueryLanguage:
    """The language that the fields of a state are written in, as far as they tell; else JSONPath."""
    if _FOREIGN[QueryLanguage.JSON_PATH].keys() & fields.keys():
        return QueryLanguage.JSONATA
    waiting = [value for name, value in fields.items() if name not in _RUN]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str) and value.startswith("{%"):
            return QueryLanguage.JSONATA
        if isinstance(value, dict):
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return QueryLanguage.JSON_PATH


_RUN = frozenset({"Branches", "ItemProcessor", "Iterator"})


def _given(node: Any) -> str:
    """What stands where an object belongs, when it is a string that CloudFormation puts in."""
    if isinstance(node, str) and OPEN in node:
        return f": {shown(node)} is known only at deployment, write it out in the definition"
    return ""


def _hint(target: Any, states: Mapping[str, Any]) -> str:
    near = get_close_matches(str(target), [str(name) for name in states][:_MAX_COMPARED], n=1)
    return f"; did you mean `{shown_name(near[0])}`?" if near else ""


_MAX_COMPARED = 200
