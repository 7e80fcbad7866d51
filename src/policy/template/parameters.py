"""The template's parameters with the values they have now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.scope import Parameter

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.template.scope import ParameterValue

# A change set that includes nested stacks passes this instead of a value that is not known yet
# (derived from aws/serverless-application-model, samtranslator/intrinsics/actions.py).
_PLACEHOLDER = "{{IntrinsicFunction:"

# CloudFormation fetches these later; what an event holds is the name in the store, not the value (assumed).
_STORED = "AWS::SSM::Parameter::Value<"


def read_parameters(section: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Parameter]:
    """Each parameter of the template's ``Parameters``, with its value from ``values`` or else its default."""
    return {
        name: _read(name, declared if isinstance(declared, dict) else {}, values.get(name))
        for name, declared in section.items()
    }


def _read(name: str, declared: Mapping[str, Any], value: Any) -> Parameter:
    kind = str(declared.get("Type", "String"))
    present = declared.get("Default") if value is None else value
    return Parameter(
        name=name,
        type=kind,
        value=None if kind.startswith(_STORED) else _parameter_value(kind, present),
        no_echo=str(declared.get("NoEcho", "")).lower() == "true",
    )


def _parameter_value(kind: str, present: Any) -> ParameterValue | None:
    if present is None or isinstance(present, dict):
        return None
    is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
    if isinstance(present, list):
        if any(isinstance(item, dict | list) or item is None for item in present):
            return None
        items = tuple(_word(item) for item in present)
        return None if any(_PLACEHOLDER in item for item in items) else items
    word = _word(present)
    if _PLACEHOLDER in word:
        return None
    return tuple(item.strip() for item in word.split(",")) if is_list else word


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
