"""Which truths of a template's conditions can come together.

Every ``Fn::Equals`` compares something with something; two that compare the same thing with different literals cannot
both hold. What is not understood can be either way.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
"""

from __future__ import annotations

import json
from itertools import product
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_NODES = 200
"""How much of the conditions is looked at; people write a tenth of it."""

_MAX_CASES = 512
"""How many combinations of what is compared are tried."""

_Case: TypeAlias = "Mapping[str, str]"
_OTHER = "\ufdd0other"


def possible(truths: Mapping[str, bool], conditions: Mapping[str, Any]) -> bool:
    """Whether the conditions named in ``truths`` can have these truths together.

    ``conditions`` is the template's section. True where it cannot be told.
    """
    try:
        compared = _compared([{"Condition": name} for name in truths], conditions)
    except RecursionError:
        # What is compared is nested deeper than JSON can be written.
        return True
    if compared is None or prod(len(values) for values in compared.values()) > _MAX_CASES:
        return True
    return any(
        all(_holds({"Condition": name}, case, conditions) is truth for name, truth in truths.items())
        for case in (dict(zip(compared, values, strict=True)) for values in product(*compared.values()))
    )


def _compared(waiting: list[Any], conditions: Mapping[str, Any]) -> dict[str, list[str]] | None:
    """What is compared, with all that it is compared with and one value besides; None where that is too much."""
    found: dict[str, dict[str, None]] = {}
    for count, node in enumerate(waiting):
        if count > _MAX_NODES:
            return None
        function, argument = _call(node, conditions)
        if function in {"Fn::And", "Fn::Or", "Fn::Not", "Condition"}:
            waiting.extend(argument)
        else:
            subject, value = _comparison(node, function, argument)
            if subject:
                found.setdefault(subject, {_OTHER: None})[value] = None
    return {subject: list(values) for subject, values in found.items()}


def _holds(node: Any, case: _Case, conditions: Mapping[str, Any]) -> bool:
    # Recursion ends: `_compared` has gone the same way before, within its bound.
    function, argument = _call(node, conditions)
    if function in {"Fn::And", "Condition"}:
        return all(_holds(each, case, conditions) for each in argument)
    if function == "Fn::Or":
        return any(_holds(each, case, conditions) for each in argument)
    if function == "Fn::Not":
        return not all(_holds(each, case, conditions) for each in argument)
    subject, value = _comparison(node, function, argument)
    return case.get(subject, _OTHER) == value


def _call(node: Any, conditions: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """A condition function with its arguments; no name for what is none, or calls for a condition there is not."""
    if not isinstance(node, dict) or len(node) != 1:
        return "", []
    ((function, argument),) = node.items()
    if function == "Condition":
        known = isinstance(argument, str) and argument in conditions
        return ("Condition", [conditions[argument]]) if known else ("", [])
    return (str(function), argument) if isinstance(argument, list) else ("", [])


def _comparison(node: Any, function: str, argument: list[Any]) -> tuple[str, str]:
    """What is compared, empty for two literals, and the value with which the comparison holds."""
    if function == "Fn::Equals" and len(argument) == 2:  # noqa: PLR2004 -- the two values that it compares
        one, other = sorted(argument, key=_is_literal)
        if _is_literal(one):
            return "", _OTHER if _text(one) == _text(other) else ""
        if _is_literal(other):
            return _canonical(one), _text(other)
    return _canonical(node), "it holds"


def _is_literal(node: Any) -> bool:
    return isinstance(node, str | int | float)


def _text(literal: Any) -> str:
    return json.dumps(literal) if isinstance(literal, bool) else str(literal)


def _canonical(node: Any) -> str:
    return json.dumps(node, sort_keys=True, default=str)
