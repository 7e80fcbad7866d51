"""The roles of a stack and what they grant, as CloudFormation would deploy them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from proving.demand import ACCOUNT
from proving.stack import MACHINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from proving.demand import Demand
    from proving.judge import Answer, Judge
    from proving.stack import Stack

from proving.judge import Question

SERVICE = "states.amazonaws.com"


@dataclass(frozen=True, slots=True)
class Role:
    """A role: its trust policy, and the policy documents that are in it and beside it."""

    arn: str
    trust: Mapping[str, Any]
    inline: tuple[Mapping[str, Any], ...]
    beside: tuple[Mapping[str, Any], ...]

    @property
    def policies(self) -> tuple[Mapping[str, Any], ...]:
        return (*self.inline, *self.beside)


def role_of(stack: Stack, machine: str) -> Role:
    """The role of the state machine with this logical id."""
    arn = stack.properties(machine)["RoleArn"]
    return next(role for role in roles(stack) if role.arn == arn)


def roles(stack: Stack) -> list[Role]:
    """Every role that the template declares."""
    found = []
    for logical_id, properties in stack.of_type("AWS::IAM::Role").items():
        name = stack.attribute(logical_id, None)
        attached = set(properties.get("ManagedPolicyArns", []))
        policies = stack.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")
        beside = tuple(
            policy["PolicyDocument"]
            for policy_id, policy in policies.items()
            if name in policy.get("Roles", []) or stack.attribute(policy_id, None) in attached
        )
        found.append(
            Role(
                stack.attribute(logical_id, "Arn"),
                properties["AssumeRolePolicyDocument"],
                tuple(policy["PolicyDocument"] for policy in properties.get("Policies", [])),
                beside,
            )
        )
    return found


def machines(stack: Stack) -> list[str]:
    """The logical ids of the stack's state machines."""
    return list(stack.of_type(MACHINE))


def trusted(judge: Judge, role: Role, machine_arn: str, account: str = ACCOUNT) -> Answer:
    """Whether Step Functions may assume a role for a state machine.

    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html (confused deputy)
    """
    question = Question(
        action="sts:AssumeRole",
        resource=role.arn,
        account=ACCOUNT,
        context={"aws:SourceArn": machine_arn, "aws:SourceAccount": account},
        policies=None,
        principal=SERVICE,
        resource_policy=role.trust,
    )
    return judge.ask([question])[0]


def question(demand: Demand, principal: str, policies: str) -> Question:
    """A demand as the judge is asked it."""
    return Question(
        demand.action,
        demand.resource,
        demand.account,
        dict(demand.context),
        policies,
        principal,
        _resource_policy(demand),
    )


def _resource_policy(demand: Demand) -> Mapping[str, Any] | None:
    """The other side's consent, where AWS asks for both.

    A key's policy must let IAM decide, as the policy that every key is made with does, a role must trust, and a
    resource of another account must be shared. None of these is the role's matter, so that all are given.
    https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    """
    if demand.action.startswith("kms:") or demand.action == "sts:AssumeRole" or demand.account != ACCOUNT:
        statement = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": demand.action}
        if demand.action != "sts:AssumeRole":
            statement["Resource"] = demand.resource
        return {"Version": "2012-10-17", "Statement": [statement]}
    return None
