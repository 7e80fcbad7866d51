"""The runner looks where it should: nothing that is denied, unknown or never run goes by unseen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from proving.calls import Call, demands_of
from proving.demand import UnmappedCallError
from proving.documents import Execution, Workflow, workflow_names
from proving.judge import Judge, JudgeRefusedError, Question
from proving.report import PAGE
from proving.running import RunFailedError, run

if TYPE_CHECKING:
    from collections.abc import Sequence

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
CALL = {
    "Type": "Task",
    "Resource": "arn:aws:states:::dynamodb:getItem",
    "Parameters": {"TableName": "orders", "Key": {}},
}


def with_own_role(states: dict[str, Any], trust: Any = TRUST, inputs: Sequence[Any] = ({},)) -> Workflow:
    """A workflow whose author gives it a role that allows nothing, which the macro leaves alone."""
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust}}
    properties = {
        "RoleArn": {"Fn::GetAtt": ["Own", "Arn"]},
        "Definition": {"StartAt": next(iter(states)), "States": states},
    }
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    executions = tuple(Execution("Machine", given, None, {}) for given in inputs)
    return Workflow("example", {"Resources": {"Own": role, "Machine": machine}}, executions, {}, {})


def test_a_denial_is_seen_although_the_workflow_catches_it(judge: Judge) -> None:
    states = {
        "Read": {**CALL, "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Well"}], "Next": "Well"},
        "Well": {"Type": "Succeed"},
    }
    denied = [row for row in run(with_own_role(states), judge).ledger if not row.allowed]
    assert [(row.state, row.demand.action) for row in denied] == [("Read", "dynamodb:GetItem")]
    assert denied[0].demand.resource == "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"


def test_a_role_that_step_functions_may_not_assume_is_seen(judge: Judge) -> None:
    strange = {**TRUST, "Statement": [{**TRUST["Statement"][0], "Principal": {"Service": "lambda.amazonaws.com"}}]}  # type: ignore[dict-item] -- a literal
    first = run(with_own_role({"Read": {**CALL, "End": True}}, strange), judge).ledger[0]
    assert (first.demand.action, first.allowed) == ("sts:AssumeRole", False)


def test_a_state_that_no_input_reaches_is_an_error(judge: Judge) -> None:
    states = {
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "Never"}],
            "Default": "Always",
        },
        "Always": {"Type": "Succeed"},
        "Never": {"Type": "Succeed"},
    }
    with pytest.raises(RunFailedError, match=r"never entered: \['Never'\]"):
        run(with_own_role(states), judge)


def test_a_call_that_nobody_can_map_is_an_error() -> None:
    with pytest.raises(UnmappedCallError, match="IAM has no action"):
        demands_of(Call("dynamodb", "ReadMinds", {}))
    with pytest.raises(UnmappedCallError, match="nothing says which table"):
        demands_of(Call("dynamodb", "GetItem", {"Key": {}}))


def test_the_judge_knows_which_actions_there_are_and_on_what(judge: Judge) -> None:
    policies = judge.define([])
    account, principal = "123456789012", "arn:aws:iam::123456789012:role/role"
    for action, resource in (
        ("dynamodb:ReadMinds", "*"),
        ("dynamodb:GetItem", f"arn:aws:sqs:eu-west-1:{account}:orders"),
    ):
        with pytest.raises(JudgeRefusedError):
            judge.ask([Question(action, resource, account, {}, policies, principal)])


def test_the_page_lists_every_workflow() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in workflow_names() if f"| {name} |" not in page] == []
