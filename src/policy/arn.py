"""Amazon Resource Names as Texts: taking them apart where that is exact, and putting them together.

The form is ``arn:partition:service:region:account-id:resource``; the resource may hold colons and slashes:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.rendering import intrinsic
from sfn_least_privilege.policy.text import Kind, Reference, Text, Wildcard

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment

RESOURCE = 5
"""The field of an ARN that names the resource."""


def field(arn: Text, index: int) -> Text | None:
    """Field ``index`` of an ARN, counted by colons from 0; None where it cannot be told apart exactly."""
    split = arn.split(":")
    reference = arn.reference
    if reference is None:
        fields = split if split is not None else arn.cut(":", index + 1) or ()
        return fields[index] if index < len(fields) else None
    if reference.sample is None and reference.kind in {Kind.NAME, Kind.URL}:
        return None
    if reference.sample is not None and reference.sample.count(":") < index:
        return None
    # Any value that is an ARN has these fields, so CloudFormation can pick them at deployment.
    return Text((select(index, ":", reference),))


def select(index: int, separator: str, reference: Reference) -> Reference:
    """The part ``index`` of what a reference becomes, split at ``separator`` by CloudFormation."""
    source: Any = {"Fn::Split": [separator, intrinsic(reference)]}
    pieces = reference.sample.split(separator) if reference.sample is not None else []
    return Reference(
        "Fn::Select",
        json.dumps([index, source], sort_keys=True, separators=(",", ":")),
        Kind.NAME,
        sample=pieces[index] if index < len(pieces) else None,
    )


def build(
    template: str,
    deployment: Deployment,
    *names: Text,
    account_id: Text | None = None,
    region: Text | None = None,
) -> Text:
    """The ARN ``template`` makes with ``names``, one after the other, in the places of ``{}``.

    ``template`` is written ``arn:{Partition}:service:{Region}:{AccountId}:resource/{}``; a ``*`` in it is meant.
    """
    values = {
        "Partition": deployment.partition,
        "Region": deployment.region if region is None else region,
        "AccountId": deployment.account_id if account_id is None else account_id,
    }
    following = iter(names)
    pieces: list[Text | str] = []
    for piece in template.split("{"):
        placeholder, closed, literal = piece.rpartition("}")
        if closed:
            pieces.append(values[placeholder] if placeholder else next(following))
        head, *tail = literal.split("*")
        pieces.append(head)
        for after in tail:
            pieces.extend((Text((Wildcard(),)), after))
    return Text.of(*pieces)
