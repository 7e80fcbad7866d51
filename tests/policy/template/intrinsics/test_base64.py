from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.text import Kind, Text
from sfn_least_privilege.policy.value import Conditional

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(("plain", "encoded"), [("orders", "b3JkZXJz"), ("", ""), ("ü", "w7w="), (7, "Nw==")])
def test_a_literal_is_encoded(text: Callable[[Any], Text], plain: Any, encoded: str) -> None:
    assert text({"Fn::Base64": plain}).literal == encoded


def test_half_a_character_is_encoded_too(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Base64": "\ud800"}).literal == "7aCA"


def test_a_reference_leaves_the_function_as_it_is(written: Callable[[Any], Any], text: Callable[[Any], Text]) -> None:
    node = {"Fn::Base64": {"Fn::Sub": "x-${Stage}"}}

    assert written(node) == node
    assert (text(node).sample, text(node).reference.kind) == ("eC1wcm9k", Kind.UNKNOWN)


def test_a_choice_is_encoded_branch_by_branch(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"Fn::Base64": {"Fn::If": ["IsProd", "a", "b"]}})

    assert value == Conditional("IsProd", Text.of("YQ=="), Text.of("Yg=="))


def test_what_is_wrong_inside_is_said(text: Callable[[Any], Text]) -> None:
    assert text({"Fn::Base64": {"Fn::If": []}}).unknowns[0].reason.startswith("Fn::If is malformed")
