"""What is known of a state machine itself before it exists: its name and its ARN."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import guarded_leaves

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.template.machine import StateMachine
    from sfn_least_privilege.policy.value import Value

_TEMPLATE = "arn:{Partition}:states:{Region}:{AccountId}:stateMachine:{}"


def given_name(machine: StateMachine) -> Text | None:
    """The name that the template gives the machine, when it is one string; None where CloudFormation makes it up."""
    return machine.name if _is_name(machine.name) else None


def _is_name(value: Value) -> TypeGuard[Text]:
    """Whether a value is a name; an empty one names nothing."""
    return isinstance(value, Text) and not value.unknowns and value.sample != ""


def possible_names(machine: StateMachine) -> tuple[Text, ...]:
    """Every name that the template can give the machine; none where CloudFormation may make one up."""
    leaves = [leaf for _, leaf in guarded_leaves(machine.name)]
    names = [leaf for leaf in leaves if _is_name(leaf)]
    return tuple(dict.fromkeys(names)) if len(names) == len(leaves) else ()


def own_name(machine: StateMachine) -> Text:
    """The machine's name: the given one, or a reference to the machine."""
    return given_name(machine) or Text((_reference(machine, "Fn::GetAtt", f"{machine.logical_id}.Name", Kind.NAME),))


def own_arn(machine: StateMachine, deployment: Deployment) -> Text:
    """The machine's ARN: built of its given name, or a reference to the machine."""
    name = given_name(machine)
    if name is not None:
        return arn_of(name, deployment)
    return Text((_reference(machine, "Ref", machine.logical_id, Kind.ARN),))


def arn_of(name: Text, deployment: Deployment) -> Text:
    """The ARN of the state machine of this name."""
    return arn.build(_TEMPLATE, deployment, name)


def _reference(machine: StateMachine, function: str, argument: str, kind: Kind) -> Reference:
    return Reference(function, argument, kind, logical_id=machine.logical_id, resource_type=machine.resource_type)
