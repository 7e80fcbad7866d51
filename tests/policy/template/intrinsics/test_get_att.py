from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Kind
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize("argument", [["Queue", "Arn"], "Queue.Arn"])
def test_both_forms_are_one(text: Callable[[Any], Text], argument: Any) -> None:
    reference = text({"Fn::GetAtt": argument}).reference

    assert (reference.function, reference.argument) == ("Fn::GetAtt", "Queue.Arn")
    assert (reference.kind, reference.arn) == (Kind.ARN, None)
    assert (reference.logical_id, reference.resource_type) == ("Queue", "AWS::SQS::Queue")


@pytest.mark.parametrize(("attribute", "kind"), [("QueueName", Kind.NAME), ("QueueUrl", Kind.URL)])
def test_an_attribute_that_names_the_resource_knows_its_arn(
    text: Callable[[Any], Text], attribute: str, kind: Kind
) -> None:
    reference = text({"Fn::GetAtt": ["Queue", attribute]}).reference

    assert reference.kind is kind
    assert reference.arn == text({"Fn::GetAtt": ["Queue", "Arn"]})


def test_the_name_of_what_is_known_by_its_ref_leads_to_the_ref(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::GetAtt": ["Topic", "TopicName"]}).reference.arn == text({"Ref": "Topic"})


def test_another_arn_is_not_the_resources_own(text: Callable[[Any], Text]) -> None:
    stream = text({"Fn::GetAtt": ["Table", "StreamArn"]}).reference

    assert (stream.kind, stream.arn) == (Kind.ARN, None)


def test_an_attribute_about_the_resource_does_not_name_it(text: Callable[[Any], Text]) -> None:
    domain = text({"Fn::GetAtt": ["Bucket", "DomainName"]}).reference

    assert (domain.kind, domain.arn) == (Kind.UNKNOWN, None)


@pytest.mark.parametrize(
    ("argument", "kind"),
    [
        ("Child.Outputs.QueueArn", Kind.UNKNOWN),
        ("Child.Outputs.QueueUrl", Kind.UNKNOWN),
        ("Custom.Arn", Kind.UNKNOWN),
        ("FunctionRole.Arn", Kind.ARN),
        ("Elsewhere.Arn", Kind.ARN),
        ("Elsewhere.Url", Kind.UNKNOWN),
    ],
)
def test_names_that_an_author_chose_prove_nothing(text: Callable[[Any], Text], argument: Any, kind: Kind) -> None:
    assert text({"Fn::GetAtt": argument}).reference.kind is kind


def test_a_nested_attribute_keeps_its_dots(written: Callable[[Any], Any]) -> None:
    assert written({"Fn::GetAtt": ["Child", "Outputs.Name"]}) == {"Fn::GetAtt": ["Child", "Outputs.Name"]}


def test_an_attribute_that_a_function_names_is_known_when_the_name_is(written: Callable[[Any], Any]) -> None:
    assert written({"Fn::GetAtt": ["Queue", {"Fn::Sub": "Arn"}]}) == {"Fn::GetAtt": ["Queue", "Arn"]}


def test_an_attribute_that_a_parameter_names_is_not_known(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::GetAtt": ["Queue", {"Ref": "Stage"}]}).unknowns[0].reason == (
        "which attribute Fn::GetAtt gives is known only at deployment"
    )


@pytest.mark.parametrize("argument", ["Queue", [], ["Queue"], 7, None, {}, ["Queue", 7], ["Queue", ""], ["Queue", []]])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::GetAtt": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::GetAtt is malformed")
