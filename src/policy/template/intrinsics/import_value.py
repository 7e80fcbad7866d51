"""``Fn::ImportValue``: what another stack exports.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Kind
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value


def resolve_import_value(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::ImportValue": name}``: itself. An export's name says nothing certain of its value."""
    if not isinstance(argument, str | dict) or not argument:
        return malformed("Fn::ImportValue", "it wants the name of an export")
    name = context.resolve(argument)
    if isinstance(name, Anything):
        return name
    return keep("Fn::ImportValue", argument, context.scope, kind=Kind.UNKNOWN)
