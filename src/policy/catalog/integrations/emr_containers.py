"""Amazon EMR on EKS: virtual clusters and their jobs."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn_only
from sfn_least_privilege.policy.catalog.integration import (
    REQUEST_RESPONSE,
    ROLE_TEMPLATE,
    SYNC,
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
    NotGiven,
)

_DOCUMENTATION = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-eks.html"
_ACCESS = "https://docs.aws.amazon.com/emr/latest/EMR-on-EKS-DevelopmentGuide/setting-up-cluster-access.html"
_ACCESS_NOTE = (
    "EMR lets its service-linked role into the EKS cluster, with the caller's permission, by an access entry where the "
    "cluster has them; Step Functions' own pages do not have it."
)
_PAGE_NOTE = (
    "Today's page has no policies; followed are those of 2022, which CDK has as well. Step Functions polls: there is "
    "no rule of its own in EventBridge."
)
_SERVICE = "emr-containers.amazonaws.com"
_LINKED_ROLE = "AWSServiceRoleForAmazonEMRContainers"
_VIRTUAL_CLUSTERS = "arn:{Partition}:emr-containers:{Region}:{AccountId}:/virtualclusters"
_ENTRIES = "arn:{Partition}:eks:{Region}:{AccountId}:access-entry"
_JOB_RUNS = ComposedArn(f"{_VIRTUAL_CLUSTERS}/{{}}/jobruns/*", (ArnPart("VirtualClusterId"),))
_RUN_ON = ComposedArn(f"{_VIRTUAL_CLUSTERS}/{{}}", (ArnPart("VirtualClusterId"),))
_DELETED = ComposedArn(f"{_VIRTUAL_CLUSTERS}/{{}}", (ArnPart("Id"),))
_EKS_CLUSTER = ArnPart("ContainerProvider.Id")
_ENTRY_ACTIONS = (
    "eks:DescribeAccessEntry",
    "eks:DeleteAccessEntry",
    "eks:ListAssociatedAccessPolicies",
    "eks:AssociateAccessPolicy",
    "eks:DisassociateAccessPolicy",
)


_NO_CLUSTER = "the id of a virtual cluster does not name the cluster of EKS behind it"


def _access(actions: tuple[str, ...], resource: ComposedArn | FixedArn) -> Grant:
    return Grant(actions, resource, documentation=_ACCESS, note=_ACCESS_NOTE)


def _tags(resource: ComposedArn | FixedArn) -> Grant:
    return Grant(
        ("emr-containers:TagResource",),
        resource,
        when=(Given("Tags"),),
        basis=Basis.DERIVED,
        documentation="https://docs.aws.amazon.com/service-authorization/latest/reference/"
        "list_amazonemroneksemrcontainers.html",
        note="Tags that come with the request are authorised on their own.",
    )


INTEGRATIONS = (
    Integration(
        service="emr-containers",
        api="createVirtualCluster",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(("emr-containers:CreateVirtualCluster",), EveryResource("the virtual cluster does not exist yet")),
            Grant(
                ("iam:CreateServiceLinkedRole",),
                FixedArn(f"arn:{{Partition}}:iam::{{AccountId}}:role/aws-service-role/{_SERVICE}/{_LINKED_ROLE}"),
                conditions=(GrantCondition("StringLike", "iam:AWSServiceName", FixedArn(_SERVICE)),),
                note="The page misspells the role's name; this is CDK's and IAM's.",
            ),
            _access(
                ("eks:CreateAccessEntry",),
                ComposedArn("arn:{Partition}:eks:{Region}:{AccountId}:cluster/{}", (_EKS_CLUSTER,)),
            ),
            _access(
                _ENTRY_ACTIONS, ComposedArn(f"{_ENTRIES}/{{}}/role/{{AccountId}}/{_LINKED_ROLE}/*", (_EKS_CLUSTER,))
            ),
            _tags(FixedArn(f"{_VIRTUAL_CLUSTERS}/*")),
        ),
        requires=("ContainerProvider",),
        documentation=_DOCUMENTATION,
        basis=Basis.DOCUMENTED,
        note=_PAGE_NOTE,
    ),
    Integration(
        service="emr-containers",
        api="deleteVirtualCluster",
        patterns=SYNC,
        grants=(
            Grant(("emr-containers:DeleteVirtualCluster",), _DELETED),
            Grant(("emr-containers:DescribeVirtualCluster",), _DELETED, patterns=SYNC_ONLY),
            _access(_ENTRY_ACTIONS, FixedArn(f"{_ENTRIES}/*/role/{{AccountId}}/{_LINKED_ROLE}/*", _NO_CLUSTER)),
        ),
        requires=("Id",),
        documentation=_DOCUMENTATION,
        basis=Basis.DOCUMENTED,
        note=_PAGE_NOTE,
    ),
    Integration(
        service="emr-containers",
        api="startJobRun",
        patterns=SYNC,
        grants=(
            Grant(
                ("emr-containers:StartJobRun",),
                _RUN_ON,
                when=(Given("ExecutionRoleArn"),),
                conditions=(
                    GrantCondition(
                        "StringEquals",
                        "emr-containers:ExecutionRoleArn",
                        ArgumentArn("ExecutionRoleArn", ROLE_TEMPLATE, form=passed_role_arn_only),
                    ),
                ),
                note="The condition takes the place of iam:PassRole.",
            ),
            Grant(("emr-containers:StartJobRun",), _RUN_ON, when=(NotGiven("ExecutionRoleArn"),)),
            Grant(("emr-containers:DescribeJobRun", "emr-containers:CancelJobRun"), _JOB_RUNS, patterns=SYNC_ONLY),
            _tags(_JOB_RUNS),
        ),
        requires=("VirtualClusterId",),
        documentation=_DOCUMENTATION,
        basis=Basis.DOCUMENTED,
        note=_PAGE_NOTE,
    ),
)
