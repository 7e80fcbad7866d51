"""Amazon SQS."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.queue import queue_arn
from sfn_least_privilege.policy.catalog.integration import CALLBACK, ArgumentArn, Grant, Integration

INTEGRATIONS = (
    Integration(
        service="sqs",
        api="sendMessage",
        patterns=CALLBACK,
        grants=(
            Grant(
                ("sqs:SendMessage",),
                ArgumentArn("QueueUrl", "arn:{Partition}:sqs:{Region}:{AccountId}:{}", form=queue_arn),
            ),
        ),
        requires=("QueueUrl",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-sqs.html",
        basis=Basis.DOCUMENTED,
    ),
)
