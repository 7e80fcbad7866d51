"""What else stands in templates: it comes through as it is, and roles fit in with it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

if TYPE_CHECKING:
    from collections.abc import Callable

DEFINITION = {
    "StartAt": "Send",
    "States": {
        "Send": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Parameters": {"QueueUrl": {"Ref": "Queue"}, "MessageBody": "hello"},
            "End": True,
        }
    },
}
QUEUE = {"Queue": {"Type": "AWS::SQS::Queue"}}
PLAIN = "AWS::StepFunctions::StateMachine"
OWN = {"Fn::GetAtt": ["Own", "Arn"]}


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def machine(properties: Any = None, **around: Any) -> dict[str, Any]:
    return {"Type": PLAIN, "Properties": {"Definition": DEFINITION, **(properties or {})}, **around}


def transformed(resources: dict[str, Any], **sections: Any) -> Outcome:
    return transform({"Resources": {**QUEUE, **resources}, **sections}, Request(NothingOutside()))


def refused(resources: dict[str, Any], **sections: Any) -> str:
    with pytest.raises(TransformFailedError) as failure:
        transformed(resources, **sections)
    return str(failure.value)


@pytest.fixture
def made(check_output: Callable[[Any, Any], None]) -> Callable[..., dict[str, Any]]:
    """The resources afterwards, where everything that is no role came through, and a second run changes nothing."""

    def run(resources: dict[str, Any], **sections: Any) -> dict[str, Any]:
        before = copy.deepcopy({"Resources": {**QUEUE, **resources}, **sections})
        outcome = transformed(resources, **sections)
        check_output(before, outcome.fragment)
        assert transform(outcome.fragment, Request(NothingOutside())).fragment == outcome.fragment
        after: dict[str, Any] = outcome.fragment["Resources"]
        return after

    return run


def test_a_role_is_there_under_the_machines_condition(made: Callable[..., Any]) -> None:
    conditions = {"IsProd": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}
    resources = made({"Machine": machine(Condition="IsProd")}, Conditions=conditions)
    assert resources["MachineRole"]["Condition"] == "IsProd"


@pytest.mark.parametrize("policy", ["Retain", "RetainExceptOnCreate"])
def test_a_role_stays_as_long_as_its_machine(made: Callable[..., Any], policy: str) -> None:
    resources = made({"Machine": machine(DeletionPolicy=policy, UpdateReplacePolicy="Retain")})
    assert resources["MachineRole"]["DeletionPolicy"] == policy


def test_what_the_machine_waits_for_and_is_updated_by_stays(made: Callable[..., Any]) -> None:
    around = {"DependsOn": ["Queue"], "CreationPolicy": {}, "UpdatePolicy": {}, "Metadata": {"Mine": 1}}
    resources = made({"Machine": machine(**around)})
    assert {name: resources["Machine"][name] for name in around} == around


def test_sections_of_every_kind_come_through(made: Callable[..., Any]) -> None:
    sections = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "d",
        "Metadata": {"AWS::CloudFormation::Interface": {}},
        "Mappings": {"M": {"a": {"b": "c"}}},
        "Rules": {"R": {"Assertions": [{"Assert": {"Fn::Equals": ["a", "a"]}}]}},
        "Hooks": {"H": {"Type": "AWS::CodeDeploy::BlueGreen", "Properties": {}}},
        "Outputs": {"Arn": {"Value": {"Ref": "Machine"}}},
        "Globals": {"Function": {"Timeout": 3}},
        "Invented": 7,
    }
    assert "MachineRole" in made({"Machine": machine()}, **sections)


def test_nested_stacks_and_modules_are_somebody_elses(made: Callable[..., Any]) -> None:
    others = {
        "Nested": {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/t"}},
        "Module": {"Type": "My::Team::Workflow::MODULE", "Properties": {"RoleArn": {"Ref": "AWS::NoValue"}}},
        "Custom": {"Type": "Custom::Anything", "Properties": {"ServiceToken": "arn"}},
    }
    resources = made({**others, "Machine": machine()})
    assert list(resources) == ["Queue", *others, "Machine", "MachineRole"]


def test_a_nested_stack_can_say_what_a_machine_calls(made: Callable[..., Any]) -> None:
    nested = {"Type": "AWS::CloudFormation::Stack", "Properties": {"TemplateURL": "https://example.com/t"}}
    definition = copy.deepcopy(DEFINITION)
    call = definition["States"]["Send"]  # type: ignore[index] -- a plain dictionary
    call["Resource"] = {"Fn::GetAtt": ["Nested", "Outputs.FunctionArn"]}
    resources = made({"Nested": nested, "Machine": machine({"Definition": definition})})
    (statement,) = resources["MachineRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"] == {"Fn::GetAtt": ["Nested", "Outputs.FunctionArn"]}


def test_a_loop_that_is_not_unrolled_is_refused_with_advice() -> None:
    loop = [["Name"], ["A", "B"], {"Machine${Name}": machine()}]
    said = refused({"Fn::ForEach::Machines": loop})
    assert "SLP113 `Fn::ForEach::Machines` holds state machines" in said


def test_a_loop_without_machines_is_left_for_language_extensions(made: Callable[..., Any]) -> None:
    loop = [["Name"], ["A", "B"], {"Topic${Name}": {"Type": "AWS::SNS::Topic"}}]
    assert made({"Fn::ForEach::Topics": loop, "Machine": machine()})["Fn::ForEach::Topics"] == loop


@pytest.mark.parametrize(
    ("properties", "shape"),
    [
        ({"Fn::If": ["IsProd", {}, {}]}, "`Fn::If`"),
        ({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}}, "`Fn::Transform`"),
        ({"Fn::Transform": {"Name": "AWS::Include"}, "StateMachineName": "x"}, "`Fn::Transform`"),
        ({"Fn::FindInMap": ["a", "b", "c"]}, "`Fn::FindInMap`"),
        (None, "null"),
    ],
)
def test_properties_that_are_not_written_out_are_refused_with_advice(properties: Any, shape: str) -> None:
    said = refused({"Machine": {"Type": PLAIN, "Properties": properties}})
    assert f"SLP110 Machine: Properties is {shape}, so that its definition cannot be read" in said


def test_a_machine_whose_properties_are_not_written_out_can_be_ignored() -> None:
    resource = {
        "Type": PLAIN,
        "Metadata": {"SfnLeastPrivilege": {"Mode": "Ignore"}},
        "Properties": {"Fn::If": ["IsProd", {}, {}]},
    }
    outcome = transformed({"Machine": resource})
    assert [each.rule.id for each in outcome.findings] == ["SLP155"]
    assert outcome.fragment["Resources"]["Machine"] == resource


def test_resources_that_another_macro_is_still_to_bring_are_told() -> None:
    outcome = transformed({"Fn::Transform": {"Name": "AWS::Include", "Parameters": {}}, "Machine": machine()})
    assert any(
        "SLP116 `Resources` holds an `Fn::Transform` of `AWS::Include`" in str(each) for each in outcome.findings
    )
    assert outcome.roles == {"Machine": "MachineRole"}


CONDITIONS = {"IsProd": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}


def test_a_role_for_one_branch_only_is_told_and_left() -> None:
    resource = machine({"RoleArn": {"Fn::If": ["IsProd", OWN, {"Ref": "AWS::NoValue"}]}})
    outcome = transformed({"Machine": resource}, Conditions=CONDITIONS)
    assert [each.rule.id for each in outcome.findings] == ["SLP114"]
    assert outcome.fragment["Resources"]["Machine"] == resource


def test_settings_under_a_condition_are_asked_for_under_it(made: Callable[..., Any]) -> None:
    tracing = {"Fn::If": ["IsProd", {"Enabled": True}, {"Ref": "AWS::NoValue"}]}
    resources = made({"Machine": machine({"TracingConfiguration": tracing})}, Conditions=CONDITIONS)
    always, in_production = resources["MachineRole"]["Properties"]["Policies"]
    assert always["PolicyName"] == "Workflow"
    assert in_production["Fn::If"][0] == "IsProd"


def test_names_under_a_condition_may_both_assume_the_role(made: Callable[..., Any]) -> None:
    name = {"Fn::If": ["IsProd", "orders", "orders-test"]}
    resources = made({"Machine": machine({"StateMachineName": name})}, Conditions=CONDITIONS)
    trust = resources["MachineRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert [str(each).count("orders") for each in trust["Condition"]["ArnLike"]["aws:SourceArn"]] == [1, 1]


def test_machines_that_share_a_role_of_their_own_keep_it(made: Callable[..., Any]) -> None:
    own = {"Type": "AWS::IAM::Role", "Properties": {}}
    resources = {"Own": own, "One": machine({"RoleArn": OWN}), "Two": machine({"RoleArn": OWN})}
    assert made(resources) == {**QUEUE, **resources}


def test_machines_that_share_a_role_each_get_their_own_where_that_is_wanted(made: Callable[..., Any]) -> None:
    own = {"Type": "AWS::IAM::Role", "Properties": {}}
    wanted = {"Metadata": {"SfnLeastPrivilege": {"Mode": "Replace"}}}
    resources = made({"Own": own, **{name: machine({"RoleArn": OWN}, **wanted) for name in ("One", "Two")}})
    assert [resources[name]["Properties"]["RoleArn"]["Fn::GetAtt"][0] for name in ("One", "Two")] == [
        "OneRole",
        "TwoRole",
    ]


def test_a_name_that_is_taken_is_not_taken_again(made: Callable[..., Any]) -> None:
    parameters = {"MachineRole2": {"Type": "String", "Default": "x"}}
    resources = made({"MachineRole": {"Type": "AWS::SNS::Topic"}, "Machine": machine()}, Parameters=parameters)
    assert resources["Machine"]["Properties"]["RoleArn"] == {"Fn::GetAtt": ["MachineRole3", "Arn"]}


@pytest.mark.parametrize("resources", [None, {}, {"Queue": {"Type": "AWS::SQS::Queue"}}])
def test_a_template_without_machines_comes_back_as_it_is(resources: Any) -> None:
    outcome = transform({"Resources": resources}, Request(NothingOutside()))
    assert outcome.fragment == {"Resources": resources}
    assert outcome.findings == ()
