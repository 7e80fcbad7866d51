"""Which truths of template conditions can come together."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.template.condition_logic import possible

STAGE, REGION = {"Ref": "Stage"}, {"Ref": "AWS::Region"}


def equals(one: Any, other: Any) -> dict[str, Any]:
    return {"Fn::Equals": [one, other]}


CONDITIONS: dict[str, Any] = {
    "IsProd": equals(STAGE, "prod"),
    "IsTest": equals("test", STAGE),
    "IsDev": {"Fn::Not": [{"Condition": "IsProd"}]},
    "IsEither": {"Fn::Or": [{"Condition": "IsProd"}, {"Condition": "IsTest"}]},
    "IsHome": {"Fn::And": [{"Condition": "IsProd"}, equals(REGION, "eu-west-1")]},
    "Always": equals("a", "a"),
    "Never": equals("a", "b"),
    "One": equals(1, "1"),
    "Same": equals(STAGE, REGION),
    "Itself": {"Condition": "Itself"},
    "Odd": {"Fn::Odd": []},
    "Many": {"Fn::Or": [equals({"Ref": f"P{number}"}, "x") for number in range(20)]},
}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("IsProd", True),
        ("IsProd IsTest", False),
        ("!IsProd !IsTest", True),
        ("IsProd IsDev", False),
        ("!IsProd !IsDev", False),
        ("!IsProd IsDev", True),
        ("IsEither !IsProd", True),
        ("IsEither !IsProd !IsTest", False),
        ("IsTest !IsEither", False),
        ("IsHome !IsProd", False),
        ("!IsHome IsProd", True),
        ("Always", True),
        ("!Always", False),
        ("Never", False),
        ("!Never", True),
        ("Always Never", False),
        ("One", True),
        ("!One", False),
        ("Same IsProd", True),
        ("!Same IsProd", True),
        ("Undefined", True),
        ("!Undefined", True),
        ("Odd", True),
        ("!Odd", True),
        ("Itself", True),
        ("Many IsProd IsTest", True),
    ],
)
def test_what_can_come_together(names: str, expected: bool) -> None:  # noqa: FBT001 -- a column of the table
    truths = {name.removeprefix("!"): not name.startswith("!") for name in names.split()}
    assert possible(truths, CONDITIONS) is expected


def test_conditions_of_any_depth_are_taken() -> None:
    deep: Any = STAGE
    for _ in range(50_000):
        deep = [deep]
    nested: Any = {"Condition": "IsProd"}
    for _ in range(50_000):
        nested = {"Fn::Not": [nested]}
    conditions = {"Deep": equals(deep, "x"), "Nested": nested, "IsProd": equals(STAGE, "prod")}
    assert possible({"Deep": True}, conditions)
    assert possible({"Nested": True, "IsProd": False}, conditions)


expressions: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.builds(equals, st.sampled_from([STAGE, REGION, "a"]), st.sampled_from(["a", "b"])),
        st.builds(lambda name: {"Condition": name}, st.sampled_from(["C0", "C1"])),
    ),
    lambda inner: st.one_of(
        st.builds(lambda each: {"Fn::Not": [each]}, inner),
        st.builds(lambda each: {"Fn::And": each}, st.lists(inner, min_size=2, max_size=3)),
        st.builds(lambda each: {"Fn::Or": each}, st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)


def evaluated(node: Any, values: dict[str, str], conditions: dict[str, Any]) -> bool:
    ((function, argument),) = node.items()
    if function == "Condition":
        return evaluated(conditions[argument], values, conditions)
    if function == "Fn::Equals":
        one, other = (values[each["Ref"]] if isinstance(each, dict) else each for each in argument)
        return bool(one == other)
    holding = [evaluated(each, values, conditions) for each in argument]
    return {"Fn::Not": not holding[0], "Fn::And": all(holding), "Fn::Or": any(holding)}[function]


@given(
    one=expressions,
    other=expressions,
    values=st.fixed_dictionaries({"Stage": st.sampled_from("abc"), "AWS::Region": st.sampled_from("abc")}),
)
def test_what_a_deployment_makes_of_conditions_can_come_together(one: Any, other: Any, values: dict[str, str]) -> None:
    conditions = {"C0": equals(STAGE, "a"), "C1": equals(REGION, "b"), "One": one, "Other": other}
    truths = {name: evaluated(node, values, conditions) for name, node in conditions.items()}
    assert possible(truths, conditions)
