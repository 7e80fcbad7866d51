"""What an intrinsic function can refer to: the template around it and the deployment it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.deployment import Deployment

ParameterValue: TypeAlias = "str | tuple[str, ...]"


@dataclass(frozen=True, slots=True)
class Parameter:
    """A template parameter. ``value`` is its present value, None where it is not known at this time."""

    name: str
    type: str
    value: ParameterValue | None = field(default=None, repr=False)
    no_echo: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """The template's sections by name, its parameters, and the deployment."""

    deployment: Deployment
    resources: Mapping[str, Any]
    parameters: Mapping[str, Parameter]
    mappings: Mapping[str, Any]
    conditions: Mapping[str, Any]
