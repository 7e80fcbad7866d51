"""Real runs of definitions, in moto's interpreter."""

from __future__ import annotations

import copy
import json
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import jsonata
import pytest
from jsonpath_ng import parse
from moto.stepfunctions.parser.asl.component.common.path.result_path import ResultPath
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.eval.environment import Environment
from moto.stepfunctions.parser.asl.eval.evaluation_details import AWSExecutionDetails
from moto.stepfunctions.parser.asl.eval.event.event_manager import EventHistoryContext
from moto.stepfunctions.parser.asl.eval.states import ContextObjectData, ExecutionData, StateMachineData
from moto.stepfunctions.parser.asl.jsonata import validations
from moto.stepfunctions.parser.asl.parse.asl_parser import AmazonStateLanguageParser

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    """One execution: what its states received, in order."""

    seen: list[Seen] = field(default_factory=list)


class _TooLongError(Exception):
    """The run has entered more states than it may."""


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

    write = ResultPath._eval_body  # noqa: SLF001 -- as above

    def write_or_fail(path: ResultPath, env: Environment) -> None:
        write(path, env)
        if path.result_path_src not in {None, "$"} and not parse(path.result_path_src).find(env.stack[-1]):
            raise _NothingThereError

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
        patch.setattr(ResultPath, "_eval_body", write_or_fail)
        patch.setattr(string_expression, "eval_jsonata_expression", _evaluate_jsonata)
        patch.setattr(validations, "eval_jsonata_expression", _evaluate_jsonata)
        logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
        yield run


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
