"""Models of Bedrock: a foundation model by its id, a model or a profile by its ARN, a profile by its id.

A profile routes to foundation models in other Regions, which a call needs as well:
https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html (basis: documented)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn
from sfn_least_privilege.policy.catalog.sdk.forms.named import Named, reason_of
from sfn_least_privilege.policy.text import Text, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.deployment import Deployment

_MODEL = "arn:{Partition}:bedrock:{Region}::foundation-model/{}"
_MODEL_ANYWHERE = "arn:{Partition}:bedrock:*::foundation-model/{}"
_PROFILE = "arn:{Partition}:bedrock:{Region}:{AccountId}:inference-profile/{}"
_PROMPT = "arn:{Partition}:bedrock:{Region}:{AccountId}:prompt/{}"
_ANY_OWN = "arn:{Partition}:bedrock:{Region}:{AccountId}:{}"

_GEOGRAPHY = re.compile(r"(?:us-gov|us|eu|apac|ap|jp|au|ca|sa|uk|il|in|me|mx|af|kr|global)\.(?=[a-z0-9-]+\.)")
_ROUTED = "which models it routes to is not to be seen"
_PROFILE_ARN = ":inference-profile/"
_ROUTING = (":application-inference-profile/", ":prompt-router/", ":default-prompt-router/", ":prompt/")
_PROFILE_TYPE = "AWS::Bedrock::ApplicationInferenceProfile"


def model(text: Text, deployment: Deployment) -> Iterable[Named]:
    """What an invocation is authorised on."""
    spoken = text.sample
    if spoken is not None and not spoken.startswith("arn:"):
        profile = _GEOGRAPHY.match(spoken)
        if profile is None:
            return _arns(arn.build(_MODEL, deployment, text))
        return _arns(
            arn.build(_PROFILE, deployment, text),
            arn.build(_MODEL_ANYWHERE, deployment, _routed_model(text, profile.end())),
        )
    if is_arn(text):
        return _by_arn(text, deployment)
    reason = reason_of(text, "whether it is a model or a profile is not known here")
    return _arns(
        arn.build(_MODEL_ANYWHERE, deployment, Text.of(reason)),
        arn.build(_ANY_OWN, deployment, Text.of(reason)),
    )


def prompt(text: Text, deployment: Deployment) -> Iterable[Named]:
    """The prompt, where the value is the ARN of one."""
    spoken = text.sample
    known = spoken if spoken is not None else text.prefix
    if ":prompt/" in known:
        return _arns(text)
    if spoken is not None or known.count(":") >= arn.RESOURCE:
        return ()
    return _arns(arn.build(_PROMPT, deployment, Text.of(reason_of(text, "it may be the ARN of a prompt"))))


def _by_arn(text: Text, deployment: Deployment) -> Iterable[Named]:
    known = text.sample or text.prefix
    _, mark, profile = (text.literal or "").partition(_PROFILE_ARN)
    if mark:
        named = _GEOGRAPHY.sub("", profile, count=1)
        return _arns(text, arn.build(_MODEL_ANYWHERE, deployment, Text.of(named)))
    is_routed = any(each in known for each in (_PROFILE_ARN, *_ROUTING)) or known.count(":") < arn.RESOURCE
    reference = text.reference
    if reference is not None and reference.resource_type and reference.resource_type != _PROFILE_TYPE:
        is_routed = False
    if not is_routed:
        return _arns(text)
    return _arns(text, arn.build(_MODEL_ANYWHERE, deployment, Text.of(Unknown(_ROUTED))))


_PIECES = 3


def _routed_model(profile: Text, length: int) -> Text:
    """The id of the model behind a profile's id: what follows the geography."""
    if profile.literal is not None:
        return Text.of(profile.literal[length:])
    reference = profile.reference
    if reference is not None and reference.sample is not None and len(reference.sample.split(".")) == _PIECES:
        # CloudFormation can pick them at deployment.
        return Text.of(arn.select(1, ".", reference), ".", arn.select(2, ".", reference))
    return Text.of(Unknown(_ROUTED))


def _arns(*texts: Text) -> Iterable[Named]:
    return tuple(Named(text, is_arn=True) for text in texts)
