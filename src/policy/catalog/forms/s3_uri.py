"""The S3 objects behind a URI: ``s3://bucket/key``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment

_SCHEME = "s3://"
_BUCKET = "arn:{Partition}:s3:::{}"
_BUCKET_TYPE = "AWS::S3::Bucket"
_AS_A_WHOLE = "CloudFormation can take the bucket out of the URI, and not the key"


def object_arn(uri: Text, _template: str, deployment: Deployment) -> Text:
    """The object that a URI names."""
    return arn.build(_BUCKET, deployment, bucket_and_key(uri))


def bucket_and_key(uri: Text) -> Text:
    """``bucket/key`` of a URI, unknown where it is no URI."""
    if uri.prefix.startswith(_SCHEME):
        named = Text.of(uri.prefix.removeprefix(_SCHEME), *uri.parts[1:])
        return named if named.parts else unknown("it names no bucket")
    first = uri.parts[0] if uri.parts else None
    if isinstance(first, Reference) and (first.sample or "").startswith(_SCHEME):
        return Text.of(arn.select(2, "/", first), "/", Unknown(_AS_A_WHOLE))
    return unknown(uri.unknowns[0].reason if uri.unknowns else "it does not begin with `s3://`")


def bucket_of(bucket_and_key: Text) -> Text | None:
    """What stands before the first slash; None where that cannot be told."""
    for index, part in enumerate(bucket_and_key.parts):
        if isinstance(part, Literal):
            if "/" in part.value:
                return Text.of(*bucket_and_key.parts[:index], part.value.partition("/")[0])
        elif not isinstance(part, Reference) or not _is_slashless(part):
            return None
    return bucket_and_key


def _is_slashless(reference: Reference) -> bool:
    if reference.sample is not None:
        return "/" not in reference.sample
    return reference.kind is Kind.NAME or reference.resource_type == _BUCKET_TYPE
