"""The form of a catalogue row: what one API of an optimised integration requires of the role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.forms.name_or_arn import name_or_arn

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.catalog.basis import Basis
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Text

REQUEST_RESPONSE = (Pattern.REQUEST_RESPONSE,)
CALLBACK = (Pattern.REQUEST_RESPONSE, Pattern.CALLBACK)
SYNC_ONLY = (Pattern.SYNC, Pattern.SYNC_2)

Form: TypeAlias = "Callable[[Text, str, Deployment], Text]"
"""Makes the ARN pattern to grant of one string that an argument can hold, and of the row's template.

The pattern covers every resource that the string can name; what the string does not show is an unknown part.
"""


@dataclass(frozen=True, slots=True)
class ArgumentArn:
    """A resource that an argument names.

    ``argument`` is its path (``TableName``, ``Entries[].EventBusName``). ``template`` is the ARN that a bare name
    stands for, with ``{}`` for the name and ``*`` for what is meant to match anything; it also bounds the grant
    when the name is not known. ``form`` says how the argument names its resource.
    ``default`` is the name that an argument which is not given stands for. ``qualifier`` is a further argument
    that, when given, follows the ARN after a colon.
    """

    argument: str
    template: str
    form: Form = name_or_arn
    default: str | None = None
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class FixedArn:
    """A resource that is the same for every task."""

    template: str


@dataclass(frozen=True, slots=True)
class EveryResource:
    """``*``: IAM knows no narrower resource for these actions; ``reason`` says so, for people."""

    reason: str


Resource: TypeAlias = ArgumentArn | FixedArn | EveryResource


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on a resource.

    ``patterns`` limits it to these ways of waiting; empty is every way. ``given`` limits it to tasks that give
    this argument. ``at_creation`` says that Step Functions checks it when the machine is created already.
    """

    actions: tuple[str, ...]
    resource: Resource
    patterns: tuple[Pattern, ...] = ()
    given: str | None = None
    at_creation: bool = False


@dataclass(frozen=True, slots=True)
class Integration:
    """One API of an optimised integration: the patterns it supports and what each requires.

    ``requires`` names arguments of which a task must give at least one.
    """

    service: str
    api: str
    patterns: tuple[Pattern, ...]
    grants: tuple[Grant, ...]
    requires: tuple[str, ...]
    documentation: str
    basis: Basis
    note: str = ""


def managed_rule(name: str) -> Grant:
    """What ``.sync`` needs to hear of the end of a job: the rule that Step Functions keeps in EventBridge.

    https://docs.aws.amazon.com/step-functions/latest/dg/service-integration-iam-templates.html
    """
    return Grant(
        actions=("events:PutTargets", "events:PutRule", "events:DescribeRule"),
        resource=FixedArn(f"arn:{{Partition}}:events:{{Region}}:{{AccountId}}:rule/{name}"),
        patterns=SYNC_ONLY,
        at_creation=True,
    )
