"""What the template says of a resource that a state machine names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.value import MISSING, member

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value


@dataclass(frozen=True, slots=True)
class TemplateResources:
    """The resources around a state machine; none where there is no template, only a definition."""

    scope: Scope | None = None
    _known: dict[tuple[str, str], Value] = field(default_factory=dict, init=False, repr=False, compare=False)

    def type_of(self, logical_id: str) -> str:
        """The resource type; empty where the template has no such resource."""
        kind = self._resource(logical_id).get("Type")
        return kind if isinstance(kind, str) else ""

    def property(self, logical_id: str, path: str) -> Value:
        """The value of a property, ``SSESpecification.KMSMasterKeyId``; MISSING where it is not given."""
        name, *steps = path.split(".")
        value = self._property(logical_id, name)
        for step in steps:
            value = member(value, step)
        return value

    def of_type(self, resource_type: str) -> tuple[str, ...]:
        """The logical ids of all resources of a type, in the order of the template."""
        resources = self.scope.resources if self.scope is not None else {}
        return tuple(each for each in resources if self.type_of(each) == resource_type)

    def _property(self, logical_id: str, name: str) -> Value:
        place = (logical_id, name)
        if place not in self._known:
            properties = self._resource(logical_id).get("Properties")
            node = properties.get(name) if isinstance(properties, dict) else None
            self._known[place] = MISSING if node is None or self.scope is None else resolve(node, self.scope)
        return self._known[place]

    def _resource(self, logical_id: str) -> Mapping[str, Any]:
        resource = self.scope.resources.get(logical_id) if self.scope is not None else None
        return resource if isinstance(resource, dict) else {}


NO_RESOURCES = TemplateResources()
