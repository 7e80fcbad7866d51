"""From the catalogue's grants to needs, with what there is to tell about their breadth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.needs import rules as need_rules
from sfn_least_privilege.policy.needs import sdk_rules as rules
from sfn_least_privilege.policy.needs.need import Need, Phase
from sfn_least_privilege.policy.needs.sdk.questions import may_hold
from sfn_least_privilege.policy.needs.sdk.roles import roles_touched
from sfn_least_privilege.policy.needs.sdk.spelling import as_argument
from sfn_least_privilege.policy.needs.sdk.targets import any_of, is_certain, is_given, is_given_in_part, touched_by
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
_NONE_NAMED = "the call names none of the resources that it could be limited to"
_NOT_NAMED = "no argument of the task names the resource, or the call only makes it"


def granted(grant: Grant, inquiry: Inquiry, reason: Reason) -> Iterator[Need | Finding]:
    """The needs of one action, if the task can come to need it. Raises ExpressionSyntaxError."""
    if not may_hold(grant.when, inquiry.arguments):
        return
    if any(target.is_everything and target.always for target in grant.targets):
        if grant.unlisted:
            yield inquiry.finding(rules.RESOURCES_UNLISTED, actions=grant.action)
        else:
            yield inquiry.finding(need_rules.RESOURCE_FORCED, actions=grant.action, reason=_NO_TYPES)
        yield Need((grant.action,), Guarded(WILDCARD), Phase.RUN, reason)
        return
    named, may_be_none = _named(grant.targets, inquiry)
    if may_be_none:
        yield inquiry.finding(need_rules.RESOURCE_FORCED, actions=grant.action, reason=_NONE_NAMED)
        yield Need((grant.action,), Guarded(WILDCARD), Phase.RUN, reason)
    # Two types can come to the same ARN.
    for touched in dict.fromkeys(named) if len(named) > 1 else named:
        yield from _need(grant.action, touched, inquiry, reason)


def passed_roles(role: Role, inquiry: Inquiry, reason: Reason) -> Iterator[Need | Finding]:
    """The right to hand over a role, where the task may give one. Raises ExpressionSyntaxError.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
    """
    if certainly_missing(role.path, inquiry.arguments):
        return
    services = tuple(map(Text.of, role.services))
    conditions = (Condition("StringEquals", "iam:PassedToService", services),) if services else ()
    for touched in roles_touched(role, inquiry):
        yield from _need("iam:PassRole", touched, inquiry, reason, conditions)


def not_granted(rows: tuple[Untold, ...], inquiry: Inquiry) -> Iterator[Finding]:
    """What is not granted, because the definition does not show whether it is needed. Raises ExpressionSyntaxError."""
    needs = [f"{row.actions} if {row.situation}" for row in rows if may_hold(row.when, inquiry.arguments)]
    if needs:
        yield inquiry.finding(rules.NOT_GRANTED, needs="; ".join(needs))


def _named(targets: tuple[Target, ...], inquiry: Inquiry) -> tuple[list[Touched], bool]:
    """Resources of the types that a call always has, and of the others those that its arguments name.

    The other answer is whether it may name none at all, so that IAM asks for everything.
    """
    arguments, deployment = inquiry.arguments, inquiry.deployment
    types = [target for target in targets if not target.is_everything]
    given = [target for target in types if target.always or is_given(target, arguments)]
    if not given:
        given = [target for target in types if is_given_in_part(target, arguments)]
    found = [touched for target in given for touched in touched_by(target, arguments, deployment)]
    if len(types) < len(targets):
        return found, not any(target.always or is_certain(target, arguments) for target in given)
    # Without that, one of the types it must be.
    return (found if given else [any_of(target, deployment) for target in types]), False


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
        argument = "`, `".join(map(as_argument, touched.arguments))
        yield inquiry.finding(
            need_rules.RESOURCE_WIDE, actions=action, pattern=shown, argument=argument, reason=touched.breadth
        )
    elif touched.not_given:
        arguments = ", ".join(f"`{as_argument(each)}`" for each in touched.not_given)
        yield inquiry.finding(rules.ARGUMENT_OPEN, actions=action, pattern=shown, arguments=arguments)
    elif touched.is_open:
        yield inquiry.finding(rules.RESOURCE_OPEN, actions=action, pattern=shown, reason=_NOT_NAMED)
