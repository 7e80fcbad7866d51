"""What publishes to a topic, told from the ARN of a target."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Text


def topic_arn(target: Text, _deployment: Deployment) -> Text | None:
    """The target itself when it is a topic, whose ARN has no slash; None for an endpoint or what is not known.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html knows topics only.
    """
    reference = target.reference
    if reference is not None and reference.resource_type == "AWS::SNS::Topic":
        return target
    spoken = target.sample
    if spoken is None or not spoken.startswith("arn:") or "/" in spoken:
        return None
    return target
