"""What ``Ref`` and ``Fn::GetAtt`` give for each CloudFormation and SAM resource type.

The data beside this module is made by ``tools/build_resource_types.py``, which says how; it names its sources.
Source of the rules: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/, section Return values
of every resource type (basis: documented; for a type that only the schemas describe, derived).
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.text import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class ResourceType:
    """One resource type.

    ``ref`` is what ``Ref`` gives. ``arn_attribute`` is the attribute that is the resource's own ARN.
    ``arn_template`` is there where no attribute is: in it ``${Partition}``, ``${Region}`` and ``${Account}`` are the
    deployment's, ``${Ref}`` is the resource's ``Ref`` and any other name one of its attributes.
    ``attributes`` holds the other attributes whose kind is known: one that is a name, an id or a URL identifies the
    resource itself, one that is an ARN identifies something else (a table's ``StreamArn``).
    ``arn_suffix`` is what the ARN attribute ends in beyond the ARN that IAM knows (``:*`` for a log group).
    """

    ref: Kind
    arn_attribute: str | None = None
    arn_template: str | None = None
    attributes: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType({}))
    arn_suffix: str = ""


_UNKNOWN = ResourceType(Kind.UNKNOWN)


# Bounded: a template may name any number of types that do not exist.
@lru_cache(maxsize=4096)
def describe(resource_type: str) -> ResourceType:
    """What is known of a resource type; for one that is not in the data, a description that claims nothing."""
    data = _data()
    row = data["types"].get(resource_type)
    if row is None:
        return _UNKNOWN
    kind, arn, attributes = (*row, None, None)[:3]
    is_template = arn is not None and arn.startswith("arn:")
    return ResourceType(
        ref=Kind[kind.upper()],
        arn_attribute=None if is_template else arn,
        arn_template=arn if is_template else None,
        attributes=MappingProxyType({name: Kind[each.upper()] for name, each in (attributes or {}).items()}),
        arn_suffix=data["arn_suffixes"].get(resource_type, ""),
    )


def attribute_kind(resource_type: str, attribute: str) -> Kind:
    """What ``Fn::GetAtt`` gives for ``attribute``.

    Every attribute of AWS's own types that is called ``…Arn`` is one. Not so a nested stack's outputs or a custom
    resource's attributes, whose names are their author's: those stay unknown.
    """
    described = describe(resource_type)
    if attribute == described.arn_attribute:
        return Kind.ARN
    known = described.attributes.get(attribute)
    if known is not None:
        return known
    if resource_type in _AUTHORS_OWN or attribute.startswith("Outputs.") or not resource_type.startswith("AWS::"):
        return Kind.UNKNOWN
    return kind_by_name(attribute)


def kind_by_name(attribute: str) -> Kind:
    """What an attribute's name says: ``…Arn`` and ``…Url`` are taken at their word, nothing else is."""
    lowered = attribute.lower()
    if lowered.endswith("arn"):
        return Kind.ARN
    return Kind.URL if lowered.endswith("url") else Kind.UNKNOWN


def known_types() -> frozenset[str]:
    """Every resource type in the data."""
    return frozenset(_data()["types"])


def sources() -> Mapping[str, Any]:
    """Where the data comes from: cfn-lint's version, its schemas' date, the pages behind the part made by hand."""
    recorded: Mapping[str, Any] = _data()["sources"]
    return recorded


_AUTHORS_OWN = frozenset({"AWS::CloudFormation::CustomResource"})


@cache
def _data() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return content
