"""Reasons for people: why nothing, or not all, is known of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.nodes import label
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import Anything, Value

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.jsonata.nodes import Node

_ARTICLES = ("the ", "a ", "an ")
_VERBS = ("is ", "comes ")


def named(value: Value, node: Node) -> Value:
    """``value``, and when nothing is known of it, a reason that names the expression it comes from."""
    if isinstance(value, Anything):
        return Anything(_explained(value.reason, node))
    if isinstance(value, Text) and len(value.parts) == 1 and isinstance(value.parts[0], Unknown):
        return Text((Unknown(_explained(value.parts[0].reason, node)),))
    return value


def _explained(reason: str, node: Node) -> str:
    """A reason such as ``it comes from the input``, with ``it`` replaced by the expression."""
    name = f"`{label(node)}`"
    if reason.startswith("it "):
        return f"{name} {reason[3:]}"
    if reason.startswith(_VERBS):
        return f"{name} {reason}"
    if "`" in reason:
        # It names something already, and that is nearer to the cause.
        return reason
    return f"{name} is {reason}" if reason.startswith(_ARTICLES) else f"{name}: {reason}"
