"""``Fn::If``: one of two values, by a condition of the template.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.value import conditional

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value

_PARTS = 3


def resolve_if(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::If": [condition, value if true, value if false]}``.

    Both branches stay, whatever the parameters are now: what is written out serves every deployment.
    """
    if not isinstance(argument, list) or len(argument) != _PARTS or not isinstance(argument[0], str):
        return malformed("Fn::If", "it wants the name of a condition and two values")
    condition, then, otherwise = argument
    return conditional(condition, context.resolve(then), context.resolve(otherwise))
