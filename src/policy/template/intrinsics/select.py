"""``Fn::Select``: one item of a list.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-select.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.choices import per_branch, with_present_items
from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import Anything, ArrayValue, as_text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value

_PARTS = 2


def resolve_select(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::Select": [index, list]}``; the function itself where it cannot be told which item."""
    if not isinstance(argument, list) or len(argument) != _PARTS:
        return malformed("Fn::Select", "it wants an index and a list")
    chosen, items = context.resolve(argument[0]), context.resolve(argument[1])
    for value in (chosen, items):
        if isinstance(value, Anything):
            return unknown(value.reason)
    index = as_text(chosen)
    number = index.sample
    if number is None:
        return keep("Fn::Select", argument, context.scope)
    # Longer numbers are no index of anything, and Python refuses to read very long ones.
    if not number.isdecimal() or len(number) > _MOST_DIGITS:
        return malformed("Fn::Select", f"`{number[:20]}` is no index" if index.literal else "its index is no number")
    picked = per_branch(items, lambda branch: _pick(branch, int(number)))
    if picked is None:
        return keep("Fn::Select", argument, context.scope)
    if index.literal is None:
        # The index is a parameter's: another deployment may pick another item.
        return keep("Fn::Select", argument, context.scope, sample=_sample(picked))
    return picked


_MOST_DIGITS = 6


def _pick(items: Value, index: int) -> Value | None:
    if not isinstance(items, ArrayValue):
        return None

    def pick(present: tuple[Value, ...]) -> Value:
        if index >= len(present):
            return malformed("Fn::Select", f"there is no item {index} among {len(present)}")
        return present[index]

    return with_present_items(items.items, pick)


def _sample(value: Value) -> str | None:
    return value.sample if isinstance(value, Text) else None
