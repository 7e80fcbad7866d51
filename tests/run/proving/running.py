"""A workflow file run: transformed, deployed, executed with every input, and the ledger that came of it."""

from __future__ import annotations

import copy
import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
from moto import mock_aws
from moto.stepfunctions.parser.api import ExecutionStatus
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from proving.declared import declared_demands, states
from proving.demand import ACCOUNT, REGION
from proving.deploying import deploy
from proving.documents import ANY_END
from proving.gate import Gate, runner_session
from proving.interpreter import interpreting
from proving.roles import machines
from proving.stack import Stack
from sfn_least_privilege.policy.pipeline import Request, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from proving.demand import Row
    from proving.documents import Execution, Workflow
    from proving.judge import Judge
    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

SAM = "AWS::Serverless-2016-10-31"
_PATIENCE = 30


class RunFailedError(Exception):
    """An execution went another way than the workflow file says, or a state was never entered."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What running a workflow showed: its deployed stack and its ledger."""

    workflow: Workflow
    stack: Stack
    ledger: tuple[Row, ...]


class _NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def deployed(workflow: Workflow) -> Stack:
    """The stack that CloudFormation makes of the macro's output, and of SAM's where the template asks for it."""
    template = copy.deepcopy(workflow.template)
    transforms = template.pop("Transform", [])
    transforms = transforms if isinstance(transforms, list) else [transforms]
    values = {name: each["Default"] for name, each in template.get("Parameters", {}).items() if "Default" in each}
    request = Request(_NothingOutside(), REGION, ACCOUNT, {**values, **workflow.parameters})
    for each in transforms or ["SfnLeastPrivilege"]:
        template = _sam(template) if each == SAM else transform(template, request).fragment
    return Stack(template, workflow.parameters)


def _sam(template: dict[str, Any]) -> dict[str, Any]:
    translated: dict[str, Any] = Translator(
        {
            "AWSLambdaBasicExecutionRole": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole",
            "AWSXrayWriteOnlyAccess": "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess",
        },
        Parser(),
        boto_session=boto3.Session(region_name=REGION),
    ).translate({**template, "Transform": SAM}, {})
    translated.pop("Transform", None)
    return translated


def run(workflow: Workflow, judge: Judge) -> Proof:
    """Execute a workflow file. Raises RunFailedError, and UnmappedCallError or what else a call ran into."""
    stack, gate = execute(workflow, judge)
    _check_every_state_entered(workflow, stack, gate)
    return Proof(workflow, stack, tuple(gate.ledger))


def execute(workflow: Workflow, judge: Judge) -> tuple[Stack, Gate]:
    """Deploy a workflow and execute it with every input; the errors are those of ``run``."""
    stack = deployed(workflow)
    gate = Gate(stack, judge)
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}), interpreting(gate):
        session = runner_session()
        deploy(stack, workflow, session)
        for machine in machines(stack):
            for state, asks, demand in declared_demands(stack, machine):
                gate.demand(machine, state, asks, [demand])
        for execution in workflow.executions:
            _execute(execution, stack, gate, session)
    return stack, gate


def _execute(execution: Execution, stack: Stack, gate: Gate, session: boto3.Session) -> None:
    gate.expect(stack.value(execution.answers))
    client = session.client("stepfunctions")
    arn = client.start_execution(
        stateMachineArn=stack.attribute(execution.machine, None),
        name=str(uuid4()),
        input=json.dumps(stack.value(execution.input)),
    )["executionArn"]
    # What an execution has started and not waited for is part of the proof as well.
    deadline = time.monotonic() + _PATIENCE
    while _running():
        if time.monotonic() > deadline:
            message = f"{execution.machine}, or what it started, did not end: {_story(client, arn)}"
            raise RunFailedError(message)
        time.sleep(0.002)
    if gate.problems:
        raise gate.problems[0]
    # A denial is told by the ledger; whatever else goes another way is the workflow file's mistake.
    error = client.describe_execution(executionArn=arn).get("error")
    if execution.fails not in {ANY_END, error} and all(row.allowed for row in gate.ledger):
        message = f"{execution.machine} with {execution.input}: {error}: {_story(client, arn)}"
        raise RunFailedError(message)


def _running() -> bool:
    """Whether any execution runs, asked of the emulation itself: its API takes longer than most executions."""
    machines_there = stepfunctions_parser_backends[ACCOUNT][REGION].state_machines
    return any(each.exec_status == ExecutionStatus.RUNNING for machine in machines_there for each in machine.executions)


def _story(client: Any, arn: str) -> str:
    events = client.get_execution_history(executionArn=arn)["events"]
    told = [
        details if "error" in details or "cause" in details else details.get("name")
        for event in events
        for name, details in event.items()
        if name.endswith("EventDetails") and ("name" in details or "error" in details or "cause" in details)
    ]
    return json.dumps(told[-12:], default=str)


def _check_every_state_entered(workflow: Workflow, stack: Stack, gate: Gate) -> None:
    if not all(row.allowed for row in gate.ledger):
        return
    there = {(machine, name) for machine in machines(stack) for name, _ in states(stack.definition(machine))}
    missing = {name for _, name in there - gate.entered}
    if missing != set(workflow.unreached):
        message = f"states never entered: {sorted(missing)}, listed as such: {sorted(workflow.unreached)}"
        raise RunFailedError(message)
