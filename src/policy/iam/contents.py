"""All that is to stand in and beside one machine's role: in its places, within its quotas, and without a circle."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.iam.packing import Taken, pack
from sfn_least_privilege.policy.iam.placement import closing_names, place
from sfn_least_privilege.policy.iam.size import FRAME, value_size
from sfn_least_privilege.policy.options import rules
from sfn_least_privilege.policy.template.dependencies import names_in
from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.template.machine import EmptySamRole, OwnRole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from sfn_least_privilege.policy.iam.placement import Placement
    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.options.options import Options
    from sfn_least_privilege.policy.template.dependencies import Dependencies
    from sfn_least_privilege.policy.template.machine import StateMachine
    from sfn_least_privilege.policy.template.scope import Scope


def role_contents(
    needs: Sequence[Need],
    machine: StateMachine,
    taken: Taken | None,
    scope: Scope,
    dependencies: Dependencies,
) -> Placement | tuple[Finding, ...]:
    """What a machine's role is to hold; findings where that cannot be.

    ``taken`` says what of the quotas of the author's own role is used up, where policies are added to one; None where
    the role is generated.
    """
    logical_id, options = machine.logical_id, machine.options
    if isinstance(machine.role, OwnRole):
        placement = place(needs, logical_id, dependencies)
    else:
        role = machine.role.logical_id if isinstance(machine.role, EmptySamRole) else coming_role(logical_id, scope)
        circles = tuple(_circles(options, logical_id, dependencies, role))
        if circles:
            return circles
        placement = place(needs, logical_id, dependencies, role, options.additional_statements)
    if taken is None:
        own = resolve(list(options.additional_statements), scope)
        frames = FRAME * (bool(placement.additional) + bool(placement.additional_beside))
        taken = Taken(frames + value_size(own) if frames else 0, len(options.managed_policy_arns))
    packing = pack(placement.in_role, placement.beside_role, taken, logical_id)
    if isinstance(packing, Finding):
        return (packing,)
    return replace(placement, in_role=packing.inline, managed=packing.managed)


def coming_role(logical_id: str, scope: Scope) -> str | None:
    """The logical id that a machine's new role gets, to which a SAM template can refer before it is there."""
    wanted = f"{logical_id}Role"
    return None if wanted in scope.resources else wanted


def _circles(
    options: Options,
    logical_id: str,
    dependencies: Dependencies,
    role: str | None,
) -> Iterator[Finding]:
    """What is wrong with options that the role itself holds. The machine waits for what they name from now on."""
    for option, node in _held(options).items():
        names = frozenset(names_in(node))
        closing = closing_names(names, logical_id, dependencies, role)
        if closing:
            shown = ", ".join(f"`{name}`" for name in sorted(closing))
            yield finding(rules.OPTION_CIRCULAR, Location(logical_id), option=option, names=shown)
        for each in filter(None, (logical_id, role)):
            dependencies.add(each, names - closing)


def _held(options: Options) -> Mapping[str, Any]:
    return {
        "PermissionsBoundary": options.permissions_boundary,
        "RolePath": options.role_path,
        "RoleName": options.role_name,
        "Tags": list(options.tags),
        "ManagedPolicyArns": list(options.managed_policy_arns),
    }
