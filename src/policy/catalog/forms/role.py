"""The ARN of a role that a call hands on to a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.forms.own_account import own_account_arn, own_account_arn_only

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Text


def passed_role_arn(role: Text, template: str, deployment: Deployment) -> Text:
    """The role's ARN; where its account is not known it is the machine's own, as no role is passed across accounts.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    return own_account_arn(role, template, deployment)


def passed_role_arn_only(role: Text, template: str, deployment: Deployment) -> Text:
    """As :func:`passed_role_arn`, for an argument that takes no names."""
    return own_account_arn_only(role, template, deployment)
