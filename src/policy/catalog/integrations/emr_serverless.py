"""Amazon EMR Serverless: applications and their jobs."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.integration import (
    SYNC,
    SYNC_ONLY,
    ArnPart,
    ComposedArn,
    FixedArn,
    Given,
    Grant,
    GrantCondition,
    Integration,
    managed_rule,
    pass_role,
)

_DOCUMENTATION = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-emr-serverless.html"
_EMR = "arn:{Partition}:emr-serverless:{Region}:{AccountId}"
_APPLICATION = ComposedArn(f"{_EMR}:/applications/{{}}", (ArnPart("ApplicationId"),))
_ANY_APPLICATION = FixedArn(f"{_EMR}:/applications/*")
_ANY_RUN = ComposedArn(f"{_EMR}:/applications/{{}}/jobruns/*", (ArnPart("ApplicationId"),))
_RUN = ComposedArn(f"{_EMR}:/applications/{{}}/jobruns/{{}}", (ArnPart("ApplicationId"), ArnPart("JobRunId")))
_APPLICATION_RULE = managed_rule("StepFunctionsGetEventsForEMRServerlessApplicationRule")
_JOB_RULE = managed_rule("StepFunctionsGetEventsForEMRServerlessJobRule")


def _row(api: str, requires: tuple[str, ...], *grants: Grant, note: str = "") -> Integration:
    return Integration("emr-serverless", api, SYNC, grants, requires, _DOCUMENTATION, Basis.DOCUMENTED, note)


def _tags(resource: ComposedArn | FixedArn) -> Grant:
    return Grant(
        ("emr-serverless:TagResource",),
        resource,
        when=(Given("Tags"),),
        documentation="https://docs.aws.amazon.com/service-authorization/latest/reference/list_emr-serverless.html",
        note="Tags that come with the request are authorised on their own.",
    )


INTEGRATIONS = (
    _row(
        "createApplication",
        (),
        Grant(("emr-serverless:CreateApplication",), FixedArn(f"{_EMR}:/*")),
        Grant(
            ("emr-serverless:GetApplication", "emr-serverless:DeleteApplication"), _ANY_APPLICATION, patterns=SYNC_ONLY
        ),
        _APPLICATION_RULE,
        Grant(
            ("iam:CreateServiceLinkedRole",),
            FixedArn(
                "arn:{Partition}:iam::{AccountId}:role/aws-service-role/ops.emr-serverless.amazonaws.com/"
                "AWSServiceRoleForAmazonEMRServerless*"
            ),
            conditions=(
                GrantCondition("StringLike", "iam:AWSServiceName", FixedArn("ops.emr-serverless.amazonaws.com")),
            ),
            note="Needed for the first application of an account.",
        ),
        _tags(_ANY_APPLICATION),
        note="An application has no id before it is created. A stopped execution deletes it.",
    ),
    _row(
        "startApplication",
        ("ApplicationId",),
        Grant(("emr-serverless:StartApplication",), _APPLICATION),
        Grant(("emr-serverless:GetApplication", "emr-serverless:StopApplication"), _APPLICATION, patterns=SYNC_ONLY),
        _APPLICATION_RULE,
    ),
    _row(
        "stopApplication",
        ("ApplicationId",),
        Grant(("emr-serverless:StopApplication",), _APPLICATION),
        Grant(("emr-serverless:GetApplication",), _APPLICATION, patterns=SYNC_ONLY),
        _APPLICATION_RULE,
    ),
    _row(
        "deleteApplication",
        ("ApplicationId",),
        Grant(("emr-serverless:DeleteApplication",), _APPLICATION),
        Grant(("emr-serverless:GetApplication",), _APPLICATION, patterns=SYNC_ONLY),
        _APPLICATION_RULE,
    ),
    _row(
        "startJobRun",
        ("ApplicationId",),
        Grant(("emr-serverless:StartJobRun",), _APPLICATION),
        pass_role("ExecutionRoleArn", "emr-serverless.amazonaws.com"),
        Grant(("emr-serverless:GetJobRun", "emr-serverless:CancelJobRun"), _ANY_RUN, patterns=SYNC_ONLY),
        _JOB_RULE,
        _tags(_ANY_RUN),
    ),
    _row(
        "cancelJobRun",
        ("ApplicationId",),
        Grant(("emr-serverless:CancelJobRun",), _RUN),
        Grant(("emr-serverless:GetJobRun",), _RUN, patterns=SYNC_ONLY),
        _JOB_RULE,
    ),
)
