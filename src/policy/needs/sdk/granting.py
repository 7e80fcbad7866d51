"""From the catalogue's grants to needs, with what there is to tell about their breadth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.needs import rules as need_rules
from sfn_least_privilege.policy.needs import sdk_rules as rules
from sfn_least_privilege.policy.needs.need import Need, Phase
from sfn_least_privilege.policy.needs.sdk.questions import may_hold
from sfn_least_privilege.policy.needs.sdk.targets import any_of, is_given, touched_by
from sfn_least_privilege.policy.needs.sdk.values import certainly_missing
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.text import WILDCARD, Text
from sfn_least_privilege.policy.value import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.sdk.model import Grant, Role, Target, Untold
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.needs.need import Reason
    from sfn_least_privilege.policy.needs.sdk.inquiry import Inquiry
    from sfn_least_privilege.policy.needs.sdk.targets import Touched

_NO_TYPES = "it has no resource types"
_NOT_NAMED = "no argument of the task names the resource"


def granted(grant: Grant, inquiry: Inquiry, reason: Reason) -> Iterator[Need | Finding]:
    """The needs of one action, if the task can come to need it. Raises ExpressionSyntaxError."""
    if not may_hold(grant.when, inquiry.arguments):
        return
    if any(target.is_everything for target in grant.targets):
        if grant.unlisted:
            yield inquiry.finding(rules.RESOURCES_UNLISTED, actions=grant.action)
        else:
            yield inquiry.finding(need_rules.RESOURCE_FORCED, actions=grant.action, reason=_NO_TYPES)
        yield Need((grant.action,), Guarded(WILDCARD), Phase.RUN, reason)
        return
    for touched in _touched(grant.targets, inquiry):
        yield from _need(grant.action, touched, inquiry, reason)


def passed_roles(role: Role, inquiry: Inquiry, reason: Reason) -> Iterator[Need | Finding]:
    """The right to hand over a role, where the task may give one. Raises ExpressionSyntaxError.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    if certainly_missing(role.path, inquiry.arguments):
        return
    service = (Condition("StringEquals", "iam:PassedToService", (Text.of(role.service),)),) if role.service else ()
    for touched in touched_by(role.target, inquiry.arguments, inquiry.deployment):
        # Where it is open, the argument is not given.
        if not touched.is_open:
            yield from _need("iam:PassRole", touched, inquiry, reason, service)


def not_granted(rows: tuple[Untold, ...], inquiry: Inquiry) -> Iterator[Finding]:
    """What is not granted, because the definition does not show whether it is needed. Raises ExpressionSyntaxError."""
    needs = [f"{row.actions} if {row.situation}" for row in rows if may_hold(row.when, inquiry.arguments)]
    if needs:
        yield inquiry.finding(rules.NOT_GRANTED, needs="; ".join(needs))


def _touched(targets: tuple[Target, ...], inquiry: Inquiry) -> Iterator[Touched]:
    """Resources of the types that a call always has, and of the others those that its arguments name."""
    named = [target for target in targets if target.always or is_given(target, inquiry.arguments)]
    if not named:
        # One of them it must be.
        yield from (any_of(target, inquiry.deployment) for target in targets)
    for target in named:
        yield from touched_by(target, inquiry.arguments, inquiry.deployment)


def _need(
    action: str,
    touched: Touched,
    inquiry: Inquiry,
    reason: Reason,
    conditions: tuple[Condition, ...] = (),
) -> Iterator[Need | Finding]:
    resource = Guarded(touched.pattern, touched.guards)
    yield Need((action,), resource, Phase.RUN, reason, (*conditions, *touched.conditions))
    shown = spell(touched.pattern)
    if touched.breadth:
        argument = "`, `".join(touched.arguments)
        yield inquiry.finding(
            need_rules.RESOURCE_WIDE, actions=action, pattern=shown, argument=argument, reason=touched.breadth
        )
    elif touched.is_open:
        yield inquiry.finding(rules.RESOURCE_OPEN, actions=action, pattern=shown, reason=_NOT_NAMED)
