"""Virtual clusters of EMR on EKS and their jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

CLUSTERS = "arn:aws:emr-containers:eu-west-1:123456789012:/virtualclusters"
ROLES = "arn:aws:iam::123456789012:role"
LINKED = "AWSServiceRoleForAmazonEMRContainers"
JOB = {"VirtualClusterId": "v1", "ExecutionRoleArn": f"{ROLES}/job"}


def test_a_virtual_cluster_is_made_in_an_eks_cluster(granted: Callable[..., Any]) -> None:
    role = granted("emr-containers:createVirtualCluster", {"Name": "v", "ContainerProvider": {"Id": "shop"}})
    assert role.on("emr-containers:CreateVirtualCluster") == "*"
    assert role.on("iam:CreateServiceLinkedRole") == (f"{ROLES}/aws-service-role/emr-containers.amazonaws.com/{LINKED}")


def test_emr_may_be_let_into_that_cluster(granted: Callable[..., Any]) -> None:
    role = granted("emr-containers:createVirtualCluster", {"Name": "v", "ContainerProvider": {"Id": "shop"}})
    eks = "arn:aws:eks:eu-west-1:123456789012"
    assert role.on("eks:CreateAccessEntry") == f"{eks}:cluster/shop"
    assert role.on("eks:AssociateAccessPolicy") == f"{eks}:access-entry/shop/role/123456789012/{LINKED}/*"


def test_a_virtual_cluster_is_deleted_by_its_id(granted: Callable[..., Any]) -> None:
    role = granted("emr-containers:deleteVirtualCluster.sync", {"Id": "v1"})
    assert role.on("emr-containers:DeleteVirtualCluster") == f"{CLUSTERS}/v1"
    assert role.on("emr-containers:DescribeVirtualCluster") == f"{CLUSTERS}/v1"


def test_a_job_runs_under_its_role_and_no_other(granted: Callable[..., Any]) -> None:
    role = granted("emr-containers:startJobRun", JOB)
    assert role.actions == {"emr-containers:StartJobRun"}
    assert role.on("emr-containers:StartJobRun") == f"{CLUSTERS}/v1"
    assert role.condition("emr-containers:StartJobRun") == {
        "StringEquals": {"emr-containers:ExecutionRoleArn": f"{ROLES}/job"}
    }


def test_a_role_that_is_known_in_part_is_matched_in_part(granted: Callable[..., Any]) -> None:
    some = "{% 'arn:aws:iam::123456789012:role/job-' & $states.input.team %}"
    role = granted("emr-containers:startJobRun", {**JOB, "ExecutionRoleArn": some}, QueryLanguage="JSONata")
    assert role.condition("emr-containers:StartJobRun") == {
        "StringLike": {"emr-containers:ExecutionRoleArn": f"{ROLES}/job-*"}
    }
    assert role.told() == ["SLP341"]


def test_waiting_for_a_job_needs_to_watch_and_cancel_it(granted: Callable[..., Any]) -> None:
    role = granted("emr-containers:startJobRun.sync", JOB)
    assert role.on("emr-containers:CancelJobRun") == f"{CLUSTERS}/v1/jobruns/*"


def test_a_virtual_cluster_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    arguments = {**JOB, "VirtualClusterId": {"Ref": "Virtual"}}
    resources = {"Virtual": {"Type": "AWS::EMRContainers::VirtualCluster"}}
    arn = "arn:${AWS::Partition}:emr-containers:${AWS::Region}:${AWS::AccountId}:/virtualclusters/${Virtual}"
    role = granted_beside("emr-containers:startJobRun", arguments, resources)
    assert role.on("emr-containers:StartJobRun") == {"Fn::Sub": arn}


def test_tags_are_authorised_on_their_own(granted: Callable[..., Any]) -> None:
    role = granted("emr-containers:startJobRun", {**JOB, "Tags": {"team": "data"}})
    assert role.on("emr-containers:TagResource") == f"{CLUSTERS}/v1/jobruns/*"


def test_making_a_virtual_cluster_cannot_be_waited_for(refused: Callable[[str], str]) -> None:
    assert refused("emr-containers:createVirtualCluster.sync").endswith("it supports request response")
