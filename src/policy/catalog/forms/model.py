"""What a call of a Bedrock model is authorised on.

A base model belongs to AWS, an inference profile to an account, and a call through a profile needs the models behind
it in every Region that the profile may route to:
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html and
https://docs.aws.amazon.com/bedrock/latest/userguide/global-cross-region-inference.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn, whole_arn
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Literal, Reference, Text, unknown
from sfn_least_privilege.policy.value import Guarded, Missing, as_text, guarded_texts, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.deployment import Deployment

BASE_MODEL = "arn:{Partition}:bedrock:{Region}::foundation-model/{}"
_BASE_MODEL_ANYWHERE = "arn:{Partition}:bedrock:*::foundation-model/{}"
_OWN = "arn:{Partition}:bedrock:{Region}:{AccountId}:"
_PROFILE = _OWN + "inference-profile/{}"
_ANY = (
    _BASE_MODEL_ANYWHERE,
    *(
        f"{_OWN}{kind}/{{}}"
        for kind in (
            "provisioned-model",
            "inference-profile",
            "application-inference-profile",
            "custom-model-deployment",
            "imported-model",
            "default-prompt-router",
            "prompt-router",
        )
    ),
)
# The geographies of profile ids: `us.`, `eu.`, `us-gov.`, `apac.`, `global.`; no provider of models has two letters.
_GEOGRAPHY = re.compile(r"(?:global|apac|[a-z]{2}(?:-gov)?)\.")
# Endpoints of models from the marketplace are SageMaker's, and one resource for Bedrock:
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonbedrock.html
_MARKETPLACE = _OWN + "marketplace/model-endpoint/all-access"
_ENDPOINT_MARK = ":endpoint/"
_MODEL_ITSELF = ("foundation-model/", "provisioned-model/", "custom-model", "imported-model/", "marketplace/")
_PROFILE_MARK = ":inference-profile/"
_APPLICATION_PROFILE = "AWS::Bedrock::ApplicationInferenceProfile"
_HIDDEN = "the models behind the profile are not known here"
_NOT_CUT = "CloudFormation cannot take the geography off the profile's id"


def invoked_models(call: Call) -> Iterator[Guarded]:
    """The models and the profiles that ``ModelId`` may name."""
    for guards, leaf in leaves_at("ModelId", call.arguments):
        if not isinstance(leaf, Missing):
            for found in _named(as_text(leaf), call):
                merged = merge_guards(guards, found.guards)
                if merged is not None:
                    yield Guarded(found.text, merged)


def marketplace_endpoints(call: Call) -> Iterator[Guarded]:
    """The endpoint that ``ModelId`` names, for a model from the marketplace; nothing for any other model."""
    for guards, leaf in leaves_at("ModelId", call.arguments):
        model = as_text(leaf)
        if not isinstance(leaf, Missing) and is_arn(model) and _ENDPOINT_MARK in (model.sample or _literals(model)):
            yield Guarded(model, guards)


def base_models(call: Call) -> Iterator[Guarded]:
    """The base model that ``BaseModelIdentifier`` names; nothing for a custom model, which has a grant of its own."""
    deployment = call.surroundings.deployment
    for guards, leaf in leaves_at("BaseModelIdentifier", call.arguments):
        model = as_text(leaf)
        if isinstance(leaf, Missing) or ":custom-model/" in (model.sample or _literals(model)):
            continue
        begins_as_arn = is_arn(model)
        if begins_as_arn and "foundation-model/" in (model.sample or _literals(model)):
            yield Guarded(model, guards)
        elif begins_as_arn is False:
            yield Guarded(arn.build(BASE_MODEL, deployment, model), guards)
        else:
            yield Guarded(arn.build(BASE_MODEL, deployment, unknown(_why(model))), guards)


def _named(model: Text, call: Call) -> Iterator[Guarded]:
    deployment = call.surroundings.deployment
    reference = model.reference
    if reference is not None and reference.resource_type == _APPLICATION_PROFILE:
        yield Guarded(reference.arn or model)
        yield from _behind_application_profile(reference, call)
    elif is_arn(model):
        for each in _by_arn(model, deployment):
            yield Guarded(each)
    else:
        for each in _by_id(model, deployment):
            yield Guarded(each)


def _by_id(model: Text, deployment: Deployment) -> Iterator[Text]:
    spoken = model.sample if model.sample is not None else model.prefix
    if _GEOGRAPHY.match(spoken):
        yield arn.build(_PROFILE, deployment, model)
        yield from _behind_profile(model, deployment)
    elif model.sample is not None or "." in model.prefix:
        yield arn.build(BASE_MODEL, deployment, model)
    else:
        for template in _ANY:
            yield arn.build(template, deployment, unknown(_why(model)))


def _by_arn(model: Text, deployment: Deployment) -> Iterator[Text]:
    spoken = model.sample or _literals(model)
    if _ENDPOINT_MARK in spoken:
        yield arn.build(_MARKETPLACE, deployment)
        return
    yield whole_arn(model, _PROFILE, deployment)
    if _PROFILE_MARK in spoken:
        for index, part in enumerate(model.parts):
            if isinstance(part, Literal) and _PROFILE_MARK in part.value:
                behind = Text.of(part.value.partition(_PROFILE_MARK)[2], *model.parts[index + 1 :])
                yield from _behind_profile(behind, deployment)
                return
    if not any(mark in spoken for mark in _MODEL_ITSELF):
        yield arn.build(_BASE_MODEL_ANYWHERE, deployment, unknown(_HIDDEN))


def _behind_profile(profile: Text, deployment: Deployment) -> Iterator[Text]:
    """The base model that a profile's id holds behind its geography.

    In every Region, and in none: the ARN of a model that a global profile routes to has no Region.
    """
    yield arn.build(_BASE_MODEL_ANYWHERE, deployment, _behind_first_dot(profile))


def _behind_application_profile(reference: Reference, call: Call) -> Iterator[Guarded]:
    """The models of a profile of the template, which copies a base model or another profile."""
    deployment = call.surroundings.deployment
    sources = guarded_texts(call.surroundings.resources.property(reference.logical_id, "ModelSource.CopyFrom"))
    if not sources:
        yield Guarded(arn.build(_BASE_MODEL_ANYWHERE, deployment, unknown(_HIDDEN)))
    for source in sources:
        copied, *models = _by_arn(source.text, deployment)
        for each in models or [copied]:
            yield Guarded(each, source.guards)


def _behind_first_dot(profile: Text) -> Text:
    first, *others = profile.parts
    if isinstance(first, Literal) and "." in first.value:
        return Text.of(first.value.partition(".")[2], *others)
    if others and isinstance(others[0], Literal) and others[0].value.startswith("."):
        return Text.of(others[0].value[1:], *others[1:])
    return unknown(_NOT_CUT)


def _literals(model: Text) -> str:
    return "".join(part.value for part in model.parts if isinstance(part, Literal))


def _why(model: Text) -> str:
    return model.unknowns[0].reason if model.unknowns else "its value is not known here"
