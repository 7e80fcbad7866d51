from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.text import Kind, Text
from sfn_least_privilege.policy.value import Anything, ArrayValue, ListOf, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value


REGION = {"Ref": "AWS::Region"}
LATER = {"Ref": "Later"}


def find(*argument: Any) -> Any:
    return {"Fn::FindInMap": list(argument)}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("orders", Text.of("orders-eu")),
        ("zones", ArrayValue((Text.of("a"), Text.of("b")))),
        ("shards", Scalar("2")),
    ],
)
def test_literal_keys_give_the_literal_value(resolved: Callable[[Any], Value], key: str, expected: Any) -> None:
    assert resolved(find("Tables", "eu-west-1", key)) == expected


def test_a_key_that_yaml_read_as_a_number_is_a_string(resolved: Callable[[Any], Value], scope: Scope) -> None:
    scope.mappings["Accounts"] = {123456789012: {"stage": "prod"}}

    assert resolved(find("Accounts", "123456789012", "stage")) == Text.of("prod")


def test_a_key_of_this_deployment_leaves_the_function_as_it_is(
    written: Callable[[Any], Any], text: Callable[[Any], Text]
) -> None:
    node = find("Tables", REGION, "arn")

    assert written(node) == node
    assert (text(node).sample, text(node).reference.kind) == ("arn:aws:sqs:eu-west-1:1:a", Kind.ARN)


def test_a_list_by_a_key_of_this_deployment_is_its_items(resolved: Callable[[Any], Value]) -> None:
    value = resolved(find("Tables", REGION, "zones"))

    assert [item.sample for item in value.items] == ["a", "b"]
    assert render_string(value.items[1]) == {"Fn::Select": [1, find("Tables", REGION, "zones")]}


@pytest.mark.parametrize(("key", "kind"), [("arn", Kind.ARN), ("orders", Kind.NAME)])
def test_what_all_candidates_are_the_value_is(
    written: Callable[[Any], Any], text: Callable[[Any], Text], key: str, kind: Kind
) -> None:
    node = find("Tables", LATER, key)

    assert written(node) == node
    assert (text(node).sample, text(node).reference.kind) == (None, kind)


def test_a_candidate_with_a_colon_is_not_called_a_name(text: Callable[[Any], Text], scope: Any) -> None:
    scope.mappings["Tables"]["us-east-1"]["orders"] = "orders:3"

    assert text(find("Tables", LATER, "orders")).reference.kind is Kind.UNKNOWN


def test_candidates_that_differ_in_kind_leave_it_open(text: Callable[[Any], Text], scope: Scope) -> None:
    scope.mappings["Tables"]["us-east-1"]["arn"] = "a-name"

    assert text(find("Tables", LATER, "arn")).reference.kind is Kind.UNKNOWN


def test_a_value_that_is_the_same_everywhere_is_literal(resolved: Callable[[Any], Value]) -> None:
    assert resolved(find("Same", LATER, "name")) == Text.of("shared")


def test_a_list_by_a_key_that_is_not_known_has_no_known_length(resolved: Callable[[Any], Value]) -> None:
    assert isinstance(resolved(find("Tables", LATER, "zones")), ListOf)


def test_a_map_that_is_not_known_may_be_any(text: Callable[[Any], Text], scope: Any) -> None:
    del scope.mappings["Patterns"]
    scope.mappings["Queues"] = {"eu-west-1": {"orders": "queue-eu"}}

    assert text(find(LATER, "eu-west-1", "orders")).reference.kind is Kind.NAME


def test_a_value_that_only_one_map_has_is_literal(resolved: Callable[[Any], Value]) -> None:
    assert resolved(find(LATER, "eu-west-1", "orders")) == Text.of("orders-eu")


def test_a_value_iam_would_read_as_a_pattern_is_written_out(pattern: Callable[[Any], Any]) -> None:
    assert pattern(find("Patterns", REGION, "all")) == "orders-${*}"


def test_a_candidate_iam_would_read_as_a_pattern_makes_it_unknown(text: Callable[[Any], Text]) -> None:
    assert "wildcard" in text(find("Patterns", LATER, "all")).unknowns[0].reason


def test_the_default_stands_in_for_what_is_not_there(resolved: Callable[[Any], Value]) -> None:
    assert resolved(find("Tables", "eu-west-1", "none", {"DefaultValue": "fallback"})) == Text.of("fallback")


def test_the_default_stands_in_for_a_region_that_is_not_there(
    written: Callable[[Any], Any], text: Callable[[Any], Text]
) -> None:
    node = find("Tables", {"Ref": "Stage"}, "orders", {"DefaultValue": "fallback"})

    assert written(node) == node
    assert text(node).sample == "fallback"


def test_the_default_is_one_of_the_candidates(text: Callable[[Any], Text]) -> None:
    node = find("Tables", LATER, "arn", {"DefaultValue": "a-name"})

    assert text(node).reference.kind is Kind.UNKNOWN


def test_what_is_not_there_is_said(resolved: Callable[[Any], Value]) -> None:
    assert resolved(find("Tables", "eu-west-1", "none")) == Anything(
        "Fn::FindInMap is malformed: there is no Tables / eu-west-1 / none in Mappings"
    )


def test_what_is_not_there_in_this_deployment_leaves_the_function_as_it_is(written: Callable[[Any], Any]) -> None:
    node = find("Tables", {"Ref": "Stage"}, "orders")

    assert written(node) == node


@pytest.mark.parametrize("broken", [7, ["x"], "x", None])
def test_a_malformed_map_has_nothing_in_it(resolved: Callable[[Any], Value], scope: Scope, broken: Any) -> None:
    scope.mappings["Tables"] = broken

    assert isinstance(resolved(find("Tables", "eu-west-1", "orders")), Anything)


@pytest.mark.parametrize(
    "argument",
    [None, "x", [], ["a", "b"], ["a", "b", "c", "d"], ["a", "b", "c", {"Other": 1}], ["a", "b", "c", {}, {}]],
)
def test_other_shapes_are_malformed(resolved: Callable[[Any], Value], argument: Any) -> None:
    value = resolved({"Fn::FindInMap": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::FindInMap is malformed")
