"""The ARN of what only the own account can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.forms.name_or_arn import arn_only, name_or_arn
from sfn_least_privilege.policy.text import Literal, Text, Unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part

_ACCOUNT = 4
"""arn:partition:service:region:account:…"""


def own_account_arn(text: Text, template: str, deployment: Deployment) -> Text:
    """An ARN, or a name put into ``template``; an account that is not known is the machine's own."""
    return _with_own_account(name_or_arn(text, template, deployment), deployment)


def own_account_arn_only(text: Text, template: str, deployment: Deployment) -> Text:
    """As :func:`own_account_arn`, for an argument that takes no names."""
    return _with_own_account(arn_only(text, template, deployment), deployment)


def _with_own_account(pattern: Text, deployment: Deployment) -> Text:
    parts: list[Part | Text] = []
    colons = 0
    for part in pattern.parts:
        if isinstance(part, Literal):
            colons += part.value.count(":")
        is_account = isinstance(part, Unknown) and colons == _ACCOUNT and _ends_field(parts)
        parts.append(deployment.account_id if is_account else part)
    return Text.of(*parts)


def _ends_field(parts: list[Part | Text]) -> bool:
    last = parts[-1] if parts else None
    return isinstance(last, Literal) and last.value.endswith(":")
