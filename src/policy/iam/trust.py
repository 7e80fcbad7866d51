"""Who may assume the role: Step Functions, on behalf of this machine, in this account.

The two conditions keep Step Functions from being made the confused deputy of another account:
https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.iam.document import VERSION
from sfn_least_privilege.policy.rendering import render_pattern, render_string
from sfn_least_privilege.policy.text import Text, Wildcard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.deployment import Deployment

SERVICE = "states.amazonaws.com"


def trust_policy(names: Sequence[Text], deployment: Deployment) -> dict[str, Any]:
    """The trust policy of a machine's role.

    ``names`` are the names that the machine can have. Where there are none, CloudFormation makes the name up and the
    role cannot refer to the machine that refers to it, so every state machine of the account and region may be named.
    """
    sources = [
        render_pattern(
            Text.of(
                "arn:", deployment.partition, ":states:", deployment.region, ":", deployment.account_id,
                ":stateMachine:", name,
            )
        )
        for name in names or (Text.of(Wildcard()),)
    ]  # fmt: skip
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": render_string(deployment.account_id)},
                    "ArnLike": {"aws:SourceArn": sources[0] if len(sources) == 1 else sources},
                },
            },
        ],
    }
