"""The name of a state machine, as far as the template says it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_least_privilege.policy.pipeline import Request, transform


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def transformed(name: Any, **parameters: str) -> str:
    """The template, with a distributed map in it, which needs permissions on its own machine."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED"},
        "StartAt": "In",
        "States": {"In": {"Type": "Pass", "End": True}},
    }
    states = {"Each": {"Type": "Map", "ItemProcessor": processor, "End": True}}
    properties = {"StateMachineName": name, "Definition": {"StartAt": "Each", "States": states}}
    template = {
        "Parameters": {each: {"Type": "String"} for each in parameters},
        "Resources": {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}},
    }
    return json.dumps(transform(template, Request(NothingOutside(), parameter_values=parameters)).fragment)


@pytest.mark.parametrize("name", ["orders", {"Fn::Sub": "orders"}])
def test_a_given_name_is_a_part_of_the_machines_arn(name: Any) -> None:
    assert ":stateMachine:orders" in transformed(name)


@pytest.mark.parametrize(
    ("name", "parameters"),
    [("", {}), ({"Ref": "AWS::NoValue"}, {}), ({"Ref": "Name"}, {"Name": ""})],
)
def test_an_empty_name_is_none_so_that_the_machine_is_referred_to(name: Any, parameters: dict[str, str]) -> None:
    assert "execution:${Machine.Name}:*" in transformed(name, **parameters)
