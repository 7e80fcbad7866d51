"""AWS CodeBuild: builds, batches of builds and their reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.codebuild import (
    group_of_report,
    own_project,
    own_project_of_batch,
    project_of_build,
)
from sfn_least_privilege.policy.catalog.integration import (
    REQUEST_RESPONSE,
    SYNC,
    SYNC_ONLY,
    ArgumentArn,
    Grant,
    Integration,
    managed_rule,
    pass_named_role,
)

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.task_resource import Pattern

_PROJECT = "arn:{Partition}:codebuild:{Region}:{AccountId}:project/{}"
_STARTED = ArgumentArn("ProjectName", _PROJECT)
_STARTED_BATCH = ArgumentArn("ProjectName", _PROJECT, form=own_project)
_BATCH = ArgumentArn("Id", _PROJECT, form=own_project_of_batch)
_OVERRIDE_NOTE = (
    "The page does not have it; a role that takes the place of the project's own is passed like any other: "
    "https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html"
)
_ACCOUNT_NOTE = (
    "Where a run names the project, the page leaves the account open for single builds and not for batches; followed "
    "is the page."
)


def _row(
    api: str, patterns: tuple[Pattern, ...], argument: str, *grants: Grant, note: str = _ACCOUNT_NOTE
) -> Integration:
    return Integration(
        service="codebuild",
        api=api,
        patterns=patterns,
        grants=grants,
        requires=(argument,),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-codebuild.html",
        basis=Basis.DOCUMENTED,
        note=note,
    )


INTEGRATIONS = (
    _row(
        "startBuild",
        SYNC,
        "ProjectName",
        Grant(("codebuild:StartBuild",), _STARTED),
        Grant(("codebuild:StopBuild", "codebuild:BatchGetBuilds"), _STARTED, patterns=SYNC_ONLY),
        pass_named_role("ServiceRoleOverride", "codebuild.amazonaws.com", basis=Basis.DERIVED, note=_OVERRIDE_NOTE),
        managed_rule("StepFunctionsGetEventForCodeBuildStartBuildRule"),
    ),
    _row(
        "stopBuild",
        REQUEST_RESPONSE,
        "Id",
        Grant(("codebuild:StopBuild",), ArgumentArn("Id", _PROJECT, form=project_of_build)),
    ),
    _row(
        "batchDeleteBuilds",
        REQUEST_RESPONSE,
        "Ids",
        Grant(("codebuild:BatchDeleteBuilds",), ArgumentArn("Ids[]", _PROJECT, form=project_of_build)),
    ),
    _row(
        "batchGetReports",
        REQUEST_RESPONSE,
        "ReportArns",
        Grant(
            ("codebuild:BatchGetReports",),
            ArgumentArn(
                "ReportArns[]",
                "arn:{Partition}:codebuild:{Region}:{AccountId}:report-group/{}",
                form=group_of_report,
            ),
        ),
    ),
    _row(
        "startBuildBatch",
        SYNC,
        "ProjectName",
        Grant(("codebuild:StartBuildBatch",), _STARTED_BATCH),
        Grant(("codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches"), _STARTED_BATCH, patterns=SYNC_ONLY),
        pass_named_role("ServiceRoleOverride", "codebuild.amazonaws.com", basis=Basis.DERIVED, note=_OVERRIDE_NOTE),
        pass_named_role(
            "BuildBatchConfigOverride.ServiceRole", "codebuild.amazonaws.com", basis=Basis.DERIVED, note=_OVERRIDE_NOTE
        ),
        managed_rule("StepFunctionsGetEventForCodeBuildStartBuildBatchRule"),
    ),
    _row("stopBuildBatch", REQUEST_RESPONSE, "Id", Grant(("codebuild:StopBuildBatch",), _BATCH)),
    _row(
        "retryBuildBatch",
        SYNC,
        "Id",
        Grant(("codebuild:RetryBuildBatch",), _BATCH),
        Grant(("codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches"), _BATCH, patterns=SYNC_ONLY),
        note=f"The only .sync without a rule of its own in EventBridge: Step Functions polls. {_ACCOUNT_NOTE}",
    ),
    _row("deleteBuildBatch", REQUEST_RESPONSE, "Id", Grant(("codebuild:DeleteBuildBatch",), _BATCH)),
)
