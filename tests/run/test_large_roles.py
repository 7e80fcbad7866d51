"""A role that is too large for one policy is as sufficient as any, and stays within IAM's quotas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from proving.documents import Execution, Workflow
from proving.roles import Role, role_of
from proving.running import Proof, run

if TYPE_CHECKING:
    from proving.judge import Judge

FUNCTIONS = 110
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: characters without white space.
INLINE, MANAGED = 10_240, 6_144


def workflow() -> Workflow:
    """One function after the other, each with a long name of its own, and a child that is waited for."""
    names = [f"FunctionThatDoesOnePartOfTheWorkNumber{number:03d}" for number in range(FUNCTIONS)]
    steps: dict[str, Any] = {
        name: {
            "Type": "Task",
            "Resource": "arn:aws:states:::lambda:invoke",
            "Parameters": {"FunctionName": {"Fn::GetAtt": [name, "Arn"]}},
            "Next": following,
        }
        for name, following in zip(names, [*names[1:], "Child"], strict=True)
    }
    steps["Child"] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::states:startExecution.sync:2",
        "Parameters": {"StateMachineArn": {"Ref": "Other"}},
        "End": True,
    }
    resources: dict[str, Any] = {name: {"Type": "AWS::Lambda::Function", "Properties": {}} for name in names}
    resources["Machine"] = machine(steps)
    resources["Other"] = machine({"Rest": {"Type": "Succeed"}})
    template = {"Transform": "SfnLeastPrivilege", "Resources": resources}
    return Workflow("large", template, (Execution("Machine", {}, None, {}),), {}, {})


def machine(states: dict[str, Any]) -> dict[str, Any]:
    definition = {"StartAt": next(iter(states)), "States": states}
    return {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": definition}}


@pytest.fixture(scope="module")
def proof(judge: Judge) -> Proof:
    return run(workflow(), judge)


@pytest.fixture
def role(proof: Proof) -> Role:
    return role_of(proof.stack, "Machine")


def test_every_call_is_allowed_whichever_policy_allows_it(proof: Proof) -> None:
    assert {row.demand.action for row in proof.ledger if row.demand.at_creation}
    assert [row for row in proof.ledger if not row.allowed] == []


def test_the_policies_are_within_the_quotas(role: Role) -> None:
    def size(document: Any) -> int:
        return len(json.dumps(document, separators=(",", ":")))

    assert role.beside
    assert sum(map(size, role.inline)) <= INLINE
    assert max(map(size, role.beside)) <= MANAGED
