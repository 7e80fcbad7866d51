"""Real runs of definitions, in moto's interpreter."""

from __future__ import annotations

import copy
import json
import logging
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonata
import pytest
from jsonpath_ng import parse
from moto.stepfunctions.parser.asl.component.common.path.result_path import ResultPath
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_dynamodb import (
    StateTaskServiceDynamoDB,
)
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import AWSExecutionDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.states import ContextObjectData, ExecutionData, StateMachineData
from moto.stepfunctions.parser.asl.jsonata import validations
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser
from moto.stepfunctions.parser.asl.utils.json_path import extract_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

STEPS = 40
"""How many states a run may enter: machines made at random may go round for ever."""


@dataclass(frozen=True)
class Seen:
    """What a state really received in one run."""

    state: str
    input: Any
    variables: dict[str, Any]


@dataclass(frozen=True)
class Called:
    """The arguments with which a state really made its call in one run."""

    state: str
    arguments: Any


@dataclass
class Run:
    """One execution: what its states received, and called, in order."""

    seen: list[Seen] = field(default_factory=list)
    called: list[Called] = field(default_factory=list)


ANSWER = {"a": "a", "b": {"a": "b", "c": "orders"}, "c": "x-1", "l": ["orders", {"a": "b", "c": "a"}]}
"""What every call answers."""


class _CallFailedError(Exception):
    """A call that fails."""


class _TooLongError(Exception):
    """The run has entered more states than it may."""


@pytest.fixture(scope="module")
def run_in_moto() -> Iterator[Callable[[Any, Any], Run]]:
    """Run a definition in moto's interpreter, with jsonata-python in the place of its JSONata.

    Calls to DynamoDB are noted and answered with :data:`ANSWER`; every third one of a run fails.
    """
    runs: dict[str, Run] = {}
    original = CommonStateField._eval_body  # noqa: SLF001 -- the one place that every state passes

    def note(state: CommonStateField, env: Environment) -> None:
        run = runs[env.aws_execution_details.account]
        if len(run.seen) >= STEPS:
            raise _TooLongError
        store = env.variable_store
        variables = {**store._outer_scope, **store._inner_scope}  # noqa: SLF001 -- there is no other way to them
        seen = Seen(state.name, copy.deepcopy(env.states.get_input()), copy.deepcopy(variables))
        # Where a branch fails, moto stops the others in the middle of what they are evaluating.
        if env.is_running():
            run.seen.append(seen)
        original(state, env)

    def answer(task: StateTaskServiceDynamoDB, env: Environment) -> None:
        run = runs[env.aws_execution_details.account]
        task.parargs.eval(env=env)
        called = Called(task.name, copy.deepcopy(env.stack.pop()))
        if env.is_running() and isinstance(called.arguments, dict):
            run.called.append(called)
        if len(run.called) % 3 == 0 or not isinstance(called.arguments, dict):
            raise _CallFailedError
        env.stack.append(copy.deepcopy(ANSWER))

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
        patch.setattr(ResultPath, "_eval_body", _write_or_fail)
        patch.setattr(StateTaskServiceDynamoDB, "_eval_execution", answer)
        for module in _readers_of_paths():
            patch.setattr(module, "extract_json", _selected)
        patch.setattr(string_expression, "eval_jsonata_expression", _evaluate_jsonata)
        patch.setattr(validations, "eval_jsonata_expression", _evaluate_jsonata)
        logger = logging.getLogger("moto.stepfunctions")
        before = logger.level
        logger.setLevel(logging.CRITICAL)
        yield run
        logger.setLevel(before)


_write = ResultPath._eval_body  # noqa: SLF001 -- the one place where a result is put into the input


def _write_or_fail(path: ResultPath, env: Environment) -> None:
    _write(path, env)
    if path.result_path_src not in {None, "$"} and not parse(path.result_path_src).find(env.stack[-1]):
        raise _NothingThereError


def _readers_of_paths() -> list[ModuleType]:
    """The modules that read data by a path; they do not find the function for it in one place."""
    names = [name for name in sys.modules if name.startswith("moto.stepfunctions.parser.asl")]
    return [sys.modules[name] for name in names if hasattr(sys.modules[name], "extract_json")]


def _selected(path: str, data: Any) -> Any:
    """What a path selects: one value, or with a wildcard an array, where moto goes by how many there are.

    https://github.com/json-path/JsonPath#what-is-returned-when
    """
    found = [match.value for match in parse(path).find(data)]
    if "*" in path:
        return found
    return found[0] if found else extract_json(path, data)


class _NothingThereError(Exception):
    """Step Functions fails here, and moto goes on.

    That is where an expression or a variable has no value, and where a result cannot be put into the input:
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (ResultPathMatchFailure).
    """


def _evaluate_jsonata(expression: str) -> Any:
    result = jsonata.Jsonata(expression).evaluate(None)
    if result is None and not jsonata.Jsonata(f"$exists({expression})").evaluate(None):
        raise _NothingThereError
    return result
