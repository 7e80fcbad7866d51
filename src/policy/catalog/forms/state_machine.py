"""What an execution is authorised on, told from the ARN of its state machine.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.text import Kind, Reference, Text, Wildcard

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment

# arn:partition:states:region:account:stateMachine:name[:version or alias]
_REGION, _ACCOUNT, _NAME = 3, 4, 6
_UNQUALIFIED = 7
_MACHINE_TYPES = frozenset({"AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"})


def state_machine_arn(machine: Text, deployment: Deployment) -> Text | None:
    """The ARN without version or alias; None where its fields are not known."""
    reference = machine.reference
    if reference is not None and reference.resource_type in _MACHINE_TYPES:
        return machine
    spoken = machine.sample
    if spoken is not None and len(spoken.split(":")) == _UNQUALIFIED:
        return machine
    return _assemble(machine, deployment, "stateMachine", ())


def execution_arns(machine: Text, deployment: Deployment) -> Text | None:
    """The ARNs of all executions of a machine, and of no machine whose name merely begins like it."""
    reference = machine.reference
    if reference is not None and reference.resource_type in _MACHINE_TYPES:
        name = Reference(
            "Fn::GetAtt",
            f"{reference.logical_id}.Name",
            Kind.NAME,
            logical_id=reference.logical_id,
            resource_type=reference.resource_type,
        )
        return Text.of(
            "arn:", deployment.partition, ":states:", deployment.region, ":", deployment.account_id,
            ":execution:", name, ":", Wildcard(),
        )  # fmt: skip
    return _assemble(machine, deployment, "execution", (":", Wildcard()))


def _assemble(machine: Text, deployment: Deployment, kind: str, tail: tuple[str | Wildcard, ...]) -> Text | None:
    region, account, name = (arn.field(machine, index) for index in (_REGION, _ACCOUNT, _NAME))
    if region is None or account is None or name is None:
        return None
    return Text.of("arn:", deployment.partition, ":states:", region, ":", account, f":{kind}:", name, *tail)
