from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.handler.event import InvalidEvent, MacroEvent, read_event

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
FIELDS = (
    "region",
    "accountId",
    "transformId",
    "requestId",
    "params",
    "templateParameterValues",
    "fragment",
)


def problems(event: object) -> tuple[str, ...]:
    read = read_event(event)
    assert isinstance(read, InvalidEvent)
    return read.problems


def test_a_whole_event_is_read(event: dict[str, Any]) -> None:
    event["params"] = {"Mode": "Augment"}
    event["templateParameterValues"] = {"Stage": "prod", "Subnets": ["a", "b"]}

    assert read_event(event) == MacroEvent(
        request_id="5dba79b5-f117-4de0-9ce4-d40363bfb6ab",
        region="eu-west-1",
        account_id="111111111111",
        transform_id="111111111111::SfnLeastPrivilege",
        fragment={"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}},
        params={"Mode": "Augment"},
        parameter_values={"Stage": "prod", "Subnets": ["a", "b"]},
    )


@pytest.mark.parametrize("name", ["params", "templateParameterValues"])
@pytest.mark.parametrize("absent", [True, False])
def test_parameters_may_be_absent_or_null(event: dict[str, Any], name: str, *, absent: bool) -> None:
    if absent:
        del event[name]
    else:
        event[name] = None

    read = read_event(event)

    assert isinstance(read, MacroEvent)
    assert (read.params, read.parameter_values) == ({}, {})


def test_parameter_values_become_texts(event: dict[str, Any]) -> None:
    event["templateParameterValues"] = {"Count": 3, "On": True, "Ports": [80, "443", None], "Unknown": None}

    read = read_event(event)

    assert isinstance(read, MacroEvent)
    assert read.parameter_values == {"Count": "3", "On": "true", "Ports": ["80", "443"]}


@pytest.mark.parametrize(
    ("event", "kind"),
    [(None, "null"), ([], "a list"), ("{}", "another string"), (7, "a number"), (True, "a boolean"), (b"", "bytes")],
)
def test_an_event_that_is_no_object(event: object, kind: str) -> None:
    [problem] = problems(event)

    assert problem.startswith("The event must be an object, but it is ")
    assert kind in problem


@pytest.mark.parametrize("name", ["requestId", "region", "accountId", "transformId", "fragment"])
def test_a_missing_field(event: dict[str, Any], name: str) -> None:
    del event[name]

    assert problems(event) == (f"The event has no {name}.",)


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("requestId", "", "The event's requestId must be a string that is not empty, but it is an empty string."),
        ("requestId", 5, "The event's requestId must be a string that is not empty, but it is a number."),
        ("region", "Frankfurt!", "The event's region must be the name of a region, but it is another string."),
        ("accountId", "12", "The event's accountId must be a string of twelve digits, but it is another string."),
        ("accountId", 123456789012, "The event's accountId must be a string of twelve digits, but it is a number."),
        ("transformId", None, "The event's transformId must be a string that is not empty, but it is null."),
        ("fragment", [], "The event's fragment must be an object, but it is a list."),
        ("fragment", "Resources", "The event's fragment must be an object, but it is another string."),
        ("params", ["Mode"], "The event's params must be an object, but it is a list."),
        ("templateParameterValues", "x", "The event's templateParameterValues must be an object, but it is another "),
    ],
)
def test_a_field_of_the_wrong_kind(event: dict[str, Any], name: str, value: object, problem: str) -> None:
    event[name] = value

    [found] = problems(event)

    assert found.startswith(problem)


@pytest.mark.parametrize("value", [{"Ref": "Other"}, [["nested"]], [{"a": 1}]])
def test_a_parameter_value_of_the_wrong_kind_is_named_but_not_quoted(event: dict[str, Any], value: object) -> None:
    event["templateParameterValues"] = {"Password": value}

    assert problems(event) == ("The value of the template parameter Password must be a string or a list of strings.",)


def test_a_snippet_is_refused_with_advice(event: dict[str, Any]) -> None:
    event["fragment"] = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {}}
    event["transformId"] = "111111111111::Roles"

    [problem] = problems(event)

    assert "Fn::Transform" in problem
    assert "Transform: [Roles]" in problem


def test_all_problems_are_reported_together() -> None:
    found = problems({"region": 1, "fragment": {}, "params": 3})

    assert len(found) == 6
    for problem, about in zip(
        found, ("requestId", "region", "accountId", "transformId", "params", "Fn::Transform"), strict=True
    ):
        assert about in problem


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(FIELDS, JSON)) | JSON)
def test_whatever_comes_in_is_read_or_explained(event: object) -> None:
    read = read_event(event)

    assert isinstance(read, MacroEvent) or all(read.problems)


def test_the_representation_of_an_event_holds_no_values(event: dict[str, Any]) -> None:
    event["templateParameterValues"] = {"Password": "hunter2"}
    event["params"] = {"Token": "hunter2"}
    event["fragment"]["Metadata"] = "hunter2"

    assert "hunter2" not in repr(read_event(event))
