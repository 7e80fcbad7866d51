"""Clusters of EMR, their roles and their steps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

EMR = "arn:aws:elasticmapreduce:eu-west-1:123456789012"
ROLES = "arn:aws:iam::123456789012:role"
RULES = "arn:aws:events:eu-west-1:123456789012:rule"
TO_EC2 = "ec2.amazonaws.com*"


def test_each_role_is_passed_to_whom_it_is_for(granted: Callable[..., Any]) -> None:
    arguments = {"ServiceRole": "EMR_DefaultRole", "JobFlowRole": "nodes", "AutoScalingRole": f"{ROLES}/emr/scaling"}
    assert granted("elasticmapreduce:createCluster", arguments).passed() == {
        f"{ROLES}/EMR_DefaultRole": "elasticmapreduce.amazonaws.com*",
        f"{ROLES}/nodes": TO_EC2,
        f"{ROLES}/emr/scaling": "application-autoscaling.amazonaws.com*",
    }


class TestInstanceProfile:
    RESOURCES: ClassVar = {
        "Profile": {
            "Type": "AWS::IAM::InstanceProfile",
            "Properties": {"InstanceProfileName": "nodes", "Roles": [{"Ref": "Nodes"}]},
        },
        "Nodes": {"Type": "AWS::IAM::Role"},
    }
    NODES = json.dumps({"Fn::GetAtt": ["Nodes", "Arn"]})

    @pytest.mark.parametrize(
        "named",
        [
            {"Ref": "Profile"},
            {"Fn::GetAtt": ["Profile", "Arn"]},
            {"Ref": "Nodes"},
            "nodes",
            "arn:aws:iam::123456789012:instance-profile/emr/nodes",
        ],
    )
    def test_of_the_template_stands_for_its_role(self, granted_beside: Callable[..., Any], named: Any) -> None:
        role = granted_beside("elasticmapreduce:createCluster", {"JobFlowRole": named}, self.RESOURCES)
        assert role.passed() == {self.NODES: TO_EC2}
        assert role.told() == ["SLP305"]

    @pytest.mark.parametrize(
        ("named", "arn"),
        [
            ("nodes", f"{ROLES}/nodes"),
            ("arn:aws:iam::123456789012:instance-profile/emr/nodes", f"{ROLES}/emr/nodes"),
        ],
    )
    def test_elsewhere_is_taken_to_hold_a_role_of_its_name_and_that_is_told(
        self,
        granted: Callable[..., Any],
        named: str,
        arn: str,
    ) -> None:
        role = granted("elasticmapreduce:createCluster", {"JobFlowRole": named})
        assert role.passed() == {arn: TO_EC2}
        assert f"the instance profile `{named}` is taken to hold a role of its own name" in role.findings[-1].detail

    def test_that_only_a_run_names_is_any_of_the_own_account(self, granted: Callable[..., Any]) -> None:
        role = granted("elasticmapreduce:createCluster", {"JobFlowRole.$": "$.profile"})
        assert role.passed() == {f"{ROLES}/*": TO_EC2}
        assert role.told() == ["SLP305", "SLP304"]

    @pytest.mark.parametrize(
        ("named", "arn"),
        [
            ("{% 'arn:aws:iam::123456789012:instance-profile/' & $states.input.name %}", f"{ROLES}/*"),
            ("{% 'arn:aws:iam::123456789012:' & $states.input.rest %}", f"{ROLES}/*"),
            ("{% 'nodes-' & $states.input.stage %}", f"{ROLES}/nodes-*"),
            ("arn:aws:iam::123456789012:nonsense", f"{ROLES}/*"),
        ],
    )
    def test_is_matched_as_far_as_it_is_known(self, granted: Callable[..., Any], named: str, arn: str) -> None:
        arguments = {"JobFlowRole": named}
        role = granted("elasticmapreduce:createCluster", arguments, QueryLanguage="JSONata")
        assert role.passed() == {arn: TO_EC2}

    @pytest.mark.parametrize(
        ("value", "ending"),
        [
            ("arn:aws:iam::123456789012:instance-profile/nodes", "role/${Value1}"),
            ("arn:aws:iam::123456789012:instance-profile/emr/nodes", "role/*"),
        ],
    )
    def test_in_a_parameter_with_its_arn(self, granted_beside: Callable[..., Any], value: str, ending: str) -> None:
        role = granted_beside(
            "elasticmapreduce:createCluster",
            {"JobFlowRole": {"Ref": "Given"}},
            {},
            Parameters={"Given": {"Type": "String", "Default": value}},
        )
        (passed,) = (json.loads(each)["Fn::Sub"] for each in role.passed())
        assert (passed if isinstance(passed, str) else passed[0]).endswith(ending)

    def test_in_a_parameter_with_its_name(self, granted_beside: Callable[..., Any]) -> None:
        role = granted_beside(
            "elasticmapreduce:createCluster",
            {"JobFlowRole": {"Ref": "Given"}},
            self.RESOURCES,
            Parameters={"Given": {"Type": "String", "Default": "others"}},
        )
        assert role.passed() == {
            json.dumps({"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/${Given}"}): TO_EC2
        }
        assert role.told() == ["SLP305", "SLP340"]


def test_waiting_for_a_cluster_needs_to_watch_and_end_it(granted: Callable[..., Any]) -> None:
    role = granted("elasticmapreduce:createCluster.sync", {"Name": "night"})
    assert role.on("elasticmapreduce:RunJobFlow") == "*"
    assert role.on("elasticmapreduce:TerminateJobFlows") == f"{EMR}:cluster/*"
    assert role.on("events:PutRule") == f"{RULES}/StepFunctionsGetEventForEMRRunJobFlowRule"


def test_a_cluster_with_tags_may_be_tagged(granted: Callable[..., Any]) -> None:
    role = granted("elasticmapreduce:createCluster", {"Tags": [{"Key": "team", "Value": "data"}]})
    assert role.on("elasticmapreduce:AddTags") == f"{EMR}:cluster/*"


def test_the_service_linked_role_that_cleans_up_may_be_made(granted: Callable[..., Any]) -> None:
    role = granted("elasticmapreduce:createCluster", {"Name": "night"})
    assert role.on("iam:CreateServiceLinkedRole") == (
        f"{ROLES}/aws-service-role/elasticmapreduce.amazonaws.com*/AWSServiceRoleForEMRCleanup*"
    )


@pytest.mark.parametrize(
    ("api", "actions"),
    [
        ("setClusterTerminationProtection", {"elasticmapreduce:SetTerminationProtection"}),
        ("terminateCluster", {"elasticmapreduce:TerminateJobFlows"}),
        ("addStep", {"elasticmapreduce:AddJobFlowSteps"}),
        ("cancelStep", {"elasticmapreduce:CancelSteps"}),
        (
            "modifyInstanceFleetByName",
            {"elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"},
        ),
        (
            "modifyInstanceGroupByName",
            {"elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"},
        ),
    ],
)
def test_a_cluster_is_named_by_its_id(granted: Callable[..., Any], api: str, actions: set[str]) -> None:
    role = granted(f"elasticmapreduce:{api}", {"ClusterId": "j-1"})
    assert role.actions == actions
    assert {role.on(action) for action in actions} == {f"{EMR}:cluster/j-1"}


@pytest.mark.parametrize(
    ("api", "extra", "rule"),
    [
        ("addStep", {"elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"}, "AddJobFlowSteps"),
        ("terminateCluster", {"elasticmapreduce:DescribeCluster"}, "TerminateJobFlows"),
    ],
)
def test_waiting_needs_more_and_a_rule(
    granted: Callable[..., Any],
    api: str,
    extra: set[str],
    rule: str,
) -> None:
    role = granted(f"elasticmapreduce:{api}.sync", {"ClusterId": "j-1"})
    assert extra < role.actions
    assert role.on("events:PutRule") == f"{RULES}/StepFunctionsGetEventForEMR{rule}Rule"


def test_a_cluster_that_only_a_run_names_is_one_of_here(granted: Callable[..., Any]) -> None:
    role = granted("elasticmapreduce:cancelStep", {"ClusterId": "{% $states.input.id %}"}, QueryLanguage="JSONata")
    assert role.on("elasticmapreduce:CancelSteps") == f"{EMR}:cluster/*"


def test_a_step_with_a_role_may_have_no_other(granted: Callable[..., Any]) -> None:
    role = granted("elasticmapreduce:addStep", {"ClusterId": "j-1", "ExecutionRoleArn": f"{ROLES}/step"})
    assert role.condition("elasticmapreduce:AddJobFlowSteps") == {
        "StringEquals": {"elasticmapreduce:ExecutionRoleArn": f"{ROLES}/step"}
    }
    assert "iam:PassRole" not in role.actions


def test_a_step_that_may_have_a_role_or_none_is_granted_for_both(granted: Callable[..., Any]) -> None:
    role = granted("elasticmapreduce:addStep", {"ClusterId": "j-1", "ExecutionRoleArn.$": "$.role"})
    assert role.condition("elasticmapreduce:AddJobFlowSteps") is None


@pytest.mark.parametrize("api", ["cancelStep", "setClusterTerminationProtection", "modifyInstanceFleetByName"])
def test_only_some_calls_can_be_waited_for(refused: Callable[[str], str], api: str) -> None:
    assert refused(f"elasticmapreduce:{api}.sync").endswith("it supports request response")
