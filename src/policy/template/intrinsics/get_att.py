"""``Fn::GetAtt``: an attribute of a resource.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getatt.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.resources import attribute_of
from sfn_least_privilege.policy.text import Text, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value

_FEWEST_PARTS = 2


def resolve_get_att(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::GetAtt": argument}``: ``["LogicalId", "Attribute"]`` or ``"LogicalId.Attribute"``."""
    parts = argument.split(".") if isinstance(argument, str) else argument
    if not isinstance(parts, list) or len(parts) < _FEWEST_PARTS:
        return malformed("Fn::GetAtt", "it wants a logical id and the name of an attribute")
    names: list[str] = []
    for part in parts:
        value = part if isinstance(part, str) else context.resolve(part)
        name = value.literal if isinstance(value, Text) else value
        if name is None:
            return unknown("which attribute Fn::GetAtt gives is known only at deployment")
        if not isinstance(name, str) or not name:
            return malformed("Fn::GetAtt", "a logical id and the name of an attribute are strings")
        names.append(name)
    return Text((attribute_of(names[0], ".".join(names[1:]), context.scope),))
