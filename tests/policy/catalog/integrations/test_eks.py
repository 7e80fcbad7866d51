"""Clusters of EKS, what is made in them, and calls of the cluster itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

EKS = "arn:aws:eks:eu-west-1:123456789012"
ROLES = "arn:aws:iam::123456789012:role"
LINKED = f"{ROLES}/aws-service-role"
CLUSTER = {"Name": "shop", "RoleArn": f"{ROLES}/cluster"}
NODES = {"ClusterName": "shop", "NodegroupName": "night", "NodeRole": f"{ROLES}/nodes"}
PROFILE = {"ClusterName": "shop", "FargateProfileName": "night", "PodExecutionRoleArn": f"{ROLES}/pods"}


def test_a_cluster_is_made_without_a_resource_and_watched_by_its_name(granted: Callable[..., Any]) -> None:
    role = granted("eks:createCluster.sync", CLUSTER)
    assert role.on("eks:CreateCluster") == "*"
    assert role.on("eks:DescribeCluster") == role.on("eks:DeleteCluster") == f"{EKS}:cluster/shop"
    assert role.passed() == {f"{ROLES}/cluster": "eks.amazonaws.com"}


def test_a_cluster_that_nobody_waits_for_is_not_watched(granted: Callable[..., Any]) -> None:
    role = granted("eks:createCluster", CLUSTER)
    assert role.actions == {"eks:CreateCluster", "iam:PassRole", "iam:CreateServiceLinkedRole"}


def test_the_key_of_a_clusters_secrets_is_granted_on_to_eks(granted: Callable[..., Any]) -> None:
    key = "arn:aws:kms:eu-west-1:123456789012:key/1234"
    encrypted = {"EncryptionConfig": [{"Provider": {"KeyArn": key}, "Resources": ["secrets"]}]}
    role = granted("eks:createCluster", {**CLUSTER, **encrypted})
    assert role.on("kms:DescribeKey") == role.on("kms:CreateGrant") == key


@pytest.mark.parametrize(
    ("api", "arguments", "service", "linked"),
    [
        ("createCluster", CLUSTER, "eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
        ("createNodegroup", NODES, "eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup"),
        ("createFargateProfile", PROFILE, "eks-fargate.amazonaws.com", "AWSServiceRoleForAmazonEKSForFargate"),
    ],
)
def test_the_service_linked_role_is_the_only_one_that_may_be_made(
    granted: Callable[..., Any],
    api: str,
    arguments: Any,
    service: str,
    linked: str,
) -> None:
    role = granted(f"eks:{api}", arguments)
    assert role.on("iam:CreateServiceLinkedRole") == f"{LINKED}/{service}/{linked}"
    assert role.condition("iam:CreateServiceLinkedRole") == {"StringEquals": {"iam:AWSServiceName": service}}


def test_a_node_group_is_made_in_its_cluster(granted: Callable[..., Any]) -> None:
    role = granted("eks:createNodegroup.sync", NODES)
    assert role.on("eks:CreateNodegroup") == f"{EKS}:cluster/shop"
    assert role.on("eks:DescribeNodegroup") == f"{EKS}:nodegroup/shop/night/*"
    assert role.on("ec2:DescribeSubnets") == "*"
    assert role.passed() == {f"{ROLES}/nodes": "eks.amazonaws.com"}


def test_a_fargate_profile_hands_on_the_role_of_its_pods(granted: Callable[..., Any]) -> None:
    role = granted("eks:createFargateProfile.sync", PROFILE)
    assert role.on("eks:CreateFargateProfile") == f"{EKS}:cluster/shop"
    assert role.on("eks:DeleteFargateProfile") == f"{EKS}:fargateprofile/shop/night/*"
    assert role.passed() == {
        f"{ROLES}/pods": ["eks.amazonaws.com", "eks-fargate.amazonaws.com", "eks-fargate-pods.amazonaws.com"]
    }
    assert role.on("iam:GetRole") == f"{ROLES}/*AWSServiceRoleForAmazonEKSForFargate"


@pytest.mark.parametrize(
    ("api", "arguments", "action", "arn"),
    [
        ("deleteCluster", {"Name": "shop"}, "eks:DeleteCluster", "cluster/shop"),
        (
            "deleteNodegroup",
            {"ClusterName": "shop", "NodegroupName": "night"},
            "eks:DeleteNodegroup",
            "nodegroup/shop/night/*",
        ),
        (
            "deleteFargateProfile",
            {"ClusterName": "shop", "FargateProfileName": "night"},
            "eks:DeleteFargateProfile",
            "fargateprofile/shop/night/*",
        ),
    ],
)
def test_what_is_deleted_is_named(
    granted: Callable[..., Any],
    api: str,
    arguments: Any,
    action: str,
    arn: str,
) -> None:
    assert granted(f"eks:{api}", arguments).actions == {action}
    waiting = granted(f"eks:{api}.sync", arguments)
    assert waiting.actions == {action, action.replace("Delete", "Describe")}
    assert waiting.on(action) == f"{EKS}:{arn}"


@pytest.mark.parametrize(
    ("api", "arguments", "arn"),
    [
        ("createCluster", CLUSTER, "cluster/shop"),
        ("createNodegroup", NODES, "nodegroup/shop/night/*"),
        ("createFargateProfile", PROFILE, "fargateprofile/shop/night/*"),
    ],
)
def test_what_is_made_with_tags_may_be_tagged(
    granted: Callable[..., Any],
    api: str,
    arguments: dict[str, Any],
    arn: str,
) -> None:
    role = granted(f"eks:{api}", {**arguments, "Tags": {"team": "data"}})
    assert role.on("eks:TagResource") == f"{EKS}:{arn}"


def test_a_cluster_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    arguments = {"ClusterName": {"Ref": "Shop"}, "NodegroupName": "night"}
    role = granted_beside("eks:deleteNodegroup", arguments, {"Shop": {"Type": "AWS::EKS::Cluster"}})
    arn = "arn:${AWS::Partition}:eks:${AWS::Region}:${AWS::AccountId}:nodegroup/${Shop}/night/*"
    assert role.on("eks:DeleteNodegroup") == {"Fn::Sub": arn}


def test_what_only_a_run_names_stays_in_its_cluster(granted: Callable[..., Any]) -> None:
    role = granted("eks:deleteNodegroup", {"ClusterName": "shop", "NodegroupName.$": "$.group"})
    assert role.on("eks:DeleteNodegroup") == f"{EKS}:nodegroup/shop/*/*"


@pytest.mark.parametrize("call", ["eks:runJob", "eks:runJob.sync", "eks:call", "eks:call.waitForTaskToken"])
def test_a_call_of_the_cluster_itself_needs_nothing_and_that_is_told(granted: Callable[..., Any], call: str) -> None:
    role = granted(call, {"ClusterName": "shop"})
    assert role.statements == []
    (notice,) = role.findings
    assert notice.rule.id == "SLP340"
    assert "the cluster decides by its own access control" in notice.detail


def test_a_call_cannot_be_waited_for(refused: Callable[[str], str]) -> None:
    assert "it supports request response, .waitForTaskToken" in refused("eks:call.sync")


def test_a_cluster_is_not_made_by_callback(refused: Callable[[str], str]) -> None:
    assert "it supports request response, .sync" in refused("eks:createCluster.waitForTaskToken")
