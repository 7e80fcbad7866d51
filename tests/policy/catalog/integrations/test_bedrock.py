from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = "arn:aws:bedrock:eu-west-1:123456789012"
BASE = "arn:aws:bedrock:eu-west-1::foundation-model"
ANYWHERE = "arn:aws:bedrock:*::foundation-model"
INVOKE = "bedrock:InvokeModel"


class TestInvokeModel:
    @pytest.mark.parametrize(
        ("model", "resources"),
        [
            ("anthropic.claude-v2:1", f"{BASE}/anthropic.claude-v2:1"),
            ("deepseek.v3.2", f"{BASE}/deepseek.v3.2"),
            (f"{BASE}/meta.llama3-8b-v1:0", f"{BASE}/meta.llama3-8b-v1:0"),
            (f"{OWN}:provisioned-model/a1b2c3d4e5f6", f"{OWN}:provisioned-model/a1b2c3d4e5f6"),
            (f"{OWN}:imported-model/a1b2c3d4e5f6", f"{OWN}:imported-model/a1b2c3d4e5f6"),
            (f"{OWN}:custom-model-deployment/a1b2c3d4e5f6", f"{OWN}:custom-model-deployment/a1b2c3d4e5f6"),
        ],
    )
    def test_a_model_is_granted_itself(self, granted: Callable[..., Any], model: str, resources: str) -> None:
        assert granted("bedrock:invokeModel", {"ModelId": model}).on(INVOKE) == resources

    @pytest.mark.parametrize(
        ("profile", "model"),
        [
            ("eu.anthropic.claude-sonnet-4-v1:0", "anthropic.claude-sonnet-4-v1:0"),
            ("us-gov.anthropic.claude-v2", "anthropic.claude-v2"),
            ("apac.amazon.nova-pro-v1:0", "amazon.nova-pro-v1:0"),
            ("global.anthropic.claude-opus-4-v1", "anthropic.claude-opus-4-v1"),
        ],
    )
    def test_a_profile_comes_with_its_model_in_every_region(
        self,
        granted: Callable[..., Any],
        profile: str,
        model: str,
    ) -> None:
        granted_on = granted("bedrock:invokeModel", {"ModelId": profile}).on(INVOKE)
        assert granted_on == [f"{OWN}:inference-profile/{profile}", f"{ANYWHERE}/{model}"]

    def test_the_arn_of_a_profile_does_as_well(self, granted: Callable[..., Any]) -> None:
        profile = f"{OWN}:inference-profile/eu.meta.llama3-v1:0"
        granted_on = granted("bedrock:invokeModel", {"ModelId": profile}).on(INVOKE)
        assert granted_on == [profile, f"{ANYWHERE}/meta.llama3-v1:0"]

    def test_an_endpoint_of_the_marketplace_is_called_by_bedrock_for_the_role(
        self, granted: Callable[..., Any]
    ) -> None:
        endpoint = "arn:aws:sagemaker:eu-west-1:123456789012:endpoint/mine"
        role = granted("bedrock:invokeModel", {"ModelId": endpoint})
        assert role.on(INVOKE) == f"{OWN}:marketplace/model-endpoint/all-access"
        assert role.on("sagemaker:InvokeEndpoint") == endpoint
        assert role.condition("sagemaker:InvokeEndpoint") == {
            "StringEquals": {"aws:CalledViaLast": "bedrock.amazonaws.com"}
        }

    def test_a_model_that_only_a_run_knows_may_be_a_router_and_is_told_of_once(
        self, granted: Callable[..., Any]
    ) -> None:
        role = granted("bedrock:invokeModel", {"ModelId.$": "$.model"})
        assert f"{OWN}:default-prompt-router/*" in role.on(INVOKE)
        assert role.told() == ["SLP304"]

    def test_the_models_behind_an_application_profile_are_told_to_be_open(self, granted: Callable[..., Any]) -> None:
        profile = f"{OWN}:application-inference-profile/a1b2c3"
        role = granted("bedrock:invokeModel", {"ModelId": profile})
        assert role.on(INVOKE) == [profile, f"{ANYWHERE}/*"]
        assert role.told() == ["SLP304"]

    @pytest.mark.parametrize(
        ("copied", "model"),
        [
            (f"{BASE}/anthropic.claude-v2", f"{BASE}/anthropic.claude-v2"),
            (
                f"{OWN}:inference-profile/eu.anthropic.claude-v3",
                {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/anthropic.claude-v3"},
            ),
        ],
    )
    def test_an_application_profile_of_the_template_shows_its_models(
        self,
        granted_beside: Callable[..., Any],
        copied: str,
        model: Any,
    ) -> None:
        profile = {
            "Type": "AWS::Bedrock::ApplicationInferenceProfile",
            "Properties": {"ModelSource": {"CopyFrom": copied}},
        }
        role = granted_beside(
            "bedrock:invokeModel",
            {"ModelId": {"Fn::GetAtt": ["Shop", "InferenceProfileArn"]}},
            {"Shop": profile},
        )
        assert role.on(INVOKE) == [{"Fn::GetAtt": ["Shop", "InferenceProfileArn"]}, model]

    def test_a_parameter_that_holds_a_models_id_stays_a_reference(self, granted_beside: Callable[..., Any]) -> None:
        role = granted_beside(
            "bedrock:invokeModel",
            {"ModelId": {"Ref": "Model"}},
            {},
            Parameters={"Model": {"Type": "String", "Default": "anthropic.claude-v2"}},
        )
        assert role.on(INVOKE) == {"Fn::Sub": "arn:${AWS::Partition}:bedrock:${AWS::Region}::foundation-model/${Model}"}

    def test_a_geography_from_a_parameter_leaves_the_model_known(self, granted_beside: Callable[..., Any]) -> None:
        role = granted_beside(
            "bedrock:invokeModel",
            {"ModelId": {"Fn::Sub": "${Geography}.anthropic.claude-v3"}},
            {},
            Parameters={"Geography": {"Type": "String", "Default": "eu"}},
        )
        _, model = role.on(INVOKE)
        assert model == {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/anthropic.claude-v3"}

    def test_a_profile_from_a_parameter_opens_the_models_and_says_so(self, granted_beside: Callable[..., Any]) -> None:
        role = granted_beside(
            "bedrock:invokeModel",
            {"ModelId": {"Ref": "Model"}},
            {},
            Parameters={"Model": {"Type": "String", "Default": "eu.anthropic.claude-v3"}},
        )
        profile, model = role.on(INVOKE)
        assert profile["Fn::Sub"].endswith(":inference-profile/${Model}")
        assert model == {"Fn::Sub": "arn:${AWS::Partition}:bedrock:*::foundation-model/*"}
        assert "SLP304" in role.told()

    @pytest.mark.parametrize(
        ("model", "resources"),
        [
            ("{% 'anthropic.' & $states.input.model %}", f"{BASE}/anthropic.*"),
            ("{% 'eu.' & $states.input.model %}", [f"{OWN}:inference-profile/eu.*", f"{ANYWHERE}/*"]),
        ],
    )
    def test_what_is_known_of_a_models_id_stays(
        self,
        granted: Callable[..., Any],
        model: str,
        resources: Any,
    ) -> None:
        role = granted("bedrock:invokeModel", {"ModelId": model}, QueryLanguage="JSONata")
        assert role.on(INVOKE) == resources

    def test_a_model_that_is_not_known_may_be_a_profile_too(self, granted: Callable[..., Any]) -> None:
        resources = granted("bedrock:invokeModel", {"ModelId.$": "$.model"}).on(INVOKE)
        assert f"{ANYWHERE}/*" in resources
        assert f"{OWN}:inference-profile/*" in resources
        assert f"{OWN}:provisioned-model/*" in resources

    def test_input_output_and_guardrail_are_granted_where_they_are_given(self, granted: Callable[..., Any]) -> None:
        role = granted(
            "bedrock:invokeModel",
            {
                "ModelId": "amazon.titan-text-lite-v1",
                "Input": {"S3Uri": "s3://prompts/question.json"},
                "Output": {"S3Uri.$": "States.Format('s3://answers/{}.json', $.id)"},
                "GuardrailIdentifier": "g1a2b3",
            },
        )
        assert role.on("s3:GetObject") == "arn:aws:s3:::prompts/question.json"
        assert role.on("s3:PutObject") == "arn:aws:s3:::answers/*.json"
        assert role.on("bedrock:ApplyGuardrail") == f"{OWN}:guardrail/g1a2b3"

    def test_a_body_needs_no_bucket(self, granted: Callable[..., Any]) -> None:
        role = granted("bedrock:invokeModel", {"ModelId": "amazon.titan-text-lite-v1", "Body": {}})
        assert role.actions == {INVOKE}

    def test_a_uri_in_a_parameter_shows_its_bucket(self, granted_beside: Callable[..., Any]) -> None:
        role = granted_beside(
            "bedrock:invokeModel",
            {"ModelId": "amazon.titan-text-lite-v1", "Input": {"S3Uri": {"Ref": "Prompt"}}},
            {},
            Parameters={"Prompt": {"Type": "String", "Default": "s3://prompts/question.json"}},
        )
        sub, names = role.on("s3:GetObject")["Fn::Sub"]
        assert sub.endswith("/*")
        assert list(names.values()) == [{"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "Prompt"}]}]}]

    @pytest.mark.parametrize("pattern", [".sync", ".sync:2"])
    def test_patterns(self, refused: Callable[[str], str], pattern: str) -> None:
        assert f"does not support the pattern {pattern}" in refused(f"bedrock:invokeModel{pattern}")


JOB = {
    "BaseModelIdentifier": "amazon.titan-text-lite-v1",
    "RoleArn": "arn:aws:iam::123456789012:role/tuner",
    "JobName": "nightly",
}
CREATE = "bedrock:CreateModelCustomizationJob"


class TestCreateModelCustomizationJob:
    def test_the_key_of_the_new_model_is_used_by_bedrock(self, granted: Callable[..., Any]) -> None:
        key = "arn:aws:kms:eu-west-1:123456789012:key/1234"
        role = granted("bedrock:createModelCustomizationJob", {**JOB, "CustomModelKmsKeyId": key})
        assert role.on("kms:CreateGrant") == key
        assert role.condition("kms:CreateGrant") == {
            "StringEquals": {"kms:ViaService": "bedrock.eu-west-1.amazonaws.com"}
        }

    def test_the_base_model_and_what_the_job_makes_are_granted(self, granted: Callable[..., Any]) -> None:
        role = granted("bedrock:createModelCustomizationJob", JOB)
        assert role.on(CREATE) == [
            f"{BASE}/amazon.titan-text-lite-v1",
            f"{OWN}:custom-model/*",
            f"{OWN}:model-customization-job/*",
        ]
        assert role.passed() == {"arn:aws:iam::123456789012:role/tuner": "bedrock.amazonaws.com"}
        assert role.actions == {CREATE, "iam:PassRole"}

    def test_sync_watches_and_stops_the_job(self, granted: Callable[..., Any]) -> None:
        role = granted("bedrock:createModelCustomizationJob.sync", JOB)
        assert role.on("bedrock:GetModelCustomizationJob") == f"{OWN}:model-customization-job/*"
        assert role.on("bedrock:StopModelCustomizationJob") == f"{OWN}:model-customization-job/*"
        assert not any(action.startswith("events:") for action in role.actions)

    def test_a_custom_model_as_the_base_is_covered_already(self, granted: Callable[..., Any]) -> None:
        custom = f"{OWN}:custom-model/amazon.titan-text-lite-v1/a1b2c3d4e5f6"
        role = granted("bedrock:createModelCustomizationJob", {**JOB, "BaseModelIdentifier": custom})
        assert role.on(CREATE) == [f"{OWN}:custom-model/*", f"{OWN}:model-customization-job/*"]

    def test_a_base_model_that_is_not_known_is_any(self, granted: Callable[..., Any]) -> None:
        known = {name: value for name, value in JOB.items() if name != "BaseModelIdentifier"}
        role = granted("bedrock:createModelCustomizationJob", {**known, "BaseModelIdentifier.$": "$.base"})
        assert f"{BASE}/*" in role.on(CREATE)

    @pytest.mark.parametrize(
        ("tags", "kind"), [("JobTags", "model-customization-job"), ("CustomModelTags", "custom-model")]
    )
    def test_tags_need_tagging(self, granted: Callable[..., Any], tags: str, kind: str) -> None:
        role = granted("bedrock:createModelCustomizationJob", {**JOB, tags: [{"Key": "team", "Value": "shop"}]})
        assert role.on("bedrock:TagResource") == f"{OWN}:{kind}/*"

    def test_patterns(self, refused: Callable[[str], str]) -> None:
        problem = refused("bedrock:createModelCustomizationJob.waitForTaskToken")
        assert "does not support the pattern .waitForTaskToken" in problem
