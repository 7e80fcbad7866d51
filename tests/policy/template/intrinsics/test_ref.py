from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.text import Kind
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    ("logical_id", "kind", "arn"),
    [
        ("Queue", Kind.URL, {"Fn::GetAtt": ["Queue", "Arn"]}),
        ("Table", Kind.NAME, {"Fn::GetAtt": ["Table", "Arn"]}),
        ("Bucket", Kind.NAME, {"Fn::GetAtt": ["Bucket", "Arn"]}),
        ("Function", Kind.NAME, {"Fn::GetAtt": ["Function", "Arn"]}),
        (
            "Job",
            Kind.NAME,
            {"Fn::Sub": "arn:${AWS::Partition}:glue:${AWS::Region}:${AWS::AccountId}:job/${Job}"},
        ),
        (
            "SecurityGroup",
            Kind.UNKNOWN,
            {
                "Fn::Sub": "arn:${AWS::Partition}:ec2:${AWS::Region}:${AWS::AccountId}"
                ":security-group/${SecurityGroup.GroupId}"
            },
        ),
    ],
)
def test_a_resource_keeps_its_reference_and_knows_its_arn(
    text: Callable[[Any], Text], logical_id: str, kind: Kind, arn: Any
) -> None:
    reference = text({"Ref": logical_id}).reference

    assert (reference.function, reference.argument, reference.logical_id) == ("Ref", logical_id, logical_id)
    assert reference.kind is kind
    assert render_string(reference.arn) == arn


def test_a_reference_that_is_an_arn_needs_no_other(text: Callable[[Any], Text]) -> None:
    reference = text({"Ref": "Topic"}).reference

    assert reference.kind is Kind.ARN
    assert reference.arn is None
    assert reference.resource_type == "AWS::SNS::Topic"


def test_a_literal_name_property_is_not_put_in_place_of_the_reference(written: Callable[[Any], Any]) -> None:
    assert written({"Ref": "Queue"}) == {"Ref": "Queue"}


def test_the_arn_of_a_reference_is_the_reference_that_get_att_gives(text: Callable[[Any], Text]) -> None:
    assert text({"Ref": "Queue"}).reference.arn == text({"Fn::GetAtt": ["Queue", "Arn"]})


def test_what_is_nowhere_is_a_reference_all_the_same(text: Callable[[Any], Text]) -> None:
    reference = text({"Ref": "Nowhere"}).reference

    assert (reference.argument, reference.kind, reference.arn) == ("Nowhere", Kind.UNKNOWN, None)


@pytest.mark.parametrize("resource", ["no object", {}, {"Type": 7}, None])
def test_a_malformed_resource_is_one_of_unknown_type(
    resolved: Callable[[Any], Value], scope: Scope, resource: Any
) -> None:
    scope.resources["Broken"] = resource

    assert resolved({"Ref": "Broken"}).reference.kind is Kind.UNKNOWN


def test_a_custom_resource_may_be_anything(text: Callable[[Any], Text]) -> None:
    assert text({"Ref": "Custom"}).reference.kind is Kind.UNKNOWN


def test_a_name_that_a_function_gives_is_a_name(written: Callable[[Any], Any]) -> None:
    assert written({"Ref": {"Fn::Sub": "Queue"}}) == {"Ref": "Queue"}


@pytest.mark.parametrize("argument", [7, [], {}, None, "", {"Ref": "Stage"}])
def test_without_a_name_it_is_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Ref": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Ref is malformed")
