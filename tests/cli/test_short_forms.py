from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.cli.short_forms import expand, shorten


@pytest.mark.parametrize(
    ("name", "argument", "long_form"),
    [
        ("Ref", "Table", {"Ref": "Table"}),
        ("Condition", "IsProd", {"Condition": "IsProd"}),
        ("Sub", "${A}", {"Fn::Sub": "${A}"}),
        ("GetAtt", "Table.Arn", {"Fn::GetAtt": ["Table", "Arn"]}),
        ("GetAtt", "Nested.Outputs.Arn", {"Fn::GetAtt": ["Nested", "Outputs.Arn"]}),
        ("GetAtt", ["Table", "Arn"], {"Fn::GetAtt": ["Table", "Arn"]}),
        ("ToJsonString", {"a": 1}, {"Fn::ToJsonString": {"a": 1}}),
        ("NotKnownYet", "x", {"Fn::NotKnownYet": "x"}),
    ],
)
def test_short_forms_become_long(name: str, argument: Any, long_form: Any) -> None:
    assert expand(name, argument) == long_form


@pytest.mark.parametrize(
    ("value", "short"),
    [
        ({"Ref": "AWS::Region"}, ("!Ref", "AWS::Region")),
        ({"Fn::GetAtt": ["Table", "Arn"]}, ("!GetAtt", "Table.Arn")),
        ({"Fn::Sub": ["${A}", {"A": "b"}]}, ("!Sub", ["${A}", {"A": "b"}])),
        ({"Fn::If": ["IsProd", "a", "b"]}, ("!If", ["IsProd", "a", "b"])),
    ],
)
def test_long_forms_become_short(value: Any, short: Any) -> None:
    assert shorten(value) == short


@pytest.mark.parametrize(
    "value",
    [
        {"Fn::Base64": {"Ref": "A"}},  # one node cannot carry two tags
        {"Fn::GetAtt": "Table.Arn"},  # would come back as a list
        {"Fn::GetAtt": ["Table", {"Ref": "A"}]},
        {"Fn::GetAtt": ["Ta.ble", "Arn"]},
        {"Condition": "IsProd"},  # a resource's attribute as well as a function
        {"Fn::Select": 1},
        {"Ref": ["a"]},
        {"Ref": "A", "Other": "b"},
        {"Fn::ForEach::Loop": []},
        {},
        "Ref",
    ],
)
def test_what_has_no_faithful_short_form_stays_long(value: Any) -> None:
    assert shorten(value) is None
