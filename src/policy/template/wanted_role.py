"""What is to become of a state machine's role: the role situation and the mode taken together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.options import rules as option_rules
from sfn_least_privilege.policy.options.layers import METADATA_KEY
from sfn_least_privilege.policy.options.options import Mode
from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.template.machine import SERVERLESS_TYPE, NoRole, OwnRole, RoleSituation
from sfn_least_privilege.policy.template.role_situation import is_absent, may_be_absent, role_id, role_node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.template.scope import Scope


def wanted_role(
    role: RoleSituation,
    mode: Mode,
    resource: Mapping[str, Any],
    scope: Scope,
    location: Location,
) -> RoleSituation | Finding:
    """The situation that the machine is to be treated as being in; a finding where it is left as it is."""
    if mode is Mode.IGNORE:
        return finding(option_rules.MACHINE_IGNORED, location)
    if not isinstance(role, OwnRole):
        return (
            finding(option_rules.MODE_IMPOSSIBLE, location, mode=mode, problem=_NO_ROLE) if mode is Mode.AUDIT else role
        )
    if mode is Mode.REPLACE:
        return NoRole()
    if mode is Mode.GENERATE:
        optional = may_be_absent(resource.get("Properties", {}))
        rule = rules.ROLE_KEPT if optional is None else rules.ROLE_OPTIONAL
        return finding(rule, location, what=role.given_by)
    if not _is_within_reach(resource, scope):
        return finding(option_rules.MODE_IMPOSSIBLE, location, mode=mode, problem=_NOT_HERE)
    return role


def remaining_mode(mode: Mode, resource: Mapping[str, Any], scope: Scope, logical_id: str) -> Mode:
    """What is left to do with a machine whose template has been processed before: nothing where its role is ours.

    Our mark on a role is the template's own word: where a mode is locked, it is not to be asked.
    """
    is_done = mode in {Mode.AUGMENT, Mode.REPLACE} and _is_made_by_us(resource, scope, logical_id)
    return Mode.GENERATE if is_done else mode


def _is_within_reach(machine: Mapping[str, Any], scope: Scope) -> bool:
    """Whether the machine's role, or the policies that SAM makes one of, stand in this template."""
    if machine["Type"] == SERVERLESS_TYPE and is_absent(role_node(machine)):
        return True
    resource = scope.resources.get(role_id(role_node(machine)) or "")
    return isinstance(resource, dict) and resource.get("Type") == "AWS::IAM::Role"


def _is_made_by_us(machine: Mapping[str, Any], scope: Scope, logical_id: str) -> bool:
    """Whether the machine's role carries our mark."""
    resource = scope.resources.get(role_id(role_node(machine)) or "")
    metadata = resource.get("Metadata") if isinstance(resource, dict) else None
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    return isinstance(ours, dict) and ours.get("StateMachine") == logical_id


_NO_ROLE = "the machine has no role yet that could be looked at"
_NOT_HERE = "the machine's role is not a resource of this template that is named by `Fn::GetAtt` of its `Arn`"
