"""The ARN of the queue behind a queue URL.

https://sqs.REGION.SUFFIX/ACCOUNT/NAME, and the older hosts that still answer, all end in /ACCOUNT/NAME:
https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import anything_of
from sfn_least_privilege.policy.text import Literal, Text, Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part, Reference

_HOST, _ACCOUNT, _NAME = 2, 3, 4
_FIELDS = 5
_HOST_WITH_REGION = re.compile(r"^(?:sqs(?:-fips)?\.)?(?P<region>[a-z]{2,4}(?:-[a-z]+)+-\d)\.")
_NO_URL = "it is not of the form https://host/account/name"


def queue_arn(url: Text, template: str, deployment: Deployment) -> Text:
    """``arn:partition:sqs:region:account:name`` for a queue URL, ``*`` for each part that the URL does not show."""
    reference = url.reference
    if reference is not None:
        return _of_reference(reference, template, deployment)
    split = url.split("/")
    if split is not None:
        if len(split) != _FIELDS or not split[0].suffix.endswith(":"):
            return anything_of(template, deployment, _NO_URL)
        region = _region(split[_HOST], deployment)
        return _assemble(template, deployment, region, split[_ACCOUNT], split[_NAME])
    return _of_parts(url, template, deployment)


def _of_reference(reference: Reference, template: str, deployment: Deployment) -> Text:
    if reference.arn is not None:
        return reference.arn
    if reference.sample is not None and len(reference.sample.split("/")) != _FIELDS:
        return anything_of(template, deployment, _NO_URL)
    # A queue URL always has these fields, so CloudFormation can pick them at deployment.
    account, name = (Text((arn.select(index, "/", reference),)) for index in (_ACCOUNT, _NAME))
    return _assemble(template, deployment, deployment.region, account, name)


def _of_parts(url: Text, template: str, deployment: Deployment) -> Text:
    """A URL with parts that may hold slashes: what stands between literal slashes is certain from the end alone."""
    pieces = _slashed(url)
    reason = next((part.reason for part in url.parts if isinstance(part, Unknown)), "its parts are not known here")
    hidden = unknown(reason)
    opaque = [any(not isinstance(part, Literal) for part in piece) for piece in pieces]
    exact = opaque.index(True)  # so many pieces from the left are certain
    name = account = hidden
    if exact >= _NAME:
        account = Text.of(*pieces[_ACCOUNT])
        name = Text.of(*_until_opaque(pieces[_NAME], reason)) if len(pieces) > _NAME else hidden
    elif len(pieces) > 1 and not opaque[-1]:
        name = Text.of(*pieces[-1])
        if len(pieces) > 2 and not opaque[-2]:  # noqa: PLR2004 -- a piece before the account, whatever it holds
            account = Text.of(*pieces[-2])
    region = _region(Text.of(*pieces[_HOST]), deployment) if exact > _HOST else deployment.region
    return _assemble(template, deployment, region, account, name)


def _slashed(url: Text) -> list[list[Part]]:
    pieces: list[list[Part]] = [[]]
    for part in url.parts:
        if not isinstance(part, Literal):
            pieces[-1].append(part)
            continue
        head, *tail = part.value.split("/")
        pieces[-1].extend([Literal(head)] if head else [])
        pieces.extend([Literal(piece)] if piece else [] for piece in tail)
    return pieces


def _until_opaque(piece: list[Part], reason: str) -> list[Part]:
    known: list[Part] = []
    for part in piece:
        if not isinstance(part, Literal):
            return [*known, Unknown(reason)]
        known.append(part)
    return known


def _region(host: Text, deployment: Deployment) -> Text:
    literal = host.literal
    match = _HOST_WITH_REGION.match(literal) if literal is not None else None
    return Text.of(match["region"]) if match else deployment.region


def _assemble(template: str, deployment: Deployment, region: Text, account: Text, name: Text) -> Text:
    return arn.build(template, deployment, name, account_id=account, region=region)
