"""Intrinsic functions whose value is known only at deployment: kept as they are, for CloudFormation to evaluate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.samples import holds_special, kind_of
from sfn_least_privilege.policy.text import Kind, Reference, Text, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.template.scope import Scope

# Keeps Python's own recursion, in `json.dumps`, far from its limit.
_MAX_NESTING = 200


def keep(
    function: str,
    argument: Any,
    scope: Scope,
    *,
    kind: Kind | None = None,
    sample: str | None = None,
) -> Text:
    """The intrinsic function itself, as one reference; an unknown Text where it must not be written into a policy.

    ``sample`` is what it gives in this deployment. ``kind`` is by default what the sample says.

    It must not be written where its value might hold one of IAM's special characters, which nobody can escape
    once it is out of the template, or where what it holds cannot be evaluated after the macro has run.
    """
    problem = _problem(function, argument, scope, sample)
    if problem is not None:
        return unknown(f"{function}: {problem}")
    if kind is None:
        kind = Kind.UNKNOWN if sample is None else kind_of(sample)
    return Text((Reference(function, canonical(argument), kind, sample=sample),))


def canonical(argument: Any) -> str:
    """The one way an argument is written inside a reference, so that equal arguments make equal references."""
    return json.dumps(argument, sort_keys=True, separators=(",", ":"))


def _problem(function: str, argument: Any, scope: Scope, sample: str | None) -> str | None:
    if sample is not None and holds_special(sample):
        return _SPECIAL
    for name, node, depth in _nodes(function, argument):
        if depth > _MAX_NESTING:
            return f"it is nested more than {_MAX_NESTING} levels deep"
        problem = _not_writable(name, node)
        if problem is not None:
            return problem
        # A value that is known settles it for all that it is made of.
        if sample is None and any(holds_special(text) for text in _sources(name, node, scope)):
            return _SPECIAL
    return None


_SPECIAL = "what it gives may hold a character that IAM reads as a wildcard or a variable"


def _nodes(function: str, argument: Any) -> Iterator[tuple[str, Any, int]]:
    """Every node in an argument, with the function (or the key) that it stands under and its depth."""
    pending: list[tuple[str, Any, int]] = [(function, argument, 1)]
    while pending:
        name, node, depth = pending.pop()
        yield name, node, depth
        if isinstance(node, dict):
            pending.extend((key, child, depth + 1) for key, child in node.items())
        elif isinstance(node, list):
            # The first part of Fn::Sub is its template; of every other list no part is special.
            head = name if name == "Fn::Sub" else ""
            pending.extend(("" if index else head, child, depth + 1) for index, child in enumerate(node))


def _not_writable(name: str, node: Any) -> str | None:
    if name == "Fn::Transform" or name.startswith("Fn::ForEach::"):
        return f"{name} is not evaluated any more once a macro has run"
    if isinstance(node, dict):
        odd = next((key for key in node if not isinstance(key, str)), None)
        return None if odd is None else f"{odd!r} is no name"
    if node is None or isinstance(node, str | bool | int | float | list):
        return None
    return f"a value of type {type(node).__name__} is no JSON"


def _sources(function: str, node: Any, scope: Scope) -> Iterator[str]:
    """The strings that this node alone puts into the result."""
    if isinstance(node, str):
        if function == "Fn::Sub":
            yield from _outside_placeholders(node)
        elif function == "Ref":
            parameter = scope.parameters.get(node)
            value = parameter.value if parameter is not None else None
            yield from (value,) if isinstance(value, str) else value or ()
        else:
            yield node
    elif function == "Fn::FindInMap" and isinstance(node, list) and node:
        chosen = node[0]
        yield from _strings(scope.mappings.get(chosen) if isinstance(chosen, str) else list(scope.mappings.values()))


def _outside_placeholders(template: str) -> Iterator[str]:
    head, *rest = template.split("${")
    yield head
    for piece in rest:
        name, closed, literal = piece.partition("}")
        # `${!x}` is the literal `${x}`: a policy variable in the making.
        yield "${" if name.startswith("!") or not closed else literal


def _strings(node: Any) -> Iterator[str]:
    # A mapping is two levels of objects and a list below them, by CloudFormation's own rule.
    pending = [(node, 0)]
    while pending:
        each, depth = pending.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict | list) and depth < _MAX_NESTING:
            pending.extend((child, depth + 1) for child in (each.values() if isinstance(each, dict) else each))
