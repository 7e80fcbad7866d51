"""Amazon ECS and AWS Fargate: tasks."""

from __future__ import annotations

from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.ecs_cluster import cluster_arns, tasks_of_cluster
from sfn_least_privilege.policy.catalog.forms.revision import latest_revision
from sfn_least_privilege.policy.catalog.forms.task_role import definitions_taken_by_family, roles_of_definition
from sfn_least_privilege.policy.catalog.integration import (
    SYNC_AND_CALLBACK,
    Derived,
    FixedArn,
    Given,
    Grant,
    GrantCondition,
    Integration,
    Is,
    NotGiven,
    managed_rule,
    pass_named_role,
    pass_role,
)

_RUN = ("ecs:RunTask",)
_DEFINITION = Derived(
    latest_revision("TaskDefinition", "arn:{Partition}:ecs:{Region}:{AccountId}:task-definition/{}"),
    "TaskDefinition",
    "the definition in the revision that it names, or in any",
)
_TASKS = Derived(tasks_of_cluster, "Cluster", "every task of the cluster")
_ON_CLUSTER = GrantCondition("ArnEquals", "ecs:cluster", Derived(cluster_arns, "Cluster", "the cluster"))
_TO_TASKS = (GrantCondition("StringEquals", "iam:PassedToService", FixedArn("ecs-tasks.amazonaws.com")),)
_ROLES = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"
_CREATION_TAGS = (
    Given("Tags"),
    Is("PropagateTags", ("TASK_DEFINITION", "SERVICE")),
    Is("EnableECSManagedTags", ("true",)),
)

INTEGRATIONS = (
    Integration(
        service="ecs",
        api="runTask",
        patterns=SYNC_AND_CALLBACK,
        grants=(
            Grant(
                _RUN,
                _DEFINITION,
                when=(Given("Cluster"),),
                conditions=(_ON_CLUSTER,),
                note="The condition is documented for ECS "
                "(AmazonECS/latest/developerguide/security_iam_id-based-policy-examples), not by the page.",
            ),
            Grant(
                _RUN,
                _DEFINITION,
                when=(NotGiven("Cluster"),),
                note="Nothing says that a request without a cluster carries the key `ecs:cluster`.",
            ),
            Grant(
                ("ecs:StopTask", "ecs:DescribeTasks"),
                _TASKS,
                patterns=(Pattern.SYNC,),
                basis=Basis.DERIVED,
                note="The page grants `*`, because a task has no id before it runs; its cluster is known all the same, "
                "and stands in its ARN.",
            ),
            *(
                Grant(
                    ("iam:PassRole",),
                    Derived(roles_of_definition(name), "TaskDefinition", f"the definition's {name}"),
                    conditions=_TO_TASKS,
                    documentation=_ROLES,
                    note="The page asks for it in words and prints no statement. CDK passes both roles of the "
                    "definition. Of a definition that is not in the template the roles cannot be read.",
                )
                for name in ("TaskRoleArn", "ExecutionRoleArn")
            ),
            pass_named_role("Overrides.TaskRoleArn", "ecs-tasks.amazonaws.com"),
            pass_named_role("Overrides.ExecutionRoleArn", "ecs-tasks.amazonaws.com"),
            pass_role(
                "VolumeConfigurations[].ManagedEBSVolume.RoleArn",
                "ecs.amazonaws.com",
                basis=Basis.DERIVED,
                note="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html",
            ),
            *(
                Grant(
                    ("ecs:TagResource",),
                    _TASKS,
                    when=(asked,),
                    conditions=(GrantCondition("StringEquals", "ecs:CreateAction", FixedArn("RunTask")),),
                    documentation="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/CWE_IAM_role.html",
                    note="Tags are authorised on their own where the account asks for it (tagResourceAuthorization), "
                    "which is the default.",
                )
                for asked in _CREATION_TAGS
            ),
            managed_rule("StepFunctionsGetEventsForECSTaskRule"),
        ),
        requires=("TaskDefinition",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html",
        basis=Basis.DOCUMENTED,
        note="A definition without a revision is granted in any: ECS authorises on the latest. One with a revision "
        "is granted in that alone.",
        notices=definitions_taken_by_family,
    ),
)
