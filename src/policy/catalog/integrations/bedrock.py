"""Amazon Bedrock: models, and jobs that customise them."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.forms.model import base_models, invoked_models, marketplace_endpoints
from sfn_least_privilege.policy.catalog.forms.named_key import named_key
from sfn_least_privilege.policy.catalog.forms.s3_uri import object_arn
from sfn_least_privilege.policy.catalog.integration import (
    CALLBACK,
    SYNC,
    SYNC_ONLY,
    ArgumentArn,
    Derived,
    FixedArn,
    Given,
    Grant,
    GrantCondition,
    Integration,
    pass_role,
)

_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-bedrock.html"
_CUSTOMISE = ("bedrock:CreateModelCustomizationJob",)
_CUSTOM_MODELS = FixedArn("arn:{Partition}:bedrock:{Region}:{AccountId}:custom-model/*")
_JOBS = FixedArn("arn:{Partition}:bedrock:{Region}:{AccountId}:model-customization-job/*")
_MADE_UP = "Bedrock makes up the id of what the job creates."
_TAGS = "https://docs.aws.amazon.com/bedrock/latest/userguide/tagging.html"

INTEGRATIONS = (
    Integration(
        service="bedrock",
        api="invokeModel",
        patterns=CALLBACK,
        grants=(
            Grant(
                ("bedrock:InvokeModel",),
                Derived(invoked_models, "ModelId"),
                note="The page knows base models and provisioned models. For an inference profile Bedrock wants the "
                "profile and the models behind it (inference-profiles-prereq); an id that is not known may be one, "
                "as many models are to be had through profiles only. It is taken to be no endpoint of the marketplace.",
            ),
            Grant(
                ("sagemaker:InvokeEndpoint",),
                Derived(marketplace_endpoints, "ModelId"),
                conditions=(GrantCondition("StringEquals", "aws:CalledViaLast", FixedArn("bedrock.amazonaws.com")),),
                basis=Basis.DERIVED,
                documentation="https://docs.aws.amazon.com/bedrock/latest/userguide/amazon-bedrock-marketplace.html",
                note="Bedrock calls the endpoint with the caller's permission.",
            ),
            Grant(
                ("bedrock:ApplyGuardrail",),
                ArgumentArn("GuardrailIdentifier", "arn:{Partition}:bedrock:{Region}:{AccountId}:guardrail/{}"),
                when=(Given("GuardrailIdentifier"),),
                basis=Basis.DERIVED,
                documentation="https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html",
            ),
            Grant(
                ("s3:GetObject",),
                ArgumentArn("Input.S3Uri", "arn:{Partition}:s3:::{}", form=object_arn),
                when=(Given("Input.S3Uri"),),
                basis=Basis.DERIVED,
            ),
            Grant(
                ("s3:PutObject",),
                ArgumentArn("Output.S3Uri", "arn:{Partition}:s3:::{}", form=object_arn),
                when=(Given("Output.S3Uri"),),
                basis=Basis.DERIVED,
            ),
        ),
        requires=("ModelId",),
        documentation=_PAGE,
        basis=Basis.DOCUMENTED,
        note="The matrix of patterns lists the callback for Bedrock, while the page names request response only for "
        "this API; the matrix is followed.",
    ),
    Integration(
        service="bedrock",
        api="createModelCustomizationJob",
        patterns=SYNC,
        grants=(
            Grant(
                _CUSTOMISE,
                Derived(base_models, "BaseModelIdentifier"),
                note="A custom model as the base is covered by the grant on custom models, as the page says.",
            ),
            Grant(_CUSTOMISE, _CUSTOM_MODELS, note=_MADE_UP),
            Grant(_CUSTOMISE, _JOBS, note=_MADE_UP),
            Grant(
                ("bedrock:GetModelCustomizationJob", "bedrock:StopModelCustomizationJob"),
                _JOBS,
                patterns=SYNC_ONLY,
                note=_MADE_UP,
            ),
            Grant(
                ("bedrock:TagResource",),
                _JOBS,
                when=(Given("JobTags"),),
                basis=Basis.DERIVED,
                documentation=_TAGS,
                note="CDK grants it always; only what is created with tags needs it.",
            ),
            Grant(
                ("bedrock:TagResource",),
                _CUSTOM_MODELS,
                when=(Given("CustomModelTags"),),
                basis=Basis.DERIVED,
                documentation=_TAGS,
            ),
            Grant(
                ("kms:CreateGrant", "kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"),
                named_key("CustomModelKmsKeyId"),
                when=(Given("CustomModelKmsKeyId"),),
                conditions=(
                    GrantCondition("StringEquals", "kms:ViaService", FixedArn("bedrock.{Region}.amazonaws.com")),
                ),
                basis=Basis.DERIVED,
                documentation="https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-custom-job.html",
                note="Bedrock's guide asks for it in the key's policy; the page of Step Functions does not have it.",
            ),
            pass_role(
                "RoleArn",
                "bedrock.amazonaws.com",
                basis=Basis.DERIVED,
                note="The page prints no condition. The role's trust policy names bedrock.amazonaws.com "
                "(model-customization-iam-role), and no other service is meant to get it.",
            ),
        ),
        requires=("BaseModelIdentifier",),
        documentation=_PAGE,
        basis=Basis.DOCUMENTED,
        note="Step Functions asks Bedrock how the job is going; there is no rule in EventBridge.",
    ),
)
