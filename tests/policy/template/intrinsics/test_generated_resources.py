from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.text import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.text import Text


@pytest.mark.parametrize(
    ("name", "resource_type"),
    [("Function.Alias", "AWS::Lambda::Alias"), ("Function.Version", "AWS::Lambda::Version")],
)
def test_a_qualified_function_is_an_arn(text: Callable[[Any], Text], name: str, resource_type: str) -> None:
    reference = text({"Ref": name}).reference

    assert (reference.argument, reference.kind, reference.resource_type) == (name, Kind.ARN, resource_type)


def test_inside_sub_it_is_the_same(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Sub": "${Function.Alias}"}) == text({"Ref": "Function.Alias"})


def test_an_attribute_of_a_resource_behind_a_property(
    written: Callable[[Any], Any], text: Callable[[Any], Text]
) -> None:
    reference = text({"Fn::GetAtt": ["Function.DestinationQueue", "QueueUrl"]}).reference

    assert reference.kind is Kind.URL
    assert render_string(reference.arn) == {"Fn::GetAtt": ["Function", "DestinationQueue.Arn"]}
    assert written({"Fn::GetAtt": ["Function", "DestinationQueue.Arn"]}) == render_string(reference.arn)


@pytest.mark.parametrize(
    ("logical_id", "resource_type", "kind"),
    [
        ("FunctionRole", "AWS::IAM::Role", Kind.NAME),
        ("FunctionAliaslive", "AWS::Lambda::Alias", Kind.ARN),
        ("ServerlessRestApi", "AWS::ApiGateway::RestApi", Kind.ID),
        ("ServerlessHttpApi", "AWS::ApiGatewayV2::Api", Kind.ID),
        ("TableRole", "", Kind.UNKNOWN),
        ("TableAlias", "", Kind.UNKNOWN),
        ("Role", "", Kind.UNKNOWN),
    ],
)
def test_what_sam_will_make_is_known_by_its_name(
    text: Callable[[Any], Text], logical_id: str, resource_type: str, kind: Kind
) -> None:
    reference = text({"Ref": logical_id}).reference

    assert (reference.resource_type, reference.kind) == (resource_type, kind)


def test_a_resource_of_the_template_is_what_it_says_and_not_what_its_name_says(
    text: Callable[[Any], Text], scope: Scope
) -> None:
    scope.resources["FunctionRole"] = {"Type": "AWS::SNS::Topic"}

    assert text({"Ref": "FunctionRole"}).reference.resource_type == "AWS::SNS::Topic"


def test_a_property_that_sam_does_not_know_is_an_unknown_reference(text: Callable[[Any], Text]) -> None:
    assert text({"Ref": "Function.Nothing"}).reference.kind is Kind.UNKNOWN
