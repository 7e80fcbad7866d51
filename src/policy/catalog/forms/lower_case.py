"""The ARN of a SageMaker resource, whose name stands in it in lower case, or as it is given.

``Fn::GetAtt`` and ``Ref`` of AWS::SageMaker::EndpointConfig show ``MyEndpointConfiguration`` beside
``…:endpoint-config/myendpointconfiguration``:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sagemaker-endpointconfig.html
and CDK grants the name in lower case, while a call of 2023 was refused on a name as it was given:
https://github.com/awslabs/service-workbench-on-aws/issues/1176. Both are granted where they differ.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn, whole_arn
from sfn_least_privilege.policy.catalog.integration import Derived
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Literal, Reference, Text, Unknown
from sfn_least_privilege.policy.value import Guarded, Missing, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part

_CANNOT = "SageMaker may write the name in lower case into the ARN, which CloudFormation cannot do"


def lower_case_arn(argument: str, template: str) -> Derived:
    """The resource that ``argument`` names, ``template`` with ``{}`` for its name."""

    def find(call: Call) -> Iterator[Guarded]:
        for guards, leaf in leaves_at(argument, call.arguments):
            if not isinstance(leaf, Missing):
                for pattern in _patterns(as_text(leaf), template, call.surroundings.deployment):
                    yield Guarded(pattern, guards)

    return Derived(find, argument, template.replace("{}", f"{{{argument}}}"))


def _patterns(name: Text, template: str, deployment: Deployment) -> Iterator[Text]:
    reference = name.reference
    if reference is not None and reference.arn is not None:
        yield reference.arn
    elif is_arn(name):
        yield whole_arn(name, template, deployment)
    else:
        lowered = Text.of(*map(_lowered, name.parts))
        if any(isinstance(part, Literal) and part.value != part.value.lower() for part in name.parts):
            yield arn.build(template, deployment, name)
        yield arn.build(template, deployment, lowered)


def _lowered(part: Part) -> Part:
    if isinstance(part, Literal):
        return Literal(part.value.lower())
    if isinstance(part, Reference) and (part.sample is None or part.sample != part.sample.lower()):
        return Unknown(_CANNOT)
    return part
