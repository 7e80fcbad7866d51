"""The template's parameters with the values they have now."""

import pytest

from sfn_least_privilege.policy.template.parameters import read_parameters
from sfn_least_privilege.policy.template.scope import Parameter


def value_of(declared: object, **values: object) -> object:
    return read_parameters({"P": declared}, values)["P"].value


def test_name_type_and_value() -> None:
    read = read_parameters({"Stage": {"Type": "String"}}, {"Stage": "prod"})
    assert read == {"Stage": Parameter("Stage", "String", "prod")}


def test_a_value_without_a_declaration_is_no_parameter() -> None:
    assert read_parameters({}, {"Stage": "prod"}) == {}


@pytest.mark.parametrize(
    ("declared", "given", "value"),
    [
        ({"Type": "String"}, "prod", "prod"),
        ({"Type": "String", "Default": "test"}, "prod", "prod"),
        ({"Type": "String", "Default": "test"}, "", ""),
        ({"Type": "Number"}, 30, "30"),
        ({"Type": "Number"}, "30", "30"),
        ({"Type": "String"}, True, "true"),
        ({"Type": "CommaDelimitedList"}, "a, b,c", ("a", "b", "c")),
        ({"Type": "CommaDelimitedList"}, ["a", "b"], ("a", "b")),
        ({"Type": "List<Number>"}, "1,2", ("1", "2")),
        ({"Type": "List<AWS::EC2::Subnet::Id>"}, ["subnet-1"], ("subnet-1",)),
        ({}, "prod", "prod"),
        ("malformed", "prod", "prod"),
    ],
)
def test_the_value_given(declared: object, given: object, value: object) -> None:
    assert value_of(declared, P=given) == value


@pytest.mark.parametrize(
    ("default", "value"),
    [("test", "test"), (30, "30"), (1.5, "1.5"), (False, "false"), (None, None)],
)
def test_the_default_where_none_is_given(default: object, value: object) -> None:
    assert value_of({"Type": "String", "Default": default}) == value


@pytest.mark.parametrize(
    "given",
    [
        "{{IntrinsicFunction:api-xx/MyStack.Outputs.API/Fn::GetAtt}}",
        "prefix-{{IntrinsicFunction:x}}",
        {"Ref": "Other"},
    ],
)
def test_a_value_that_is_not_there_yet_is_not_known(given: object) -> None:
    assert value_of({"Type": "String", "Default": "test"}, P=given) is None


@pytest.mark.parametrize("given", [["a", "{{IntrinsicFunction:x}}"], "a,{{IntrinsicFunction:x}}", ["a", {"Ref": "B"}]])
def test_a_list_of_which_an_item_is_not_there_yet_is_not_known(given: object) -> None:
    assert value_of({"Type": "CommaDelimitedList"}, P=given) is None


@pytest.mark.parametrize(
    "kind",
    ["AWS::SSM::Parameter::Value<String>", "AWS::SSM::Parameter::Value<List<String>>"],
)
def test_what_cloudformation_fetches_from_the_store_is_not_known(kind: str) -> None:
    assert value_of({"Type": kind, "Default": "/orders/table"}, P="/orders/table") is None


def test_the_name_of_a_stored_parameter_is_a_plain_string() -> None:
    assert value_of({"Type": "AWS::SSM::Parameter::Name"}, P="/orders/table") == "/orders/table"


@pytest.mark.parametrize(
    ("no_echo", "expected"), [(True, True), ("true", True), ("True", True), (False, False), ("false", False)]
)
def test_no_echo_as_boolean_or_string(no_echo: object, expected: object) -> None:
    assert read_parameters({"P": {"Type": "String", "NoEcho": no_echo}}, {})["P"].no_echo is expected


def test_a_value_does_not_show_in_messages() -> None:
    assert "hunter2" not in repr(read_parameters({"P": {"Type": "String"}}, {"P": "hunter2"}))
