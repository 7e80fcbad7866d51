"""What becomes of a state machine in each mode."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.options.layers import Organisation
from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

DEFINITION = {
    "StartAt": "Send",
    "States": {
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl.$": "$.queue", "MessageBody": "hello"},
            "End": True,
        }
    },
}
OWN = {"RoleArn": {"Fn::GetAtt": ["Own", "Arn"]}}


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def transformed(properties: dict[str, Any], kind: str = "AWS::StepFunctions::StateMachine", **options: Any) -> Outcome:
    machine = {
        "Type": kind,
        "Metadata": {"SfnLeastPrivilege": options},
        "Properties": {"Definition": DEFINITION, **properties},
    }
    own = {"Type": "AWS::IAM::Role", "Properties": {}}
    return transform({"Resources": {"Machine": machine, "Own": own}}, Request(NothingOutside()))


def refused(properties: dict[str, Any], **options: Any) -> str:
    with pytest.raises(TransformFailedError) as failure:
        transformed(properties, **options)
    return str(failure.value)


def test_generate_leaves_a_machine_with_a_role_alone() -> None:
    assert transformed(OWN).fragment["Resources"]["Machine"]["Properties"]["RoleArn"] == OWN["RoleArn"]


@pytest.mark.parametrize("properties", [{}, OWN])
def test_ignore_leaves_every_machine_alone(properties: dict[str, Any]) -> None:
    outcome = transformed(properties, Mode="Ignore")
    assert [each.rule.id for each in outcome.findings] == ["SLP155"]
    assert outcome.roles == {}


def test_replace_gives_a_role_in_the_place_of_the_machines_own_and_leaves_that_one_there() -> None:
    resources = transformed(OWN, Mode="Replace").fragment["Resources"]
    assert resources["Machine"]["Properties"]["RoleArn"] == {"Fn::GetAtt": ["MachineRole", "Arn"]}
    assert resources["Own"] == {"Type": "AWS::IAM::Role", "Properties": {}}


def test_what_has_been_replaced_is_not_replaced_again() -> None:
    once = transformed(OWN, Mode="Replace").fragment
    assert transform(once, Request(NothingOutside())).fragment == once


def test_replace_takes_the_policies_of_a_serverless_machine_away() -> None:
    outcome = transformed({"Policies": ["Some"]}, "AWS::Serverless::StateMachine", Mode="Replace")
    properties = outcome.fragment["Resources"]["Machine"]["Properties"]
    assert "Policies" not in properties
    assert properties["Role"] == {"Fn::GetAtt": ["MachineRole", "Arn"]}


@pytest.mark.parametrize("mode", ["Augment", "Audit"])
@pytest.mark.parametrize("role", ["arn:aws:iam::123456789012:role/theirs", {"Ref": "RoleArn"}])
def test_a_role_that_is_not_in_the_template_can_be_neither_augmented_nor_audited(mode: str, role: Any) -> None:
    assert f"SLP154 Machine: `Mode: {mode}` cannot be done: the machine's role is not" in refused(
        {"RoleArn": role}, Mode=mode
    )


def test_a_machine_without_a_role_cannot_be_audited() -> None:
    assert "the machine has no role yet" in refused({}, Mode="Audit")


def test_augment_gives_a_machine_without_a_role_one() -> None:
    assert transformed({}, Mode="Augment").roles == {"Machine": "MachineRole"}


@pytest.mark.parametrize(("reaction", "severity"), [("Allow", "info"), ("Warn", "warning")])
def test_a_wildcard_matters_as_much_as_its_option_says(reaction: str, severity: str) -> None:
    (wide,) = transformed({}, OnWildcard=reaction).findings
    assert (wide.rule.id, wide.severity) == ("SLP304", severity)


def test_a_wildcard_can_be_made_an_error() -> None:
    assert "SLP304 Machine / Send: sqs:SendMessage is granted on" in refused({}, OnWildcard="Fail")


def test_an_organisation_decides_for_templates_that_say_nothing() -> None:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": DEFINITION}}
    request = Request(NothingOutside(), organisation=Organisation({"OnWildcard": "Fail"}))
    with pytest.raises(TransformFailedError, match="SLP304"):
        transform({"Resources": {"Machine": machine}}, request)


def test_an_action_can_be_taken_away() -> None:
    role = transformed({}, RemoveActions=["sqs:Send*"]).fragment["Resources"]["MachineRole"]
    assert "Policies" not in role["Properties"]


def test_a_template_names_its_options_beside_the_macro() -> None:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": DEFINITION}}
    request = Request(NothingOutside(), options={"RolePath": "/workflows/", "TrustPolicy": "Account"})
    role = transform({"Resources": {"Machine": machine}}, request).fragment["Resources"]["MachineRole"]
    assert role["Properties"]["Path"] == "/workflows/"
