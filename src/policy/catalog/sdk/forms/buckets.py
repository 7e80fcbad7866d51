"""Buckets and objects of S3: by name, through access points, as the source of a copy, as a URI.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html (basis: documented)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn
from sfn_least_privilege.policy.catalog.sdk.forms.named import Marked, Named, reason_of
from sfn_least_privilege.policy.text import Literal, Text, Unknown, unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part

_OBJECT = "arn:{Partition}:s3:::{}"
_ACCESS_POINTS = "arn:{Partition}:s3:{Region}:{AccountId}:accesspoint/{}"
_OF_ACCESS_POINT = "/object"
_ALIAS = "-s3alias"


def bucket(text: Text, deployment: Deployment) -> Iterable[Named]:
    """A bucket by its name, or the access point that stands for one, by its ARN or its alias."""
    if text.suffix.endswith(_ALIAS):
        hidden = unknown("the alias of an access point does not show its name")
        return (Named(arn.build(_ACCESS_POINTS, deployment, hidden), is_arn=True, bridge=_OF_ACCESS_POINT),)
    if not is_arn(text):
        return (Named(text),)
    reference = text.reference
    is_bucket = reference is not None and reference.resource_type == "AWS::S3::Bucket"
    is_bucket = is_bucket or text.prefix.partition(":s3:::")[1] != ""
    return (Named(text, is_arn=True, bridge="" if is_bucket else _OF_ACCESS_POINT),)


def copy_source(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The object of `bucket/key`, `/bucket/key?versionId=…` or an access point's ARN, all of them URL-encoded."""
    pieces: list[Part] = []
    for part in text.parts:
        if isinstance(part, Literal):
            kept, mark, _ = part.value.partition("?versionId=")
            pieces.append(Literal(unquote(kept)))
            if mark:
                break
        else:
            pieces.append(part)
    first = pieces[0] if pieces else None
    if isinstance(first, Literal) and first.value.startswith("arn:"):
        return (Named(Text.of(*pieces), is_arn=True),)
    if isinstance(first, Literal):
        pieces[0] = Literal(first.value.removeprefix("/"))
    return (Named(arn.build(_OBJECT, deployment, Text.of(*pieces)), is_arn=True),)


_URI = re.compile(
    r"s3://(?P<s3>.+)"
    r"|https?://s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?/(?P<path>.+)"
    r"|https?://(?P<host>[^/]+?)\.s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?/(?P<key>.+)"
)


def s3_location(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """`bucket/key` of an object's URI: `s3://bucket/key` or a URL with the bucket in its path or its host."""
    marked = Marked.of(text)
    match = _URI.fullmatch(marked.string) if marked is not None else None
    if marked is None or match is None:
        if text.literal is not None:
            return (Named(text),)
        return (Named(Text.of(reason_of(text, "its parts are not known here"))),)
    if match["host"]:
        return (Named(Text.of(marked.text(match["host"]), "/", marked.text(match["key"]))),)
    found = marked.text((match["s3"] or match["path"]).rstrip("/"))
    # Only a bucket, and in front of what is not known the slash may be hidden as well.
    is_open = "/" not in found.prefix and any(isinstance(part, Unknown) for part in found.parts)
    return (Named(found + Text((Unknown("it may go on"),)) if is_open and not found.unknowns else found),)
