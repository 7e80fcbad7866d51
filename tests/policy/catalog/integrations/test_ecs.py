"""Tasks of ECS: the definition in its revision, its roles, its cluster."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ECS = "arn:aws:ecs:eu-west-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role"
TO_TASKS = "ecs-tasks.amazonaws.com"

TASK_DEFINITION = {
    "Type": "AWS::ECS::TaskDefinition",
    "Properties": {
        "Family": "sort",
        "TaskRoleArn": {"Fn::GetAtt": ["Worker", "Arn"]},
        "ExecutionRoleArn": {"Ref": "Puller"},
    },
}
RESOURCES = {
    "Sort": TASK_DEFINITION,
    "Worker": {"Type": "AWS::IAM::Role"},
    "Puller": {"Type": "AWS::IAM::Role"},
    "Cluster": {"Type": "AWS::ECS::Cluster"},
}


@pytest.mark.parametrize(
    ("definition", "arn"),
    [
        ("sort", f"{ECS}:task-definition/sort:*"),
        ("sort:3", f"{ECS}:task-definition/sort:3"),
        (f"{ECS}:task-definition/sort", f"{ECS}:task-definition/sort:*"),
        (f"{ECS}:task-definition/sort:3", f"{ECS}:task-definition/sort:3"),
    ],
)
def test_a_revision_is_kept_and_none_is_any(granted: Callable[..., Any], definition: str, arn: str) -> None:
    assert granted("ecs:runTask", {"TaskDefinition": definition}).on("ecs:RunTask") == arn


def test_a_definition_of_the_template_is_the_revision_that_is_deployed(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside("ecs:runTask", {"TaskDefinition": {"Ref": "Sort"}}, RESOURCES)
    assert role.on("ecs:RunTask") == {"Ref": "Sort"}


def test_a_reference_that_may_lack_a_revision_is_granted_with_and_without(granted_beside: Callable[..., Any]) -> None:
    arguments = {"TaskDefinition": {"Fn::GetAtt": ["Registered", "DefinitionArn"]}}
    role = granted_beside("ecs:runTask", arguments, {"Registered": {"Type": "AWS::Some::Thing"}})
    assert role.on("ecs:RunTask") == [
        {"Fn::GetAtt": ["Registered", "DefinitionArn"]},
        {"Fn::Sub": "${Registered.DefinitionArn}:*"},
    ]


class TestRoles:
    @pytest.mark.parametrize("named", [{"Ref": "Sort"}, "sort", "sort:3"])
    def test_those_of_a_definition_of_the_template_are_passed(
        self,
        granted_beside: Callable[..., Any],
        named: Any,
    ) -> None:
        role = granted_beside("ecs:runTask", {"TaskDefinition": named}, RESOURCES)
        assert role.passed() == {
            json.dumps({"Fn::GetAtt": ["Worker", "Arn"]}): TO_TASKS,
            json.dumps({"Fn::GetAtt": ["Puller", "Arn"]}): TO_TASKS,
        }

    def test_a_definition_that_is_found_by_its_family_is_told(self, granted_beside: Callable[..., Any]) -> None:
        role = granted_beside("ecs:runTask", {"TaskDefinition": "sort"}, RESOURCES)
        assert role.told() == ["SLP340"]
        assert "is taken to have the roles that `Sort` of this template has" in role.findings[0].detail

    def test_a_definition_without_roles_passes_none(self, granted_beside: Callable[..., Any]) -> None:
        bare = {"Sort": {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "sort"}}}
        role = granted_beside("ecs:runTask", {"TaskDefinition": {"Ref": "Sort"}}, bare)
        assert "iam:PassRole" not in role.actions

    def test_a_role_that_hangs_on_a_condition_is_passed_under_it(self, granted_beside: Callable[..., Any]) -> None:
        either = {"Fn::If": ["Big", "big", {"Ref": "AWS::NoValue"}]}
        conditional = {"Type": "AWS::ECS::TaskDefinition", "Properties": {"Family": "sort", "TaskRoleArn": either}}
        role = granted_beside(
            "ecs:runTask",
            {"TaskDefinition": {"Ref": "Sort"}},
            {"Sort": conditional},
            Conditions={"Big": {"Fn::Equals": [{"Ref": "AWS::Region"}, "x"]}},
        )
        assert "iam:PassRole" not in role.actions
        (statement,) = role.under["Big"]
        assert statement["Action"] == "iam:PassRole"

    def test_those_of_a_definition_elsewhere_may_be_any_and_that_is_told(self, granted: Callable[..., Any]) -> None:
        role = granted("ecs:runTask", {"TaskDefinition": "sort"})
        assert role.passed() == {f"{ROLE}/*": TO_TASKS}
        (warning,) = role.findings
        assert warning.rule.id == "SLP304"
        assert "give them in `Overrides`, or define it here" in warning.detail

    def test_overrides_take_the_place_of_the_definitions_own(self, granted: Callable[..., Any]) -> None:
        overrides = {"TaskRoleArn": "worker", "ExecutionRoleArn": f"{ROLE}/pulling/puller"}
        role = granted("ecs:runTask", {"TaskDefinition": "sort", "Overrides": overrides})
        assert role.passed() == {f"{ROLE}/worker": TO_TASKS, f"{ROLE}/pulling/puller": TO_TASKS}
        assert role.told() == []

    def test_one_override_leaves_the_other_role_to_the_definition(self, granted_beside: Callable[..., Any]) -> None:
        arguments = {"TaskDefinition": {"Ref": "Sort"}, "Overrides": {"TaskRoleArn": "other"}}
        role = granted_beside("ecs:runTask", arguments, RESOURCES)
        other = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/other"}
        assert role.passed() == {
            json.dumps({"Fn::GetAtt": ["Puller", "Arn"]}): TO_TASKS,
            json.dumps(other): TO_TASKS,
        }

    def test_the_role_of_a_volume_is_passed_to_ecs_itself(self, granted: Callable[..., Any]) -> None:
        overrides = {"TaskRoleArn": "worker", "ExecutionRoleArn": "puller"}
        volumes = [{"Name": "data", "ManagedEBSVolume": {"RoleArn": f"{ROLE}/volumes"}}]
        arguments = {"TaskDefinition": "sort", "Overrides": overrides, "VolumeConfigurations": volumes}
        assert granted("ecs:runTask", arguments).passed()[f"{ROLE}/volumes"] == "ecs.amazonaws.com"


class TestCluster:
    @pytest.mark.parametrize("cluster", ["prod", f"{ECS}:cluster/prod"])
    def test_tasks_run_on_it_alone(self, granted: Callable[..., Any], cluster: str) -> None:
        role = granted("ecs:runTask.sync", {"TaskDefinition": "sort:3", "Cluster": cluster})
        assert role.condition("ecs:RunTask") == {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/prod"}}
        assert role.on("ecs:StopTask") == role.on("ecs:DescribeTasks") == f"{ECS}:task/prod/*"

    @pytest.mark.parametrize("named", [{"Ref": "Cluster"}, {"Fn::GetAtt": ["Cluster", "Arn"]}])
    def test_one_of_the_template_is_referred_to(self, granted_beside: Callable[..., Any], named: Any) -> None:
        role = granted_beside("ecs:runTask.sync", {"TaskDefinition": {"Ref": "Sort"}, "Cluster": named}, RESOURCES)
        assert role.condition("ecs:RunTask") == {"ArnEquals": {"ecs:cluster": {"Fn::GetAtt": ["Cluster", "Arn"]}}}
        assert role.on("ecs:StopTask") == {
            "Fn::Sub": "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:task/${Cluster}/*"
        }

    def test_the_name_is_picked_from_a_parameter_that_holds_an_arn(self, granted_beside: Callable[..., Any]) -> None:
        role = granted_beside(
            "ecs:runTask.sync",
            {"TaskDefinition": {"Ref": "Sort"}, "Cluster": {"Ref": "Shared"}},
            RESOURCES,
            Parameters={"Shared": {"Type": "String", "Default": f"{ECS}:cluster/prod"}},
        )
        assert role.condition("ecs:RunTask") == {"ArnEquals": {"ecs:cluster": {"Ref": "Shared"}}}
        picked = {"Fn::Select": [1, {"Fn::Split": ["/", {"Ref": "Shared"}]}]}
        assert role.on("ecs:StopTask")["Fn::Sub"][1] == {"Value1": picked}

    def test_it_is_called_default_where_it_is_not_named(self, granted: Callable[..., Any]) -> None:
        role = granted("ecs:runTask.sync", {"TaskDefinition": "sort:3"})
        assert role.on("ecs:StopTask") == f"{ECS}:task/default/*"
        assert role.condition("ecs:RunTask") is None

    def test_one_that_only_a_run_names_takes_the_condition_away_and_that_is_told(
        self,
        granted: Callable[..., Any],
    ) -> None:
        role = granted("ecs:runTask", {"TaskDefinition": "sort:3", "Cluster.$": "$.cluster"})
        assert role.condition("ecs:RunTask") is None
        assert "SLP308" in role.told()

    def test_one_that_is_known_in_part_is_matched_in_part(self, granted: Callable[..., Any]) -> None:
        arguments = {"TaskDefinition": "sort:3", "Cluster": "{% 'prod-' & $states.input.stage %}"}
        role = granted("ecs:runTask.sync", arguments, QueryLanguage="JSONata")
        assert role.condition("ecs:RunTask") == {"ArnEquals": {"ecs:cluster": f"{ECS}:cluster/prod-*"}}
        assert role.on("ecs:StopTask") == f"{ECS}:task/prod-*/*"
        assert "SLP341" in role.told()


@pytest.mark.parametrize(
    "tags",
    [
        {"Tags": [{"Key": "team", "Value": "data"}]},
        {"PropagateTags": "TASK_DEFINITION"},
        {"EnableECSManagedTags": True},
    ],
    ids=str,
)
def test_tags_of_a_task_are_authorised_on_their_own(granted: Callable[..., Any], tags: dict[str, Any]) -> None:
    role = granted("ecs:runTask", {"TaskDefinition": "sort:3", "Cluster": "prod", **tags})
    assert role.on("ecs:TagResource") == f"{ECS}:task/prod/*"
    assert role.condition("ecs:TagResource") == {"StringEquals": {"ecs:CreateAction": "RunTask"}}


@pytest.mark.parametrize("tags", [{}, {"EnableECSManagedTags": False}, {"PropagateTags": "NONE"}], ids=str)
def test_a_task_without_tags_may_not_be_tagged(granted: Callable[..., Any], tags: dict[str, Any]) -> None:
    role = granted("ecs:runTask", {"TaskDefinition": "sort:3", "Cluster": "prod", **tags})
    assert "ecs:TagResource" not in role.actions


@pytest.mark.parametrize("pattern", ["", ".waitForTaskToken"])
def test_only_waiting_for_the_end_needs_to_watch_and_stop(granted: Callable[..., Any], pattern: str) -> None:
    role = granted(f"ecs:runTask{pattern}", {"TaskDefinition": "sort:3"})
    assert role.actions == {"ecs:RunTask", "iam:PassRole"}


def test_waiting_for_the_end_needs_its_rule(granted: Callable[..., Any]) -> None:
    role = granted("ecs:runTask.sync", {"TaskDefinition": "sort:3"})
    rule = "arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForECSTaskRule"
    assert role.on("events:PutRule") == rule


def test_an_imported_cluster_is_named_at_deployment(granted_beside: Callable[..., Any]) -> None:
    imported = {"Fn::ImportValue": "cluster"}
    role = granted_beside("ecs:runTask.sync", {"TaskDefinition": "tidy:1", "Cluster": imported}, {})
    behind_slash = {"Fn::Select": [1, {"Fn::Split": ["/", {"Fn::Join": ["/", [imported, imported]]}]}]}
    template, values = role.on("ecs:StopTask")["Fn::Sub"]
    assert template.endswith(":task/${Value1}/*")
    assert values == {"Value1": behind_slash}
    assert "ecs:cluster" in role.condition("ecs:RunTask")["ArnEquals"]
