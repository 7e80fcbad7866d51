"""Names that stand for more, or for less, than themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn
from sfn_least_privilege.policy.catalog.sdk.forms.named import Marked, Named, reason_of
from sfn_least_privilege.policy.text import EMPTY, Literal, Text, Unknown, Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.deployment import Deployment

_ANY_REVISION = Text.of(":", Wildcard())
_REVISION = re.compile(r":\d+$")


def family(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """A task definition: by its family alone it is the newest revision, whichever that will be.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
    """
    whole = is_arn(text)
    spoken = text.sample
    if spoken is not None:
        return (Named(text if _REVISION.search(spoken) else text + _ANY_REVISION, is_arn=bool(whole)),)
    reference = text.reference
    if reference is not None and reference.resource_type == "AWS::ECS::TaskDefinition":
        return (Named(text, is_arn=True),)
    if text.parts and isinstance(text.parts[-1], Unknown):
        return (Named(text, is_arn=bool(whole)),)
    if _REVISION.search(text.suffix):
        return (Named(text, is_arn=bool(whole)),)
    # It may hold its revision already.
    return (Named(text, is_arn=bool(whole)), Named(text + _ANY_REVISION, is_arn=bool(whole)))


_RULES = "arn:{Partition}:events:{Region}:{AccountId}:rule/{}"
_ACCOUNT = 4


def bus(text: Text, deployment: Deployment) -> Iterable[Named]:
    """What an event bus puts before the names of its rules: nothing, if it is the default bus.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
    """
    spoken = text.sample
    if spoken in {"", "default"}:
        return (Named(EMPTY),)
    if is_arn(text):
        account, resource = arn.field(text, _ACCOUNT), arn.field(text, arn.RESOURCE)
        pieces = resource.split("/") if resource is not None else None
        if pieces and pieces[-1].literal == "default":
            return (Named(arn.build(_RULES, deployment, EMPTY, account_id=account), is_arn=True),)
        name = pieces[-1] + "/" if pieces and len(pieces) > 1 else Text((reason_of(text, "its bus is not known here"),))
        return (Named(arn.build(_RULES, deployment, name, account_id=account), is_arn=True),)
    reference = text.reference
    if spoken is not None or (reference is not None and reference.logical_id):
        return (Named(text + "/"),)
    if text.unknowns:
        return (Named(text),)
    # A parameter may say `default`.
    return (Named(text + "/"), Named(EMPTY))


def lower(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """A name in lower case, which is how its ARN has it."""
    return (
        Named(Text.of(*(Literal(part.value.lower()) if isinstance(part, Literal) else part for part in text.parts))),
    )


_MAILBOX = re.compile(r".*<(?P<address>[^<>]*)>\s*", re.DOTALL)


def sender(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """The identities of a sender: the address, and its domain, whichever is verified.

    https://docs.aws.amazon.com/ses/latest/dg/sending-authorization-policies.html
    """
    marked = Marked.of(text)
    if marked is None:
        return (Named(Text.of(Unknown("it is not known here"))),)
    match = _MAILBOX.fullmatch(marked.string)
    address = (match["address"] if match else marked.string).strip()
    domain = address.rpartition("@")[2]
    reference = text.reference
    if reference is not None:
        return (Named(text), Named(Text((arn.select(1, "@", reference),))))
    if domain == address:
        return (Named(marked.text(address)),)
    return (Named(marked.text(address)), Named(marked.text(domain)))


def under_any_path(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """A name of IAM: its ARN has a path before it, which the call does not show. Names are unique whatever their path.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    if is_arn(text):
        return (Named(text, is_arn=True),)
    reference = text.reference
    if reference is not None and reference.arn is not None:
        return (Named(reference.arn, is_arn=True),)
    if text.parts and isinstance(text.parts[0], Unknown):
        return (Named(text),)
    return (Named(text), Named(Text.of(Wildcard(), "/", text)))


def instance_profile(_text: Text, _deployment: Deployment) -> Iterable[Named]:
    """The role inside an instance profile or a launch template, which only those know."""
    return (Named(Text.of(Unknown("which role it holds is not to be seen"))),)
