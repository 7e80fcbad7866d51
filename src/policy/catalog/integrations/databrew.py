"""AWS Glue DataBrew: runs of jobs."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.integration import SYNC, SYNC_ONLY, ArnPart, ComposedArn, Grant, Integration

_JOB = ComposedArn("arn:{Partition}:databrew:{Region}:{AccountId}:job/{}", (ArnPart("Name"),))

INTEGRATIONS = (
    Integration(
        service="databrew",
        api="startJobRun",
        patterns=SYNC,
        grants=(
            Grant(("databrew:StartJobRun",), _JOB),
            Grant(("databrew:ListJobRuns", "databrew:StopJobRun"), _JOB, patterns=SYNC_ONLY),
        ),
        requires=("Name",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-databrew.html",
        basis=Basis.DERIVED,
        note="The page grants `job/*` whatever the job; the Service Authorization Reference limits the actions to "
        "one. The page writes the actions with a small letter, which IAM does not mind. Step Functions polls.",
    ),
)
