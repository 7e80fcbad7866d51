"""AWS Elemental MediaConvert."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.encoding_job import job_templates, presets, queues
from sfn_least_privilege.policy.catalog.integration import (
    SYNC,
    SYNC_ONLY,
    Derived,
    FixedArn,
    Grant,
    GrantCondition,
    Integration,
    managed_rule,
    pass_role,
)

_CREATE = ("mediaconvert:CreateJob",)
_NAMED = (
    "The page grants all queues, job templates and presets. Granted are those that the job names, or its template may."
)

INTEGRATIONS = (
    Integration(
        service="mediaconvert",
        api="createJob",
        patterns=SYNC,
        grants=(
            Grant(_CREATE, Derived(queues, "Queue"), basis=Basis.DERIVED, note=_NAMED),
            Grant(_CREATE, Derived(job_templates, "JobTemplate"), basis=Basis.DERIVED, note=_NAMED),
            Grant(
                _CREATE,
                Derived(presets, "Settings.OutputGroups[].Outputs[].Preset"),
                basis=Basis.DERIVED,
                note=_NAMED,
            ),
            Grant(
                ("mediaconvert:GetJob", "mediaconvert:CancelJob"),
                FixedArn("arn:{Partition}:mediaconvert:{Region}:{AccountId}:jobs/*"),
                patterns=SYNC_ONLY,
                conditions=(
                    GrantCondition("StringEquals", "aws:ResourceTag/ManagedByService", FixedArn("AWSStepFunctions")),
                ),
                note="Step Functions tags the jobs it creates. CDK leaves the condition out; the page has it.",
            ),
            pass_role("Role", "mediaconvert.amazonaws.com"),
            managed_rule("StepFunctionsGetEventsForMediaConvertJobRule"),
        ),
        requires=("Role",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-mediaconvert.html",
        basis=Basis.DOCUMENTED,
    ),
)
