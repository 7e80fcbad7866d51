from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = "arn:aws:mediaconvert:eu-west-1:123456789012"
JOB = {"Role": "arn:aws:iam::123456789012:role/encoder", "Settings": {}}
CREATE = "mediaconvert:CreateJob"


@pytest.mark.parametrize(
    ("arguments", "resources"),
    [
        ({}, f"{OWN}:queues/Default"),
        ({"Queue": "fast"}, f"{OWN}:queues/fast"),
        ({"Queue": f"{OWN}:queues/fast"}, f"{OWN}:queues/fast"),
        (
            {"Queue": "fast", "HopDestinations": [{"Queue": "slow", "WaitMinutes": 15}]},
            [f"{OWN}:queues/fast", f"{OWN}:queues/slow"],
        ),
        (
            {"Settings": {"OutputGroups": [{"Outputs": [{"Preset": "hd"}, {"Preset": "sd"}]}]}},
            [f"{OWN}:queues/Default", f"{OWN}:presets/hd", f"{OWN}:presets/sd"],
        ),
        (
            {"Queue": "fast", "JobTemplate": "hls"},
            [f"{OWN}:queues/fast", f"{OWN}:jobTemplates/hls", f"{OWN}:presets/*"],
        ),
        ({"JobTemplate": "hls"}, [f"{OWN}:queues/*", f"{OWN}:jobTemplates/hls", f"{OWN}:presets/*"]),
    ],
)
def test_a_job_touches_what_it_names_and_what_its_template_may(
    granted: Callable[..., Any],
    arguments: dict[str, Any],
    resources: Any,
) -> None:
    assert granted("mediaconvert:createJob", {**JOB, **arguments}).on(CREATE) == resources


def test_settings_that_are_not_known_may_name_any_preset(granted: Callable[..., Any]) -> None:
    role = granted(
        "mediaconvert:createJob",
        {"Role": JOB["Role"], "Settings": "{% $states.input.settings %}"},
        QueryLanguage="JSONata",
    )
    assert role.on(CREATE) == [f"{OWN}:queues/Default", f"{OWN}:presets/*"]


def test_the_role_is_passed_to_the_service(granted: Callable[..., Any]) -> None:
    assert granted("mediaconvert:createJob", JOB).passed() == {JOB["Role"]: "mediaconvert.amazonaws.com"}


def test_sync_manages_jobs_that_step_functions_has_tagged(granted: Callable[..., Any]) -> None:
    role = granted("mediaconvert:createJob.sync", JOB)
    assert role.on("mediaconvert:GetJob") == f"{OWN}:jobs/*"
    assert role.condition("mediaconvert:CancelJob") == {
        "StringEquals": {"aws:ResourceTag/ManagedByService": "AWSStepFunctions"},
    }
    assert role.on("events:PutRule").endswith(":rule/StepFunctionsGetEventsForMediaConvertJobRule")


def test_request_response_manages_no_jobs(granted: Callable[..., Any]) -> None:
    assert granted("mediaconvert:createJob", JOB).actions == {CREATE, "iam:PassRole"}


def test_a_queue_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "mediaconvert:createJob",
        {**JOB, "Queue": {"Ref": "Fast"}},
        {"Fast": {"Type": "AWS::MediaConvert::Queue", "Properties": {}}},
    )
    assert role.on(CREATE) == {"Fn::GetAtt": ["Fast", "Arn"]}


def test_patterns(refused: Callable[[str], str]) -> None:
    assert "does not support the pattern .waitForTaskToken" in refused("mediaconvert:createJob.waitForTaskToken")
