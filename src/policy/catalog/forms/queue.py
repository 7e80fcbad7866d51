"""The ARN of the queue behind a queue URL.

https://sqs.REGION.SUFFIX/ACCOUNT/NAME, and the older hosts that still answer, all end in /ACCOUNT/NAME:
https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import anything_of
from sfn_least_privilege.policy.text import Kind, Literal, Text, Unknown, unknown

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
    pieces = _slashed(url)
    if pieces[0].literal not in {None, "http:", "https:"} and len(pieces) > 1:
        return anything_of(template, deployment, _NO_URL)
    if len(pieces) == _FIELDS:
        # A queue URL has no more slashes than these, so no part of it holds another one.
        region = _region(pieces[_HOST], deployment)
        return arn.build(template, deployment, pieces[_NAME], account_id=pieces[_ACCOUNT], region=region)
    opaque = [any(not isinstance(part, Literal) for part in piece.parts) for piece in pieces]
    if len(pieces) > _FIELDS or not any(opaque):
        return anything_of(template, deployment, _NO_URL)
    return _with_hidden_slashes(pieces, opaque, template, deployment)


def _of_reference(reference: Reference, template: str, deployment: Deployment) -> Text:
    if reference.arn is not None:
        return reference.arn
    is_other = reference.kind in {Kind.ARN, Kind.NAME} and reference.sample is None
    if is_other or (reference.sample is not None and len(reference.sample.split("/")) != _FIELDS):
        return anything_of(template, deployment, _NO_URL)
    # A queue URL always has these fields, so CloudFormation can pick them at deployment.
    account, name = (Text((arn.select(index, "/", reference),)) for index in (_ACCOUNT, _NAME))
    return arn.build(template, deployment, name, account_id=account)


def _with_hidden_slashes(pieces: list[Text], opaque: list[bool], template: str, deployment: Deployment) -> Text:
    """A URL whose unknown parts hold slashes: certain is what stands before the first and behind the last of them."""
    reasons = [part.reason for piece in pieces for part in piece.parts if isinstance(part, Unknown)]
    hidden = unknown(reasons[0] if reasons else "its parts are not known here")
    account = pieces[_ACCOUNT] if opaque.index(True) > _ACCOUNT else hidden
    name = hidden
    if not opaque[-1]:
        name = pieces[-1]
        if not opaque[-2]:
            account = pieces[-2]
    region = _region(pieces[_HOST], deployment) if opaque.index(True) > _HOST else deployment.region
    return arn.build(template, deployment, name, account_id=account, region=region)


def _slashed(url: Text) -> list[Text]:
    """What stands between the literal slashes."""
    pieces: list[list[Part]] = [[]]
    for part in url.parts:
        if not isinstance(part, Literal):
            pieces[-1].append(part)
            continue
        head, *tail = part.value.split("/")
        pieces[-1].append(Literal(head))
        pieces.extend([Literal(piece)] for piece in tail)
    return [Text.of(*piece) for piece in pieces]


def _region(host: Text, deployment: Deployment) -> Text:
    literal = host.literal
    match = _HOST_WITH_REGION.match(literal) if literal is not None else None
    return Text.of(match["region"]) if match else deployment.region
