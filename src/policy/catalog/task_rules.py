"""What fields of a task state itself require, whatever it calls."""

from __future__ import annotations

from dataclasses import dataclass

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.function import FUNCTION_TEMPLATE
from sfn_least_privilege.policy.catalog.integration import ArgumentArn


@dataclass(frozen=True, slots=True)
class TaskRule:
    """Actions on what a field of the state names."""

    name: str
    actions: tuple[str, ...]
    resource: ArgumentArn
    documentation: str
    basis: Basis


FUNCTION_ARN = TaskRule(
    name="lambda function",
    actions=("lambda:InvokeFunction",),
    resource=ArgumentArn("Resource", FUNCTION_TEMPLATE),
    documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html",
    basis=Basis.DOCUMENTED,
)

# The task's own permissions are then the other role's matter.
ASSUMED_ROLE = TaskRule(
    name="credentials",
    actions=("sts:AssumeRole",),
    resource=ArgumentArn("Credentials.RoleArn", "arn:{Partition}:iam::{AccountId}:role/{}"),
    documentation="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html",
    basis=Basis.DOCUMENTED,
)
