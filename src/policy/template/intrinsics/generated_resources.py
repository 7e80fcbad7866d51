"""Resources that SAM will make: not in the template yet, but the template may refer to them.

Sources: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
(basis: documented) and ``referable_properties`` in aws-sam-translator's ``model/sam_resources.py`` (derived).
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_HTTP_API_PROPERTIES = {"DomainName": "AWS::ApiGatewayV2::DomainName", "Stage": "AWS::ApiGatewayV2::Stage"}

# `Function.Alias`, for Ref and as the first part of Fn::GetAtt.
_REFERABLE: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "AWS::Serverless::Api": {
            "ApiKey": "AWS::ApiGateway::ApiKey",
            "Deployment": "AWS::ApiGateway::Deployment",
            "DomainName": "AWS::ApiGateway::DomainName",
            "DomainNameV2": "AWS::ApiGateway::DomainNameV2",
            "Stage": "AWS::ApiGateway::Stage",
            "UsagePlan": "AWS::ApiGateway::UsagePlan",
            "UsagePlanKey": "AWS::ApiGateway::UsagePlanKey",
        },
        "AWS::Serverless::Function": {
            "Alias": "AWS::Lambda::Alias",
            "DestinationQueue": "AWS::SQS::Queue",
            "DestinationTopic": "AWS::SNS::Topic",
            "Version": "AWS::Lambda::Version",
        },
        "AWS::Serverless::HttpApi": _HTTP_API_PROPERTIES,
        "AWS::Serverless::WebSocketApi": _HTTP_API_PROPERTIES,
    }
)

# One for the whole template, made for events that name no API.
_IMPLICIT: Mapping[str, str] = MappingProxyType(
    {"ServerlessHttpApi": "AWS::ApiGatewayV2::Api", "ServerlessRestApi": "AWS::ApiGateway::RestApi"}
)

_ROLE_MAKERS = frozenset({"AWS::Serverless::Function", "AWS::Serverless::StateMachine"})


def referable_property(resource_type: str, name: str) -> str:
    """The type of the resource behind ``LogicalId.name``; empty where SAM knows no such property."""
    return _REFERABLE.get(resource_type, {}).get(name, "")


def generated_type(logical_id: str, type_of: Callable[[str], str]) -> str:
    """The type of the resource that SAM will make under ``logical_id``; empty where it is not known to make one.

    ``type_of`` gives the type of a resource of the template, empty where there is none.
    """
    implicit = _IMPLICIT.get(logical_id)
    if implicit is not None:
        return implicit
    if logical_id.endswith("Role") and type_of(logical_id.removesuffix("Role")) in _ROLE_MAKERS:
        return "AWS::IAM::Role"
    function, alias, _ = logical_id.partition("Alias")
    return "AWS::Lambda::Alias" if alias and type_of(function) == "AWS::Serverless::Function" else ""
