"""AWS Batch: jobs."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.revision import as_named_or_latest_revision
from sfn_least_privilege.policy.catalog.integration import (
    SYNC,
    SYNC_ONLY,
    ArgumentArn,
    Derived,
    EveryResource,
    FixedArn,
    Given,
    Grant,
    Integration,
    managed_rule,
)

_SUBMIT = ("batch:SubmitJob",)
_DEFINITION = as_named_or_latest_revision(
    "JobDefinition", "arn:{Partition}:batch:{Region}:{AccountId}:job-definition/{}"
)
_QUEUE = ArgumentArn("JobQueue", "arn:{Partition}:batch:{Region}:{AccountId}:job-queue/{}")
_ANY_JOB = FixedArn("arn:{Partition}:batch:{Region}:{AccountId}:job/*")

INTEGRATIONS = (
    Integration(
        service="batch",
        api="submitJob",
        patterns=SYNC,
        grants=(
            Grant(
                _SUBMIT,
                Derived(_DEFINITION, "JobDefinition", "the definition in the revision that it names, or in any"),
                basis=Basis.DERIVED,
                note="Batch's guide says in one place that a request is authorised on the revision, in another that "
                "it is not when it names none: for a definition without a revision both are granted.",
            ),
            Grant(_SUBMIT, _QUEUE, basis=Basis.DERIVED),
            Grant(
                _SUBMIT,
                ArgumentArn(
                    "ConsumableResourcePropertiesOverride.ConsumableResourceList[].ConsumableResource",
                    "arn:{Partition}:batch:{Region}:{AccountId}:consumable-resource/{}",
                ),
                when=(Given("ConsumableResourcePropertiesOverride"),),
                basis=Basis.DERIVED,
                documentation="https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html",
            ),
            Grant(
                ("batch:TagResource",),
                _ANY_JOB,
                when=(Given("Tags"),),
                basis=Basis.DERIVED,
                documentation="https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html",
                note="Batch checks the tags of a job when it is submitted; a job has no id before.",
            ),
            Grant(
                ("batch:DescribeJobs",),
                EveryResource("Batch does not limit it to jobs"),
                patterns=SYNC_ONLY,
            ),
            Grant(
                ("batch:TerminateJob",),
                _ANY_JOB,
                patterns=SYNC_ONLY,
                basis=Basis.DERIVED,
                note="A job has no id before it is submitted.",
            ),
            managed_rule("StepFunctionsGetEventsForBatchJobsRule"),
        ),
        requires=("JobDefinition",),
        documentation="https://docs.aws.amazon.com/step-functions/latest/dg/connect-batch.html",
        basis=Basis.DOCUMENTED,
        note="The page prints `*` for all actions and says that SubmitJob can be limited by queue and definition, as "
        "newer CDK does. CDK never grants DescribeJobs and TerminateJob; the page does.",
    ),
)
