"""The role of one state machine, and the policies beside it, as template resources."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.iam.document import (
    VERSION,
    document,
    guarded_document,
    inline_policies,
    under_conditions,
)
from sfn_least_privilege.policy.iam.trust import trust_policy
from sfn_least_privilege.policy.identity import possible_names
from sfn_least_privilege.policy.options.options import Trust
from sfn_least_privilege.policy.weave.explanation import explanation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.template.machine import StateMachine
    from sfn_least_privilege.policy.weave.granted import Granted


def role_resource(granted: Granted, managed_policies: Sequence[str], deployment: Deployment) -> dict[str, Any]:
    """The ``AWS::IAM::Role`` for a machine; ``managed_policies`` are the logical ids of its own beside it."""
    machine, options = granted.machine, granted.machine.options
    names = possible_names(machine) if options.trust is Trust.MACHINE else ()
    properties: dict[str, Any] = {"AssumeRolePolicyDocument": trust_policy(names, deployment)}
    if options.role_path is not None:
        properties["Path"] = options.role_path
    if options.permissions_boundary is not None:
        properties["PermissionsBoundary"] = options.permissions_boundary
    name = _role_name(machine)
    if name is not None:
        properties["RoleName"] = name
    attached = [*options.managed_policy_arns, *({"Ref": each} for each in managed_policies)]
    if attached:
        properties["ManagedPolicyArns"] = attached
    policies = _inline(granted.placement.in_role)
    if granted.placement.additional:
        own = {"Version": VERSION, "Statement": list(granted.placement.additional)}
        policies.append({"PolicyName": "Additional", "PolicyDocument": own})
    if policies:
        properties["Policies"] = policies
    if options.tags:
        properties["Tags"] = list(options.tags)
    return _resource("AWS::IAM::Role", granted, granted.placement.in_role, properties)


def beside_resource(granted: Granted, role: Any) -> dict[str, Any]:
    """An ``AWS::IAM::Policy`` with what cannot stand in the role, because it waits for the machine."""
    placement = granted.placement
    written = (
        guarded_document(placement.beside_role) if placement.beside_role else {"Version": VERSION, "Statement": []}
    )
    statements = [*written["Statement"], *placement.additional_beside]
    properties = {"PolicyName": "Itself", "PolicyDocument": {**written, "Statement": statements}, "Roles": [role]}
    return _resource("AWS::IAM::Policy", granted, placement.beside_role, properties)


def policy_resource(granted: Granted, name: str, role: Any, statements: Sequence[Statement]) -> dict[str, Any]:
    """An ``AWS::IAM::Policy`` for a role that somebody else wrote; ``name`` is this resource's logical id.

    A role has one policy of a name: the logical id keeps apart what several machines add to a role that they share.
    """
    properties = {"PolicyName": _policy_name(name), "PolicyDocument": guarded_document(statements), "Roles": [role]}
    return _resource("AWS::IAM::Policy", granted, statements, properties)


def managed_policy_resource(granted: Granted, statements: Sequence[Statement]) -> dict[str, Any]:
    """An ``AWS::IAM::ManagedPolicy`` with what does not fit into the role. The role names it, so it is made before."""
    properties: dict[str, Any] = {"PolicyDocument": guarded_document(statements)}
    if granted.machine.options.role_path is not None:
        properties["Path"] = granted.machine.options.role_path
    return _resource("AWS::IAM::ManagedPolicy", granted, statements, properties)


def attached_policy_resource(granted: Granted, role: Any, statements: Sequence[Statement]) -> dict[str, Any]:
    """The same for a role that somebody else wrote, and that does not name it: ``role`` is its name."""
    made = managed_policy_resource(granted, statements)
    return {**made, "Properties": {**made["Properties"], "Roles": [role]}}


_MAX_POLICY_NAME = 128


def _policy_name(logical_id: str) -> str:
    name = f"SfnLeastPrivilege-{logical_id}"
    if len(name) <= _MAX_POLICY_NAME:
        return name
    digest = hashlib.sha256(logical_id.encode()).hexdigest()[:8]
    return f"{name[: _MAX_POLICY_NAME - len(digest)]}{digest}"


def _inline(statements: Sequence[Statement]) -> list[Any]:
    return [
        under_conditions(policy.guards, {"PolicyName": policy.name, "PolicyDocument": document(policy.statements)})
        for policy in inline_policies(statements)
    ]


_MAX_ROLE_NAME = 64
_STACK_MARK = 8


def _role_name(machine: StateMachine) -> Any:
    """The role's name where one is wanted. It has to be unique in the account: behind a prefix comes the stack's id."""
    options, logical_id = machine.options, machine.logical_id
    if options.role_name is not None or not options.role_name_prefix:
        return options.role_name
    room = _MAX_ROLE_NAME - len(options.role_name_prefix) - len("-") - _STACK_MARK
    if len(logical_id) > room:
        digest = hashlib.sha256(logical_id.encode()).hexdigest()[:6]
        logical_id = f"{logical_id[: room - len(digest)]}{digest}"
    # arn:partition:cloudformation:region:account:stack/name/1a2b3c4d-…: eight digits tell stacks apart.
    stack = {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "AWS::StackId"}]}]}
    mark = {"Fn::Select": [0, {"Fn::Split": ["-", stack]}]}
    return {"Fn::Join": ["", [f"{options.role_name_prefix}{logical_id}-", mark]]}


def _resource(
    kind: str,
    granted: Granted,
    statements: Sequence[Statement],
    properties: dict[str, Any],
) -> dict[str, Any]:
    resource: dict[str, Any] = {"Type": kind}
    if granted.machine.condition:
        resource["Condition"] = granted.machine.condition
    findings = granted.findings if kind == "AWS::IAM::Role" else ()
    resource["Metadata"] = {"SfnLeastPrivilege": explanation(granted.machine, statements, findings)}
    resource["Properties"] = properties
    return resource
