"""The ARN of the queue behind a queue URL."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment

# https://sqs.REGION.SUFFIX/ACCOUNT/NAME, and the older hosts that still answer, all end in /ACCOUNT/NAME:
# https://docs.aws.amazon.com/general/latest/gr/sqs-service.html
_ACCOUNT, _NAME = 3, 4
_FIELDS = 5
_HOST_WITH_REGION = re.compile(r"^(?:sqs\.)?(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?:queue\.)?")


def queue_arn(url: Text, deployment: Deployment) -> Text | None:
    """``arn:partition:sqs:region:account:name`` for a queue URL; None where the URL does not show its parts."""
    reference = url.reference
    if reference is not None:
        return _from_reference(url, deployment)
    split = url.split("/")
    if split is None or len(split) != _FIELDS or split[0].literal not in {"https:", "http:"}:
        return _by_prefix(url, deployment)
    region = _region(split[2], deployment)
    return Text.of("arn:", deployment.partition, ":sqs:", region, ":", split[_ACCOUNT], ":", split[_NAME])


def _from_reference(url: Text, deployment: Deployment) -> Text | None:
    reference = url.reference
    if reference is None or reference.arn is not None:
        return None if reference is None else reference.arn
    if reference.sample is None or len(reference.sample.split("/")) != _FIELDS:
        return None
    account = Text((arn.select(_ACCOUNT, "/", reference),))
    name = Text((arn.select(_NAME, "/", reference),))
    # Step Functions calls queues of its own region only, so the region in the URL is the deployment's.
    return Text.of("arn:", deployment.partition, ":sqs:", deployment.region, ":", account, ":", name)


def _by_prefix(url: Text, deployment: Deployment) -> Text | None:
    """A URL whose end is not known: keep host, account and the beginning of the name where they are."""
    if not url.unknowns or not url.parts[0:1]:
        return None
    first_unknown = url.parts.index(url.unknowns[0])
    known, rest = Text(url.parts[:first_unknown]), Text(url.parts[first_unknown:])
    split = known.split("/")
    if split is None or len(split) < _NAME or split[0].literal != "https:":
        return None
    region = _region(split[2], deployment)
    tail = Text.of(split[_NAME], rest) if len(split) > _NAME else rest
    account = split[_ACCOUNT] if len(split) > _NAME else Text.of(split[_ACCOUNT], rest)
    return Text.of("arn:", deployment.partition, ":sqs:", region, ":", account, ":", tail)


def _region(host: Text, deployment: Deployment) -> Text:
    literal = host.literal
    match = _HOST_WITH_REGION.match(literal) if literal is not None else None
    return Text.of(match["region"]) if match else deployment.region
