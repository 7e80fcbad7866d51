from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.cli.errors import UsageError
from sfn_least_privilege.cli.parameters import parameter_values, parse_assignments


def test_a_value_may_hold_equals_signs_and_be_empty() -> None:
    assert parse_assignments(["Key=a=b", "Empty="]) == {"Key": "a=b", "Empty": ""}


@pytest.mark.parametrize("assignment", ["topsecret", "=topsecret", ""])
def test_a_malformed_assignment_is_refused_without_repeating_it(assignment: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_assignments(["A=1", assignment])

    assert str(caught.value) == "--parameter number 2 is not of the form NAME=VALUE"


def test_a_parameter_given_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="--parameter A is given twice"):
        parse_assignments(["A=1", "A=2"])


@pytest.mark.parametrize(
    ("declaration", "value"),
    [
        ({"Type": "String", "Default": "dev"}, "dev"),
        ({"Type": "Number", "Default": 30}, "30"),
        ({"Type": "Number", "Default": 1.5}, "1.5"),
        ({"Type": "String", "Default": True}, "true"),
        ({"Type": "String", "Default": ""}, ""),
        ({"Type": "CommaDelimitedList", "Default": "a, b ,c"}, ["a", "b", "c"]),
        ({"Type": "CommaDelimitedList", "Default": ["a", 1]}, ["a", "1"]),
        ({"Type": "List<Number>", "Default": "80,443"}, ["80", "443"]),
        ({"Type": "List<AWS::EC2::Subnet::Id>", "Default": "subnet-1"}, ["subnet-1"]),
        ({"Type": "AWS::SSM::Parameter::Name", "Default": "/name"}, "/name"),
        ({"Default": "no type"}, "no type"),
    ],
)
def test_defaults_are_what_cloudformation_sends(declaration: dict[str, Any], value: Any) -> None:
    assert parameter_values({"Parameters": {"P": declaration}}, {}) == {"P": value}


@pytest.mark.parametrize(
    "declaration",
    [{"Type": "String"}, {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/key"}, "no object", None],
)
def test_a_parameter_without_a_known_value_is_left_out(declaration: Any) -> None:
    assert parameter_values({"Parameters": {"P": declaration}}, {}) == {}


def test_a_given_value_wins_over_the_default() -> None:
    template = {"Parameters": {"P": {"Type": "CommaDelimitedList", "Default": "a"}, "Q": {"Type": "String"}}}

    assert parameter_values(template, {"P": "b,c", "Q": "1"}) == {"P": ["b", "c"], "Q": "1"}


@pytest.mark.parametrize(
    ("template", "known"),
    [({"Parameters": {"Stage": {}, "Table": {}}}, "Stage, Table"), ({}, "none"), ({"Parameters": []}, "none")],
)
def test_an_unknown_parameter_is_refused_and_the_known_ones_named(template: dict[str, Any], known: str) -> None:
    with pytest.raises(UsageError) as caught:
        parameter_values(template, {"Stag": "topsecret"})

    assert str(caught.value) == f"--parameter Stag: the template has no such parameter; it has: {known}"
