"""The comparisons of Choice rules in JSONPath, as far as they tell what a string is.

https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html#amazon-states-language-choice-state-rules
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.flow.narrowing import (
    CONTEXT,
    INPUT,
    NOTHING,
    Place,
    Told,
    all_hold,
    is_certain,
    one_holds,
)
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError, selection, written
from sfn_least_privilege.policy.asl.presence import present
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.text import EMPTY, Text, Unknown
from sfn_least_privilege.policy.value import MISSING, Value, alternatives_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.asl.payload import StateData
    from sfn_least_privilege.policy.template.tokens import Tokens

MAX_NESTING = 32
"""How deep ``And`` and ``Or`` are followed; deeper comparisons tell nothing."""

_VARIABLE = re.compile(r"\$([^\W\d]\w*)(.*)", re.DOTALL)
# A backslash takes its meaning from the star, or the backslash, behind it.
_PATTERN_PIECE = re.compile(r"\\([*\\])|(\*)|([^\\*]+|\\)", re.DOTALL)


def told_by_rule(rule: Mapping[str, Any], data: Callable[[], StateData], tokens: Tokens, depth: int = 0) -> Told:
    """What a rule tells of places in the data.

    ``data`` gives the data that it compares with, where it does so.
    """
    if depth > MAX_NESTING:
        return NOTHING
    if "And" in rule:
        return all_hold(_inner(rule["And"], data, tokens, depth))
    if "Or" in rule:
        return one_holds(_inner(rule["Or"], data, tokens, depth))
    wanted = _wanted(rule, data, tokens)
    variable = rule.get("Variable")
    place = _place(variable) if wanted is not None and isinstance(variable, str) else None
    if place is None or wanted is None or not all(isinstance(each, Text) for each in alternatives_of(wanted)):
        return NOTHING
    return Told({place: wanted}, {place: wanted} if is_certain(wanted) else {})


def _inner(given: Any, data: Callable[[], StateData], tokens: Tokens, depth: int) -> list[Told]:
    rules = given if isinstance(given, list) else []
    return [told_by_rule(rule, data, tokens, depth + 1) if isinstance(rule, dict) else NOTHING for rule in rules]


def _wanted(rule: Mapping[str, Any], data: Callable[[], StateData], tokens: Tokens) -> Value | None:
    if isinstance(rule.get("StringEquals"), str):
        return tokens.literal(rule["StringEquals"])
    if isinstance(rule.get("StringMatches"), str):
        return _pattern(rule["StringMatches"])
    if isinstance(rule.get("StringEqualsPath"), str):
        try:
            return present(selection(rule["StringEqualsPath"], data()))
        except ExpressionSyntaxError:
            return None
    return None


def _pattern(pattern: str) -> Text | None:
    """The strings that a pattern matches: ``*`` stands for any characters."""
    if OPEN in pattern:
        return None
    unknown = Unknown(f"it is anything that matches `{pattern}`")
    pieces = _PATTERN_PIECE.finditer(pattern)
    return Text.of(*(unknown if piece[2] else piece[1] or piece[3] for piece in pieces))


@lru_cache(maxsize=1024)
def _place(path: str) -> Place | None:
    if OPEN in path:
        return None
    path = path.strip()
    variable = _VARIABLE.fullmatch(path)
    if variable:
        place = Place(variable[1], f"${variable[2]}")
    elif path.startswith("$$"):
        place = Place(CONTEXT, path[1:])
    else:
        place = Place(INPUT, path)
    try:
        # Only what names exactly one place can be written to.
        written(place.path, MISSING, EMPTY)
    except ExpressionSyntaxError:
        return None
    return place
