"""What is fuzzed: whatever the bytes are, the answer is a result or one of the errors that are meant for people.

``make fuzz`` runs the targets under atheris. The suite replays the corpus, and a bounded number of mutations of it.
"""

from __future__ import annotations

import contextlib
import io
import json
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from sfn_least_privilege.handler import app
from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.errors import DefinitionUnavailableError, TransformFailedError
from sfn_least_privilege.policy.pipeline import policy_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

DEPLOYMENT = template_deployment("eu-west-1", "123456789012")


class BrokenPromiseError(AssertionError):
    """The handler has answered what it must never answer."""


def definition(data: bytes) -> None:
    """A definition, as JSON or YAML."""
    with contextlib.suppress(TransformFailedError):
        policy_for(data.decode("utf-8", "replace"), DEPLOYMENT, "fuzzed")


def jsonpath(data: bytes) -> None:
    """A JSONPath or an intrinsic function, in every place that takes one."""
    expression = data.decode("utf-8", "replace")
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "InputPath": expression,
        "Parameters": {"TableName.$": expression, "Key": {"id.$": expression}},
        "ResultSelector": {"x.$": expression},
        "ResultPath": expression,
        "Next": "Each",
    }
    each = {
        "Type": "Map",
        "ItemsPath": expression,
        "ItemSelector": {"a.$": expression},
        "ItemProcessor": {"StartAt": "P", "States": {"P": {"Type": "Pass", "OutputPath": expression, "End": True}}},
        "Next": "Which",
    }
    which = {
        "Type": "Choice",
        "Choices": [{"Variable": expression, "StringEquals": "a", "Next": "End"}],
        "Default": "End",
    }
    states = {"Start": task, "Each": each, "Which": which, "End": {**task, "Next": None, "End": True}}
    definition(json.dumps({"StartAt": "Start", "States": states}).encode())


def jsonata(data: bytes) -> None:
    """A JSONata expression, in every place that takes one."""
    expression = f"{{% {data.decode('utf-8', 'replace')} %}}"
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Arguments": {"TableName": expression, "Key": {"id": expression}},
        "Assign": {"name": expression},
        "Output": expression,
        "Next": "Which",
    }
    which = {"Type": "Choice", "Choices": [{"Condition": expression, "Next": "End"}], "Default": "End"}
    last = {**task, "Arguments": {"TableName": "{% $name %}", "Key": {}}, "Next": None, "End": True}
    states = {"Start": task, "Which": which, "End": last}
    definition(json.dumps({"QueryLanguage": "JSONata", "StartAt": "Start", "States": states}).encode())


class _Nowhere:
    """Stands for S3: no definition is there."""

    def __init__(self, _region: str) -> None:
        pass

    def fetch(self, locations: Sequence[Any]) -> Mapping[Any, Any]:
        """Answer for every location that it cannot be read."""
        return {each: DefinitionUnavailableError("there is nothing there") for each in locations}


def handler(data: bytes) -> None:
    """An event for the Lambda function: the bytes are the event, or the fragment of one, or a resource of one."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        given = data.decode("utf-8", "replace")
    event = {
        "requestId": "r",
        "region": "eu-west-1",
        "accountId": "123456789012",
        "transformId": "123456789012::SfnLeastPrivilege",
        "params": {},
        "templateParameterValues": {},
    }
    resource = given if isinstance(given, dict) else {"Type": "AWS::StepFunctions::StateMachine", "Properties": given}
    for each in (given, {**event, "fragment": given}, {**event, "fragment": {"Resources": {"Machine": resource}}}):
        answered(each)


def answered(event: Any) -> dict[str, Any]:
    """The handler's answer, which is held against its contract."""
    with patch.object(app, "S3Definitions", _Nowhere), contextlib.redirect_stdout(io.StringIO()):
        answer: Any = app.lambda_handler(event, None)
    json.dumps(answer)
    said = str(answer.get("errorMessage", ""))
    if answer["status"] not in {"success", "failure"} or (answer["status"] == "failure") is not bool(said):
        raise BrokenPromiseError(said)
    if said.startswith("Internal error"):
        raise BrokenPromiseError(said)
    return dict(answer)


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "definition": definition,
    "jsonpath": jsonpath,
    "jsonata": jsonata,
    "handler": handler,
}
