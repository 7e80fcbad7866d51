"""How messages repeat what a definition says."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.shown import shown, shown_name
from sfn_least_privilege.policy.template.tokens import CLOSE, OPEN


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Orders", "`Orders`"),
        (None, "missing"),
        ([1], "`a list`"),
        ("x" * 100, f"`{'x' * 60}`"),
        (f"a{OPEN}12{CLOSE}b", "`a${…}b`"),
    ],
)
def test_shown(value: Any, text: str) -> None:
    assert shown(value) == text


def test_names_are_shown_in_full_without_their_tokens() -> None:
    assert shown_name(f"{OPEN}1{CLOSE}-{OPEN}2{CLOSE}") == "${…}-${…}"
    assert shown_name("x" * 100) == "x" * 100
