"""References to resources: what ``Ref`` and ``Fn::GetAtt`` give, and the ARN of what they identify."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.catalog.resource_types import attribute_kind, describe, kind_by_name
from sfn_least_privilege.policy.template.intrinsics.generated_resources import generated_type, referable_property
from sfn_least_privilege.policy.text import Kind, Reference, Text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.scope import Scope

# What names a resource, as against something about it.
_IDENTIFYING = frozenset({Kind.NAME, Kind.ID, Kind.URL})


def reference_to(logical_id: str, scope: Scope) -> Reference:
    """``Ref`` of a resource; of one that is nowhere too, about which CloudFormation itself will complain.

    A reference that is an ARN has no ``arn`` of its own: it is what to write where an ARN is wanted.
    """
    resource_type = type_of(logical_id, scope)
    kind = describe(resource_type).ref
    bare = Reference("Ref", logical_id, kind, logical_id, resource_type)
    return bare if kind is Kind.ARN else replace(bare, arn=arn_of(logical_id, scope))


def attribute_of(logical_id: str, attribute: str, scope: Scope) -> Reference:
    """``Fn::GetAtt`` of a resource; see :func:`reference_to`.

    Only an attribute that names the resource itself has an ``arn``: a queue's name has, its delay has not.
    """
    head, _, rest = attribute.partition(".")
    if rest and referable_property(type_of(logical_id, scope), head):
        return attribute_of(f"{logical_id}.{head}", rest, scope)
    resource_type = type_of(logical_id, scope)
    kind = attribute_kind(resource_type, attribute) if resource_type else _kind_without_type(attribute)
    bare = Reference("Fn::GetAtt", f"{logical_id}.{attribute}", kind, logical_id, resource_type)
    names_it = describe(resource_type).attributes.get(attribute) in _IDENTIFYING
    return replace(bare, arn=arn_of(logical_id, scope)) if names_it else bare


def arn_of(logical_id: str, scope: Scope) -> Text | None:
    """The ARN of a resource: its ``Ref``, its ARN attribute, or built from what it has; None where it has none."""
    resource_type = type_of(logical_id, scope)
    described = describe(resource_type)
    if described.ref is Kind.ARN:
        return Text((Reference("Ref", logical_id, Kind.ARN, logical_id, resource_type),))
    if described.arn_attribute is not None:
        argument = f"{logical_id}.{described.arn_attribute}"
        return Text((Reference("Fn::GetAtt", argument, Kind.ARN, logical_id, resource_type),))
    if described.arn_template is None:
        return None
    return _built(described.arn_template, logical_id, scope)


def type_of(logical_id: str, scope: Scope) -> str:
    """The type of the resource ``logical_id`` (``Function.Alias`` for SAM's), empty where it is not known."""
    declared = _declared_type(logical_id, scope)
    if declared:
        return declared
    owner, dot, name = logical_id.partition(".")
    if dot:
        return referable_property(_declared_type(owner, scope), name)
    return generated_type(logical_id, lambda each: _declared_type(each, scope))


def _declared_type(logical_id: str, scope: Scope) -> str:
    resource: Any = scope.resources.get(logical_id)
    declared = resource.get("Type") if isinstance(resource, dict) else None
    return declared if isinstance(declared, str) else ""


def _kind_without_type(attribute: str) -> Kind:
    # What is not in the template may still be made by another macro; an attribute `Arn` is an ARN whatever makes it.
    return kind_by_name(attribute) if kind_by_name(attribute) is Kind.ARN else Kind.UNKNOWN


_VARIABLE = re.compile(r"\$\{(\w+)\}")


def _built(template: str, logical_id: str, scope: Scope) -> Text:
    resource_type = type_of(logical_id, scope)
    deployment = {
        "Partition": scope.deployment.partition,
        "Region": scope.deployment.region,
        "Account": scope.deployment.account_id,
    }
    pieces: list[Text | Reference | str] = []
    for index, piece in enumerate(_VARIABLE.split(template)):
        if index % 2 == 0:
            pieces.append(piece)
        elif piece in deployment:
            pieces.append(deployment[piece])
        elif piece == "Ref":
            pieces.append(Reference("Ref", logical_id, describe(resource_type).ref, logical_id, resource_type))
        else:
            kind = attribute_kind(resource_type, piece)
            pieces.append(Reference("Fn::GetAtt", f"{logical_id}.{piece}", kind, logical_id, resource_type))
    return Text.of(*pieces)
