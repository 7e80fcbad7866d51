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
    from sfn_least_privilege.policy.deployment import Deployment

SERVICE = "states.amazonaws.com"


def trust_policy(name: Text | None, deployment: Deployment) -> dict[str, Any]:
    """The trust policy of a machine's role.

    ``name`` is the machine's name. Where it is None, CloudFormation makes the name up and the role cannot refer
    to the machine that refers to it, so every state machine of the account and region may be named.
    """
    machine = Text.of(Wildcard()) if name is None else name
    source = Text.of(
        "arn:", deployment.partition, ":states:", deployment.region, ":", deployment.account_id,
        ":stateMachine:", machine,
    )  # fmt: skip
    return {
        "Version": VERSION,
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": SERVICE},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": render_string(deployment.account_id)},
                    "ArnLike": {"aws:SourceArn": render_pattern(source)},
                },
            },
        ],
    }
