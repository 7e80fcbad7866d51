"""Changes of a role's own policies, which localstack's CloudFormation leaves out."""

from __future__ import annotations

import json
from typing import Any

from localstack.services.iam.resource_providers.aws_iam_role import IAMRoleProvider

update = IAMRoleProvider.update


def install() -> None:
    """Carry out such changes."""
    IAMRoleProvider.update = update_with_policies


def update_with_policies(self: IAMRoleProvider, request: Any) -> Any:
    progress = update(self, request)
    iam, role = request.aws_client_factory.iam, progress.resource_model["RoleName"]
    before, after = (
        {policy["PolicyName"]: json.dumps(policy["PolicyDocument"]) for policy in state.get("Policies") or []}
        for state in (request.previous_state, request.desired_state)
    )
    for name in before.keys() - after.keys():
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    for name, document in after.items():
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)
    progress.resource_model["Policies"] = request.desired_state.get("Policies") or []
    return progress
