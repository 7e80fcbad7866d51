"""Put roles into a template. What is not a role, or a machine's reference to one, stays the same object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.machine import SERVERLESS_TYPE, EmptySamRole
from sfn_least_privilege.policy.template.role_situation import is_sam_tracing_policy
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.weave.role import role_resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.template.machine import StateMachine

# What SAM would put on the role it makes, it cannot put on ours: the machine's wish goes with the role.
_CARRIED_FROM_SERVERLESS = {"RolePath": "Path", "PermissionsBoundary": "PermissionsBoundary"}


def weave(
    fragment: Mapping[str, Any],
    granted: Sequence[tuple[StateMachine, Sequence[Statement]]],
    deployment: Deployment,
) -> tuple[dict[str, Any], dict[str, str]]:
    """The template with a role for each machine, and which machine got which role."""
    if not granted:
        return dict(fragment), {}
    resources: dict[str, Any] = {}
    roles = _role_ids(fragment["Resources"], [machine for machine, _ in granted])
    by_machine = {machine.logical_id: (machine, statements) for machine, statements in granted}
    filled = {
        role.logical_id: machine.logical_id for machine, _ in granted if isinstance(role := machine.role, EmptySamRole)
    }
    for logical_id, resource in fragment["Resources"].items():
        if logical_id in by_machine:
            machine, statements = by_machine[logical_id]
            if isinstance(machine.role, EmptySamRole):
                resources[logical_id] = resource
                continue
            role_id = roles[logical_id]
            resources[logical_id] = _with_role(resource, machine, role_id)
            carried = _carried(machine, resource.get("Properties", {}))
            resources[role_id] = role_resource(machine, _name(machine), statements, deployment, carried)
        elif logical_id in filled:
            machine, statements = by_machine[filled[logical_id]]
            resources[logical_id] = _filled(resource, machine, statements, deployment)
        else:
            resources[logical_id] = resource
    return {**fragment, "Resources": resources}, roles


def _role_ids(resources: Mapping[str, Any], machines: Sequence[StateMachine]) -> dict[str, str]:
    """``<MachineLogicalId>Role``, or the first number behind it that is free."""
    taken = set(resources)
    ids: dict[str, str] = {}
    for machine in machines:
        if isinstance(machine.role, EmptySamRole):
            ids[machine.logical_id] = machine.role.logical_id
            continue
        wanted = f"{machine.logical_id}Role"
        number = 2
        candidate = wanted
        while candidate in taken:
            candidate, number = f"{wanted}{number}", number + 1
        taken.add(candidate)
        ids[machine.logical_id] = candidate
    return ids


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
    made = role_resource(machine, _name(machine), statements, deployment, {})
    before = resource["Properties"]
    properties = {**before, **made["Properties"]}
    managed = [arn for arn in before.get("ManagedPolicyArns") or () if not is_sam_tracing_policy(arn)]
    properties.pop("ManagedPolicyArns", None)
    if managed:
        properties["ManagedPolicyArns"] = managed
    metadata = {**resource.get("Metadata", {}), **made["Metadata"]}
    return {**resource, "Metadata": metadata, "Properties": properties}


def _name(machine: StateMachine) -> Text | None:
    """The machine's name when it is given and one string."""
    return machine.name if isinstance(machine.name, Text) and not machine.name.unknowns else None
