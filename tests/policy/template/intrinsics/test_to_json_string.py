from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, Conditional

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    "node",
    [{}, [], {"a": "b"}, {"a": [1, 2.5, True, None, "x"]}, ['quote " and \\ and \n'], {'key "': "ü"}],
)
def test_known_json_is_text(text: Callable[[Any], Text], node: Any) -> None:
    assert json.loads(text({"Fn::ToJsonString": node}).literal) == node


def test_it_is_written_without_spaces(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::ToJsonString": {"a": [1, {"b": "c"}]}}).literal == '{"a":[1,{"b":"c"}]}'


def test_a_reference_that_needs_no_escaping_goes_inside(written: Callable[[Any], Any]) -> None:
    assert written({"Fn::ToJsonString": {"q": {"Ref": "Queue"}, "s": {"Fn::Sub": "x-${Stage}"}}}) == {
        "Fn::Sub": '{"q":"${Queue}","s":"x-${Stage}"}'
    }


@pytest.mark.parametrize("reference", [{"Ref": "Later"}, {"Fn::ImportValue": "x"}])
def test_a_reference_that_may_need_escaping_leaves_the_function_as_it_is(
    written: Callable[[Any], Any], reference: Any
) -> None:
    node = {"Fn::ToJsonString": {"a": reference}}

    assert written(node) == node


def test_a_value_that_needs_escaping_leaves_the_function_as_it_is(written: Callable[[Any], Any], scope: Scope) -> None:
    scope.parameters["Quoted"] = type(scope.parameters["Stage"])("Quoted", "String", 'say "hi"')
    node = {"Fn::ToJsonString": {"a": {"Ref": "Quoted"}}}

    assert written(node) == node


def test_a_choice_inside_is_a_choice_of_texts(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::ToJsonString": {"a": {"Fn::If": ["IsProd", ["x"], 7]}}})

    assert value == Conditional("IsProd", Text.of('{"a":["x"]}'), Text.of('{"a":7}'))


def test_a_field_that_may_be_missing_leaves_the_function_as_it_is(written: Callable[[Any], Any]) -> None:
    node = {"Fn::ToJsonString": {"a": {"Fn::If": ["IsProd", "x", {"Ref": "AWS::NoValue"}]}}}

    assert written(node) == node


def test_a_field_that_is_missing_is_left_out(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::ToJsonString": {"a": 1, "b": {"Ref": "AWS::NoValue"}}}).literal == '{"a":1}'


def test_a_list_parameter_is_a_list(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::ToJsonString": {"names": {"Ref": "Names"}}}).sample == '{"names":["alpha","beta"]}'


@pytest.mark.parametrize("argument", [None, "x", 7])
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    assert resolved({"Fn::ToJsonString": argument}) == Anything(
        "Fn::ToJsonString is malformed: it wants an object or a list"
    )


def test_unknown_parts_stay_unknown(text: Callable[[Any], Text]) -> None:
    value = text({"Fn::ToJsonString": {"a": {"Fn::GetAtt": ["Queue", {"Ref": "Stage"}]}}})

    assert (value.prefix, value.suffix, len(value.unknowns)) == ('{"a":"', '"}', 1)


def test_text_put_together_can_be_written_out(text: Callable[[Any], Text]) -> None:
    assert render_string(text({"Fn::ToJsonString": [{"Ref": "Bucket"}]})) == {"Fn::Sub": '["${Bucket}"]'}
