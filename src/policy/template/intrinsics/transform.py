"""``Fn::Transform``: a macro's call that is still in the template.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-transform.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value


def resolve_transform(argument: Any, _context: Context) -> Value:
    """The value of ``{"Fn::Transform": {"Name": …}}``, and of an object that has it among its keys: anything."""
    name = argument.get("Name") if isinstance(argument, dict) else None
    return Anything(
        f"the macro {name if isinstance(name, str) else ''} has not put its result here yet".replace("  ", " ")
    )
