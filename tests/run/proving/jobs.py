"""What Step Functions needs beyond the first call of a job it runs (`.sync`): to follow its end, and to stop it.

Written by hand from the page of each service below https://docs.aws.amazon.com/step-functions/latest/dg/. The calls
are not made here; what each would be authorised on is worked out as for a call that is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from proving.calls import Call, demands_of
from proving.demand import Demand
from proving.special_calls import HERE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_DG = "https://docs.aws.amazon.com/step-functions/latest/dg"
_RULE_ACTIONS = ("events:PutTargets", "events:PutRule", "events:DescribeRule")


@dataclass(frozen=True, slots=True)
class Job:
    """A job: the rule that Step Functions keeps for it, the calls that follow and stop it, what starting answers.

    ``calls`` are made of the parameters and the response of the call that started the job. ``on`` are actions whose
    resource is worked out from them by a function instead, with ``context`` as their conditions see it.
    """

    page: str
    rule: str | None = None
    calls: tuple[tuple[str, str, Callable[[Mapping[str, Any], Any], dict[str, Any]]], ...] = ()
    on: tuple[tuple[str, Callable[[Mapping[str, Any], Any], str]], ...] = ()
    started: Mapping[str, Any] = field(default_factory=dict)
    context: tuple[tuple[str, str], ...] = ()

    def follow(self, parameters: Mapping[str, Any], response: Any) -> Iterator[Demand]:
        """The demands of one job that was started with ``parameters`` and answered by ``response``."""
        source = f"{_DG}/{self.page}"
        if self.rule:
            yield from managed_rule(self.rule, source)
        for service, operation, given in self.calls:
            for demand in demands_of(Call(service, operation, given(parameters, response))):
                yield Demand(demand.action, demand.resource, demand.context, source)
        for action, resource in self.on:
            yield Demand(action, resource(parameters, response), self.context, source)


def managed_rule(name: str, source: str) -> Iterator[Demand]:
    """The rule through which Step Functions hears of the end of a job: checked when the machine is created."""
    for action in _RULE_ACTIONS:
        yield Demand(action, f"arn:aws:events:{HERE}:rule/{name}", (), source, at_creation=True)


def _arn(template: str) -> Callable[[Mapping[str, Any], Any], str]:
    """A resource with ``{}`` filled from the parameters, or from the response where they do not have it."""

    def made(parameters: Mapping[str, Any], response: Any) -> str:
        both = {**(response or {}), **parameters}
        return template.format_map({name[:1].lower() + name[1:]: value for name, value in both.items()})

    return made


def _sagemaker(kind: str, job: str, rule: str | None) -> Job:
    resource = _arn(f"arn:aws:sagemaker:{HERE}:{kind}/{{{job[0].lower()}{job[1:]}JobName}}")
    return Job(
        "connect-sagemaker.html",
        rule,
        on=(
            (f"sagemaker:Describe{job}Job", resource),
            (f"sagemaker:Stop{job}Job", resource),
            ("sagemaker:ListTags", resource),
            ("sagemaker:AddTags", resource),
        ),
    )


_CLUSTER = _arn(f"arn:aws:elasticmapreduce:{HERE}:cluster/{{clusterId}}")
_EKS_CLUSTER = _arn(f"arn:aws:eks:{HERE}:cluster/{{name}}")
_DATABREW_JOB = _arn(f"arn:aws:databrew:{HERE}:job/{{name}}")
_VIRTUAL_JOB = _arn(f"arn:aws:emr-containers:{HERE}:/virtualclusters/{{virtualClusterId}}/jobruns/0000000301e2")
_SERVERLESS_JOB = _arn(f"arn:aws:emr-serverless:{HERE}:/applications/{{applicationId}}/jobruns/00f1r2un3")
_APPLICATION = _arn(f"arn:aws:emr-serverless:{HERE}:/applications/{{applicationId}}")
_MEDIA_JOB = f"arn:aws:mediaconvert:{HERE}:jobs/1700000000000-abc123"
_TASK = f"arn:aws:ecs:{HERE}:task/{{}}/0123456789abcdef0123456789abcdef"


def _tasks(parameters: Mapping[str, Any], _: Any) -> str:
    cluster = {name.lower(): value for name, value in parameters.items()}.get("cluster", "default")
    return _TASK.format(cluster.rpartition("/")[2])


def _application(*undo: str) -> Job:
    return Job(
        "emr-serverless-iam.html",
        "StepFunctionsGetEventsForEMRServerlessApplicationRule",
        on=tuple((f"emr-serverless:{action}", _APPLICATION) for action in ("GetApplication", *undo)),
    )


def _named(name: str, parameter: str | None = None) -> Callable[[Mapping[str, Any], Any], dict[str, Any]]:
    return lambda parameters, _: {name: parameters[parameter or name]}


JOBS: dict[tuple[str, str], Job] = {
    ("athena", "startQueryExecution"): Job(
        "connect-athena.html",
        on=tuple(
            (
                f"athena:{action}",
                lambda parameters, _: f"arn:aws:athena:{HERE}:workgroup/{parameters.get('WorkGroup', 'primary')}",
            )
            for action in (
                "BatchGetQueryExecution",
                "GetQueryExecution",
                "GetQueryResults",
                "GetWorkGroup",
                "ListQueryExecutions",
                "StopQueryExecution",
            )
        ),
        started={"QueryExecutionId": "11111111-2222-3333-4444-555555555555"},
    ),
    ("batch", "submitJob"): Job(
        "batch-iam.html",
        "StepFunctionsGetEventsForBatchJobsRule",
        calls=(
            ("batch", "DescribeJobs", lambda _, response: {"jobs": [response["JobId"]]}),
            ("batch", "TerminateJob", lambda _, response: {"jobId": response["JobId"]}),
        ),
        started={"jobId": "876da822-4198-45f2-a252-6cea32512ea8"},
    ),
    ("codebuild", "startBuild"): Job(
        "codebuild-iam.html",
        "StepFunctionsGetEventForCodeBuildStartBuildRule",
        on=tuple(
            (action, _arn(f"arn:aws:codebuild:{HERE}:project/{{projectName}}"))
            for action in ("codebuild:StopBuild", "codebuild:BatchGetBuilds")
        ),
    ),
    ("codebuild", "startBuildBatch"): Job(
        "codebuild-iam.html",
        "StepFunctionsGetEventForCodeBuildStartBuildBatchRule",
        on=tuple(
            (action, _arn(f"arn:aws:codebuild:{HERE}:project/{{projectName}}"))
            for action in ("codebuild:StopBuildBatch", "codebuild:BatchGetBuildBatches")
        ),
    ),
    ("databrew", "startJobRun"): Job(
        "databrew-iam.html", on=(("databrew:ListJobRuns", _DATABREW_JOB), ("databrew:StopJobRun", _DATABREW_JOB))
    ),
    ("ecs", "runTask"): Job(
        "ecs-iam.html",
        "StepFunctionsGetEventsForECSTaskRule",
        on=(("ecs:StopTask", _tasks), ("ecs:DescribeTasks", _tasks)),
    ),
    ("eks", "createCluster"): Job(
        "eks-iam.html", on=(("eks:DescribeCluster", _EKS_CLUSTER), ("eks:DeleteCluster", _EKS_CLUSTER))
    ),
    ("eks", "deleteCluster"): Job("eks-iam.html", on=(("eks:DescribeCluster", _EKS_CLUSTER),)),
    ("eks", "runJob"): Job("connect-eks.html"),
    ("elasticmapreduce", "addStep"): Job(
        "emr-iam.html",
        "StepFunctionsGetEventForEMRAddJobFlowStepsRule",
        on=(("elasticmapreduce:DescribeStep", _CLUSTER), ("elasticmapreduce:CancelSteps", _CLUSTER)),
    ),
    ("elasticmapreduce", "createCluster"): Job(
        "emr-iam.html",
        "StepFunctionsGetEventForEMRRunJobFlowRule",
        on=(("elasticmapreduce:DescribeCluster", _CLUSTER), ("elasticmapreduce:TerminateJobFlows", _CLUSTER)),
        started={"clusterId": "j-1ABC2DEF3GHI"},
    ),
    ("elasticmapreduce", "terminateCluster"): Job(
        "emr-iam.html",
        "StepFunctionsGetEventForEMRTerminateJobFlowsRule",
        on=(("elasticmapreduce:DescribeCluster", _CLUSTER),),
    ),
    ("emr-containers", "startJobRun"): Job(
        "emr-eks-iam.html",
        on=(("emr-containers:DescribeJobRun", _VIRTUAL_JOB), ("emr-containers:CancelJobRun", _VIRTUAL_JOB)),
    ),
    ("emr-serverless", "startApplication"): _application("StopApplication"),
    ("emr-serverless", "stopApplication"): _application(),
    ("emr-serverless", "startJobRun"): Job(
        "emr-serverless-iam.html",
        "StepFunctionsGetEventsForEMRServerlessJobRule",
        on=(("emr-serverless:GetJobRun", _SERVERLESS_JOB), ("emr-serverless:CancelJobRun", _SERVERLESS_JOB)),
    ),
    ("glue", "startJobRun"): Job(
        "glue-iam.html",
        calls=(
            ("glue", "GetJobRun", _named("JobName")),
            ("glue", "GetJobRuns", _named("JobName")),
            ("glue", "BatchStopJobRun", _named("JobName")),
        ),
    ),
    ("mediaconvert", "createJob"): Job(
        "mediaconvert-iam.html",
        "StepFunctionsGetEventsForMediaConvertJobRule",
        on=(("mediaconvert:GetJob", lambda *_: _MEDIA_JOB), ("mediaconvert:CancelJob", lambda *_: _MEDIA_JOB)),
        # Step Functions tags the jobs that it creates (connect-mediaconvert.html).
        context=(("aws:ResourceTag/ManagedByService", "AWSStepFunctions"),),
    ),
    ("sagemaker", "createProcessingJob"): _sagemaker(
        "processing-job", "Processing", "StepFunctionsGetEventsForSageMakerProcessingJobsRule"
    ),
    ("sagemaker", "createTrainingJob"): _sagemaker(
        "training-job", "Training", "StepFunctionsGetEventsForSageMakerTrainingJobsRule"
    ),
    ("sagemaker", "createTransformJob"): _sagemaker(
        "transform-job", "Transform", "StepFunctionsGetEventsForSageMakerTransformJobsRule"
    ),
    ("states", "startExecution"): Job(
        "stepfunctions-iam.html",
        "StepFunctionsGetEventsForStepFunctionsExecutionRule",
        calls=(
            ("stepfunctions", "DescribeExecution", lambda _, response: {"executionArn": response["ExecutionArn"]}),
            ("stepfunctions", "StopExecution", lambda _, response: {"executionArn": response["ExecutionArn"]}),
        ),
    ),
}
