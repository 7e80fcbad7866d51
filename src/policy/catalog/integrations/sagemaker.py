"""Amazon SageMaker AI: jobs, models and endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.lower_case import lower_case_arn
from sfn_least_privilege.policy.catalog.forms.named_key import key_grant
from sfn_least_privilege.policy.catalog.integration import (
    REQUEST_RESPONSE,
    SYNC,
    SYNC_ONLY,
    Derived,
    FixedArn,
    Given,
    Grant,
    Integration,
    managed_rule,
    pass_role,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html"
_REFERENCE = "https://docs.aws.amazon.com/sagemaker/latest/dg/api-permissions-reference.html"
_PRINCIPAL = "sagemaker.amazonaws.com"
_OWN = "arn:{Partition}:sagemaker:{Region}:{AccountId}:"
_ONE_NAME = (
    "The page prints the name with `*` behind it, which covers other names as well. Names are unique, and the "
    "service authorization reference knows each job by its own, so that the name alone is granted."
)
_GUESSED = "No page of Step Functions has a policy for it; this one follows those for training and transform jobs."


_STARTED_JOBS = "the tags go to the training jobs that the tuning job starts as well, which have names of their own"


def _named(argument: str, kind: str) -> Derived:
    return lower_case_arn(argument, f"{_OWN}{kind}/{{}}")


_LIST_TAGS = Grant(
    ("sagemaker:ListTags",),
    FixedArn(f"{_OWN}*", "nothing that AWS documents says of which resource the tags are read"),
    documentation=_REFERENCE,
    note="The page prints `*`. The action takes resources, and no call leaves Region and account; nothing says of "
    "which resource the tags are read.",
)


def _add_tags(created: Derived | FixedArn) -> Grant:
    """The tags that Step Functions puts on what it starts."""
    return Grant(
        ("sagemaker:AddTags",),
        created,
        documentation=_REFERENCE,
        note="The page prints `*`; older sources do not have the action at all. What is created with tags needs it "
        "on what is created; those of a tuning job go to the training jobs that it starts as well.",
    )


def _tags_if_given(created: Derived) -> Grant:
    return Grant(
        ("sagemaker:AddTags",),
        created,
        when=(Given("Tags"),),
        documentation=_REFERENCE,
        note="CDK grants sagemaker:ListTags only; what is created with tags needs this as well.",
    )


# The arguments that say on what a job runs.
_VOLUMES: Mapping[str, tuple[str, ...]] = {
    "TrainingJob": ("ResourceConfig",),
    "TransformJob": ("TransformResources",),
    "HyperParameterTuningJob": ("TrainingJobDefinition.ResourceConfig", "TrainingJobDefinitions[].ResourceConfig"),
    "ProcessingJob": ("ProcessingResources.ClusterConfig",),
    "LabelingJob": ("LabelingJobAlgorithmsConfig.LabelingJobResourceConfig",),
}


def _job(verb: str, kind: str, rule: str, *roles: str, basis: Basis, note: str = "") -> Integration:
    """A job: created, watched and stopped by its name."""
    name = f"{verb}Name"
    job = _named(name, kind)
    return Integration(
        service="sagemaker",
        api=f"create{verb}",
        patterns=SYNC,
        grants=(
            Grant((f"sagemaker:Create{verb}",), job, note=_ONE_NAME),
            Grant((f"sagemaker:Describe{verb}", f"sagemaker:Stop{verb}"), job, patterns=SYNC_ONLY, note=_ONE_NAME),
            _LIST_TAGS,
            _add_tags(FixedArn(f"{_OWN}*", _STARTED_JOBS) if verb == "HyperParameterTuningJob" else job),
            *(pass_role(role, _PRINCIPAL) for role in roles),
            *(key_grant(f"{volume}.VolumeKmsKeyId", _REFERENCE) for volume in _VOLUMES[verb]),
            *((managed_rule(rule),) if rule else ()),
        ),
        requires=(name,),
        documentation=_PAGE,
        basis=basis,
        note=note,
    )


INTEGRATIONS = (
    _job(
        "TrainingJob",
        "training-job",
        "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
        "RoleArn",
        basis=Basis.DOCUMENTED,
    ),
    _job(
        "TransformJob",
        "transform-job",
        "StepFunctionsGetEventsForSageMakerTransformJobsRule",
        basis=Basis.DOCUMENTED,
        note="The page prints a PassRole, which the call cannot need: it hands on no role, the model has one. "
        "The serverless plugin leaves it out as well.",
    ),
    _job(
        "HyperParameterTuningJob",
        "hyper-parameter-tuning-job",
        "StepFunctionsGetEventsForSageMakerTuningJobsRule",
        "TrainingJobDefinition.RoleArn",
        "TrainingJobDefinitions[].RoleArn",
        basis=Basis.DERIVED,
        note=f"{_GUESSED} The rule is the one of AWS's sample project.",
    ),
    _job(
        "ProcessingJob",
        "processing-job",
        "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
        "RoleArn",
        basis=Basis.DERIVED,
        note=f"{_GUESSED} The rule's name stands in public code only, and there in much of it.",
    ),
    _job(
        "LabelingJob",
        "labeling-job",
        "",
        "RoleArn",
        basis=Basis.DERIVED,
        note=f"{_GUESSED} No rule is known, so that Step Functions is taken to ask how the job is going.",
    ),
    Integration(
        service="sagemaker",
        api="createModel",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(("sagemaker:CreateModel",), _named("ModelName", "model"), note=_ONE_NAME),
            _LIST_TAGS,
            _tags_if_given(_named("ModelName", "model")),
            pass_role("ExecutionRoleArn", _PRINCIPAL),
        ),
        requires=("ModelName",),
        documentation=_PAGE,
        basis=Basis.DERIVED,
        note="No page of Step Functions has a policy for it; CDK's is followed.",
    ),
    Integration(
        service="sagemaker",
        api="createEndpointConfig",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(("sagemaker:CreateEndpointConfig",), _named("EndpointConfigName", "endpoint-config")),
            _LIST_TAGS,
            _tags_if_given(_named("EndpointConfigName", "endpoint-config")),
            pass_role("ExecutionRoleArn", _PRINCIPAL),
        ),
        requires=("EndpointConfigName",),
        documentation=_PAGE,
        basis=Basis.DERIVED,
        note="No page of Step Functions has a policy for it; it follows those for models and endpoints.",
    ),
    Integration(
        service="sagemaker",
        api="createEndpoint",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(("sagemaker:CreateEndpoint",), _named("EndpointName", "endpoint")),
            Grant(("sagemaker:CreateEndpoint",), _named("EndpointConfigName", "endpoint-config")),
            _LIST_TAGS,
            _tags_if_given(_named("EndpointName", "endpoint")),
        ),
        requires=("EndpointName",),
        documentation=_PAGE,
        basis=Basis.DERIVED,
        note="No page of Step Functions has a policy for it; CDK's is followed. Where the configuration names a key "
        "of the customer, SageMaker wants kms:CreateGrant on it as well.",
    ),
    Integration(
        service="sagemaker",
        api="updateEndpoint",
        patterns=REQUEST_RESPONSE,
        grants=(
            Grant(("sagemaker:UpdateEndpoint",), _named("EndpointName", "endpoint")),
            Grant(("sagemaker:UpdateEndpoint",), _named("EndpointConfigName", "endpoint-config")),
        ),
        requires=("EndpointName",),
        documentation=_PAGE,
        basis=Basis.DERIVED,
        note="No page of Step Functions has a policy for it; CDK's is followed.",
    ),
)
