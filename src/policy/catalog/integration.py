"""The form of a catalogue row: what one API of an optimised integration requires of the role."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.forms.name_or_arn import name_or_arn
from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn, passed_role_arn_only

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.basis import Basis
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Guarded

REQUEST_RESPONSE = (Pattern.REQUEST_RESPONSE,)
CALLBACK = (Pattern.REQUEST_RESPONSE, Pattern.CALLBACK)
SYNC = (Pattern.REQUEST_RESPONSE, Pattern.SYNC)
SYNC_AND_CALLBACK = (Pattern.REQUEST_RESPONSE, Pattern.SYNC, Pattern.CALLBACK)
SYNC_ONLY = (Pattern.SYNC, Pattern.SYNC_2)


@dataclass(frozen=True, slots=True)
class Call:
    """The call of one task, for the rows that only code can express."""

    arguments: Arguments
    pattern: Pattern
    surroundings: Surroundings


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


def as_given(text: Text, _deployment: Deployment) -> Text:
    """A part of an ARN that is just what an argument says."""
    return text


@dataclass(frozen=True, slots=True)
class ArnPart:
    """A part of an ARN that the argument ``argument`` gives.

    ``form`` makes the part of the argument's string. ``default`` is the part where the argument is not given;
    None where the part is then unknown.
    """

    argument: str
    form: Callable[[Text, Deployment], Text] = as_given
    default: str | None = None


@dataclass(frozen=True, slots=True)
class ComposedArn:
    """A resource whose ARN is put together from several arguments.

    ``template`` has ``{Partition}``, ``{Region}``, ``{AccountId}``, ``*`` for what is meant to match anything, and
    ``{}`` for each of ``parts`` in their order: ``…:nodegroup/{}/{}/*``.
    """

    template: str
    parts: tuple[ArnPart, ...]

    @property
    def argument(self) -> str:
        """The arguments, for people."""
        return "`, `".join(part.argument for part in self.parts)


@dataclass(frozen=True, slots=True)
class Derived:
    """Resources that only code can tell: ``find`` gives their patterns, each with its template conditions.

    ``argument`` is what people are told of where a part of a pattern is unknown. ``covers`` describes the resources
    for people, as an ARN or in words; where it is empty, the first line of ``find``'s docstring does.
    """

    find: Callable[[Call], Iterable[Guarded]]
    argument: str
    covers: str = ""


@dataclass(frozen=True, slots=True)
class FixedArn:
    """A resource, or a condition's value, that is the same for every task.

    ``open_because`` tells people why it is wider than any one task, where that is not for IAM's sake.
    """

    template: str
    open_because: str = ""


@dataclass(frozen=True, slots=True)
class EveryResource:
    """``*``: IAM knows no narrower resource for these actions; ``reason`` says so, for people."""

    reason: str


Resource: TypeAlias = ArgumentArn | ComposedArn | Derived | FixedArn | EveryResource


@dataclass(frozen=True, slots=True)
class Given:
    """A grant for tasks that give the argument."""

    argument: str


@dataclass(frozen=True, slots=True)
class NotGiven:
    """A grant for tasks that do not give the argument."""

    argument: str


@dataclass(frozen=True, slots=True)
class Is:
    """A grant for tasks whose argument is one of ``values``, in whatever letter case."""

    argument: str
    values: tuple[str, ...]


When: TypeAlias = Given | NotGiven | Is
"""What must be so for a grant to be needed. Where it may be so, it is taken to be."""


@dataclass(frozen=True, slots=True)
class GrantCondition:
    """A condition of the statement: ``value`` gives what the request's ``key`` must match by ``operator``.

    Where nothing is known of the value, the statement stands without the condition, and people are told.
    """

    operator: str
    key: str
    value: Resource


@dataclass(frozen=True, slots=True)
class Grant:
    """Actions on a resource.

    ``patterns`` limits it to these ways of waiting; empty is every way. ``when`` limits it to tasks for which all
    of these hold. ``conditions`` go into the statement. ``at_creation`` says that Step Functions checks it when the
    machine is created already. ``basis``, ``documentation`` and ``note`` are there where they differ from the
    integration's.
    """

    actions: tuple[str, ...]
    resource: Resource
    patterns: tuple[Pattern, ...] = ()
    when: tuple[When, ...] = ()
    conditions: tuple[GrantCondition, ...] = ()
    at_creation: bool = False
    basis: Basis | None = None
    documentation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Integration:
    """One API of an optimised integration: the patterns it supports and what each requires.

    ``requires`` names arguments of which a task must give at least one; empty where it needs none. ``notices`` says
    what people should know of a call beyond what its role holds.
    """

    service: str
    api: str
    patterns: tuple[Pattern, ...]
    grants: tuple[Grant, ...]
    requires: tuple[str, ...]
    documentation: str
    basis: Basis
    note: str = ""
    notices: Callable[[Call], Iterable[str]] | None = None


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


ROLE_TEMPLATE = "arn:{Partition}:iam::{AccountId}:role/{}"


def pass_role(argument: str, service: str, *, basis: Basis | None = None, note: str = "") -> Grant:
    """What handing on the role that ``argument`` names by its ARN requires; ``service`` is whom it may be passed to.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return Grant(
        actions=("iam:PassRole",),
        resource=ArgumentArn(argument, ROLE_TEMPLATE, form=passed_role_arn_only),
        when=(Given(argument),),
        conditions=(GrantCondition("StringEquals", "iam:PassedToService", FixedArn(service)),),
        basis=basis,
        note=note,
    )


def pass_named_role(argument: str, service: str, *, basis: Basis | None = None, note: str = "") -> Grant:
    """As :func:`pass_role`, for an argument that names the role by its name or its ARN."""
    resource = ArgumentArn(argument, ROLE_TEMPLATE, form=passed_role_arn)
    return replace(pass_role(argument, service, basis=basis, note=note), resource=resource)
