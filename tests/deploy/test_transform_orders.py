"""The macro before SAM and after it, on the same template: the same permissions, and SAM's own parts stay."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

if TYPE_CHECKING:
    from collections.abc import Callable

SAM = "AWS::Serverless-2016-10-31"
PUT = {
    "StartAt": "Put",
    "States": {
        "Put": {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": "${Orders}", "Item": {"id": {"S.$": "$.id"}}},
            "End": True,
        }
    },
}
EVENTS = {
    "Nightly": {"Type": "Schedule", "Properties": {"Schedule": "rate(1 day)"}},
    "Ordered": {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": ["shop"]}}},
}
POLICIES = [{"SQSPollerPolicy": {"QueueName": {"Fn::GetAtt": ["Queue", "QueueName"]}}}]
CONNECTORS = {"Tell": {"Properties": {"Destination": {"Id": "Desk"}, "Permissions": ["Write"]}}}


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def template(mode: str | None, around: dict[str, Any], **properties: Any) -> dict[str, Any]:
    options = {"Metadata": {"SfnLeastPrivilege": {"Mode": mode}}} if mode else {}
    machine = {
        "Type": "AWS::Serverless::StateMachine",
        **options,
        **around,
        "Properties": {"Definition": PUT, "DefinitionSubstitutions": {"Orders": {"Ref": "Orders"}}, **properties},
    }
    return {
        "Transform": SAM,
        "Resources": {
            "Orders": {"Type": "AWS::Serverless::SimpleTable"},
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Desk": {"Type": "AWS::SNS::Topic"},
            "Machine": machine,
        },
    }


def transformed(fragment: dict[str, Any]) -> Outcome:
    before = copy.deepcopy(fragment)
    outcome = transform(fragment, Request(NothingOutside(), "eu-west-1", "123456789012"))
    assert fragment == before
    return outcome


CASES = [
    pytest.param(None, {}, {}, id="alone"),
    pytest.param(None, {}, {"Events": EVENTS, "Tracing": {"Enabled": True}}, id="Events"),
    pytest.param(None, {"Connectors": CONNECTORS}, {}, id="Connectors"),
    pytest.param("Augment", {}, {"Policies": POLICIES}, id="Policies, augmented"),
    pytest.param("Augment", {"Connectors": CONNECTORS}, {"Policies": POLICIES, "Events": EVENTS}, id="all, augmented"),
    pytest.param("Replace", {}, {"Policies": POLICIES, "Events": EVENTS}, id="Policies, replaced"),
]


@pytest.fixture
def both(
    aws: None,
    after_sam: Callable[[Any], dict[str, Any]],
    check_output: Callable[[Any, Any], None],
) -> Callable[[dict[str, Any]], tuple[dict[str, Any], dict[str, Any]]]:
    """What CloudFormation would deploy where the macro runs before SAM, and where it runs after SAM."""
    del aws

    def run(fragment: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
        ours = transformed(fragment).fragment
        check_output(fragment, ours)
        expanded = after_sam(fragment)
        last = transformed(expanded).fragment
        check_output(expanded, last)
        assert transformed(last).fragment == last
        return after_sam(ours), last

    return run


def generated(template_: dict[str, Any]) -> set[str]:
    """All that our policies grant, whichever resource they stand in."""
    found: set[str] = set()
    for resource in template_["Resources"].values():
        if "SfnLeastPrivilege" not in resource.get("Metadata", {}) or not resource["Type"].startswith("AWS::IAM::"):
            continue
        properties = resource["Properties"]
        policies = properties.get("Policies", [properties] if "PolicyDocument" in properties else [])
        for policy in policies:
            found.update(json.dumps(each) for each in policy["PolicyDocument"]["Statement"] if "Sid" in each)
    return found


@pytest.mark.parametrize(("mode", "around", "properties"), CASES)
def test_the_same_is_granted_in_both_orders(
    both: Callable[..., Any], mode: str | None, around: dict[str, Any], properties: dict[str, Any]
) -> None:
    before_sam, after_sam = both(template(mode, around, **properties))
    assert generated(before_sam) == generated(after_sam)
    assert any("dynamodb:PutItem" in each for each in generated(before_sam))


@pytest.mark.parametrize(("mode", "around", "properties"), CASES)
def test_every_machine_ends_with_a_role_of_the_template(
    both: Callable[..., Any], mode: str | None, around: dict[str, Any], properties: dict[str, Any]
) -> None:
    for deployed in both(template(mode, around, **properties)):
        role = deployed["Resources"]["Machine"]["Properties"]["RoleArn"]["Fn::GetAtt"][0]
        assert deployed["Resources"][role]["Type"] == "AWS::IAM::Role"
        for resource in deployed["Resources"].values():
            for named in resource.get("Properties", {}).get("Roles", []):
                assert named["Ref"] in deployed["Resources"]


def test_what_starts_the_machine_keeps_its_own_roles(both: Callable[..., Any]) -> None:
    for deployed in both(template(None, {}, Events=EVENTS)):
        starting = [name for name in deployed["Resources"] if name.startswith("Machine") and name.endswith("Role")]
        assert len(starting) == 3


def test_a_connector_attaches_its_policy_to_the_role_of_the_machine(both: Callable[..., Any]) -> None:
    for deployed in both(template(None, {"Connectors": CONNECTORS})):
        (attached,) = (each for each in deployed["Resources"].values() if each["Type"] == "AWS::IAM::ManagedPolicy")
        assert attached["Properties"]["Roles"] == [{"Ref": "MachineRole"}]


def test_a_role_with_policies_stays_as_sam_made_it(both: Callable[..., Any]) -> None:
    first, second = both(template("Augment", {}, Policies=POLICIES))
    assert first["Resources"]["MachineRole"] == second["Resources"]["MachineRole"]
    assert first["Resources"]["MachinePolicy"]["Properties"] == second["Resources"]["MachinePolicy"]["Properties"]
