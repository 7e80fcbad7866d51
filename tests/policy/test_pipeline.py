"""The promises that hold for every template."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


REQUEST = Request(NothingOutside(), "eu-west-1", "123456789012", {"Name": "given"})
NAMES = st.sampled_from(["orders", "x-1", "a*b", "${AWS::Region}", "ü", ""])
VALUES: st.SearchStrategy[Any] = st.one_of(
    NAMES,
    st.sampled_from(
        [{"Ref": "Table"}, {"Ref": "Name"}, {"Fn::GetAtt": ["Table", "Arn"]}, {"Fn::If": ["C", "a", {"Ref": "Table"}]}],
    ),
)
TASKS = st.one_of(
    st.builds(
        lambda name, end: {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": name} | end,
        st.one_of(
            st.builds(lambda value: {"TableName": value}, VALUES),
            st.just({"TableName.$": "$.t"}),
            st.just({}),
        ),
        st.just({"End": True}),
    ),
    st.builds(lambda value: {"Type": "Task", "Resource": value, "End": True}, VALUES),
    st.sampled_from([{"Type": "Pass", "End": True}, {"Type": "Nonsense"}, "no state", {}]),
)
MACHINES = st.builds(
    lambda task, more, kind: {
        "Type": kind,
        "Properties": {"Definition": {"StartAt": "Only", "States": {"Only": task}}, **more},
    },
    TASKS,
    st.sampled_from([{}, {"RoleArn": "arn:aws:iam::123456789012:role/r"}, {"TracingConfiguration": {"Enabled": True}}]),
    st.sampled_from(["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"]),
)
TEMPLATES = st.dictionaries(
    st.sampled_from(["Machine", "MachineRole", "Other", "OtherRole2"]),
    st.one_of(MACHINES, st.just({"Type": "AWS::SNS::Topic"})),
).map(
    lambda resources: {
        "Parameters": {"Name": {"Type": "String"}},
        "Conditions": {"C": {"Fn::Equals": ["a", "b"]}},
        "Resources": {"Table": {"Type": "AWS::DynamoDB::Table"}, **resources},
        "Outputs": {"Kept": {"Value": "as it is"}},
    },
)


def outcome_of(template: dict[str, Any]) -> Outcome | None:
    try:
        return transform(template, REQUEST)
    except TransformFailedError:
        return None


@given(TEMPLATES)
def test_nothing_but_roles_and_references_to_them_changes(template: dict[str, Any]) -> None:
    before = copy.deepcopy(template)
    outcome = outcome_of(template)
    assert template == before
    if outcome is None:
        return
    after = outcome.fragment
    assert {key: value for key, value in after.items() if key != "Resources"} == {
        key: value for key, value in before.items() if key != "Resources"
    }
    for logical_id, resource in after["Resources"].items():
        if logical_id not in before["Resources"]:
            assert resource["Type"] in {"AWS::IAM::Role", "AWS::IAM::Policy"}
            continue
        properties = dict(resource.get("Properties", {}))
        if logical_id in outcome.roles:
            given_role = properties.pop("Role", None) or properties.pop("RoleArn", None)
            assert given_role == {"Fn::GetAtt": [outcome.roles[logical_id], "Arn"]}
        assert properties == before["Resources"][logical_id].get("Properties", {})


@given(TEMPLATES)
def test_the_same_input_gives_the_same_bytes_and_a_second_run_changes_nothing(template: dict[str, Any]) -> None:
    once, twice = outcome_of(template), outcome_of(copy.deepcopy(template))
    assert (once is None) == (twice is None)
    if once is None or twice is None:
        return
    assert json.dumps(once.fragment) == json.dumps(twice.fragment)
    again = outcome_of(once.fragment)
    assert again is not None
    assert json.dumps(again.fragment) == json.dumps(once.fragment)


@given(TEMPLATES)
def test_no_statement_is_empty_and_no_sid_stands_twice_in_a_policy(template: dict[str, Any]) -> None:
    outcome = outcome_of(template)
    for role in outcome.roles.values() if outcome else ():
        properties = outcome.fragment["Resources"][role]["Properties"] if outcome else {}
        for policy in properties.get("Policies", []):
            plain = policy
            while "Fn::If" in plain:
                plain = next(branch for branch in plain["Fn::If"][1:] if branch != {"Ref": "AWS::NoValue"})
            statements = plain["PolicyDocument"]["Statement"]
            assert statements
            assert all(statement["Action"] and statement["Resource"] for statement in statements)
            assert len({statement["Sid"] for statement in statements}) == len(statements)


def test_errors_of_several_states_and_machines_are_reported_together() -> None:
    broken = {"StartAt": "A", "States": {"A": {"Type": "Tsk"}, "B": {"Type": "Task", "Resource": "x", "End": True}}}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": broken}}
    with pytest.raises(TransformFailedError) as failure:
        transform({"Resources": {"One": machine, "Two": machine}}, REQUEST)
    places = {str(finding.location) for finding in failure.value.findings}
    assert {"One / A", "Two / A"} <= places


def test_a_template_without_state_machines_comes_back_as_it_came() -> None:
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    assert transform(template, REQUEST).fragment == template
