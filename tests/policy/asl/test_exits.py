"""Where a state may lead, as it is written."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.exits import catch_names, catchers, choice_rules, next_names
from sfn_least_privilege.policy.asl.states import Kind


@pytest.mark.parametrize(
    ("kind", "fields", "names"),
    [
        (Kind.PASS, {"Next": "a"}, ["a"]),
        (Kind.PASS, {"End": True}, []),
        (Kind.SUCCEED, {"Next": "a"}, []),
        (Kind.FAIL, {"Next": "a"}, []),
        (Kind.CHOICE, {"Choices": [{"Next": "a"}, {"Next": "b"}], "Default": "c"}, ["a", "b", "c"]),
        (Kind.CHOICE, {"Choices": [{}], "Next": "a"}, [None]),
        (Kind.CHOICE, {"Choices": "no list", "Default": "c"}, ["c"]),
    ],
)
def test_the_way_on(kind: Kind, fields: dict[str, Any], names: list[Any]) -> None:
    assert next_names(kind, fields) == names


@pytest.mark.parametrize(
    ("kind", "fields", "names"),
    [
        (Kind.TASK, {"Catch": [{"Next": "a"}, {}]}, ["a", None]),
        (Kind.MAP, {"Catch": [{"Next": "a"}, "no object"]}, ["a"]),
        (Kind.TASK, {"Catch": {"Next": "a"}}, []),
        (Kind.TASK, {}, []),
        (Kind.PASS, {"Catch": [{"Next": "a"}]}, []),
    ],
)
def test_the_way_of_a_failure(kind: Kind, fields: dict[str, Any], names: list[Any]) -> None:
    assert catch_names(kind, fields) == names
    assert len(catchers(kind, fields)) == len(names)


def test_rules_that_are_no_objects_are_none() -> None:
    assert choice_rules({"Choices": [1, {"Next": "a"}, None]}) == [{"Next": "a"}]
    assert choice_rules({}) == []
