from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Kind, Literal, Text
from sfn_least_privilege.policy.value import Conditional

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


SSM = "{{resolve:ssm:/orders/table:3}}"


def test_a_parameter_in_the_store_stays_a_reference(written: Callable[[Any], Any], text: Callable[[Any], Text]) -> None:
    assert written(SSM) == {"Fn::Sub": SSM}
    assert (text(SSM).reference.kind, text(SSM).sample) == (Kind.UNKNOWN, None)


def test_what_stands_around_it_is_known(text: Callable[[Any], Text]) -> None:
    value = text(f"a-{SSM}-b")

    assert (value.prefix, value.suffix) == ("a-", "-b")


def test_it_is_one_part_and_not_characters_to_split_at(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Select": [0, {"Fn::Split": [":", f"x:{SSM}"]}]}).reference.function == "Fn::Select"


@pytest.mark.parametrize(
    "node",
    [
        {"Fn::Sub": "{{resolve:ssm:/${Stage}/table}}"},
        {"Fn::Join": ["", ["{{resolve:ssm:/", {"Ref": "Stage"}, "/table}}"]]},
        {"Fn::Join": ["/", ["{{resolve:ssm:", {"Ref": "Stage"}, "table}}"]]},
    ],
)
def test_one_that_is_put_together_is_one_part(written: Callable[[Any], Any], node: Any) -> None:
    assert written(node) == {"Fn::Sub": "{{resolve:ssm:/${Stage}/table}}"}


def test_two_in_one_string_are_two(text: Callable[[Any], Text]) -> None:
    assert [reference.argument for reference in text("{{resolve:ssm:a}}-{{resolve:ssm:b}}").references] == [
        '"{{resolve:ssm:a}}"',
        '"{{resolve:ssm:b}}"',
    ]


@pytest.mark.parametrize("service", ["secretsmanager", "ssm-secure"])
def test_a_secret_does_not_get_into_a_policy(
    text: Callable[[Any], Text], pattern: Callable[[Any], Any], service: str
) -> None:
    node = f"x-{{{{resolve:{service}:MySecret:SecretString:password}}}}"

    assert pattern(node) == "x-*"
    assert text(node).unknowns[0].reason == f"a dynamic reference to {service} must not get into a policy"


@pytest.mark.parametrize("broken", ["{{resolve:ssm:a", "{{resolve:", "{{resolve:ssm:a}", "{{other:ssm:a}}"])
def test_what_is_not_one_is_literal(text: Callable[[Any], Text], broken: Any) -> None:
    assert text(broken) == Text((Literal(broken),))


def test_one_that_names_nothing_is_unknown(text: Callable[[Any], Text]) -> None:
    assert "not known" in text("{{resolve:}}").unknowns[0].reason


def test_each_choice_has_its_own(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Sub": ["{{resolve:ssm:${p}}}", {"p": {"Fn::If": ["IsProd", "a", "b"]}}]})

    assert isinstance(value, Conditional)
    assert value.then.reference.argument == '"{{resolve:ssm:a}}"'


def test_one_whose_name_is_unknown_is_unknown(text: Callable[[Any], Text]) -> None:
    node = {"Fn::Sub": ["{{resolve:ssm:${p}}}", {"p": {"Fn::GetAtt": ["Queue", {"Ref": "Stage"}]}}]}

    assert text(node).unknowns[0].reason.startswith("which parameter a dynamic reference names is not known")
