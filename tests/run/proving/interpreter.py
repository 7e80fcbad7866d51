"""Moto's interpreter of Amazon States Language, with what it lacks put in and every call led through the gate."""

from __future__ import annotations

import json
import logging
import time
from contextlib import contextmanager
from dataclasses import replace
from threading import local
from typing import TYPE_CHECKING, Any

import jsonata
import pytest
from botocore.session import Session
from moto.stepfunctions.parser.asl.component.common.error_name.custom_error_name import CustomErrorName
from moto.stepfunctions.parser.asl.component.common.error_name.failure_event import FailureEvent, FailureEventException
from moto.stepfunctions.parser.asl.component.common.retry import retrier_decl
from moto.stepfunctions.parser.asl.component.common.string import string_expression
from moto.stepfunctions.parser.asl.component.state.exec.state_map.item_reader.eval import resource_eval_s3 as reader
from moto.stepfunctions.parser.asl.component.state.exec.state_map.result_writer.resource_eval import (
    resource_eval_s3 as writer,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task import lambda_eval_utils, state_task_factory
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service import (
    state_task_service_aws_sdk,
    state_task_service_callback,
    state_task_service_dynamodb,
    state_task_service_events,
    state_task_service_sfn,
    state_task_service_sns,
    state_task_service_sqs,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.resource import ResourceCondition
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_callback import (
    StateTaskServiceCallback,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service_factory import (
    state_task_service_for,
)
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task import StateTask
from moto.stepfunctions.parser.asl.component.state.exec.state_task.state_task_activitiy import StateTaskActivity
from moto.stepfunctions.parser.asl.component.state.state import CommonStateField
from moto.stepfunctions.parser.asl.component.state.wait.wait_function.wait_function import WaitFunction
from moto.stepfunctions.parser.asl.eval.event.event_detail import EventDetails
from moto.stepfunctions.parser.asl.jsonata import validations
from moto.stepfunctions.parser.models import StepFunctionsParserBackend

from proving.behind import READER, WRITER
from proving.conforming import present
from proving.gate import AnsweredError, Bearer, Gate
from proving.jobs import JOBS
from proving.optimised import OptimisedTask

if TYPE_CHECKING:
    from collections.abc import Iterator

    from moto.stepfunctions.parser.asl.eval.environment import Environment

_MAKERS_OF_CLIENTS = (
    reader,
    writer,
    lambda_eval_utils,
    state_task_service_aws_sdk,
    state_task_service_dynamodb,
    state_task_service_events,
    state_task_service_sfn,
    state_task_service_sns,
    state_task_service_sqs,
)
_MOTOS_OWN = {"aws-sdk", "dynamodb", "events", "lambda", "sns", "sqs", "states"}


@contextmanager
def interpreting(gate: Gate) -> Iterator[None]:
    """Within it, executions in moto pass the gate, wait for nothing, and know every integration."""
    original_body = CommonStateField._eval_body  # noqa: SLF001 -- the one place that every state passes

    def enter(state: CommonStateField, env: Environment) -> None:
        gate.enter(_context(env)["StateMachine"]["Id"], state.name)
        original_body(state, env)

    original_credentials = StateTask._eval_state_credentials  # noqa: SLF001 -- as above, for credentials

    def credentials(task: StateTask, env: Environment) -> Bearer:
        role = original_credentials(task, env).role_arn
        waits = getattr(task.resource, "condition", None) is not None
        return replace(_bearer(gate, env, task.name), role_arn=role, waits=waits)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CommonStateField, "_eval_body", enter)
        patch.setattr(StateTask, "_eval_state_credentials", credentials)
        for module in _MAKERS_OF_CLIENTS:
            patch.setattr(module, "boto_client_for", gate.client)
        evaluating = local()
        for module, purpose in ((reader, READER), (writer, WRITER)):
            evaluate = _evaluation(purpose, module.ResourceEvalS3.eval_resource, gate, evaluating)
            patch.setattr(module.ResourceEvalS3, "eval_resource", evaluate)
            patch.setattr(module, "StateCredentials", lambda **_: evaluating.bearer)
        patch.setattr(state_task_factory, "state_task_service_for", _task_of(gate))
        patch.setattr(StateTaskServiceCallback, "_eval_integration_pattern", _pattern(gate))
        patch.setattr(StateTaskServiceCallback, "_assert_integration_pattern_is_supported", lambda _: None)
        patch.setattr(StateTaskService, "_normalise_response", _normalise_response)
        patch.setattr(StateTaskService, "_get_boto_service_name", _boto_service_name)
        patch.setattr(StateTaskActivity, "_eval_execution", _activity(gate))
        # Each execution reads the definition anyway, which takes longer than most executions.
        patch.setattr(StepFunctionsParserBackend, "_validate_definition", staticmethod(lambda **_: None))
        patch.setattr(WaitFunction, "_wait_interval", lambda *_, **__: None)
        patch.setattr(retrier_decl, "time", _NoTime)
        patch.setattr(state_task_service_callback, "_DELAY_SECONDS_SYNC_CONDITION_CHECK", 0.005)
        patch.setattr(string_expression, "eval_jsonata_expression", _evaluate_jsonata)
        patch.setattr(validations, "eval_jsonata_expression", _evaluate_jsonata)
        logging.getLogger("moto.stepfunctions").setLevel(logging.CRITICAL)
        yield


# The names of the SDK for Java, by which Step Functions knows services, where they are not botocore's less the hyphens:
# https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
_SDK_NAMES = {
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "iotdataplane": "iot-data",
    "eventbridge": "events",
    "sfn": "stepfunctions",
    "states": "stepfunctions",
}
_BOTOCORE_NAMES = {name.replace("-", ""): name for name in Session().get_available_services()}


def _boto_service_name(task: StateTaskService, boto_service_name: str | None = None) -> str:
    name = boto_service_name or task.resource.api_name
    return _SDK_NAMES.get(name) or _BOTOCORE_NAMES.get(name, name)


def _normalise_response(
    task: StateTaskService,
    response: Any,
    boto_service_name: str | None = None,
    service_action_name: str | None = None,
) -> None:
    """Members named as Step Functions names them, which moto knows how to do and does not."""
    if isinstance(response, dict):
        service = boto_service_name or task._get_boto_service_name()  # noqa: SLF001 -- as moto's own method would
        action = service_action_name or task._get_boto_service_action()  # noqa: SLF001 -- as above
        present(response, service, action, task._to_sfn_cased)  # noqa: SLF001 -- as above


class _NoTime:
    """Retries without their pauses."""

    sleep = staticmethod(lambda _: time.sleep(0))


def _context(env: Environment) -> Any:
    return env.states.context_object.context_object_data


def _bearer(gate: Gate, env: Environment, state: str) -> Bearer:
    """Whoever calls from a state, with the machine's own role."""
    role = env.aws_execution_details.role_arn
    return Bearer(role, gate.machine(_context(env)["StateMachine"]["Id"]), role, state)


def _evaluation(purpose: str, original: Any, gate: Gate, evaluating: local) -> Any:
    """The reader or writer of a map, whose calls are made with credentials that name the map and the purpose."""

    def evaluate(resource: Any, env: Environment) -> None:
        evaluating.bearer = replace(_bearer(gate, env, _context(env)["State"]["Name"]), purpose=purpose)
        original(resource, env)

    return evaluate


def _task_of(gate: Gate) -> Any:
    """Moto's class for the services that it runs well, ours for all others."""

    def make(service_name: str) -> Any:
        return state_task_service_for(service_name) if service_name in _MOTOS_OWN else OptimisedTask(gate)

    return make


def _failed(env: Environment, error: str, cause: str = "as the workflow file says") -> FailureEventException:
    details = {"taskFailedEventDetails": {"error": error, "cause": cause, "resourceType": "", "resource": ""}}
    return FailureEventException(FailureEvent(env, CustomErrorName(error), "TaskFailed", EventDetails(**details)))


def _pattern(gate: Gate) -> Any:
    """Waiting for a token or for a job: its end is what the workflow file says."""
    original = StateTaskServiceCallback._eval_integration_pattern  # noqa: SLF001 -- there is no other way to wait

    def evaluate(
        task: StateTaskServiceCallback,
        env: Environment,
        resource_runtime_part: Any,
        normalised_parameters: dict[str, Any],
        state_credentials: Bearer,
    ) -> None:
        waits = task.resource.condition
        if waits != ResourceCondition.WaitForTaskToken:
            _demand_job(gate, task, normalised_parameters, env.stack[-1], state_credentials)
        if waits != ResourceCondition.WaitForTaskToken and task.resource.service_name == "states":
            original(task, env, resource_runtime_part, normalised_parameters, state_credentials)
            return
        submitted = env.stack.pop()
        try:
            told = gate.answer(state_credentials.state)
        except AnsweredError as error:
            raise _failed(env, str(error)) from None
        env.stack.append(submitted if told is None else told)

    return evaluate


def _demand_job(gate: Gate, task: Any, parameters: dict[str, Any], submitted: Any, bearer: Bearer) -> None:
    """What Step Functions needs to follow a job and to stop it, beyond the call that started it."""
    if bearer.role_arn != bearer.own_role:
        return
    name = (task.resource.service_name, task.resource.api_action)
    job = JOBS[name]
    demands = job.follow(parameters, submitted)
    gate.demand(bearer.machine, bearer.state, f"{':'.join(name)}.{task.resource.condition}", demands)


def _activity(gate: Gate) -> Any:
    def evaluate(task: StateTaskActivity, env: Environment) -> None:
        given = task._eval_parameters(env)  # noqa: SLF001 -- as moto's own method does
        told = gate.answer(task.name)
        env.stack.append(given if told is None else told)

    return evaluate


class _NoResultError(Exception):
    """An expression without a value: Step Functions fails here, moto goes on."""


def _evaluate_jsonata(expression: str) -> Any:
    result = jsonata.Jsonata(expression).evaluate(None)
    if result is None and not jsonata.Jsonata(f"$exists({expression})").evaluate(None):
        raise _NoResultError(expression)
    return json.loads(json.dumps(result))
