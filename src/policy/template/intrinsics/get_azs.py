"""``Fn::GetAZs``: a Region's Availability Zones.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getavailabilityzones.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.text import unknown
from sfn_least_privilege.policy.value import ListOf

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value


def resolve_get_azs(argument: Any, _context: Context) -> Value:
    """The value of ``{"Fn::GetAZs": region}``: zones that depend on the account and its default subnets."""
    if not isinstance(argument, str | dict):
        return malformed("Fn::GetAZs", "it wants a Region")
    return ListOf(unknown("which Availability Zones an account has is known at deployment"))
