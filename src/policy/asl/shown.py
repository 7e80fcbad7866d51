"""How messages repeat what a definition says: short, and without the tokens that stand in it."""

from __future__ import annotations

from typing import Any

from sfn_least_privilege.policy.template.tokens import CLOSE, OPEN

_MAX_CHARACTERS = 60


def shown(value: Any) -> str:
    """A value from a definition as a message may repeat it."""
    if value is None:
        return "missing"
    text = value if isinstance(value, str) else f"a {type(value).__name__}"
    return f"`{shown_name(text)[:_MAX_CHARACTERS]}`"


def shown_name(name: str) -> str:
    """A name from a definition with its tokens shown as ``${…}``."""
    if OPEN not in name:
        return name
    head, *tail = name.split(OPEN)
    return head + "".join("${…}" + piece.partition(CLOSE)[2] for piece in tail)
