"""What a task state calls, told from its ``Resource``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TypeAlias

from sfn_least_privilege.policy.text import Literal, Reference, Text


class Pattern(StrEnum):
    """How a task waits for the service it calls.

    https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html
    """

    REQUEST_RESPONSE = "request response"
    SYNC = ".sync"
    SYNC_2 = ".sync:2"
    CALLBACK = ".waitForTaskToken"


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """A service integration: ``service`` and ``api`` as the ARN spells them."""

    service: str
    api: str
    pattern: Pattern

    @property
    def name(self) -> str:
        """How people know it: ``dynamodb:getItem``."""
        return f"{self.service}:{self.api}"


@dataclass(frozen=True, slots=True)
class FunctionCall:
    """A Lambda function named by its ARN. ``assumed`` says that only the lack of anything else speaks for it."""

    arn: Text
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class ActivityCall:
    """An activity: workers come and fetch the task, so the machine calls nobody."""


@dataclass(frozen=True, slots=True)
class UnknownCall:
    """A resource that cannot be understood; ``problem`` says why."""

    problem: str


TaskCall: TypeAlias = ServiceCall | FunctionCall | ActivityCall | UnknownCall

_SERVICE = re.compile(
    r"(?P<service>aws-sdk:[^:.]+|[^:.]+):(?P<api>[^:.]+)(?P<pattern>\.waitForTaskToken|\.sync:2|\.sync)?"
)
_SERVICE_FIELD = 2
"""arn:partition:service:…"""

_FUNCTION_TYPES = ("AWS::Lambda::", "AWS::Serverless::Function")
_ACTIVITY_TYPE = "AWS::StepFunctions::Activity"


def task_call(resource: Text) -> TaskCall:
    """Read a task's ``Resource``: a service integration, a function's ARN or an activity's ARN."""
    literal = resource.literal
    return _of_text(resource) if literal is None else _of_literal(literal)


@lru_cache(maxsize=1024)
def _of_literal(resource: str) -> TaskCall:
    # Definitions call the same few integrations over and over.
    return _of_text(Text.of(resource))


def _of_text(resource: Text) -> TaskCall:
    marked = _after_service_mark(resource)
    if marked is not None:
        match = _SERVICE.fullmatch(marked)
        if match is None:
            # The value of a parameter may be secret: only what the definition itself says is repeated.
            shown = f"`{marked}`" if resource.suffix.endswith(marked) else "what its parameter holds"
            return UnknownCall(f"{shown} is not of the form service:api or service:api.pattern")
        pattern = Pattern(match["pattern"]) if match["pattern"] else Pattern.REQUEST_RESPONSE
        return ServiceCall(match["service"], match["api"], pattern)
    first = resource.parts[0] if resource.parts else None
    if isinstance(first, Reference) and first.resource_type == _ACTIVITY_TYPE:
        return ActivityCall()
    if isinstance(first, Reference) and first.resource_type.startswith(_FUNCTION_TYPES):
        return FunctionCall(resource)
    return _by_arn(resource)


def _by_arn(resource: Text) -> TaskCall:
    spoken = resource.sample
    if spoken is not None:
        fields = spoken.split(":", _SERVICE_FIELD + 1)
    else:
        fields = [part.literal or "" for part in resource.cut(":", _SERVICE_FIELD + 1) or ()]
    service = fields[_SERVICE_FIELD] if len(fields) > _SERVICE_FIELD and fields[0] == "arn" else ""
    if service == "lambda":
        return FunctionCall(resource)
    if service == "states":
        activity = any(isinstance(part, Literal) and ":activity:" in part.value for part in resource.parts)
        if activity or (spoken is not None and ":activity:" in spoken):
            return ActivityCall()
    if spoken is None and not service:
        reference = resource.parts[0] if resource.parts else None
        if isinstance(reference, Reference):
            return FunctionCall(resource, assumed=True)
        return UnknownCall(resource.unknowns[0].reason if resource.unknowns else "it is empty")
    shown = f"`{resource.literal}`" if resource.literal else "the value of its parameter"
    return UnknownCall(f"{shown} is neither a service integration nor the ARN of a function or an activity")


def _after_service_mark(resource: Text) -> str | None:
    """What stands behind ``:states:::``, which every service integration has, in whatever partition."""
    spoken = resource.sample
    if spoken is None:
        last = resource.parts[-1] if resource.parts else None
        spoken = last.value if isinstance(last, Literal) else ""
    _, mark, rest = spoken.partition(":states:::")
    return rest if mark else None
