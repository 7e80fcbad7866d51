"""Amazon SNS."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.name_or_arn import arn_only
from sfn_least_privilege.policy.catalog.forms.topic import topic_arn
from sfn_least_privilege.policy.catalog.integration import (
    CALLBACK,
    ArgumentArn,
    EveryResource,
    Given,
    Grant,
    Integration,
)

_PUBLISH = ("sns:Publish",)

INTEGRATIONS = (
    Integration(
        service="sns",
        api="publish",
        patterns=CALLBACK,
        grants=(
            Grant(
                _PUBLISH,
                ArgumentArn("TopicArn", "arn:{Partition}:sns:{Region}:{AccountId}:{}", form=arn_only),
                when=(Given("TopicArn"),),
            ),
            Grant(_PUBLISH, ArgumentArn("TargetArn", "{}", form=topic_arn), when=(Given("TargetArn"),)),
            Grant(
                _PUBLISH, EveryResource("a phone number is no resource that IAM knows"), when=(Given("PhoneNumber"),)
            ),
        ),
        requires=("TopicArn", "TargetArn", "PhoneNumber"),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html",
        basis=Basis.DOCUMENTED,
        note="The page grants `*` whenever TargetArn or PhoneNumber is used. A TargetArn that is a topic's is "
        "narrowed to the topic; for the endpoint of a device the documented form stays.",
    ),
)
