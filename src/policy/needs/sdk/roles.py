"""The roles that a call hands over: those that its arguments name, and those behind what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.instance_profile import roles_of_profile
from sfn_least_privilege.policy.catalog.forms.task_role import roles_of_definition
from sfn_least_privilege.policy.catalog.integration import ROLE_TEMPLATE, Call
from sfn_least_privilege.policy.needs.sdk.targets import Touched, touched_by
from sfn_least_privilege.policy.needs.sdk.values import at
from sfn_least_privilege.policy.text import Unknown, unknown
from sfn_least_privilege.policy.value import Missing, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.sdk.model import Role
    from sfn_least_privilege.policy.needs.sdk.inquiry import Inquiry
    from sfn_least_privilege.policy.value import Guarded

_DEFINITION_ROLES = ("TaskRoleArn", "ExecutionRoleArn")
_PROFILE_TYPE = "AWS::IAM::InstanceProfile"
_HIDDEN = "which role is in it is not to be seen"


def roles_touched(role: Role, inquiry: Inquiry) -> Iterator[Touched]:
    """Every role that is handed over at an argument. Raises ExpressionSyntaxError."""
    form = role.path.form
    if form == "definition-roles":
        call = Call(inquiry.arguments, inquiry.call.pattern, inquiry.surroundings)
        for name in _DEFINITION_ROLES:
            for found in roles_of_definition(name)(call):
                yield _touched(found, role)
    elif form == "instance-profile":
        yield from _of_profile(role, inquiry)
    else:
        # Where one is open, the argument is not given in this case.
        yield from (each for each in touched_by(role.target, inquiry.arguments, inquiry.deployment) if not each.is_open)


def _of_profile(role: Role, inquiry: Inquiry) -> Iterator[Touched]:
    """The role of a profile of the template; of another one, any."""
    for guards, value in at(role.path, inquiry.arguments):
        reference = None if isinstance(value, Missing) else as_text(value).reference
        if reference is not None and reference.resource_type == _PROFILE_TYPE:
            call = Call(inquiry.arguments, inquiry.call.pattern, inquiry.surroundings)
            yield from (_touched(found, role) for found in roles_of_profile(role.path.text)(call))
        elif not isinstance(value, Missing):
            anyone = arn.build(ROLE_TEMPLATE, inquiry.deployment, unknown(_HIDDEN))
            yield Touched(anyone, guards, (), (role.path.text,), _HIDDEN)


def _touched(found: Guarded, role: Role) -> Touched:
    reasons = dict.fromkeys(part.reason for part in found.text.parts if isinstance(part, Unknown))
    return Touched(found.text, found.guards, (), (role.path.text,) if reasons else (), "; ".join(reasons))
