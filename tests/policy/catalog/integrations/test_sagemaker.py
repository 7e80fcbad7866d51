from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = "arn:aws:sagemaker:eu-west-1:123456789012"
ROLE = "arn:aws:iam::123456789012:role/trainer"
JOBS = [
    ("TrainingJob", "training-job", "StepFunctionsGetEventsForSageMakerTrainingJobsRule"),
    ("TransformJob", "transform-job", "StepFunctionsGetEventsForSageMakerTransformJobsRule"),
    ("HyperParameterTuningJob", "hyper-parameter-tuning-job", "StepFunctionsGetEventsForSageMakerTuningJobsRule"),
    ("ProcessingJob", "processing-job", "StepFunctionsGetEventsForSageMakerProcessingJobsRule"),
    ("LabelingJob", "labeling-job", None),
]


@pytest.mark.parametrize(("verb", "kind", "rule"), JOBS)
class TestJob:
    def test_it_is_granted_by_its_name(self, granted: Callable[..., Any], verb: str, kind: str, rule: str) -> None:
        role = granted(f"sagemaker:create{verb}", {f"{verb}Name": "nightly"})
        assert role.on(f"sagemaker:Create{verb}") == f"{OWN}:{kind}/nightly"
        assert f"sagemaker:Describe{verb}" not in role.actions
        assert "events:PutRule" not in role.actions, rule

    def test_sync_watches_and_stops_it(self, granted: Callable[..., Any], verb: str, kind: str, rule: str) -> None:
        role = granted(f"sagemaker:create{verb}.sync", {f"{verb}Name": "nightly"})
        assert role.on(f"sagemaker:Describe{verb}") == f"{OWN}:{kind}/nightly"
        assert role.on(f"sagemaker:Stop{verb}") == f"{OWN}:{kind}/nightly"
        events = role.on("events:PutRule")
        assert events == (f"arn:aws:events:eu-west-1:123456789012:rule/{rule}" if rule else None)

    def test_a_name_that_is_not_known_is_any(
        self, granted: Callable[..., Any], verb: str, kind: str, rule: str
    ) -> None:
        role = granted(f"sagemaker:create{verb}", {f"{verb}Name": "{% $uuid() %}"}, QueryLanguage="JSONata")
        assert role.on(f"sagemaker:Create{verb}") == f"{OWN}:{kind}/*", rule

    def test_callback_is_refused(self, refused: Callable[[str], str], verb: str, kind: str, rule: str) -> None:
        problem = refused(f"sagemaker:create{verb}.waitForTaskToken")
        assert "it supports request response, .sync" in problem, (kind, rule)


def test_tags_are_those_of_what_is_created(granted: Callable[..., Any]) -> None:
    role = granted("sagemaker:createTrainingJob", {"TrainingJobName": "nightly"})
    assert role.on("sagemaker:AddTags") == f"{OWN}:training-job/nightly"
    assert role.on("sagemaker:ListTags") == f"{OWN}:*"


def test_tags_of_a_tuning_job_go_further(granted: Callable[..., Any]) -> None:
    role = granted("sagemaker:createHyperParameterTuningJob", {"HyperParameterTuningJobName": "nightly"})
    assert role.on("sagemaker:AddTags") == f"{OWN}:*"


def test_a_name_with_capitals_is_granted_in_both_forms(granted: Callable[..., Any]) -> None:
    role = granted("sagemaker:createModel", {"ModelName": "Forecast"})
    assert role.on("sagemaker:CreateModel") == [f"{OWN}:model/Forecast", f"{OWN}:model/forecast"]


@pytest.mark.parametrize(
    ("given", "ends"),
    [("forecast", ["endpoint/${Name}"]), ("Forecast", ["endpoint/*"])],
)
def test_a_name_from_a_parameter_stays_a_reference_where_it_is_in_lower_case(
    granted_beside: Callable[..., Any],
    given: str,
    ends: list[str],
) -> None:
    role = granted_beside(
        "sagemaker:createEndpoint",
        {"EndpointName": {"Ref": "Name"}, "EndpointConfigName": "small"},
        {},
        Parameters={"Name": {"Type": "String", "Default": given}},
    )
    subs = [resource["Fn::Sub"] for resource in role.on("sagemaker:CreateEndpoint")]
    assert [sub.rpartition(":")[2] for sub in subs if ":endpoint/" in sub] == ends


def test_an_endpoint_configuration_of_the_template_shows_its_arn(granted_beside: Callable[..., Any]) -> None:
    role = granted_beside(
        "sagemaker:updateEndpoint",
        {"EndpointName": "forecast", "EndpointConfigName": {"Fn::GetAtt": ["Small", "EndpointConfigName"]}},
        {"Small": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {}}},
    )
    endpoint, configuration = role.on("sagemaker:UpdateEndpoint")
    assert endpoint["Fn::Sub"].endswith(":endpoint/forecast")
    assert configuration in ({"Ref": "Small"}, {"Fn::GetAtt": ["Small", "EndpointConfigArn"]})
    assert role.actions == {"sagemaker:UpdateEndpoint"}


@pytest.mark.parametrize(
    ("api", "arguments"),
    [
        ("createTrainingJob", {"TrainingJobName": "a", "RoleArn": ROLE}),
        ("createProcessingJob", {"ProcessingJobName": "a", "RoleArn": ROLE}),
        ("createLabelingJob", {"LabelingJobName": "a", "RoleArn": ROLE}),
        ("createModel", {"ModelName": "a", "ExecutionRoleArn": ROLE}),
        ("createEndpointConfig", {"EndpointConfigName": "a", "ExecutionRoleArn": ROLE}),
        (
            "createHyperParameterTuningJob",
            {"HyperParameterTuningJobName": "a", "TrainingJobDefinition": {"RoleArn": ROLE}},
        ),
        (
            "createHyperParameterTuningJob",
            {"HyperParameterTuningJobName": "a", "TrainingJobDefinitions": [{"RoleArn": ROLE}]},
        ),
    ],
)
def test_the_role_is_passed_to_the_service(
    granted: Callable[..., Any],
    api: str,
    arguments: dict[str, Any],
) -> None:
    assert granted(f"sagemaker:{api}", arguments).passed() == {ROLE: "sagemaker.amazonaws.com"}


def test_each_training_job_of_a_tuning_job_may_have_its_own_role(granted: Callable[..., Any]) -> None:
    definitions = [{"RoleArn": ROLE}, {"RoleArn": f"{ROLE}-of-another"}]
    role = granted(
        "sagemaker:createHyperParameterTuningJob",
        {"HyperParameterTuningJobName": "nightly", "TrainingJobDefinitions": definitions},
    )
    assert list(role.passed()) == [ROLE, f"{ROLE}-of-another"]


def test_a_transform_job_passes_no_role(granted: Callable[..., Any]) -> None:
    role = granted("sagemaker:createTransformJob", {"TransformJobName": "nightly", "ModelName": "forecast"})
    assert "iam:PassRole" not in role.actions


@pytest.mark.parametrize(("api", "name"), [("createModel", "ModelName"), ("createEndpoint", "EndpointName")])
def test_what_is_no_job_needs_tagging_only_with_tags(granted: Callable[..., Any], api: str, name: str) -> None:
    arguments = {name: "forecast"}
    assert "sagemaker:AddTags" not in granted(f"sagemaker:{api}", arguments).actions
    role = granted(f"sagemaker:{api}", {**arguments, "Tags": [{"Key": "team", "Value": "shop"}]})
    assert role.on("sagemaker:AddTags").endswith("/forecast")


@pytest.mark.parametrize("api", ["createModel", "createEndpoint", "createEndpointConfig", "updateEndpoint"])
def test_what_is_no_job_is_not_waited_for(refused: Callable[[str], str], api: str) -> None:
    assert "it supports request response" in refused(f"sagemaker:{api}.sync")


KEY = "arn:aws:kms:eu-west-1:123456789012:key/1234"


@pytest.mark.parametrize(
    ("verb", "runs_on"),
    [
        ("TrainingJob", {"ResourceConfig": {"VolumeKmsKeyId": KEY}}),
        ("TransformJob", {"TransformResources": {"VolumeKmsKeyId": KEY}}),
        ("HyperParameterTuningJob", {"TrainingJobDefinitions": [{"ResourceConfig": {"VolumeKmsKeyId": KEY}}]}),
        ("ProcessingJob", {"ProcessingResources": {"ClusterConfig": {"VolumeKmsKeyId": KEY}}}),
    ],
)
def test_the_key_of_a_volume_is_granted_on_to_the_service_only(
    granted: Callable[..., Any], verb: str, runs_on: dict[str, Any]
) -> None:
    role = granted(f"sagemaker:create{verb}", {f"{verb}Name": "nightly", **runs_on})
    assert role.on("kms:CreateGrant") == KEY
    assert role.condition("kms:CreateGrant") == {"Bool": {"kms:GrantIsForAWSResource": "true"}}


def test_what_aws_leaves_open_is_told(granted: Callable[..., Any]) -> None:
    (finding,) = granted("sagemaker:createTrainingJob", {"TrainingJobName": "nightly"}).findings
    assert str(finding).startswith(f"SLP342 definition / Only: sagemaker:ListTags is granted on `{OWN}:*`: nothing")
