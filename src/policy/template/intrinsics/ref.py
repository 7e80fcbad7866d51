"""``Ref``: a parameter, a pseudo parameter or a resource.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ref.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.parameters import parameter_value
from sfn_least_privilege.policy.template.intrinsics.pseudo_parameters import pseudo_parameter_value
from sfn_least_privilege.policy.template.intrinsics.resources import reference_to
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value


def resolve_ref(argument: Any, context: Context) -> Value:
    """The value of ``{"Ref": argument}``."""
    # AWS::LanguageExtensions allows a function here, as long as it gives a name that stands in the template.
    name = argument if isinstance(argument, str) else _literal(context.resolve(argument))
    if not name:
        return malformed("Ref", "it wants the name of a parameter or a resource")
    return value_of_name(name, context.scope)


def value_of_name(name: str, scope: Scope) -> Value:
    """What ``Ref`` gives for ``name``."""
    if name.startswith("AWS::"):
        pseudo = pseudo_parameter_value(name, scope.deployment)
        return malformed("Ref", f"there is no pseudo parameter {name}") if pseudo is None else pseudo
    parameter = scope.parameters.get(name)
    if parameter is not None:
        return parameter_value(parameter)
    return Text((reference_to(name, scope),))


def _literal(value: Value) -> str | None:
    return value.literal if isinstance(value, Text) else None
