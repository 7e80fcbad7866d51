"""AWS Glue: runs of jobs."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.integration import SYNC, SYNC_ONLY, ArnPart, ComposedArn, Grant, Integration

_JOB = ComposedArn("arn:{Partition}:glue:{Region}:{AccountId}:job/{}", (ArnPart("JobName"),))

INTEGRATIONS = (
    Integration(
        service="glue",
        api="startJobRun",
        patterns=SYNC,
        grants=(
            Grant(("glue:StartJobRun",), _JOB),
            Grant(("glue:GetJobRun", "glue:GetJobRuns", "glue:BatchStopJobRun"), _JOB, patterns=SYNC_ONLY),
        ),
        requires=("JobName",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-glue.html",
        basis=Basis.DERIVED,
        note="The page grants `*` and says that Glue cannot be limited to resources; the Service Authorization "
        "Reference limits all four actions to a job, and CDK does so. Step Functions polls: there is no rule of its "
        "own in EventBridge. The page prints a template for the callback pattern, which its own list of patterns "
        "does not have.",
    ),
)
