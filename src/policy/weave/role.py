"""The role of one state machine as a template resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.iam.document import document, inline_policies, under_conditions
from sfn_least_privilege.policy.iam.trust import trust_policy
from sfn_least_privilege.policy.weave.explanation import explanation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.template.machine import StateMachine
    from sfn_least_privilege.policy.text import Text


def role_resource(
    machine: StateMachine,
    name: Text | None,
    statements: Sequence[Statement],
    deployment: Deployment,
    carried: dict[str, Any],
) -> dict[str, Any]:
    """The ``AWS::IAM::Role`` for a machine.

    ``carried`` holds role properties that the machine's author has asked for already, such as a path.
    """
    properties: dict[str, Any] = {"AssumeRolePolicyDocument": trust_policy(name, deployment), **carried}
    policies = [
        under_conditions(
            policy.guards,
            {"PolicyName": policy.name, "PolicyDocument": document(policy.statements)},
        )
        for policy in inline_policies(statements)
    ]
    if policies:
        properties["Policies"] = policies
    return _resource("AWS::IAM::Role", machine, statements, properties)


def policy_resource(machine: StateMachine, role_id: str, statements: Sequence[Statement]) -> dict[str, Any]:
    """The ``AWS::IAM::Policy`` for permissions that refer to the machine itself, attached to its role."""
    properties = {
        "PolicyName": "Itself",
        "PolicyDocument": document(statements),
        "Roles": [{"Ref": role_id}],
    }
    return _resource("AWS::IAM::Policy", machine, statements, properties)


def _resource(
    kind: str,
    machine: StateMachine,
    statements: Sequence[Statement],
    properties: dict[str, Any],
) -> dict[str, Any]:
    resource: dict[str, Any] = {"Type": kind}
    if machine.condition:
        resource["Condition"] = machine.condition
    resource["Metadata"] = {"SfnLeastPrivilege": explanation(machine.logical_id, statements)}
    resource["Properties"] = properties
    return resource
