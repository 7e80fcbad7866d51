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
_ACCOUNT_ID = re.compile(r"[0-9]{12}")


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


def stack(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """A stack or a stack set: its name, to which its ARN adds an id, or the ARN with the id."""
    if is_arn(text):
        return (Named(text, is_arn=True, is_complete=True),)
    return (Named(text),)


def last_segment(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """An id of Route 53, which its API also writes `/hostedzone/ID` and `/change/ID`."""
    first, *others = text.parts or (Literal(""),)
    if isinstance(first, Literal):
        return (Named(Text.of(first.value.rpartition("/")[2], *others)),)
    return (Named(text),)


def account(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The account of a registry or a Glue catalogue: the caller's own, if none is given.

    A nested catalogue is `ACCOUNT:NAME/…`, or its name alone where it is the caller's.
    https://docs.aws.amazon.com/glue/latest/webapi/API_GetTable.html
    """
    pieces = text.split(":")
    first = text if pieces is None else pieces[0]
    if first.literal is not None:
        return (Named(first if _ACCOUNT_ID.fullmatch(first.literal) else deployment.account_id),)
    return (Named(first if len(first.parts) == 1 else Text.of(reason_of(first, "its account is not to be seen"))),)


_RESOLVED = "resolve:ssm:"


def image(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """An image, or any one where a parameter of Systems Manager says which."""
    if text.prefix.startswith(_RESOLVED):
        return (Named(Text.of(Unknown("a parameter of Systems Manager says which image it is"))),)
    return (Named(text),)


def organization_account(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """An account of an organisation, whose id is twelve digits; nothing for a root, a unit or a policy."""
    return () if text.literal is not None and not text.literal.isdigit() else (Named(text),)


def organization_policy(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """A policy of an organisation, whose id begins with `p-`; nothing for anything else."""
    return () if text.literal is not None and not text.literal.startswith("p-") else (Named(text),)


def organizational_unit(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """An organisational unit, whose id begins with `ou-`; nothing for a root or an account."""
    return () if text.literal is not None and not text.literal.startswith("ou-") else (Named(text),)


def organization_root(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """The root of an organisation, whose id begins with `r-`; nothing for a unit or an account."""
    return () if text.literal is not None and not text.literal.startswith("r-") else (Named(text),)


def verified_identity(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """An identity that is given by its ARN."""
    return (Named(text, is_arn=is_arn(text) is True),)


_SCOPES = {"REGIONAL": "regional", "CLOUDFRONT": "global"}


def web_acl_scope(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """A scope of WAF as its ARNs have it."""
    scope = _SCOPES.get(text.literal or "")
    return (Named(text if scope is None else Text.of(scope)),)


def before_colon(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """The project at the beginning of a build's id, `project:id`."""
    marked = Marked.of(text)
    if marked is None or ":" not in marked.string:
        return (Named(text if marked is not None and text.unknowns else Text.of(Unknown("its project is not shown"))),)
    return (Named(marked.text(marked.string.partition(":")[0])),)


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
