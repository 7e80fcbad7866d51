"""Jobs of Batch: the definition in its revision, the queue, the job itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

BATCH = "arn:aws:batch:eu-west-1:123456789012"
QUEUE = f"{BATCH}:job-queue/night"


@pytest.mark.parametrize(
    ("definition", "arns"),
    [
        ("sort:3", [f"{BATCH}:job-definition/sort:3"]),
        (f"{BATCH}:job-definition/sort:3", [f"{BATCH}:job-definition/sort:3"]),
        # Batch's guide says both of a request without a revision.
        ("sort", [f"{BATCH}:job-definition/sort", f"{BATCH}:job-definition/sort:*"]),
        (f"{BATCH}:job-definition/sort", [f"{BATCH}:job-definition/sort", f"{BATCH}:job-definition/sort:*"]),
    ],
)
def test_a_revision_is_kept_and_none_is_any(granted: Callable[..., Any], definition: str, arns: list[str]) -> None:
    role = granted("batch:submitJob", {"JobDefinition": definition, "JobQueue": "night"})
    assert role.on("batch:SubmitJob") == [*arns, QUEUE]


def test_consumable_resources_of_the_request_are_granted(granted: Callable[..., Any]) -> None:
    wanted = {"ConsumableResourceList": [{"ConsumableResource": "licences", "Quantity": 1}]}
    arguments = {"JobDefinition": "sort:3", "JobQueue": "night", "ConsumableResourcePropertiesOverride": wanted}
    assert f"{BATCH}:consumable-resource/licences" in granted("batch:submitJob", arguments).on("batch:SubmitJob")


def test_a_queue_may_be_named_by_its_arn(granted: Callable[..., Any]) -> None:
    role = granted("batch:submitJob", {"JobDefinition": "sort:3", "JobQueue": QUEUE})
    assert role.on("batch:SubmitJob") == [f"{BATCH}:job-definition/sort:3", QUEUE]


def test_a_definition_and_a_queue_of_the_template_are_referred_to(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "batch:submitJob",
        {"JobDefinition": {"Ref": "Sort"}, "JobQueue": {"Ref": "Night"}},
        {"Sort": {"Type": "AWS::Batch::JobDefinition"}, "Night": {"Type": "AWS::Batch::JobQueue"}},
    )
    assert role.on("batch:SubmitJob") == [{"Ref": "Sort"}, {"Ref": "Night"}]
    assert role.told() == []


def test_a_parameter_is_read_in_this_deployment(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "batch:submitJob",
        {"JobDefinition": {"Ref": "Definition"}, "JobQueue": {"Ref": "Night"}},
        {"Night": {"Type": "AWS::Batch::JobQueue"}},
        Parameters={"Definition": {"Type": "String", "Default": "sort:3"}},
    )
    arn = "arn:${AWS::Partition}:batch:${AWS::Region}:${AWS::AccountId}:job-definition/${Definition}"
    assert role.on("batch:SubmitJob") == [{"Fn::Sub": arn}, {"Ref": "Night"}]


def test_a_definition_that_only_a_run_names_is_any_and_that_is_told(granted: Callable[..., Any]) -> None:
    arguments = {"JobDefinition": "{% $states.input.job %}", "JobQueue": "night"}
    role = granted("batch:submitJob", arguments, QueryLanguage="JSONata")
    assert role.on("batch:SubmitJob") == ["arn:aws:batch:eu-west-1:*:job-definition/*", QUEUE]
    assert role.told() == ["SLP304"]


def test_waiting_for_a_job_needs_to_watch_and_stop_it(granted: Callable[..., Any]) -> None:
    role = granted("batch:submitJob.sync", {"JobDefinition": "sort:3", "JobQueue": "night"})
    assert role.on("batch:DescribeJobs") == "*"
    assert role.on("batch:TerminateJob") == f"{BATCH}:job/*"
    rule = "arn:aws:events:eu-west-1:123456789012:rule/StepFunctionsGetEventsForBatchJobsRule"
    assert role.on("events:PutRule") == rule
    assert role.told() == ["SLP305"]


def test_a_job_with_tags_may_be_tagged(granted: Callable[..., Any]) -> None:
    arguments = {"JobDefinition": "sort:3", "JobQueue": "night", "Tags": {"team": "data"}}
    assert granted("batch:submitJob", arguments).on("batch:TagResource") == f"{BATCH}:job/*"


def test_the_callback_pattern_is_refused(refused: Callable[[str], str]) -> None:
    assert "it supports request response, .sync" in refused("batch:submitJob.waitForTaskToken")
