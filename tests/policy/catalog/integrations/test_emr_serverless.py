"""Applications of EMR Serverless and their jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

EMR = "arn:aws:emr-serverless:eu-west-1:123456789012"
RULES = "arn:aws:events:eu-west-1:123456789012:rule"
ROLES = "arn:aws:iam::123456789012:role"
APPLICATION = {"ApplicationId": "a1"}
JOB = {**APPLICATION, "ExecutionRoleArn": f"{ROLES}/job"}


def test_an_application_is_made_and_its_service_linked_role(granted: Callable[..., Any]) -> None:
    role = granted("emr-serverless:createApplication.sync", {"Type": "SPARK"})
    assert role.on("emr-serverless:CreateApplication") == f"{EMR}:/*"
    assert role.on("emr-serverless:DeleteApplication") == f"{EMR}:/applications/*"
    assert role.condition("iam:CreateServiceLinkedRole") == {
        "StringLike": {"iam:AWSServiceName": "ops.emr-serverless.amazonaws.com"}
    }


@pytest.mark.parametrize(
    ("api", "waiting"),
    [
        ("Start", {"GetApplication", "StopApplication"}),
        ("Stop", {"GetApplication"}),
        ("Delete", {"GetApplication"}),
    ],
)
def test_an_application_is_named_by_its_id(granted: Callable[..., Any], api: str, waiting: set[str]) -> None:
    call = f"emr-serverless:{api.lower()}Application"
    action = f"emr-serverless:{api}Application"
    assert granted(call, APPLICATION).actions == {action}
    role = granted(f"{call}.sync", APPLICATION)
    assert {f"emr-serverless:{verb}" for verb in waiting} < role.actions
    assert {role.on(each) for each in role.actions if each.startswith("emr")} == {f"{EMR}:/applications/a1"}
    assert role.on("events:PutRule") == f"{RULES}/StepFunctionsGetEventsForEMRServerlessApplicationRule"


def test_a_job_is_handed_its_role(granted: Callable[..., Any]) -> None:
    role = granted("emr-serverless:startJobRun", JOB)
    assert role.on("emr-serverless:StartJobRun") == f"{EMR}:/applications/a1"
    assert role.passed() == {f"{ROLES}/job": "emr-serverless.amazonaws.com"}


def test_waiting_for_a_job_needs_to_watch_and_cancel_it(granted: Callable[..., Any]) -> None:
    role = granted("emr-serverless:startJobRun.sync", JOB)
    assert role.on("emr-serverless:CancelJobRun") == f"{EMR}:/applications/a1/jobruns/*"
    assert role.on("events:PutRule") == f"{RULES}/StepFunctionsGetEventsForEMRServerlessJobRule"


def test_a_job_is_cancelled_by_its_id(granted: Callable[..., Any]) -> None:
    role = granted("emr-serverless:cancelJobRun.sync", {**APPLICATION, "JobRunId": "r1"})
    assert role.on("emr-serverless:CancelJobRun") == f"{EMR}:/applications/a1/jobruns/r1"
    assert role.on("emr-serverless:GetJobRun") == f"{EMR}:/applications/a1/jobruns/r1"


def test_a_job_that_only_a_run_names_stays_in_its_application(granted: Callable[..., Any]) -> None:
    arguments = {**APPLICATION, "JobRunId": "{% $states.input.run %}"}
    role = granted("emr-serverless:cancelJobRun", arguments, QueryLanguage="JSONata")
    assert role.on("emr-serverless:CancelJobRun") == f"{EMR}:/applications/a1/jobruns/*"


def test_a_role_that_only_a_run_names_is_any_of_the_own_account(granted: Callable[..., Any]) -> None:
    role = granted("emr-serverless:startJobRun", {**APPLICATION, "ExecutionRoleArn.$": "$.role"})
    assert role.passed() == {f"{ROLES}/*": "emr-serverless.amazonaws.com"}
    assert role.told() == ["SLP304"]


def test_an_application_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    resources = {"Spark": {"Type": "AWS::EMRServerless::Application"}}
    arguments = {"ApplicationId": {"Fn::GetAtt": ["Spark", "ApplicationId"]}}
    role = granted_beside("emr-serverless:startApplication", arguments, resources)
    arn = "arn:${AWS::Partition}:emr-serverless:${AWS::Region}:${AWS::AccountId}:/applications/${Spark.ApplicationId}"
    assert role.on("emr-serverless:StartApplication") == {"Fn::Sub": arn}


@pytest.mark.parametrize(
    ("api", "arguments", "arn"),
    [
        ("createApplication", {"Type": "SPARK"}, "/applications/*"),
        ("startJobRun", JOB, "/applications/a1/jobruns/*"),
    ],
)
def test_tags_are_authorised_on_their_own(
    granted: Callable[..., Any],
    api: str,
    arguments: dict[str, Any],
    arn: str,
) -> None:
    role = granted(f"emr-serverless:{api}", {**arguments, "Tags": {"team": "data"}})
    assert role.on("emr-serverless:TagResource") == f"{EMR}:{arn}"


def test_the_callback_pattern_is_refused(refused: Callable[[str], str]) -> None:
    assert "it supports request response, .sync" in refused("emr-serverless:startJobRun.waitForTaskToken")
