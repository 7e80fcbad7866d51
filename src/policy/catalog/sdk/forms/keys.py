"""KMS keys: by id, by ARN, or by an alias, which is no resource of what is done with a key.

https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html (basis: documented)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import anything_of, is_arn, why_open
from sfn_least_privilege.policy.catalog.sdk.forms.named import Named, reason_of
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.text import WILDCARD, Kind, Text, Unknown, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.deployment import Deployment

_TEMPLATE = "arn:{Partition}:kms:{Region}:{AccountId}:key/{}"
_ALIAS = "alias/"
_RESOURCE_OF_ALIAS = "an alias stands for a key that IAM knows by its id only"
_ACCOUNT = 4


def key(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The key of a call to KMS itself: of an alias, any key, as long as the call names it by this alias."""
    named = _alias_of(text)
    if named is None:
        return (Named(_key(text, deployment), is_arn=True),)
    name, account = named
    key_id = Text((name.unknowns[0],)) if name.unknowns else WILDCARD
    pattern = arn.build(_TEMPLATE, deployment, key_id, account_id=account)
    operator = "StringLike" if name.unknowns else "StringEquals"
    return (Named(pattern, is_arn=True, conditions=(Condition(operator, "kms:RequestAlias", (name,)),)),)


def used_key(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The key that another service uses for the caller: of an alias, any key, as what that service asks is not told."""
    named = _alias_of(text)
    if named is None:
        return (Named(_key(text, deployment), is_arn=True),)
    return (Named(arn.build(_TEMPLATE, deployment, unknown(_RESOURCE_OF_ALIAS), account_id=named[1]), is_arn=True),)


def alias(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """The alias itself, whose name begins with `alias/` wherever it comes from."""
    if is_arn(text):
        return (Named(text, is_arn=True),)
    first = text.parts[0] if text.parts else None
    if isinstance(first, Unknown):
        return (Named(Text.of(_ALIAS, text)),)
    return (Named(text),)


def _alias_of(text: Text) -> tuple[Text, Text | None] | None:
    """The alias that a string is, with its account where that is another; None where it is none."""
    reference = text.reference
    if reference is not None and reference.resource_type == "AWS::KMS::Alias":
        return (text, None) if reference.kind is not Kind.ARN else None
    spoken = text.sample
    if text.prefix.startswith(_ALIAS) or (spoken is not None and spoken.startswith(_ALIAS)):
        return text, None
    if text.prefix.startswith("arn:") and f":{_ALIAS}" in (spoken or text.prefix):
        name = arn.field(text, arn.RESOURCE)
        return None if name is None else (name, arn.field(text, _ACCOUNT))
    return None


def _key(text: Text, deployment: Deployment) -> Text:
    reference = text.reference
    if reference is not None and reference.arn is not None:
        return reference.arn
    begins_as_arn = is_arn(text)
    if begins_as_arn:
        return text
    if begins_as_arn is False and (text.literal is not None or (reference and reference.kind is not Kind.UNKNOWN)):
        return arn.build(_TEMPLATE, deployment, text)
    if text.sample is not None:
        return arn.build(_TEMPLATE, deployment, text)
    why = why_open(reference) if reference is not None else _RESOURCE_OF_ALIAS
    return anything_of(_TEMPLATE, deployment, reason_of(text, why).reason)
