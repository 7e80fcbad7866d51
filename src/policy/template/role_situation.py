"""Whether a state machine has a role, and whose it is."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.machine import (
    PLAIN_TYPE,
    SERVERLESS_TYPE,
    EmptySamRole,
    NoRole,
    OwnRole,
    RoleSituation,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# SAM tags what it makes, and attaches one of these policies, which depends on the region, when tracing is on
# (aws/serverless-application-model: samtranslator/model/stepfunctions/generators.py, samtranslator/utils/utils.py).
_SAM_TAG = {"Key": "stateMachine:createdBy", "Value": "SAM"}
_SAM_TRACING_POLICIES = (":iam::aws:policy/AWSXrayWriteOnlyAccess", ":iam::aws:policy/AWSXRayDaemonWriteAccess")


def role_situation(
    logical_id: str,
    resource: Mapping[str, Any],
    properties: Mapping[str, Any],
    resources: Mapping[str, Any],
    users: Mapping[str, int],
) -> RoleSituation:
    """How the machine ``logical_id`` stands to a role.

    An empty list of policies in a SAM template is the author's word that there is nothing to grant, so it counts
    as the author's own. ``users`` counts the state machines of each role, see :func:`role_users`: a role that
    several share is nobody's to fill.
    """
    if resource.get("Type") == SERVERLESS_TYPE:
        given = next((name for name in ("Role", "Policies") if not is_absent(properties.get(name))), None)
        return OwnRole(f"`{given}`") if given else NoRole()
    role = properties.get("RoleArn")
    if is_absent(role):
        return NoRole()
    sams = f"{logical_id}Role"
    if role_id(role) == sams and users.get(sams) == 1 and _is_empty_sam_role(resources.get(sams)):
        return EmptySamRole(sams)
    return OwnRole("`RoleArn`")


def is_absent(node: Any) -> bool:
    """Whether a property is as good as not given."""
    return node is None or node == {"Ref": "AWS::NoValue"}


def role_node(resource: Mapping[str, Any]) -> Any:
    """What stands in the property that gives a state machine its role."""
    properties = resource.get("Properties")
    name = "Role" if resource.get("Type") == SERVERLESS_TYPE else "RoleArn"
    return properties.get(name) if isinstance(properties, dict) else None


def own_role_id(logical_id: str, resource: Mapping[str, Any]) -> str | None:
    """The logical id of the machine's own role: the one that it names, or that SAM makes of its ``Policies``."""
    node = role_node(resource)
    if resource.get("Type") == SERVERLESS_TYPE and is_absent(node):
        return f"{logical_id}Role"
    return role_id(node)


def role_users(resources: Mapping[str, Any]) -> Mapping[str, int]:
    """How many state machines name each role of the template as theirs."""
    properties = (
        resource.get("Properties")
        for resource in resources.values()
        if isinstance(resource, dict) and resource.get("Type") in (PLAIN_TYPE, SERVERLESS_TYPE)
    )
    return Counter(
        named
        for each in properties
        if isinstance(each, dict) and (named := role_id(each.get("RoleArn", each.get("Role")))) is not None
    )


def may_be_absent(properties: Mapping[str, Any]) -> str | None:
    """The property that gives a role under a template condition only, and nothing without it."""
    for name in ("RoleArn", "Role", "Policies"):
        node = properties.get(name)
        branches = node.get("Fn::If") if isinstance(node, dict) else None
        if isinstance(branches, list) and any(is_absent(branch) for branch in branches[1:]):
            return name
    return None


def role_id(node: Any) -> str | None:
    """The logical id of the role whose ARN a property is."""
    argument = node.get("Fn::GetAtt") if isinstance(node, dict) else None
    parts = argument.split(".") if isinstance(argument, str) else argument
    if isinstance(parts, list) and len(parts) == 2 and parts[1] == "Arn" and isinstance(parts[0], str):  # noqa: PLR2004 -- resource and attribute
        return parts[0]
    return None


def _is_empty_sam_role(resource: Any) -> bool:
    if not isinstance(resource, dict) or resource.get("Type") != "AWS::IAM::Role":
        return False
    if "SfnLeastPrivilege" in (resource.get("Metadata") or {}):
        # It has been filled already, with nothing.
        return False
    properties = resource.get("Properties")
    if not isinstance(properties, dict) or properties.get("Policies"):
        return False
    tags = properties.get("Tags")
    if not isinstance(tags, list) or _SAM_TAG not in tags:
        return False
    managed = properties.get("ManagedPolicyArns") or []
    return isinstance(managed, list) and all(is_sam_tracing_policy(arn) for arn in managed)


def is_sam_tracing_policy(arn: Any) -> bool:
    """Whether this is the managed policy that SAM attaches to trace a workflow."""
    return isinstance(arn, str) and arn.endswith(_SAM_TRACING_POLICIES)
