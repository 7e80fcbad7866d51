"""Queues, functions, state machines, secrets and log groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.function import FUNCTION_TEMPLATE, function_arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import anything_of, is_arn, whole_arn, why_open
from sfn_least_privilege.policy.catalog.forms.queue import queue_arn
from sfn_least_privilege.policy.catalog.forms.state_machine import state_machine_arn
from sfn_least_privilege.policy.catalog.forms.topic import topic_arn
from sfn_least_privilege.policy.catalog.sdk.forms.named import Named
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.deployment import Deployment

_QUEUE = "arn:{Partition}:sqs:{Region}:{AccountId}:{}"
_MACHINE = "arn:{Partition}:states:{Region}:{AccountId}:stateMachine:{}"
_SECRET = "arn:{Partition}:secretsmanager:{Region}:{AccountId}:secret:{}"  # noqa: S105 -- an ARN, no secret
_LOG_GROUP = "arn:{Partition}:logs:{Region}:{AccountId}:log-group:{}"


def queue(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The queue behind a URL."""
    return (Named(queue_arn(text, _QUEUE, deployment), is_arn=True),)


def function(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The function of a name, a partial ARN or an ARN."""
    return (Named(function_arn(text, FUNCTION_TEMPLATE, deployment), is_arn=True),)


def state_machine(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The state machine of an ARN with or without version or alias."""
    return (Named(state_machine_arn(text, _MACHINE, deployment), is_arn=True),)


# What Secrets Manager puts behind the name in the ARN.
_RANDOM = re.compile(r"-[A-Za-z0-9]{6}$")
_SUFFIX = Text.of("-", Wildcard(6))


def secret(text: Text, deployment: Deployment) -> Iterable[Named]:
    """A secret by name, by ARN, or by an ARN without the six characters at its end.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
    """
    reference = text.reference
    if reference is not None and reference.arn is not None:
        return (Named(reference.arn, is_arn=True),)
    begins_as_arn = is_arn(text)
    if begins_as_arn:
        whole = whole_arn(text, _SECRET, deployment)
        complete = whole.unknowns or whole.reference is not None or _RANDOM.search(whole.suffix)
        return (Named(whole if complete else whole + _SUFFIX, is_arn=True),)
    if begins_as_arn is None:
        why = (
            why_open(reference) if reference is not None else text.unknowns[0].reason if text.unknowns else "it is open"
        )
        if reference is None and text.parts and not isinstance(text.parts[0], Reference):
            return (Named(anything_of(_SECRET, deployment, why), is_arn=True),)
        # Whichever it is: a name has the suffix to come, an ARN has its own account.
        return (
            Named(arn.build(_SECRET, deployment, text + _SUFFIX), is_arn=True),
            Named(text, is_arn=True),
        )
    return new_secret(text, deployment)


def new_secret(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The secret that is made under a name, in the own account."""
    ends_open = isinstance(text.parts[-1], Unknown) if text.parts else False
    return (Named(arn.build(_SECRET, deployment, text if ends_open else text + _SUFFIX), is_arn=True),)


def topic(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The topic that a target of a publication is, or everything for an endpoint of a device."""
    return (Named(topic_arn(text, "", deployment), is_arn=True),)


_GROUP_FIELD, _ACCOUNT, _REGION = 6, 4, 3
_LOG_GROUP_TYPE = "AWS::Logs::LogGroup"


def log_group(text: Text, deployment: Deployment) -> Iterable[Named]:
    """A log group by name or by ARN, whose `:*` at the end belongs to its streams.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html#CWL_ARN_Format
    """
    reference = text.reference
    if reference is not None and reference.resource_type == _LOG_GROUP_TYPE:
        # Its ARN attribute ends in `:*` already; its name does not.
        name = Reference("Ref", reference.logical_id, Kind.NAME, reference.logical_id, _LOG_GROUP_TYPE)
        return (Named(Text((name,))),)
    if not is_arn(text):
        return (Named(text),)
    region, account, name_field = (arn.field(text, index) for index in (_REGION, _ACCOUNT, _GROUP_FIELD))
    if region is not None and account is not None and name_field is not None:
        return (Named(arn.build(_LOG_GROUP, deployment, name_field, account_id=account, region=region), is_arn=True),)
    return (Named(whole_arn(text, _LOG_GROUP, deployment), is_arn=True),)
