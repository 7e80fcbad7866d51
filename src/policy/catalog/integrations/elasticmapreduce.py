"""Amazon EMR: clusters and their steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.instance_profile import profiles_taken_at_their_name, roles_of_profile
from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn
from sfn_least_privilege.policy.catalog.forms.values import any_of
from sfn_least_privilege.policy.catalog.integration import (
    REQUEST_RESPONSE,
    ROLE_TEMPLATE,
    SYNC,
    SYNC_ONLY,
    ArgumentArn,
    ArnPart,
    ComposedArn,
    Derived,
    EveryResource,
    FixedArn,
    Given,
    Grant,
    GrantCondition,
    Integration,
    NotGiven,
    managed_rule,
    pass_role,
)

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.task_resource import Pattern

_DOCUMENTATION = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr.html"
_FULL_ACCESS = "https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-managed-policy-fullaccess-v2.html"
_CLUSTER = ComposedArn("arn:{Partition}:elasticmapreduce:{Region}:{AccountId}:cluster/{}", (ArnPart("ClusterId"),))
_ANY_CLUSTER = FixedArn("arn:{Partition}:elasticmapreduce:{Region}:{AccountId}:cluster/*")
_RULE_NOTE = (
    "The page of 2022, CDK and the terraform modules have the rule; today's page has it no more and says that Step "
    "Functions polls. A rule too many does no harm, a rule too few and the machine cannot be created."
)


def _pass(resource: ArgumentArn | Derived, service: str) -> Grant:
    """Passing one of a cluster's roles, to the service that EMR's own managed policy passes it to."""
    return Grant(
        ("iam:PassRole",),
        resource,
        when=(Given(resource.argument),),
        # The end stands open for China, where the principals end in `.cn`.
        conditions=(GrantCondition("StringLike", "iam:PassedToService", FixedArn(f"{service}.amazonaws.com*")),),
        note=f"The page has no condition; this one is that of AmazonEMRFullAccessPolicy_v2: {_FULL_ACCESS}.",
    )


def _role(argument: str) -> ArgumentArn:
    return ArgumentArn(argument, ROLE_TEMPLATE, form=passed_role_arn)


def _on_cluster(api: str, patterns: tuple[Pattern, ...], *grants: Grant, note: str = "") -> Integration:
    return Integration(
        "elasticmapreduce", api, patterns, grants, ("ClusterId",), _DOCUMENTATION, Basis.DOCUMENTED, note
    )


INTEGRATIONS = (
    Integration(
        service="elasticmapreduce",
        api="createCluster",
        patterns=SYNC,
        grants=(
            Grant(("elasticmapreduce:RunJobFlow",), EveryResource("the cluster does not exist yet")),
            Grant(
                ("elasticmapreduce:DescribeCluster", "elasticmapreduce:TerminateJobFlows"),
                _ANY_CLUSTER,
                patterns=SYNC_ONLY,
                basis=Basis.DERIVED,
                note="The page grants `*`; a cluster has no id before it is created.",
            ),
            _pass(_role("ServiceRole"), "elasticmapreduce"),
            _pass(
                Derived(roles_of_profile("JobFlowRole"), "JobFlowRole", "the role behind the instance profile"), "ec2"
            ),
            _pass(_role("AutoScalingRole"), "application-autoscaling"),
            pass_role(
                "StepExecutionRoleArn",
                "elasticmapreduce.amazonaws.com",
                basis=Basis.ASSUMED,
                note="The page does not have it, and no page says that it is passed; a role of the request usually is.",
            ),
            Grant(
                ("elasticmapreduce:AddTags",),
                _ANY_CLUSTER,
                when=(Given("Tags"),),
                basis=Basis.DERIVED,
                note="From CDK; the page does not have it.",
            ),
            Grant(
                ("iam:CreateServiceLinkedRole",),
                FixedArn(
                    "arn:{Partition}:iam::{AccountId}:role/aws-service-role/elasticmapreduce.amazonaws.com*/"
                    "AWSServiceRoleForEMRCleanup*"
                ),
                conditions=(
                    GrantCondition(
                        "StringEquals",
                        "iam:AWSServiceName",
                        any_of("elasticmapreduce.amazonaws.com", "elasticmapreduce.amazonaws.com.cn"),
                    ),
                ),
                documentation="https://docs.aws.amazon.com/emr/latest/ManagementGuide/"
                "using-service-linked-roles-cleanup.html",
                note="EMR makes the role, with the caller's permission, where the account has none yet.",
            ),
            managed_rule("StepFunctionsGetEventForEMRRunJobFlowRule"),
        ),
        requires=(),
        documentation=_DOCUMENTATION,
        basis=Basis.DOCUMENTED,
        note=f"The page has one template for both patterns; what only waiting needs is granted for .sync. {_RULE_NOTE}",
        notices=profiles_taken_at_their_name("JobFlowRole"),
    ),
    _on_cluster(
        "setClusterTerminationProtection",
        REQUEST_RESPONSE,
        Grant(("elasticmapreduce:SetTerminationProtection",), _CLUSTER),
    ),
    _on_cluster(
        "terminateCluster",
        SYNC,
        Grant(("elasticmapreduce:TerminateJobFlows",), _CLUSTER),
        Grant(("elasticmapreduce:DescribeCluster",), _CLUSTER, patterns=SYNC_ONLY),
        managed_rule("StepFunctionsGetEventForEMRTerminateJobFlowsRule"),
        note=_RULE_NOTE,
    ),
    _on_cluster(
        "addStep",
        SYNC,
        Grant(
            ("elasticmapreduce:AddJobFlowSteps",),
            _CLUSTER,
            when=(Given("ExecutionRoleArn"),),
            conditions=(
                GrantCondition("StringEquals", "elasticmapreduce:ExecutionRoleArn", _role("ExecutionRoleArn")),
            ),
            note="The condition is documented by EMR (emr/latest/ManagementGuide/emr-steps-runtime-roles); no role is "
            "passed for a step.",
        ),
        Grant(("elasticmapreduce:AddJobFlowSteps",), _CLUSTER, when=(NotGiven("ExecutionRoleArn"),)),
        Grant(("elasticmapreduce:DescribeStep", "elasticmapreduce:CancelSteps"), _CLUSTER, patterns=SYNC_ONLY),
        managed_rule("StepFunctionsGetEventForEMRAddJobFlowStepsRule"),
        note=_RULE_NOTE,
    ),
    _on_cluster("cancelStep", REQUEST_RESPONSE, Grant(("elasticmapreduce:CancelSteps",), _CLUSTER)),
    _on_cluster(
        "modifyInstanceFleetByName",
        REQUEST_RESPONSE,
        Grant(("elasticmapreduce:ModifyInstanceFleet", "elasticmapreduce:ListInstanceFleets"), _CLUSTER),
        note="The list tells the id of the fleet that the name stands for.",
    ),
    _on_cluster(
        "modifyInstanceGroupByName",
        REQUEST_RESPONSE,
        Grant(("elasticmapreduce:ModifyInstanceGroups", "elasticmapreduce:ListInstanceGroups"), _CLUSTER),
        note="The list tells the id of the group that the name stands for. The page's dynamic form is `*`, that of "
        "its twin for fleets is `cluster/*`.",
    ),
)
