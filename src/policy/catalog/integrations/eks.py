"""Amazon EKS: clusters, node groups, Fargate profiles, and calls of a cluster's own API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.named_key import key_grant, named_key
from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn_only
from sfn_least_privilege.policy.catalog.forms.values import any_of
from sfn_least_privilege.policy.catalog.integration import (
    CALLBACK,
    ROLE_TEMPLATE,
    SYNC,
    SYNC_AND_CALLBACK,
    SYNC_ONLY,
    ArgumentArn,
    ArnPart,
    ComposedArn,
    EveryResource,
    FixedArn,
    Given,
    Grant,
    GrantCondition,
    Integration,
    pass_role,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.asl.task_resource import Pattern
    from sfn_least_privilege.policy.catalog.integration import Call

_DOCUMENTATION = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-eks.html"
_LINKED_ROLES = "https://docs.aws.amazon.com/eks/latest/userguide/using-service-linked-roles.html"
_ENCRYPTION = "https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html"
_SECRETS_KEY = "EncryptionConfig[].Provider.KeyArn"
_EKS = "arn:{Partition}:eks:{Region}:{AccountId}"
_ROLES = "arn:{Partition}:iam::{AccountId}:role"


def _cluster(argument: str) -> ComposedArn:
    return ComposedArn(f"{_EKS}:cluster/{{}}", (ArnPart(argument),))


_NODE_GROUP = ComposedArn(f"{_EKS}:nodegroup/{{}}/{{}}/*", (ArnPart("ClusterName"), ArnPart("NodegroupName")))
_PROFILE = ComposedArn(f"{_EKS}:fargateprofile/{{}}/{{}}/*", (ArnPart("ClusterName"), ArnPart("FargateProfileName")))


def _linked_role(service: str, role: str) -> Grant:
    """EKS makes its service-linked role, with the caller's permission, where the account has none yet."""
    return Grant(
        ("iam:CreateServiceLinkedRole",),
        FixedArn(f"{_ROLES}/aws-service-role/{service}/{role}"),
        conditions=(GrantCondition("StringEquals", "iam:AWSServiceName", FixedArn(service)),),
        basis=Basis.DERIVED,
        documentation=_LINKED_ROLES,
        note="The page asks for it in words and prints no statement; this is the one role that EKS's guide names.",
    )


def _tags(resource: ComposedArn) -> Grant:
    return Grant(
        ("eks:TagResource",),
        resource,
        when=(Given("Tags"),),
        basis=Basis.DERIVED,
        documentation="https://docs.aws.amazon.com/eks/latest/userguide/eks-using-tags.html",
        note="Tags that come with the request are authorised as eks:TagResource (aws/aws-cdk#7163).",
    )


def _row(
    api: str,
    grants: tuple[Grant, ...],
    requires: tuple[str, ...],
    *,
    basis: Basis = Basis.DOCUMENTED,
    note: str = "The page prints one template for both patterns; what only waiting needs is granted for .sync.",
) -> Integration:
    return Integration("eks", api, SYNC, grants, requires, _DOCUMENTATION, basis, note)


_CLUSTER_DECIDES = (
    "the cluster decides by its own access control (an access entry or the `aws-auth` map, and RBAC) what the role "
    "may do; IAM has no part in it"
)


def _cluster_decides(_call: Call) -> Iterable[str]:
    """What there is to tell of the calls that go to the cluster itself."""
    return (_CLUSTER_DECIDES,)


def _in_cluster(api: str, patterns: tuple[Pattern, ...]) -> Integration:
    return Integration(
        "eks",
        api,
        patterns,
        (),
        (),
        _DOCUMENTATION,
        Basis.DOCUMENTED,
        "The call goes to the cluster's endpoint as the role and is authorised there. The pages disagree about the "
        "callback pattern; followed is the newer one, which has it.",
        _cluster_decides,
    )


INTEGRATIONS = (
    _row(
        "createCluster",
        (
            Grant(("eks:CreateCluster",), EveryResource("the cluster does not exist yet")),
            Grant(("eks:DescribeCluster", "eks:DeleteCluster"), _cluster("Name"), patterns=SYNC_ONLY),
            pass_role("RoleArn", "eks.amazonaws.com"),
            pass_role(
                "ComputeConfig.NodeRoleArn",
                "ec2.amazonaws.com",
                basis=Basis.DERIVED,
                note="The role of EKS Auto Mode's nodes; the page does not have it.",
            ),
            Grant(
                ("kms:DescribeKey",),
                named_key(_SECRETS_KEY),
                when=(Given(_SECRETS_KEY),),
                basis=Basis.DERIVED,
                documentation=_ENCRYPTION,
                note="The page does not have it.",
            ),
            key_grant(_SECRETS_KEY, _ENCRYPTION),
            _tags(_cluster("Name")),
            _linked_role("eks.amazonaws.com", "AWSServiceRoleForAmazonEKS"),
        ),
        ("RoleArn",),
        note="The page prints one template for both patterns, with `cluster/*`; the cluster's name is known. It says "
        "that a cluster is not deleted when the execution stops, and grants DeleteCluster all the same.",
    ),
    _row(
        "deleteCluster",
        (
            Grant(("eks:DeleteCluster",), _cluster("Name")),
            Grant(("eks:DescribeCluster",), _cluster("Name"), patterns=SYNC_ONLY),
        ),
        ("Name",),
    ),
    _row(
        "createNodegroup",
        (
            Grant(("eks:CreateNodegroup",), _cluster("ClusterName"), basis=Basis.DERIVED),
            Grant(("ec2:DescribeSubnets",), EveryResource("EC2 does not limit it to subnets")),
            Grant(("eks:DescribeNodegroup", "eks:DeleteNodegroup"), _NODE_GROUP, patterns=SYNC_ONLY),
            Grant(
                ("iam:GetRole", "iam:ListAttachedRolePolicies"),
                FixedArn(f"{_ROLES}/*", "EKS reads roles in the caller's name, and AWS documents them as any"),
                note="EKS reads the node role and its own service-linked role on the caller's behalf; the page does "
                "not say that there are no others.",
            ),
            pass_role("NodeRole", "eks.amazonaws.com", note="Node roles trust EC2; the page passes them to EKS."),
            _tags(_NODE_GROUP),
            _linked_role("eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup"),
        ),
        ("NodeRole",),
        note="The page grants CreateNodegroup on `*` and the rest on `nodegroup/*`; the Service Authorization "
        "Reference limits the first to the cluster, and the names are known.",
    ),
    _row(
        "deleteNodegroup",
        (
            Grant(("eks:DeleteNodegroup",), _NODE_GROUP),
            Grant(("eks:DescribeNodegroup",), _NODE_GROUP, patterns=SYNC_ONLY),
        ),
        ("NodegroupName",),
    ),
    _row(
        "createFargateProfile",
        (
            Grant(("eks:CreateFargateProfile",), _cluster("ClusterName")),
            Grant(("eks:DescribeFargateProfile", "eks:DeleteFargateProfile"), _PROFILE, patterns=SYNC_ONLY),
            Grant(
                ("iam:PassRole",),
                ArgumentArn("PodExecutionRoleArn", ROLE_TEMPLATE, form=passed_role_arn_only),
                when=(Given("PodExecutionRoleArn"),),
                conditions=(
                    GrantCondition(
                        "StringEquals",
                        "iam:PassedToService",
                        any_of("eks.amazonaws.com", "eks-fargate.amazonaws.com", "eks-fargate-pods.amazonaws.com"),
                    ),
                ),
                basis=Basis.ASSUMED,
                note="The page asks for it in words; no page says which of EKS's principals it is passed to.",
            ),
            Grant(
                ("iam:GetRole",),
                FixedArn(f"{_ROLES}/*AWSServiceRoleForAmazonEKSForFargate"),
                basis=Basis.DERIVED,
                documentation=_LINKED_ROLES,
                note="EKS looks for its service-linked role on the caller's behalf and refuses the request where it "
                "may not (aws-controllers-k8s/community#1821). A role that is not there yet has no path.",
            ),
            _tags(_PROFILE),
            _linked_role("eks-fargate.amazonaws.com", "AWSServiceRoleForAmazonEKSForFargate"),
        ),
        ("PodExecutionRoleArn",),
        basis=Basis.DERIVED,
        note="No page has a template; from the Service Authorization Reference and the templates of its neighbours.",
    ),
    _row(
        "deleteFargateProfile",
        (
            Grant(("eks:DeleteFargateProfile",), _PROFILE),
            Grant(("eks:DescribeFargateProfile",), _PROFILE, patterns=SYNC_ONLY),
        ),
        ("FargateProfileName",),
        basis=Basis.DERIVED,
        note="No page has a template; from the Service Authorization Reference and the templates of its neighbours.",
    ),
    _in_cluster("runJob", SYNC_AND_CALLBACK),
    _in_cluster("call", CALLBACK),
)
