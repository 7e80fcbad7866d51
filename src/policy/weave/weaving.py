"""Put roles into a template. What is not a role, or a machine's reference to one, stays the same object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.identity import given_name
from sfn_least_privilege.policy.template.machine import SERVERLESS_TYPE, EmptySamRole
from sfn_least_privilege.policy.template.role_situation import is_sam_tracing_policy
from sfn_least_privilege.policy.weave.role import policy_resource, role_resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.iam.placement import Placement
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.template.machine import StateMachine

# What SAM would put on the role it makes, it cannot put on ours: the machine's wish goes with the role.
_CARRIED_FROM_SERVERLESS = {"RolePath": "Path", "PermissionsBoundary": "PermissionsBoundary"}


def weave(
    fragment: Mapping[str, Any],
    granted: Sequence[tuple[StateMachine, Placement]],
    deployment: Deployment,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The template with a role for each machine, and which machine got which role.

    A new resource stands right behind its machine.
    """
    if not granted:
        return dict(fragment), {}
    before: Mapping[str, Any] = fragment["Resources"]
    names = _FreeNames(before, fragment.get("Parameters") or {})
    changed: dict[str, Any] = {}
    added: dict[str, dict[str, Any]] = {}
    roles: dict[str, str] = {}
    for machine, placement in granted:
        logical_id, resource = machine.logical_id, before[machine.logical_id]
        if isinstance(machine.role, EmptySamRole):
            role_id = machine.role.logical_id
            changed[role_id] = _filled(before[role_id], machine, placement.in_role, deployment)
            added[logical_id] = {}
        else:
            role_id = names.free(f"{logical_id}Role")
            changed[logical_id] = _with_role(resource, machine, role_id)
            carried = _carried(machine, resource.get("Properties", {}))
            role = role_resource(machine, given_name(machine), placement.in_role, deployment, carried)
            added[logical_id] = {role_id: role}
        if placement.beside_role:
            policy = policy_resource(machine, role_id, placement.beside_role)
            added[logical_id][names.free(f"{role_id}Policy")] = policy
        roles[logical_id] = role_id
    resources: dict[str, Any] = {}
    for logical_id, resource in before.items():
        resources[logical_id] = changed.get(logical_id, resource)
        resources.update(added.get(logical_id, {}))
    return {**fragment, "Resources": resources}, roles


class _FreeNames:
    """Logical ids that no resource of the template has, nor a parameter, nor one that was added."""

    def __init__(self, *taken: Mapping[str, Any]) -> None:
        self._taken = {name for names in taken for name in names}

    def free(self, wanted: str) -> str:
        """``wanted``, or the first number behind it that is free."""
        candidate, number = wanted, 2
        while candidate in self._taken:
            candidate, number = f"{wanted}{number}", number + 1
        self._taken.add(candidate)
        return candidate


def _with_role(resource: Mapping[str, Any], machine: StateMachine, role_id: str) -> dict[str, Any]:
    properties = {**resource.get("Properties", {}), machine.role_property: {"Fn::GetAtt": [role_id, "Arn"]}}
    return {**resource, "Properties": properties}


def _carried(machine: StateMachine, properties: Mapping[str, Any]) -> dict[str, Any]:
    if machine.resource_type != SERVERLESS_TYPE:
        return {}
    return {ours: properties[theirs] for theirs, ours in _CARRIED_FROM_SERVERLESS.items() if theirs in properties}


def _filled(
    resource: Mapping[str, Any],
    machine: StateMachine,
    statements: Sequence[Statement],
    deployment: Deployment,
) -> dict[str, Any]:
    """SAM's empty role with what the definition needs; its tags, path and boundary stay."""
    made = role_resource(machine, given_name(machine), statements, deployment, {})
    before = resource["Properties"]
    properties = {**before, **made["Properties"]}
    managed = [arn for arn in before.get("ManagedPolicyArns") or () if not is_sam_tracing_policy(arn)]
    properties.pop("ManagedPolicyArns", None)
    if managed:
        properties["ManagedPolicyArns"] = managed
    metadata = {**(resource.get("Metadata") or {}), **made["Metadata"]}
    return {**resource, "Metadata": metadata, "Properties": properties}
