"""Filters, ``[?(@.name == 'x')]``: whether an item passes, certainly, certainly not, or not known.

What is understood: ``@`` with fields and indexes, comparisons with constants, ``&&``, ``||``, ``!`` and
parentheses. Every other condition (regular expressions, ``in``, ``empty``, …) is one of which nothing is known.
https://github.com/json-path/JsonPath#filter-operators
"""

from __future__ import annotations

import json
import operator
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.jsonpath.choices import is_open, leaves, present
from sfn_least_privilege.policy.asl.jsonpath.equality import equal, is_number_like
from sfn_least_privilege.policy.asl.jsonpath.paths import Field, Index, scan_steps
from sfn_least_privilege.policy.asl.jsonpath.stepping import follow
from sfn_least_privilege.policy.asl.jsonpath.syntax import CACHED_LENGTH, JsonPathSyntaxError
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Missing, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MAX_NESTING = 32


@dataclass(frozen=True, slots=True)
class _Exists:
    steps: tuple[Field | Index, ...]


@dataclass(frozen=True, slots=True)
class _Comparison:
    steps: tuple[Field | Index, ...]
    sign: str
    constant: Text | Scalar


@dataclass(frozen=True, slots=True)
class _Not:
    condition: _Condition


@dataclass(frozen=True, slots=True)
class _All:
    conditions: tuple[_Condition, ...]


@dataclass(frozen=True, slots=True)
class _Any:
    conditions: tuple[_Condition, ...]


_Condition: TypeAlias = _Exists | _Comparison | _Not | _All | _Any


def passes(condition: str, item: Value) -> bool | None:
    """Whether ``item`` meets the text of a filter; None where that is not known."""
    parsed = _parse_cached(condition) if len(condition) <= CACHED_LENGTH else _parse(condition)
    return None if parsed is None else _evaluate(parsed, item)


def _evaluate(condition: _Condition, item: Value) -> bool | None:
    if isinstance(condition, _Exists):
        return _exists(follow(item, condition.steps))
    if isinstance(condition, _Comparison):
        return _compare(follow(item, condition.steps), condition.sign, condition.constant)
    if isinstance(condition, _Not):
        verdict = _evaluate(condition.condition, item)
        return None if verdict is None else not verdict
    verdicts = [_evaluate(each, item) for each in condition.conditions]
    decisive = isinstance(condition, _Any)
    if decisive in verdicts:
        return decisive
    return None if None in verdicts else not decisive


def _exists(value: Value) -> bool | None:
    there, may_be_missing = present(value)
    if isinstance(there, Missing):
        return False
    # Readers differ on a field that is null.
    is_null = any(isinstance(each, Scalar) and each.json == "null" for each in leaves(there))
    return None if may_be_missing or is_null or is_open(there) else True


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _compare(value: Value, sign: str, constant: Text | Scalar) -> bool | None:
    there, may_be_missing = present(value)
    if isinstance(there, Missing):
        return False if sign == "==" else None
    if sign in _ORDER:
        verdict = _in_order(there, sign, constant)
        return None if may_be_missing else verdict
    same = equal(there, constant)
    if sign == "==":
        return None if may_be_missing and same else same
    return None if may_be_missing or same is None else not same


def _in_order(value: Value, sign: str, constant: Text | Scalar) -> bool | None:
    if not (isinstance(value, Scalar) and is_number_like(value) and is_number_like(constant)):
        return None
    left, right = value.value, constant.value if isinstance(constant, Scalar) else None
    return None if left is None or right is None else _ORDER[sign](left, right)


_SPACE = re.compile(r"\s*+")
_SIGN = re.compile(r"\s*+(==|!=|<=|>=|<|>)\s*+")
_STRING = re.compile(r"""'([^'\\]*+)'|"([^"\\]*+)\"""")
_PLAIN = re.compile(r"(?:-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?|true|false|null)(?![\w.])")
_NAME = re.compile(r"[^.\[(\s,)=<>!&|~'\"]++")


class _NotUnderstoodError(Exception):
    """The condition is outside of what this module understands."""


def _parse(text: str) -> _Condition | None:
    """The condition that ``text`` writes; None when it is outside of what is understood."""
    try:
        condition, end = _either(text, _skip(text, 0), 0)
    except (_NotUnderstoodError, JsonPathSyntaxError):
        return None
    return condition if end == len(text) else None


_parse_cached = lru_cache(maxsize=1024)(_parse)


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _either(text: str, position: int, depth: int) -> tuple[_Condition, int]:
    conditions, position = _separated(text, position, "||", lambda start: _both(text, start, depth))
    return conditions[0] if len(conditions) == 1 else _Any(conditions), position


def _both(text: str, position: int, depth: int) -> tuple[_Condition, int]:
    conditions, position = _separated(text, position, "&&", lambda start: _single(text, start, depth))
    return conditions[0] if len(conditions) == 1 else _All(conditions), position


def _separated(
    text: str, position: int, separator: str, read: Callable[[int], tuple[_Condition, int]]
) -> tuple[tuple[_Condition, ...], int]:
    conditions: list[_Condition] = []
    while True:
        condition, position = read(position)
        conditions.append(condition)
        position = _skip(text, position)
        if not text.startswith(separator, position):
            return tuple(conditions), position
        position = _skip(text, position + len(separator))


def _single(text: str, position: int, depth: int) -> tuple[_Condition, int]:
    if depth > _MAX_NESTING:
        raise _NotUnderstoodError
    if text.startswith("(", position):
        condition, position = _either(text, _skip(text, position + 1), depth + 1)
        if not text.startswith(")", position):
            raise _NotUnderstoodError
        return condition, position + 1
    if text.startswith("!", position):
        condition, position = _single(text, _skip(text, position + 1), depth + 1)
        return _Not(condition), position
    return _comparison(text, position)


def _comparison(text: str, position: int) -> tuple[_Condition, int]:
    if not text.startswith("@", position):
        raise _NotUnderstoodError
    scanned, position = scan_steps(text, position + 1, _NAME)
    steps = tuple(_definite(scanned))
    sign = _SIGN.match(text, position)
    if not sign:
        return _Exists(steps), position
    constant, position = _constant(text, sign.end())
    return _Comparison(steps, sign[1], constant), position


def _definite(steps: Iterable[object]) -> Iterable[Field | Index]:
    for step in steps:
        # How a negative index counts differs between the versions of Jayway.
        if not isinstance(step, Field | Index) or (isinstance(step, Index) and step.position < 0):
            raise _NotUnderstoodError
        yield step


def _constant(text: str, position: int) -> tuple[Text | Scalar, int]:
    string = _STRING.match(text, position)
    if string:
        return Text.of(string[1] if string[1] is not None else string[2]), string.end()
    plain = _PLAIN.match(text, position)
    if not plain:
        raise _NotUnderstoodError
    return Scalar(json.dumps(json.loads(plain[0]))), plain.end()
