"""What an execution is authorised on, told from the ARN of its state machine.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.deployment import Deployment
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.text import Part

# arn:partition:states:region:account:stateMachine:name[:version or alias]
_PARTITION, _REGION, _ACCOUNT, _NAME = 1, 3, 4, 6
_UNQUALIFIED = 7
_MARK = ":stateMachine:"
_MACHINE_TYPES = frozenset({"AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"})


def state_machine_arn(machine: Text, template: str, deployment: Deployment) -> Text:
    """The ARN without version or alias."""
    reference = _machine_reference(machine)
    if reference is not None:
        return Text((reference,))
    spoken = machine.sample
    if spoken is not None and len(spoken.split(":")) == _UNQUALIFIED:
        return machine
    return _parts_of(machine, deployment).put_into(template)


def execution_arns(machine: Text, template: str, deployment: Deployment) -> Text:
    """The ARNs of all executions of a machine, and of no machine whose name merely begins like it."""
    reference = _machine_reference(machine)
    if reference is None:
        return _parts_of(machine, deployment).put_into(template)
    name = Reference(
        "Fn::GetAtt",
        f"{reference.logical_id}.Name",
        Kind.NAME,
        logical_id=reference.logical_id,
        resource_type=reference.resource_type,
    )
    return arn.build(template, deployment, Text((name,)))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The parts of a state machine's ARN that another ARN is made of."""

    partition: Text
    region: Text
    account_id: Text
    name: Text

    def put_into(self, template: str) -> Text:
        return arn.build(template, Deployment(self.partition, self.region, self.account_id), self.name)


def _machine_reference(machine: Text) -> Reference | None:
    """The reference to a machine of the template that the ARN is, whatever version or alias stands behind it."""
    first, *others = machine.parts or (Literal(""),)
    if not isinstance(first, Reference) or first.resource_type not in _MACHINE_TYPES or first.kind is not Kind.ARN:
        return None
    return first if not others or (isinstance(others[0], Literal) and others[0].value.startswith(":")) else None


def _parts_of(machine: Text, deployment: Deployment) -> _Parts:
    region, account, name = (arn.field(machine, index) for index in (_REGION, _ACCOUNT, _NAME))
    if region is not None and account is not None and name is not None:
        # One reference more would only be longer: CloudFormation deploys in one partition.
        partition = None if machine.reference is not None else arn.field(machine, _PARTITION)
        return _Parts(partition or deployment.partition, region, account, name)
    reasons = [part.reason for part in machine.parts if isinstance(part, Unknown)]
    hidden = unknown(reasons[0] if reasons else "it is not the ARN of a state machine")
    mark = next(
        (index for index, part in enumerate(machine.parts) if isinstance(part, Literal) and _MARK in part.value),
        None,
    )
    if mark is None:
        return _Parts(deployment.partition, deployment.region, hidden, hidden)
    literal = machine.parts[mark]
    before, _, after = literal.value.partition(_MARK) if isinstance(literal, Literal) else ("", "", "")
    head = Text.of(*machine.parts[:mark], before, ":")
    fields = [arn.field(head, index) for index in (_PARTITION, _REGION, _ACCOUNT)]
    # Right before the mark stands the account, certain also where a colon stands literally before it.
    account = fields[2] or (Text.of(before.rpartition(":")[2]) if ":" in before else hidden)
    name = Text.of(*_until_colon((Literal(after), *machine.parts[mark + 1 :])))
    return _Parts(fields[0] or deployment.partition, fields[1] or deployment.region, account, name)


def _until_colon(parts: tuple[Part, ...]) -> list[Part]:
    """What stands before the next literal colon: a name without its version or alias."""
    known: list[Part] = []
    for part in parts:
        if isinstance(part, Literal) and ":" in part.value:
            return [*known, Literal(part.value.partition(":")[0])]
        if isinstance(part, Reference) and part.sample is not None and ":" in part.sample:
            return [*known, arn.select(0, ":", part)]
        known.append(part)
    return known
