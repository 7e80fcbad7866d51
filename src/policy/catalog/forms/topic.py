"""What a publication to a target is authorised on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Text


def topic_arn(target: Text, _template: str, _deployment: Deployment) -> Text:
    """The target itself when it is a topic, whose ARN has no slash; everything for an endpoint of a device.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html knows topics only.
    """
    reference = target.reference
    if reference is not None and reference.resource_type == "AWS::SNS::Topic":
        return target
    spoken = target.sample
    if spoken is not None and spoken.startswith("arn:") and "/" not in spoken:
        return target
    if spoken is not None:
        return unknown("the endpoint of a device is no resource that IAM knows")
    reasons = [part.reason for part in target.parts if isinstance(part, Unknown)]
    return unknown(reasons[0] if reasons else "it may be the endpoint of a device, which IAM does not know")
