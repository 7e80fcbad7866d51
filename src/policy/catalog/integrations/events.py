"""Amazon EventBridge."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.integration import CALLBACK, ArgumentArn, Grant, Integration

INTEGRATIONS = (
    Integration(
        service="events",
        api="putEvents",
        patterns=CALLBACK,
        grants=(
            Grant(
                ("events:PutEvents",),
                ArgumentArn(
                    "Entries[].EventBusName",
                    "arn:{Partition}:events:{Region}:{AccountId}:event-bus/{}",
                    default="default",
                ),
            ),
        ),
        requires=("Entries",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-eventbridge.html",
        basis=Basis.DOCUMENTED,
        note="One resource for each bus that an entry names; an entry that names none goes to the default bus. "
        "The page widens region and account when a bus is not known; the region stays, because Step Functions "
        "calls no other region (concepts-access-cross-acct-resources).",
    ),
)
