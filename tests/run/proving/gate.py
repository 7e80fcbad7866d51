"""The gate that every call of a running workflow passes: authorised, written into the ledger, then answered.

Each call is made by a boto3 client that holds the credentials of the machine's own role, assumed in the emulation.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, replace
from threading import RLock, local
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.loaders import Loader
from botocore.response import StreamingBody
from botocore.session import Session as BotocoreSession
from moto.stepfunctions.parser.asl.component.state.exec.state_task.credentials import StateCredentials

from proving.behind import demands_behind, key_arn
from proving.calls import Call, demands_of
from proving.conforming import conform
from proving.demand import REGION, Demand, Row
from proving.roles import machines, question, role_of, trusted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from botocore.client import BaseClient

    from proving.judge import Judge
    from proving.stack import Stack

# What the emulation does itself. All other services answer what the workflow file says, and else nothing.
EMULATED = {"dynamodb", "events", "s3", "sns", "sqs", "stepfunctions"}
ERROR = "$error"
_LOADER = Loader()
_LOADER.search_paths.extend(BotocoreSession().get_component("data_loader").search_paths)


@dataclass
class Bearer(StateCredentials):
    """Who calls: moto hands this object from the state to the client. ``role_arn`` is the role that calls.

    ``waits`` says that the state waits for more than the response, ``purpose`` what a map does with the call.
    """

    machine: str = ""
    own_role: str = ""
    state: str = ""
    waits: bool = False
    purpose: str = ""


class AnsweredError(Exception):
    """The workflow file has the service answer with an error."""


class Gate:
    """All that is asked of AWS in the executions of one stack. ``ledger`` is what came of it."""

    def __init__(self, stack: Stack, judge: Judge) -> None:
        self.ledger: list[Row] = []
        self.problems: list[Exception] = []
        self.entered: set[tuple[str, str]] = set()
        self._stack = stack
        self._judge = judge
        # Assuming a role asks the judge, which is noted in the ledger.
        self._lock = RLock()
        self._machines = {stack.attribute(each, None): each for each in machines(stack)}
        self._roles = {each: role_of(stack, each) for each in machines(stack)}
        self._defined = {
            each: (judge.define(role.policies), judge.define(role.inline)) for each, role in self._roles.items()
        }
        self._answers: dict[str, Any] = {}
        self._sessions: dict[tuple[str, str], boto3.Session] = {}
        self._clients: dict[tuple[str, str, str], BaseClient] = {}
        self._calling = local()

    def expect(self, answers: dict[str, Any]) -> None:
        """What the services answer from now on, by state."""
        self._answers = {state: list(each) if isinstance(each, list) else each for state, each in answers.items()}

    def machine(self, arn: str) -> str:
        """The logical id of a state machine."""
        return self._machines[":".join(arn.split(":")[:7])]

    def secret_of(self, connection_arn: str) -> str:
        """The secret that an EventBridge connection of the template keeps its credentials in."""
        return next(
            str(self._stack.attribute(logical_id, "SecretArn"))
            for logical_id in self._stack.of_type("AWS::Events::Connection")
            if self._stack.attribute(logical_id, "Arn") == connection_arn
        )

    def enter(self, machine_arn: str, state: str) -> None:
        """Note that an execution has entered a state."""
        self.entered.add((self.machine(machine_arn), state))

    def answer(self, state: str) -> Any:
        """The next answer for a state; None where the workflow file says nothing. Raises AnsweredError."""
        with self._lock:
            told = self._answers.get(state)
            if isinstance(told, list):
                told = told.pop(0) if told else None
        if isinstance(told, dict) and ERROR in told:
            raise AnsweredError(told[ERROR])
        return told

    def demand(self, machine: str, state: str, call: str, demands: Iterable[Demand]) -> bool:
        """Put demands to the judge and into the ledger; whether all are allowed to the machine's role."""
        role, (everything, inline) = self._roles[machine], self._defined[machine]
        listed = list(demands)
        answers = self._judge.ask(
            question(each, role.arn, inline if each.at_creation else everything) for each in listed
        )
        rows = [
            Row(machine, state, call, each, told.allowed, told.by) for each, told in zip(listed, answers, strict=True)
        ]
        with self._lock:
            self.ledger.extend(rows)
        return all(row.allowed for row in rows)

    def client(self, region: str, service: str, state_credentials: StateCredentials | None = None) -> Any:
        """What stands in for moto's own making of clients."""
        assert isinstance(state_credentials, Bearer), "a call without a state"
        assert region == REGION, f"Step Functions calls its own region only, not {region}"
        bearer = state_credentials
        with self._lock:
            key = (bearer.machine, bearer.role_arn, service)
            client = self._clients.get(key)
            if client is None:
                client = self._clients[key] = self._session(bearer).client(service, config=_CONFIG)
                client.meta.events.register_first("before-call.*.*", self._before_call)
        return _Calls(client, bearer, self._calling)

    def _session(self, bearer: Bearer) -> boto3.Session:
        """A session of the bearer's role, assumed as Step Functions does it."""
        own = (bearer.machine, bearer.own_role)
        if own not in self._sessions:
            role = self._roles[bearer.machine]
            arn = self._stack.attribute(bearer.machine, None)
            allowed = trusted(self._judge, role, arn)
            self.ledger.append(
                Row(bearer.machine, "", "assume", Demand("sts:AssumeRole", role.arn), allowed.allowed, ("trust",))
            )
            self._sessions[own] = _assumed(_session(), role.arn)
        if bearer.role_arn == bearer.own_role:
            return self._sessions[own]
        # Credentials: the machine's role assumes the task's.
        chained = (bearer.machine, bearer.role_arn)
        if chained not in self._sessions:
            self.demand(
                bearer.machine,
                bearer.state,
                "sts:AssumeRole",
                demands_of(Call("sts", "AssumeRole", {"RoleArn": bearer.role_arn})),
            )
            self._sessions[chained] = _assumed(self._sessions[own], bearer.role_arn)
        return self._sessions[chained]

    def _named(self, call: Call) -> Call:
        """The call as IAM sees it: KMS resolves an alias before it asks."""
        key = str(call.parameters.get("KeyId", ""))
        if call.service != "kms" or not key.startswith("alias/"):
            return call
        return replace(call, parameters={**call.parameters, "KeyId": key_arn(key, self._stack), "RequestAlias": key})

    def _before_call(self, model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]] | None:
        """The hook in botocore: None lets the call go on to the emulation."""
        bearer, call = self._calling.bearer, self._named(self._calling.call)
        if bearer.role_arn == bearer.own_role:
            try:
                demands = (*demands_of(call), *demands_behind(call, self._stack, bearer.purpose))
                allowed = self.demand(bearer.machine, bearer.state, call.name, demands)
            except Exception as problem:
                # An execution turns every exception into a failed state, which a catcher may swallow.
                self.problems.append(problem)
                raise
            if not allowed:
                return _refused("AccessDeniedException", f"not authorised: {call.name}", 403)
        try:
            # Where a state waits for its token or its job, the answer is the outcome, not the response.
            told = None if bearer.waits else self.answer(bearer.state)
        except AnsweredError as error:
            if call.service == "lambda":
                return _parsed(model, {"FunctionError": "Unhandled", "Payload": {"errorType": str(error)}})
            return _refused(str(error), "as the workflow file says", 400)
        if told is None and call.service in EMULATED and bearer.role_arn == bearer.own_role:
            return None
        if call.service == "lambda" and call.operation == "Invoke":
            told = {"StatusCode": 200, "Payload": {} if told is None else told}
        return _parsed(model, told or {})


class _Calls:
    """A boto3 client whose calls say who makes them, with parameters spelled as the API has them."""

    def __init__(self, client: BaseClient, bearer: Bearer, calling: local) -> None:
        self._client = client
        self._bearer = bearer
        self._calling = calling

    def __getattr__(self, method: str) -> Any:
        meta = self._client.meta
        operation = meta.method_to_api_mapping[method]
        shape = meta.service_model.operation_model(operation).input_shape

        def made(**given: Any) -> Any:
            parameters = conform(given, shape) if shape is not None else {}
            if operation == "StartExecution":
                # The emulation makes up no name, and takes a second execution for the first.
                parameters.setdefault("name", str(uuid4()))
            self._calling.bearer = self._bearer
            self._calling.call = Call(meta.service_model.service_name, operation, parameters)
            if operation == "StartExecution":
                # Nor does the emulation know the versions and aliases of machines.
                unqualified = ":".join(parameters["stateMachineArn"].split(":")[:7])
                parameters = {**parameters, "stateMachineArn": unqualified}
            return getattr(self._client, method)(**parameters)

        return made


_CONFIG = Config(retries={"max_attempts": 0, "total_max_attempts": 1})


def _session(credentials: dict[str, str] | None = None) -> boto3.Session:
    botocore_session = BotocoreSession()
    # The models of the services are read once, not once a role.
    botocore_session.register_component("data_loader", _LOADER)
    given = credentials or {"AccessKeyId": "runner", "SecretAccessKey": "runner", "SessionToken": "runner"}
    return boto3.Session(
        given["AccessKeyId"],
        given["SecretAccessKey"],
        given["SessionToken"],
        REGION,
        botocore_session=botocore_session,
    )


def runner_session() -> boto3.Session:
    """The session of whoever deploys and starts: none of its calls are the workflow's."""
    return _session()


def _assumed(session: boto3.Session, role_arn: str) -> boto3.Session:
    assumed = session.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="proof")
    return _session(assumed["Credentials"])


def _refused(code: str, message: str, status: int) -> tuple[AWSResponse, dict[str, Any]]:
    metadata = {"HTTPStatusCode": status, "RequestId": "proof"}
    return _response(status), {"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}


def _parsed(model: Any, told: dict[str, Any]) -> tuple[AWSResponse, dict[str, Any]]:
    answer = dict(told)
    members = model.output_shape.members if model.output_shape is not None else {}
    for name, value in answer.items():
        shape = members.get(name)
        if shape is not None and shape.type_name == "blob":
            content = (value if isinstance(value, str) else json.dumps(value)).encode()
            answer[name] = StreamingBody(io.BytesIO(content), len(content))
    answer["ResponseMetadata"] = {"HTTPStatusCode": 200, "RequestId": "proof"}
    return _response(200), answer


def _response(status: int) -> AWSResponse:
    return AWSResponse("https://proof.invalid", status, {}, None)
