"""Machines that need more than a role's inline policies hold: they deploy within the quotas, or say why they cannot."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.catalog.sdk.loading import service_of
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.iam.size import MAX_INLINE, MAX_MANAGED, MAX_MANAGED_POLICIES
from sfn_least_privilege.policy.pipeline import Request, transform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# As long as the values can be that an account and a region in AWS have.
VALUES = {"AWS::Partition": "aws-us-gov", "AWS::Region": "us-isof-south-1", "AWS::AccountId": "123456789012"}


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def machine(tasks: Iterable[dict[str, Any]], options: dict[str, Any] | None = None) -> dict[str, Any]:
    given = list(tasks)
    states = {
        f"S{number}": {"Type": "Task", **task, **({"End": True} if task is given[-1] else {"Next": f"S{number + 1}"})}
        for number, task in enumerate(given)
    }
    resource = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Metadata": {"SfnLeastPrivilege": {"Explain": False, **(options or {})}},
        "Properties": {"Definition": {"StartAt": "S0", "States": states}},
    }
    return {"Resources": {"Machine": resource}}


def functions(count: int, name: str = "step") -> Iterable[dict[str, Any]]:
    return ({"Resource": f"arn:aws:lambda:eu-west-1:123456789012:function:{name}-{each:04}"} for each in range(count))


def sdk_calls(count: int, *services: str) -> Iterable[dict[str, Any]]:
    """Distinct operations, the same number of each service as far as they have so many."""
    names = {
        each: (api for api in found.operation_names if found.unsupported_operation(api) is None)
        for each in services
        if (found := service_of(each)) is not None
    }
    made = 0
    while names and made < count:
        for each in list(names):
            api = next(names[each], None)
            if api is None:
                del names[each]
            elif made < count:
                made += 1
                yield {"Resource": f"arn:aws:states:::aws-sdk:{each}:{api[0].lower()}{api[1:]}", "Parameters": {}}


def as_deployed(node: Any) -> Any:
    """The policies with every reference replaced by its longest value."""
    if isinstance(node, dict) and set(node) == {"Fn::Sub"}:
        text = node["Fn::Sub"]
        for name, value in VALUES.items():
            text = text.replace(f"${{{name}}}", value)
        return text
    if isinstance(node, dict):
        return {key: as_deployed(each) for key, each in node.items()}
    return [as_deployed(each) for each in node] if isinstance(node, list) else node


def size(document: Any) -> int:
    return len(json.dumps(as_deployed(document), separators=(",", ":")))


@pytest.fixture
def policies(check_output: Callable[[Any, Any], None]) -> Callable[[dict[str, Any]], list[Any]]:
    """The documents of all policies, where each fits its quota and nothing else has changed."""

    def run(template: dict[str, Any]) -> list[Any]:
        outcome = transform(template, Request(NothingOutside(), "us-isof-south-1", "123456789012"))
        check_output(template, outcome.fragment)
        made = outcome.fragment["Resources"]
        role = made["MachineRole"]["Properties"]
        inline = [each["PolicyDocument"] for each in role["Policies"]]
        managed = [made[each["Ref"]]["Properties"]["PolicyDocument"] for each in role.get("ManagedPolicyArns", [])]
        assert sum(map(size, inline)) <= MAX_INLINE
        assert all(size(each) <= MAX_MANAGED for each in managed)
        assert len(managed) <= MAX_MANAGED_POLICIES
        assert len([each for each in made.values() if each["Type"] == "AWS::IAM::ManagedPolicy"]) == len(managed)
        return [*inline, *managed]

    return run


def test_seven_hundred_functions_fit_into_the_role_and_managed_policies(policies: Callable[..., Any]) -> None:
    documents = policies(machine(functions(700)))
    written = json.dumps(documents)
    assert all(f"step-{each:04}" in written for each in range(700))
    assert len(documents) > 1


def test_a_thousand_functions_deploy_or_fail_with_what_weighs_most(policies: Callable[..., Any]) -> None:
    assert len(policies(machine(functions(1_000)))) > 1
    with pytest.raises(TransformFailedError) as failure:
        policies(machine(functions(1_000, "a-function-with-a-name-as-long-as-lambda-lets-it-be")))
    said = str(failure.value)
    assert said.startswith("SLP401 Machine: the role's policies may become ")
    assert "lambda:InvokeFunction on 1,000 resources" in said
    assert "asked for by `S0`, `S1`, `S2` and 997 more" in said


@pytest.mark.parametrize(
    "services",
    [
        ("ec2",),
        ("iam", "s3", "sagemaker", "glue"),
        ("ec2", "rds", "ssm", "kms", "connect", "quicksight", "redshift", "backup", "lambda", "sfn"),
    ],
    ids=["one service", "four services", "ten services"],
)
def test_four_hundred_sdk_calls_deploy(policies: Callable[..., Any], services: tuple[str, ...]) -> None:
    template = machine(sdk_calls(400, *services))
    assert len(template["Resources"]["Machine"]["Properties"]["Definition"]["States"]) == 400
    documents = policies(template)
    actions = {
        action
        for each in documents
        for statement in each["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    # Several operations can rest on one action.
    assert len(actions) > 350
