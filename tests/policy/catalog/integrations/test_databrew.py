"""Runs of DataBrew's jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

SORT = "arn:aws:databrew:eu-west-1:123456789012:job/sort"


def test_a_run_is_granted_on_its_job_alone(granted: Callable[..., Any]) -> None:
    role = granted("databrew:startJobRun", {"Name": "sort"})
    assert role.actions == {"databrew:StartJobRun"}
    assert role.on("databrew:StartJobRun") == SORT


def test_waiting_needs_to_list_and_stop_its_runs(granted: Callable[..., Any]) -> None:
    role = granted("databrew:startJobRun.sync", {"Name": "sort"})
    assert role.actions == {"databrew:StartJobRun", "databrew:ListJobRuns", "databrew:StopJobRun"}
    assert role.on("databrew:ListJobRuns") == SORT


def test_a_job_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside("databrew:startJobRun", {"Name": {"Ref": "Sort"}}, {"Sort": {"Type": "AWS::DataBrew::Job"}})
    arn = "arn:${AWS::Partition}:databrew:${AWS::Region}:${AWS::AccountId}:job/${Sort}"
    assert role.on("databrew:StartJobRun") == {"Fn::Sub": arn}


def test_the_callback_pattern_is_refused(refused: Callable[[str], str]) -> None:
    assert "it supports request response, .sync" in refused("databrew:startJobRun.waitForTaskToken")
