"""Definitions whose parts depend on template conditions get what they need under each truth of the conditions."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import Request, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

NO_VALUE = {"Ref": "AWS::NoValue"}


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def choice(condition: str, then: Any, otherwise: Any = NO_VALUE) -> dict[str, Any]:
    return {"Fn::If": [condition, then, otherwise]}


def transformed(definition: Any, hints: Any = None, **properties: Any) -> dict[str, Any]:
    machine: dict[str, Any] = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"Definition": definition, **properties},
    }
    if hints is not None:
        machine["Metadata"] = {"SfnLeastPrivilege": {"Values": hints}}
    outcome = transform({"Resources": {"Machine": machine}}, Request(NothingOutside(), "eu-west-1", "123456789012"))
    role: dict[str, Any] = outcome.fragment["Resources"]["MachineRole"]["Properties"]
    return role


def resolved(node: Any, truths: Mapping[str, bool]) -> Any:
    """What CloudFormation makes of a node under some truths of the conditions."""
    if isinstance(node, list):
        return [each for each in (resolved(item, truths) for item in node) if each != NO_VALUE]
    if not isinstance(node, dict) or node == NO_VALUE:
        return node
    if "Fn::If" in node:
        condition, then, otherwise = node["Fn::If"]
        return resolved(then if truths[condition] else otherwise, truths)
    fields = {name: resolved(item, truths) for name, item in node.items()}
    return {name: item for name, item in fields.items() if item != NO_VALUE}


def granted(role: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Every action with a resource, of a role without conditions in it."""
    return {
        (action, json.dumps(resource))
        for policy in role.get("Policies", [])
        for statement in policy["PolicyDocument"]["Statement"]
        for action, resource in itertools.product(_listed(statement["Action"]), _listed(statement["Resource"]))
    }


def _listed(given: Any) -> list[Any]:
    return given if isinstance(given, list) else [given]


def maybe(node: st.SearchStrategy[Any], other: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[Any]:
    """``node``, or a choice between two of them, or one that leaves it out."""
    branches = node | st.just(NO_VALUE) if other is None else node | other
    return node | st.builds(choice, st.sampled_from("AB"), node, branches)


names = st.sampled_from(["One", "Two", "Three"])
tables = st.sampled_from([{"TableName": "orders"}, {"TableName": "refunds"}, {"TableName.$": "$.table"}])
table_names = st.sampled_from(["orders", "refunds"])
parameters = maybe(tables, tables) | st.builds(lambda name: {"TableName": name}, maybe(table_names, table_names))
resources = st.sampled_from(["arn:aws:states:::dynamodb:getItem", "arn:aws:states:::dynamodb:putItem"])
tasks = st.builds(
    lambda resource, arguments, more: {"Type": "Task", "Resource": resource, "Parameters": arguments, **more},
    maybe(resources, resources),
    parameters,
    st.fixed_dictionaries(
        {"Next": maybe(names, names)},
        optional={
            "Catch": maybe(st.lists(maybe(st.builds(lambda name: {"ErrorEquals": ["E"], "Next": name}, names)))),
            "Retry": maybe(st.just([{"ErrorEquals": ["E"]}])),
            "ResultPath": maybe(st.sampled_from(["$", "$.r", None])),
        },
    ),
)
passes = st.builds(
    lambda name, more: {"Type": "Pass", "Result": {"table": name}, **more},
    maybe(table_names, table_names),
    st.fixed_dictionaries({}, optional={"Next": maybe(names), "OutputPath": maybe(st.just(None))}),
)
ends = st.just({"Type": "Succeed"})
definitions = st.builds(
    lambda start, one, two, three: {"StartAt": start, "States": {"One": one, "Two": two, "Three": three}},
    maybe(names, names),
    maybe(tasks | passes, tasks),
    maybe(tasks | passes),
    maybe(tasks, ends),
)


@settings(max_examples=60, deadline=None)
@given(definitions)
def test_each_truth_of_the_conditions_is_granted_what_its_own_definition_is(definition: Any) -> None:
    """A part that is left out makes no need; a part that is there loses none."""
    try:
        role = transformed(definition)
    except TransformFailedError:
        role = None
    for holding in itertools.product((True, False), repeat=2):
        truths = dict(zip("AB", holding, strict=True))
        try:
            alone = granted(transformed(resolved(definition, truths)))
        except TransformFailedError:
            assert role is None
            continue
        if role is not None:
            together = granted(resolved(role, truths))
            assert together >= alone
            # A table that is named beside every table is named for the other truths.
            assert together == alone or any("table/*" in resource for _, resource in alone)


def task(name: Any, **fields: Any) -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Parameters": {"TableName": name},
        **fields,
    }


def test_a_small_optional_part_makes_a_small_optional_policy() -> None:
    audit = {"Type": "Task", "Resource": "arn:aws:states:::sns:publish", "Parameters": {"TopicArn": "arn:aws:sns:::a"}}
    states = {
        "First": task("orders", Next=choice("Audited", "Audit", "Last")),
        "Audit": choice("Audited", {**audit, "Next": "Last"}),
        "Last": task("refunds", End=True),
    }
    always, optional = transformed({"StartAt": "First", "States": states})["Policies"]
    assert len(granted({"Policies": [always]})) == 2
    condition, policy, otherwise = optional["Fn::If"]
    assert (condition, otherwise) == ("Audited", NO_VALUE)
    assert [action for action, _ in granted({"Policies": [policy]})] == ["sns:Publish"]


@pytest.mark.parametrize(
    ("name", "tables"),
    [
        (choice("C", "{% 'orders-' & $states.input.day %}", "refunds"), ("orders-*", "refunds")),
        (choice("C", "${Table}-new", "${Table}"), ("orders-new", "orders")),
        ("${Chosen}", ("ab", "refunds")),
    ],
)
def test_a_chosen_string_is_read_as_it_would_be_without_the_choice(name: Any, tables: tuple[str, str]) -> None:
    """An expression is evaluated, and a placeholder replaced, in either branch."""
    reading = {**task(""), "Arguments": {"TableName": name}, "QueryLanguage": "JSONata", "End": True}
    del reading["Parameters"]
    substitutions = {"Table": "orders", "Chosen": choice("C", "{% 'a' & 'b' %}", "refunds")}
    role = transformed({"StartAt": "Only", "States": {"Only": reading}}, DefinitionSubstitutions=substitutions)
    for holds, table in zip((True, False), tables, strict=True):
        ((_, resource),) = granted(resolved(role, {"C": holds}))
        assert resource.endswith(f':table/{table}"}}')


def test_a_problem_under_one_truth_of_a_condition_is_told_with_it() -> None:
    states = {"First": task("orders", Next="Audit"), "Audit": choice("Audited", {"Type": "Succeed"})}
    with pytest.raises(TransformFailedError) as failure:
        transformed({"StartAt": "First", "States": states})
    (told,) = failure.value.findings
    assert told.detail.endswith("(where `Audited` does not hold)")


STATES = {
    "First": choice("C", {"Type": "Pass", "Next": "Read"}, task("orders", Next="Read")),
    "Read": {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Parameters": choice("C", {"TableName.$": "$.t"}, {"TableName": "known"}),
        "End": True,
    },
}


def test_a_hint_is_for_the_forms_of_the_definition_that_leave_something_open() -> None:
    role = transformed({"StartAt": "First", "States": STATES}, {"Read": {"TableName": "hinted"}})
    for holds, expected in ((True, {"hinted"}), (False, {"orders", "known"})):
        tables = {resource.partition("table/")[2].rstrip('"}') for _, resource in granted(resolved(role, {"C": holds}))}
        assert tables == expected


@pytest.mark.parametrize(
    "hints", [{"Fist": {"TableName": "x"}}, {"Read": {"Table": "x"}}, {"First": {"TableName": "x"}}]
)
def test_a_hint_that_says_nothing_in_any_form_is_an_error(hints: Any) -> None:
    with pytest.raises(TransformFailedError) as failure:
        transformed({"StartAt": "First", "States": STATES}, hints)
    assert [told.rule.id for told in failure.value.findings] == ["SLP112"]
    assert "where" not in failure.value.findings[0].detail
