"""Reasons for people: why nothing, or not all, is known of an expression."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.shown import shown_name
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
    shown = _shown(node)
    if not shown:
        return reason
    name = f"`{shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + '…'}`"
    if reason.startswith("it "):
        return f"{name} {reason[3:]}"
    if reason.startswith(_VERBS):
        return f"{name} {reason}"
    if "`" in reason:
        # It names something already, and that is nearer to the cause.
        return reason
    return f"{name} is {reason}" if reason.startswith(_ARTICLES) else f"{name}: {reason}"


_SHOWN = 60


def _shown(node: Node) -> str:
    """What a reason calls a node: a path as it is written, calls in short, nothing where there is no short way."""
    # Only as many steps as can be shown: a path may have thousands.
    if isinstance(node, nodes.Variable):
        return f"${node.name}"
    if isinstance(node, nodes.Name):
        return shown_name(node.name)
    if isinstance(node, nodes.Wildcard):
        return "*"
    if isinstance(node, nodes.Call):
        return f"{_shown(node.procedure)}(…)" if isinstance(node.procedure, nodes.Variable) else ""
    if isinstance(node, nodes.Filtered):
        return _shown_step(node.base, node.predicates)
    if isinstance(node, nodes.Path):
        steps = node.steps[:_SHOWN]
        return ".".join(
            "…" if isinstance(step, nodes.Sort) else _shown_step(step.node, step.predicates) for step in steps
        )
    return ""


def _shown_step(node: Node, predicates: tuple[Node, ...]) -> str:
    simple = isinstance(node, nodes.Variable | nodes.Name | nodes.Wildcard | nodes.Call)
    return (_shown(node) if simple else "(…)") + "".join(
        f"[{_shown_predicate(predicate)}]" for predicate in predicates[:_SHOWN]
    )


def _shown_predicate(predicate: Node) -> str:
    return predicate.value.json if isinstance(predicate, nodes.Constant) else "…"
