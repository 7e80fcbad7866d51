"""What ``Ref`` gives for a template parameter: the reference, with its present value for decisions only.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.template.intrinsics.keeping import canonical
from sfn_least_privilege.policy.template.intrinsics.samples import holds_special, is_placeholder, kind_of
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, unknown
from sfn_least_privilege.policy.value import ArrayValue, ListOf

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.scope import Parameter
    from sfn_least_privilege.policy.value import Value

# `AWS::EC2::VPC::Id`, `AWS::EC2::KeyPair::KeyName`, `AWS::SSM::Parameter::Name`: CloudFormation checks the value.
_KIND_BY_TYPE_SUFFIX = (("::Id", Kind.ID), ("Name", Kind.NAME))

_STORED = "AWS::SSM::Parameter::Value<"


def parameter_value(parameter: Parameter) -> Value:
    """The value of a parameter: a Text with one reference, or for a list parameter one for each item."""
    if parameter.type.startswith(_STORED):
        # What the event holds here may be the name in the store and not what CloudFormation fetches under it
        # (basis: assumed; AWS does not say), so nothing is decided by it.
        inner = parameter.type.removeprefix(_STORED).removesuffix(">")
        if _is_list(inner):
            return ListOf(unknown(f"CloudFormation fetches the list parameter {parameter.name} at deployment"))
        return Text((Reference("Ref", parameter.name, _kind_by_type(inner)),))
    if not _is_list(parameter.type):
        value = parameter.value if isinstance(parameter.value, str | None) else ",".join(parameter.value)
        return _text(parameter, "Ref", parameter.name, value)
    items = _items(parameter)
    if items is None:
        return ListOf(unknown(f"the list parameter {parameter.name} has no value yet"))
    return ArrayValue(
        tuple(
            _text(parameter, "Fn::Select", canonical([index, {"Ref": parameter.name}]), item)
            for index, item in enumerate(items)
        )
    )


def _is_list(type_name: str) -> bool:
    return type_name == "CommaDelimitedList" or type_name.startswith("List<")


def _items(parameter: Parameter) -> tuple[str, ...] | None:
    value = parameter.value
    if isinstance(value, str):
        return None if is_placeholder(value) else tuple(item.strip() for item in value.split(","))
    # A list of which one item is not there yet may have more items than it seems.
    return None if value is None or any(is_placeholder(item) for item in value) else value


def _text(parameter: Parameter, function: str, argument: str, value: str | None) -> Text:
    if value is None or is_placeholder(value):
        return Text((Reference(function, argument, _kind_by_type(parameter.type)),))
    if not holds_special(value):
        by_type = _kind_by_type(parameter.type)
        kind = kind_of(value) if by_type is Kind.UNKNOWN else by_type
        return Text((Reference(function, argument, kind, sample=value),))
    # A reference would carry the character into the policy unescaped, where it would match what it should not.
    if parameter.no_echo:
        return unknown(
            f"the value of the NoEcho parameter {parameter.name} holds a character that IAM reads as a wildcard "
            "or a variable, and a secret is not written out"
        )
    return Text((Literal(value),))


def _kind_by_type(type_name: str) -> Kind:
    single = type_name.removeprefix("List<").removesuffix(">")
    return next((kind for suffix, kind in _KIND_BY_TYPE_SUFFIX if single.endswith(suffix)), Kind.UNKNOWN)
