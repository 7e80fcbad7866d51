"""Calls of intrinsic functions: the text of ``States.Format('{}', $.x)`` in, its parts out.

https://states-language.net/spec.html#intrinsic-functions
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from sfn_least_privilege.policy.asl.jsonpath.paths import ARGUMENT_NAME, scan_path
from sfn_least_privilege.policy.asl.jsonpath.syntax import CACHED_LENGTH, MAX_DEPTH, JsonPathSyntaxError, shown
from sfn_least_privilege.policy.template.tokens import CLOSE, OPEN
from sfn_least_privilege.policy.value import Scalar


class Mark(Enum):
    """What stands in a string literal besides characters."""

    SLOT = "{}"
    UNCLEAR = "an escape that is not documented"


@dataclass(frozen=True, slots=True)
class StringLiteral:
    """A string in apostrophes; its texts have lost their escapes."""

    parts: tuple[str | Mark, ...]


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, ``true``, ``false`` or ``null``."""

    scalar: Scalar


@dataclass(frozen=True, slots=True)
class PathArgument:
    """A path."""

    text: str


@dataclass(frozen=True, slots=True)
class Hole:
    """A place where CloudFormation will put text outside of a string: one argument, or several."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call; ``source`` is its text, shortened for people."""

    name: str
    arguments: tuple[Argument, ...]
    source: str


Argument: TypeAlias = StringLiteral | Constant | PathArgument | Hole | Call


@dataclass(slots=True)
class _Open:
    """A call whose closing parenthesis has not been read."""

    name: str
    start: int
    arguments: list[Argument] = field(default_factory=list)


_SPACE = re.compile(r"\s*+")
_NAME = re.compile(r"([A-Za-z][A-Za-z0-9_.]*+)\s*+\(")
_PLAIN = re.compile(
    r"(?:-?(?:0|[1-9][0-9]{0,99}+)(?:\.[0-9]{1,99}+)?(?:[eE][+-]?[0-9]{1,2})?|true|false|null)(?![\w.])"
)
_HOLE = re.compile(f"{OPEN}[0-9]+{CLOSE}")
_STRING_PIECE = re.compile(r"[^\\'{}]++|\\.|\{\}|[{}]", re.DOTALL)
_ESCAPED = frozenset("'{}\\")
_SOURCE = 300


def parse_call(text: str) -> Call:
    """Read a whole text as one call. Raises JsonPathSyntaxError."""
    return _parse_cached(text) if len(text) <= CACHED_LENGTH else _parse(text)


def _parse(text: str) -> Call:
    opened: list[_Open] = []
    position = 0
    while True:
        position = _skip(text, position)
        name = _NAME.match(text, position)
        if name:
            if len(opened) >= MAX_DEPTH:
                raise JsonPathSyntaxError(text, position, f"calls nested more than {MAX_DEPTH} deep are not supported")
            opened.append(_Open(name[1], position))
            position = _skip(text, name.end())
            if not text.startswith(")", position):
                continue
        elif opened:
            argument, position = _scan_argument(text, position)
            opened[-1].arguments.append(argument)
        else:
            problem = "a path starts with `$`, and an intrinsic function is written `States.Name(…)`"
            raise JsonPathSyntaxError(text, position, problem)
        position = _skip(text, position)
        while text.startswith(")", position):
            call = _closed(text, opened.pop(), position + 1)
            position = _skip(text, position + 1)
            if not opened:
                return _whole(text, call, position)
            opened[-1].arguments.append(call)
        if not text.startswith(",", position):
            problem = "`,` or `)` is missing" if position < len(text) else "`(` is never closed"
            raise JsonPathSyntaxError(text, position, problem)
        position += 1


_parse_cached = lru_cache(maxsize=4096)(_parse)


def _closed(text: str, call: _Open, end: int) -> Call:
    source = shown(text[call.start : min(end, call.start + _SOURCE)])
    return Call(call.name, tuple(call.arguments), source)


def _whole(text: str, call: Call, end: int) -> Call:
    if end != len(text):
        raise JsonPathSyntaxError(text, end, "nothing may follow the closing `)`")
    return call


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _scan_argument(text: str, position: int) -> tuple[Argument, int]:
    if text.startswith("'", position):
        return _scan_string(text, position)
    if text.startswith("$", position):
        path, end = scan_path(text, position, ARGUMENT_NAME)
        return PathArgument(path.text), end
    hole = _HOLE.match(text, position)
    if hole:
        return Hole(), hole.end()
    plain = _PLAIN.match(text, position)
    if plain:
        return Constant(Scalar(json.dumps(json.loads(plain[0])))), plain.end()
    problem = "an argument is a string in apostrophes, a number, `true`, `false`, `null`, a path or a call"
    raise JsonPathSyntaxError(text, position, problem)


def _scan_string(text: str, start: int) -> tuple[StringLiteral, int]:
    parts: list[str | Mark] = []
    characters: list[str] = []
    position = start + 1
    while match := _STRING_PIECE.match(text, position):
        piece = match[0]
        position = match.end()
        escaped = piece[1] if piece[0] == "\\" else ""
        mark = Mark.SLOT if piece == "{}" else Mark.UNCLEAR if escaped and escaped not in _ESCAPED else None
        if mark is None:
            characters.append(escaped or piece)
            continue
        if characters:
            parts.append("".join(characters))
            characters = []
        parts.append(mark)
    if not text.startswith("'", position):
        raise JsonPathSyntaxError(text, start, "a string is never closed")
    if characters:
        parts.append("".join(characters))
    return StringLiteral(tuple(parts)), position + 1
