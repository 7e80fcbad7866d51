"""Builds of CodeBuild, which are authorised on their projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

CODEBUILD = "arn:aws:codebuild:eu-west-1:123456789012"
SITE = f"{CODEBUILD}:project/site"
RULES = "arn:aws:events:eu-west-1:123456789012:rule"


@pytest.mark.parametrize("project", ["site", SITE])
def test_a_build_is_of_a_project(granted: Callable[..., Any], project: str) -> None:
    role = granted("codebuild:startBuild", {"ProjectName": project})
    assert role.actions == {"codebuild:StartBuild"}
    assert role.on("codebuild:StartBuild") == SITE


def test_waiting_for_a_build_needs_to_watch_and_stop_it(granted: Callable[..., Any]) -> None:
    role = granted("codebuild:startBuild.sync", {"ProjectName": "site"})
    assert role.on("codebuild:BatchGetBuilds") == role.on("codebuild:StopBuild") == SITE
    assert role.on("events:PutRule") == f"{RULES}/StepFunctionsGetEventForCodeBuildStartBuildRule"


def test_waiting_for_a_batch_has_actions_and_a_rule_of_its_own(granted: Callable[..., Any]) -> None:
    role = granted("codebuild:startBuildBatch.sync", {"ProjectName": "site"})
    assert role.on("codebuild:BatchGetBuildBatches") == role.on("codebuild:StopBuildBatch") == SITE
    assert role.on("events:PutRule") == f"{RULES}/StepFunctionsGetEventForCodeBuildStartBuildBatchRule"


def test_waiting_for_a_batch_that_is_tried_again_needs_no_rule(granted: Callable[..., Any]) -> None:
    role = granted("codebuild:retryBuildBatch.sync", {"Id": "site:1"})
    assert role.actions == {
        "codebuild:RetryBuildBatch",
        "codebuild:StopBuildBatch",
        "codebuild:BatchGetBuildBatches",
    }


@pytest.mark.parametrize(
    ("build", "project"),
    [
        ("site:0a1b", SITE),
        (f"{CODEBUILD}:build/site:0a1b", SITE),
        ("arn:aws:codebuild:eu-west-1:999988887777:build/site:0a1b", SITE.replace("123456789012", "999988887777")),
    ],
)
def test_a_build_is_stopped_on_its_project(granted: Callable[..., Any], build: str, project: str) -> None:
    assert granted("codebuild:stopBuild", {"Id": build}).on("codebuild:StopBuild") == project


@pytest.mark.parametrize(
    ("api", "action"),
    [
        ("stopBuildBatch", "codebuild:StopBuildBatch"),
        ("retryBuildBatch", "codebuild:RetryBuildBatch"),
        ("deleteBuildBatch", "codebuild:DeleteBuildBatch"),
    ],
)
@pytest.mark.parametrize("batch", ["site:0a1b", f"{CODEBUILD}:build-batch/site:0a1b"])
def test_a_batch_is_known_by_its_project(granted: Callable[..., Any], api: str, action: str, batch: str) -> None:
    assert granted(f"codebuild:{api}", {"Id": batch}).on(action) == SITE


def test_builds_are_deleted_on_each_of_their_projects(granted: Callable[..., Any]) -> None:
    role = granted("codebuild:batchDeleteBuilds", {"Ids": ["site:1", "site:2", "shop:1"]})
    assert role.on("codebuild:BatchDeleteBuilds") == [SITE, f"{CODEBUILD}:project/shop"]


def test_reports_are_read_on_their_group(granted: Callable[..., Any]) -> None:
    role = granted("codebuild:batchGetReports", {"ReportArns": [f"{CODEBUILD}:report/site-tests:1"]})
    assert role.on("codebuild:BatchGetReports") == f"{CODEBUILD}:report-group/site-tests"


@pytest.mark.parametrize(
    ("build", "project"),
    [
        ("{% 'site:' & $states.input.number %}", "123456789012:project/site"),
        ("{% 'site-' & $states.input.build %}", "123456789012:project/site-*"),
        ("{% $states.input.project & ':1' %}", "*:project/*"),
        ("{% $states.input.build %}", "*:project/*"),
        (
            "{% 'arn:aws:codebuild:eu-west-1:123456789012:build/site-' & $states.input.rest %}",
            "123456789012:project/site-*",
        ),
        ("{% 'arn:aws:codebuild:eu-west-1:' & $states.input.rest %}", "*:project/*"),
        ("arn:aws:codebuild:eu-west-1:123456789012:nonsense", "123456789012:project/*"),
    ],
)
def test_what_is_known_of_a_build_stays(granted: Callable[..., Any], build: str, project: str) -> None:
    role = granted("codebuild:stopBuild", {"Id": build}, QueryLanguage="JSONata")
    assert role.on("codebuild:StopBuild") == f"arn:aws:codebuild:eu-west-1:{project}"


@pytest.mark.parametrize(
    ("api", "argument", "action"),
    [
        ("startBuildBatch", "ProjectName", "codebuild:StartBuildBatch"),
        ("stopBuildBatch", "Id", "codebuild:StopBuildBatch"),
    ],
)
def test_a_batch_that_only_a_run_names_is_of_the_own_account(
    granted: Callable[..., Any],
    api: str,
    argument: str,
    action: str,
) -> None:
    role = granted(f"codebuild:{api}", {f"{argument}.$": "$.given"})
    assert role.on(action) == f"{CODEBUILD}:project/*"
    assert role.told() == ["SLP304"]


def test_a_project_of_the_template_is_referred_to(granted_beside: Callable[..., Any]) -> None:
    resources = {"Site": {"Type": "AWS::CodeBuild::Project"}}
    role = granted_beside("codebuild:startBuild", {"ProjectName": {"Ref": "Site"}}, resources)
    assert role.on("codebuild:StartBuild") == {"Fn::GetAtt": ["Site", "Arn"]}


def test_a_build_of_a_project_of_the_template_is_its(granted_beside: Callable[..., Any]) -> None:
    resources = {"Site": {"Type": "AWS::CodeBuild::Project"}}
    role = granted_beside("codebuild:stopBuild", {"Id": {"Fn::Sub": "${Site}:0a1b"}}, resources)
    arn = "arn:${AWS::Partition}:codebuild:${AWS::Region}:${AWS::AccountId}:project/${Site}"
    assert role.on("codebuild:StopBuild") == {"Fn::Sub": arn}


@pytest.mark.parametrize(
    ("api", "override"),
    [
        ("startBuild", {"ServiceRoleOverride": "builder"}),
        ("startBuildBatch", {"BuildBatchConfigOverride": {"ServiceRole": "builder"}}),
    ],
)
def test_a_role_in_place_of_the_projects_own_is_passed(
    granted: Callable[..., Any],
    api: str,
    override: dict[str, Any],
) -> None:
    role = granted(f"codebuild:{api}", {"ProjectName": "site", **override})
    assert role.passed() == {"arn:aws:iam::123456789012:role/builder": "codebuild.amazonaws.com"}


@pytest.mark.parametrize("api", ["stopBuild", "batchDeleteBuilds", "batchGetReports", "deleteBuildBatch"])
def test_only_builds_can_be_waited_for(refused: Callable[[str], str], api: str) -> None:
    assert refused(f"codebuild:{api}.sync").endswith("it supports request response")
