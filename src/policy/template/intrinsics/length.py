"""``Fn::Length``: how many items a list has.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-length.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.choices import per_branch, with_present_items
from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.value import Anything, ArrayValue, Scalar

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value


def resolve_length(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::Length": list}``."""
    if not isinstance(argument, list | dict):
        return malformed("Fn::Length", "it wants a list")
    items = context.resolve(argument)
    if isinstance(items, Anything):
        return items
    counted = per_branch(items, _count)
    return Anything("how long a list is may be known only at deployment") if counted is None else counted


def _count(items: Value) -> Value | None:
    if not isinstance(items, ArrayValue):
        return None
    return with_present_items(items.items, lambda present: Scalar(str(len(present))))
