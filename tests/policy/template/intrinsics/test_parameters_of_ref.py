from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.template.scope import Parameter
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text
from sfn_least_privilege.policy.value import ArrayValue, ListOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope


@pytest.fixture
def ref_to(scope: Scope) -> Any:
    def ref_to(parameter: Any) -> Any:
        return resolve({"Ref": parameter.name}, replace(scope, parameters={parameter.name: parameter}))

    return ref_to


def test_the_output_keeps_the_reference_and_the_value_is_a_sample(ref_to: Callable[[Parameter], Any]) -> None:
    value = ref_to(Parameter("Name", "String", "orders"))

    assert value == Text((Reference("Ref", "Name", Kind.NAME, sample="orders"),))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("arn:aws:sqs:eu-west-1:1:a", Kind.ARN),
        ("https://sqs.eu-west-1.amazonaws.com/1/a", Kind.URL),
        ("orders", Kind.NAME),
        ("", Kind.UNKNOWN),
        (None, Kind.UNKNOWN),
        ("{{IntrinsicFunction:api/Child.Outputs.Arn/Fn::GetAtt}}", Kind.UNKNOWN),
        ("{{resolve:ssm:/queue/arn}}", Kind.UNKNOWN),
    ],
)
def test_the_value_tells_the_kind(ref_to: Callable[[Parameter], Any], value: Any, kind: Kind) -> None:
    assert ref_to(Parameter("P", "String", value)).reference.kind is kind


@pytest.mark.parametrize(
    "value", ["{{IntrinsicFunction:api/Child.Outputs.Arn/Fn::GetAtt}}", "{{resolve:ssm:/a}}", None]
)
def test_a_value_that_is_not_there_yet_is_no_sample(ref_to: Callable[[Parameter], Any], value: Any) -> None:
    assert ref_to(Parameter("P", "String", value)).reference.sample is None


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("AWS::EC2::VPC::Id", Kind.ID),
        ("AWS::EC2::KeyPair::KeyName", Kind.NAME),
        ("AWS::SSM::Parameter::Name", Kind.NAME),
        ("String", Kind.UNKNOWN),
        ("Number", Kind.UNKNOWN),
    ],
)
def test_the_type_tells_the_kind_before_there_is_a_value(
    ref_to: Callable[[Parameter], Any], declared: str, kind: Kind
) -> None:
    assert ref_to(Parameter("P", declared)).reference.kind is kind


def test_what_the_parameter_store_holds_is_not_what_the_event_says(ref_to: Callable[[Parameter], Any]) -> None:
    value = ref_to(Parameter("P", "AWS::SSM::Parameter::Value<String>", "/queue/arn"))

    assert value == Text((Reference("Ref", "P", Kind.UNKNOWN),))
    assert value.sample is None


def test_cloudformation_checks_the_type_of_what_the_parameter_store_holds(ref_to: Callable[[Parameter], Any]) -> None:
    value = ref_to(Parameter("P", "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "/ami"))

    assert value.reference.kind is Kind.ID


def test_a_list_in_the_parameter_store_has_no_known_length(ref_to: Callable[[Parameter], Any]) -> None:
    assert isinstance(ref_to(Parameter("P", "AWS::SSM::Parameter::Value<List<String>>", "/x")), ListOf)


@pytest.mark.parametrize("special", ["orders-*", "orders-?", "${aws:username}", "ends-in-$"])
def test_a_value_iam_would_read_as_a_pattern_is_written_out(ref_to: Callable[[Parameter], Any], special: str) -> None:
    assert ref_to(Parameter("P", "String", special)) == Text((Literal(special),))


def test_a_secret_iam_would_read_as_a_pattern_is_not_written_out(ref_to: Callable[[Parameter], Any]) -> None:
    value = ref_to(Parameter("P", "String", "hunter*", no_echo=True))

    assert value.unknowns[0].reason == (
        "the value of the NoEcho parameter P holds a character that IAM reads as a wildcard or a variable, "
        "and a secret is not written out"
    )
    assert "hunter" not in repr(value)


def test_a_secret_is_a_sample_that_nobody_sees(ref_to: Callable[[Parameter], Any]) -> None:
    value = ref_to(Parameter("P", "String", "hunter2", no_echo=True))

    assert value.sample == "hunter2"
    assert "hunter2" not in repr(value)


@pytest.mark.parametrize("value", [("a", "arn:aws:x"), "a, arn:aws:x"])
def test_a_list_is_its_items_each_by_reference(ref_to: Callable[[Parameter], Any], value: Any) -> None:
    assert ref_to(Parameter("L", "CommaDelimitedList", value)) == ArrayValue(
        (
            Text((Reference("Fn::Select", '[0,{"Ref":"L"}]', Kind.NAME, sample="a"),)),
            Text((Reference("Fn::Select", '[1,{"Ref":"L"}]', Kind.ARN, sample="arn:aws:x"),)),
        )
    )


@pytest.mark.parametrize("value", [None, ("a", "{{IntrinsicFunction:x}}"), "{{IntrinsicFunction:x}}"])
def test_a_list_that_is_not_there_yet_has_no_known_length(ref_to: Callable[[Parameter], Any], value: Any) -> None:
    assert isinstance(ref_to(Parameter("L", "CommaDelimitedList", value)), ListOf)


def test_a_list_of_typed_items_tells_their_kind(ref_to: Callable[[Parameter], Any]) -> None:
    value = ref_to(Parameter("L", "List<AWS::EC2::Subnet::Id>", ("subnet-1",)))

    assert value.items[0].reference.kind is Kind.ID
