"""``Fn::GetStackOutput``: an output of another stack, which may be in another account or Region.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Kind

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value

_REQUIRED = ("StackName", "OutputName")


def resolve_get_stack_output(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::GetStackOutput": {"StackName": …, "OutputName": …}}``: itself."""
    if not isinstance(argument, dict) or not all(name in argument for name in _REQUIRED):
        return malformed("Fn::GetStackOutput", f"it wants {' and '.join(_REQUIRED)}")
    return keep("Fn::GetStackOutput", argument, context.scope, kind=Kind.UNKNOWN)
