"""Put roles into a template. What is not a role, or a machine's reference to one, stays the same object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.options.options import Mode
from sfn_least_privilege.policy.template.machine import SERVERLESS_TYPE, EmptySamRole, OwnRole
from sfn_least_privilege.policy.template.role_situation import is_sam_tracing_policy, own_role_id
from sfn_least_privilege.policy.weave.role import (
    attached_policy_resource,
    beside_resource,
    managed_policy_resource,
    policy_resource,
    role_resource,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.weave.granted import Granted


def weave(
    fragment: Mapping[str, Any],
    granted: Sequence[Granted],
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
    for each in granted:
        machine, logical_id = each.machine, each.machine.logical_id
        if isinstance(machine.role, OwnRole) and machine.options.mode is Mode.AUGMENT:
            added[logical_id], changed[logical_id] = _augmented(each, before[logical_id], names)
            continue
        is_filled = isinstance(machine.role, EmptySamRole)
        role = machine.role.logical_id if isinstance(machine.role, EmptySamRole) else names.free(f"{logical_id}Role")
        beside = {
            names.free(f"{role}Policy{number}"): managed_policy_resource(each, statements)
            for number, statements in enumerate(each.placement.managed, 1)
        }
        made = role_resource(each, tuple(beside), deployment)
        if isinstance(machine.role, EmptySamRole):
            changed[role] = _filled(before[role], made)
        else:
            changed[logical_id] = _with_role(before[logical_id], each, role)
        added[logical_id] = beside if is_filled else {role: made, **beside}
        if each.placement.beside_role or each.placement.additional_beside:
            added[logical_id][names.free(f"{role}Policy")] = beside_resource(each, {"Ref": role})
        roles[logical_id] = role
        if "DeletionPolicy" in before[logical_id]:
            added[logical_id] = {name: _kept(new, before[logical_id]) for name, new in added[logical_id].items()}
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


def _kept(resource: Mapping[str, Any], machine: Mapping[str, Any]) -> dict[str, Any]:
    """A resource that stays as long as the machine does: a machine that is retained cannot run without its role."""
    return {"Type": resource["Type"], "DeletionPolicy": machine["DeletionPolicy"], **resource}


def _with_role(resource: Mapping[str, Any], granted: Granted, role: str) -> dict[str, Any]:
    machine = granted.machine
    properties = {**resource.get("Properties", {}), machine.role_property: {"Fn::GetAtt": [role, "Arn"]}}
    if machine.resource_type == SERVERLESS_TYPE:
        # SAM takes a role or policies, not both: they are there where the machine's own are replaced.
        properties.pop("Policies", None)
    return {**resource, "Properties": properties}


def _augmented(
    granted: Granted,
    resource: Mapping[str, Any],
    names: _FreeNames,
) -> tuple[dict[str, Any], Mapping[str, Any]]:
    """Policies with what the machine's own role lacks, and the machine, waiting for them where it has to.

    They name the role, which stays as it is; that SAM makes it of the machine's ``Policies`` later changes nothing.
    """
    placement, logical_id = granted.placement, granted.machine.logical_id
    role = {"Ref": own_role_id(logical_id, resource)}
    added: dict[str, Any] = {}
    if placement.in_role:
        name = names.free(f"{logical_id}Policy")
        added[name] = policy_resource(granted, name, role, placement.in_role)
        if any(each.at_creation for each in placement.in_role):
            given = resource.get("DependsOn", [])
            resource = {**resource, "DependsOn": [*(given if isinstance(given, list) else [given]), name]}
    for number, statements in enumerate(placement.managed, 1):
        added[names.free(f"{logical_id}Policy{number}")] = attached_policy_resource(granted, role, statements)
    if placement.beside_role:
        name = names.free(f"{logical_id}ItselfPolicy")
        added[name] = policy_resource(granted, name, role, placement.beside_role)
    return added, resource


def _filled(resource: Mapping[str, Any], made: Mapping[str, Any]) -> dict[str, Any]:
    """SAM's empty role with what the definition needs; its tags stay."""
    before = resource["Properties"]
    properties = {**before, **made["Properties"]}
    managed = [arn for arn in before.get("ManagedPolicyArns") or () if not is_sam_tracing_policy(arn)]
    managed += [arn for arn in made["Properties"].get("ManagedPolicyArns", ()) if arn not in managed]
    properties.pop("ManagedPolicyArns", None)
    if managed:
        properties["ManagedPolicyArns"] = managed
    if before.get("Tags") and "Tags" in made["Properties"]:
        wanted = made["Properties"]["Tags"]
        keys = [tag.get("Key") for tag in wanted]
        properties["Tags"] = [*(tag for tag in before["Tags"] if tag.get("Key") not in keys), *wanted]
    metadata = {**(resource.get("Metadata") or {}), **made["Metadata"]}
    return {**resource, "Metadata": metadata, "Properties": properties}
