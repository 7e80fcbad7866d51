"""Systems Manager: parameters, documents and automations.

https://docs.aws.amazon.com/systems-manager/latest/userguide/auth-and-access-control-iam-access-control-identity-based.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import anything_of, is_arn
from sfn_least_privilege.policy.catalog.sdk.forms.named import Named, reason_of
from sfn_least_privilege.policy.text import EMPTY, WILDCARD, Literal, Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.deployment import Deployment

_PARAMETER = "arn:{Partition}:ssm:{Region}:{AccountId}:parameter"
_DOCUMENT = "arn:{Partition}:ssm:{Region}:{AccountId}:document/{}"
_OF_AWS = ("AWS-", "AWS_", "AmazonCloudWatch-", "AWSConfigRemediation-", "AWSSupport-", "AWSEC2-", "AWSResilienceHub-")


def parameter(text: Text, deployment: Deployment) -> Iterable[Named]:
    """A parameter's name, whose slash at the beginning is not doubled, without the version or label behind it."""
    first, *others = text.parts or (Literal(""),)
    if is_arn(text):
        return (Named(text, is_arn=True),)
    if isinstance(first, Literal):
        name = first.value.removeprefix("/")
        if others:
            return (Named(Text.of(name, *others)),)
        name = name.partition(":")[0]
        # A path may end in a slash, which its ARN may have or not.
        found = (
            (Named(Text.of(name)), Named(Text.of(name.removesuffix("/"))))
            if name.endswith("/")
            else (Named(Text.of(name)),)
        )
        return found if name else (Named(WILDCARD),)
    if text.reference is not None and text.reference.sample is not None:
        before = "" if text.reference.sample.startswith("/") else "/"
        return (Named(Text.of(arn.build(_PARAMETER, deployment, EMPTY), before, text), is_arn=True),)
    if text.unknowns and text.unknowns[0] is first:
        return (Named(text),)
    # The name may begin with its slash or without: the ARN that does not exist grants nothing.
    return (Named(text), Named(Text.of(arn.build(_PARAMETER, deployment, EMPTY), text), is_arn=True))


def document(text: Text, deployment: Deployment) -> Iterable[Named]:
    """A document: of one that AWS owns, the account is empty."""
    return _owned(text, _DOCUMENT, deployment)


def _owned(text: Text, template: str, deployment: Deployment) -> Iterable[Named]:
    if is_arn(text):
        return (Named(text, is_arn=True),)
    spoken = text.sample if text.sample is not None else text.prefix
    if spoken.startswith(_OF_AWS):
        return (Named(arn.build(template, deployment, text, account_id=EMPTY), is_arn=True),)
    reference = text.reference
    if spoken or (reference is not None and reference.logical_id):
        return (Named(arn.build(template, deployment, text), is_arn=True),)
    if reference is not None:
        own, of_aws = arn.build(template, deployment, text), arn.build(template, deployment, text, account_id=EMPTY)
        return (Named(own, is_arn=True), Named(of_aws, is_arn=True))
    return (Named(anything_of(template, deployment, reason_of(text, "it is not known here").reason), is_arn=True),)
