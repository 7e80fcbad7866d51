"""Runs of Glue's jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SORT = "arn:aws:glue:eu-west-1:123456789012:job/sort"


def test_a_run_is_granted_on_its_job_alone(granted: Callable[..., Any]) -> None:
    role = granted("glue:startJobRun", {"JobName": "sort"})
    assert role.actions == {"glue:StartJobRun"}
    assert role.on("glue:StartJobRun") == SORT


def test_waiting_needs_to_watch_and_stop_the_run_and_no_rule(granted: Callable[..., Any]) -> None:
    role = granted("glue:startJobRun.sync", {"JobName": "sort"})
    assert role.actions == {"glue:StartJobRun", "glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"}
    assert role.on("glue:BatchStopJobRun") == SORT


def test_a_job_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside("glue:startJobRun", {"JobName": {"Ref": "Sort"}}, {"Sort": {"Type": "AWS::Glue::Job"}})
    arn = "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${Sort}"
    assert role.on("glue:StartJobRun") == {"Fn::Sub": arn}


def test_what_is_known_of_a_name_stays(granted: Callable[..., Any]) -> None:
    role = granted("glue:startJobRun", {"JobName.$": "States.Format('sort-{}', $.country)"})
    assert role.on("glue:StartJobRun") == f"{SORT}-*"


def test_a_job_that_only_a_run_names_is_one_of_the_own_account(granted: Callable[..., Any]) -> None:
    role = granted("glue:startJobRun", {"JobName": "{% $states.input.job %}"}, QueryLanguage="JSONata")
    assert role.on("glue:StartJobRun") == "arn:aws:glue:eu-west-1:123456789012:job/*"
    assert role.told() == ["SLP304"]


def test_the_callback_pattern_is_refused_though_its_template_is_printed(refused: Callable[[str], str]) -> None:
    assert "it supports request response, .sync" in refused("glue:startJobRun.waitForTaskToken")
