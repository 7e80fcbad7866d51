"""What the tests of the data flow share: predictions, real runs in moto's interpreter, and how the two compare."""

from __future__ import annotations

import copy
import json
import logging
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonata
import pytest
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import AWSExecutionDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.states import ContextObjectData, ExecutionData, StateMachineData
from moto.stepfunctions.parser.asl.jsonata import validations
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

from sfn_least_privilege.policy.asl.flow.context import execution_context
from sfn_least_privilege.policy.asl.flow.entry import Entry
from sfn_least_privilege.policy.asl.flow.solving import entries
from sfn_least_privilege.policy.asl.flow.world import World
from sfn_least_privilege.policy.asl.outline import read_outline
from sfn_least_privilege.policy.asl.reading import EXECUTION_INPUT, OWN_ARN, OWN_NAME
from sfn_least_privilege.policy.template.tokens import Tokens
from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    Missing,
    ObjectValue,
    OneOf,
    Scalar,
    from_json,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sfn_least_privilege.policy.value import Value

STEPS = 40
"""How many states a run may enter: machines made at random may go round for ever."""


@dataclass(frozen=True)
class Seen:
    """What a state really received in one run."""

    state: str
    input: Any
    variables: dict[str, Any]


@dataclass
class Run:
    """One execution in moto's interpreter."""

    seen: list[Seen] = field(default_factory=list)


class _TooLongError(Exception):
    """The run has entered more states than it may."""


@pytest.fixture(scope="session")
def predict() -> Callable[..., dict[str, Entry]]:
    """What is known at the entry of each state of a definition, by the state's name."""

    def predict(definition: Any, given: Value = EXECUTION_INPUT, tokens: Tokens | None = None) -> dict[str, Entry]:
        outline, problems = read_outline(definition, "Machine")
        assert not problems
        world = World(outline, Tokens() if tokens is None else tokens, "Machine")
        known = entries(world, Entry(given, {}, execution_context(given, OWN_ARN, OWN_NAME)))
        assert not world.findings
        return {state.name: known[state.index] for state in outline.states if state.index in known}

    return predict


@pytest.fixture(scope="session")
def covers() -> Callable[[Value, Any], bool]:
    """Whether a Value covers a JSON value that was really seen."""
    return _covers


_ABSENT = object()


def _covers(value: Value, real: Any) -> bool:
    if isinstance(value, OneOf):
        return any(_covers(each, real) for each in value.alternatives)
    if isinstance(value, Conditional):
        return _covers(value.then, real) or _covers(value.otherwise, real)
    if real is _ABSENT:
        return isinstance(value, Missing | Anything)
    if isinstance(value, Missing):
        return False
    if isinstance(value, Text):
        return isinstance(real, str) and _matches(value, real)
    if isinstance(value, ObjectValue):
        return isinstance(real, dict) and _object_covers(value, real)
    if isinstance(value, ArrayValue):
        pairs = zip(value.items, real, strict=True) if isinstance(real, list) and _same(value, real) else None
        return pairs is not None and all(_covers(item, each) for item, each in pairs)
    if isinstance(value, ListOf):
        return isinstance(real, list) and all(_covers(value.item, each) for each in real)
    if isinstance(value, Scalar):
        return not isinstance(real, str | list | dict) and type(value.value) is type(real) and value.value == real
    return isinstance(value, Anything)


def _same(value: ArrayValue, real: list[Any]) -> bool:
    return len(value.items) == len(real)


def _matches(text: Text, real: str) -> bool:
    pieces = [re.escape(part.value) if isinstance(part, Literal) else ".*" for part in text.parts]
    return re.fullmatch("".join(pieces), real, re.DOTALL) is not None


def _object_covers(value: ObjectValue, real: Mapping[str, Any]) -> bool:
    for name, item in value.fields.items():
        if name in real:
            if not _covers(item, real[name]):
                return False
        elif not _covers(item, _ABSENT):
            return False
    others = [item for name, item in real.items() if name not in value.fields]
    rest = value.rest
    return not others if rest is None else all(_covers(rest, item) for item in others)


@pytest.fixture(scope="session")
def absent() -> object:
    """What stands for a value that is not there."""
    return _ABSENT


@pytest.fixture(scope="session")
def run_in_moto() -> Iterator[Callable[[Any, Any], Run]]:
    """Run a definition in moto's interpreter, with jsonata-python in the place of its JSONata.

    Task states are out of its reach here: they would call AWS.
    """
    runs: dict[str, Run] = {}
    original = CommonStateField._eval_body  # noqa: SLF001 -- the one place that every state passes

    def note(state: CommonStateField, env: Environment) -> None:
        run = runs[env.aws_execution_details.account]
        if len(run.seen) >= STEPS:
            raise _TooLongError
        store = env.variable_store
        variables = {**store._outer_scope, **store._inner_scope}  # noqa: SLF001 -- there is no other way to them
        run.seen.append(Seen(state.name, copy.deepcopy(env.states.get_input()), copy.deepcopy(variables)))
        original(state, env)

    def run(definition: Any, given: Any) -> Run:
        name = f"run-{len(runs)}"
        runs[name] = Run()
        program, _ = AmazonStateLanguageParser.parse(json.dumps(definition))
        execution = ExecutionData(
            Id="arn:aws:states:eu-west-1:123456789012:execution:machine:run",
            Input=given,
            Name="run",
            RoleArn="arn:aws:iam::123456789012:role/role",
            StartTime="2026-01-01T00:00:00Z",
        )
        machine = StateMachineData(Id="arn:aws:states:eu-west-1:123456789012:stateMachine:machine", Name="machine")
        environment = Environment(
            aws_execution_details=AWSExecutionDetails(name, "eu-west-1", execution["RoleArn"]),
            execution_type="STANDARD",
            context=ContextObjectData(Execution=execution, StateMachine=machine),
            event_history_context=EventHistoryContext.of_program_start(),
            cloud_watch_logging_session=None,
            activity_store={},
        )
        program.eval(environment)
        return runs[name]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CommonStateField, "_eval_body", note)
        patch.setattr(string_expression, "eval_jsonata_expression", _evaluate_jsonata)
        patch.setattr(validations, "eval_jsonata_expression", _evaluate_jsonata)
        logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
        yield run


def _evaluate_jsonata(expression: str) -> Any:
    return jsonata.Jsonata(expression).evaluate(None)


@pytest.fixture(scope="session")
def known() -> Callable[[Any], Value]:
    """The Value of JSON that is known in full."""
    return from_json
