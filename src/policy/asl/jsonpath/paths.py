"""Paths: the text of a JSONPath in, its steps out.

Step Functions reads paths with Jayway's JsonPath (https://states-language.net/spec.html#path and
https://github.com/json-path/JsonPath). A path is refused here only where it certainly cannot be read; where its
meaning depends on the reader, it has an :class:`Unclear` step, which selects anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from sfn_least_privilege.policy.asl.jsonpath.syntax import CACHED_LENGTH, MAX_STEPS, JsonPathSyntaxError, closing


@dataclass(frozen=True, slots=True)
class Field:
    """``.name`` or ``['name']``."""

    name: str


@dataclass(frozen=True, slots=True)
class Index:
    """``[0]``; negative positions count from the end."""

    position: int


@dataclass(frozen=True, slots=True)
class Each:
    """``[*]`` or ``.*``: all items of an array, all values of an object."""


@dataclass(frozen=True, slots=True)
class Indexes:
    """``[0,2]``."""

    positions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """``[start:stop]``, either of which may be left out."""

    start: int | None
    stop: int | None


@dataclass(frozen=True, slots=True)
class Filter:
    """``[?(condition)]``."""

    condition: str


@dataclass(frozen=True, slots=True)
class Descend:
    """``..``: the next step is taken from every object and array inside, at any depth."""


@dataclass(frozen=True, slots=True)
class Unclear:
    """A step that readers of JSONPath understand differently: ``what`` it is, for people."""

    what: str


Step: TypeAlias = Field | Index | Each | Indexes | Slice | Filter | Descend | Unclear


class Root(Enum):
    """Where a path starts."""

    INPUT = "$"
    CONTEXT = "$$"
    VARIABLE = "$name"


@dataclass(frozen=True, slots=True)
class Path:
    """A path that was read.

    ``variable`` is the name of the ASL variable it starts at. ``definite`` are its steps up to the first that may
    lead to several places, ``rest`` are the others; without a rest it is what the specification calls a reference
    path. ``unclear`` says what in it is understood differently by readers of JSONPath, if anything is.
    """

    text: str
    root: Root
    variable: str
    definite: tuple[Field | Index, ...]
    rest: tuple[Step, ...]
    unclear: str


# A name in dot notation ends where Jayway ends it; an argument's also where the function's arguments do.
_PLAIN_NAME = re.compile(r"[^.\[(\s]++")
ARGUMENT_NAME = re.compile(r"[^.\[(\s,)]++")
_VARIABLE = re.compile(r"[^\W\d]\w*+")
_SPACE = re.compile(r"\s*+")
_QUOTED = re.compile(r"""\s*+(?:'((?:[^'\\]++|\\.)*+)'|"((?:[^"\\]++|\\.)*+)")\s*+""", re.DOTALL)
_NUMBER = re.compile(r"\s*+(-?[0-9]{1,18})\s*+")
_SIMPLE_ESCAPE = re.compile(r"""\\(['"\\])""")


def parse_path(text: str) -> Path:
    """Read a whole text as a path. Raises JsonPathSyntaxError."""
    return _parse_cached(text) if len(text) <= CACHED_LENGTH else _parse(text)


def _parse(text: str) -> Path:
    path, end = scan_path(text, 0, _PLAIN_NAME)
    if end != len(text):
        problem = "a name with a space stands in brackets" if text[end].isspace() else "a step starts with `.` or `[`"
        raise JsonPathSyntaxError(text, end, problem)
    return path


_parse_cached = lru_cache(maxsize=4096)(_parse)


def scan_path(text: str, start: int, name: re.Pattern[str]) -> tuple[Path, int]:
    """Read the path that starts at ``start``: the path, and where it ends.

    ``name`` matches a name in dot notation. Raises JsonPathSyntaxError.
    """
    root, variable, position = _scan_root(text, start)
    steps, end = scan_steps(text, position, name)
    definite: list[Field | Index] = []
    for step in steps:
        if not isinstance(step, Field | Index):
            break
        definite.append(step)
    rest = steps[len(definite) :]
    unclear = next((step.what for step in rest if isinstance(step, Unclear)), "")
    return Path(text[start:end], root, variable, tuple(definite), rest, unclear), end


def _scan_root(text: str, start: int) -> tuple[Root, str, int]:
    if not text.startswith("$", start):
        raise JsonPathSyntaxError(text, start, "a path starts with `$`")
    if text.startswith("$$", start):
        return Root.CONTEXT, "", start + 2
    variable = _VARIABLE.match(text, start + 1)
    if variable:
        return Root.VARIABLE, variable[0], variable.end()
    return Root.INPUT, "", start + 1


def scan_steps(text: str, position: int, name: re.Pattern[str]) -> tuple[tuple[Step, ...], int]:
    """Read steps as far as they go: the steps, and where they end. Raises JsonPathSyntaxError."""
    steps: list[Step] = []
    while position < len(text) and text[position] in ".[":
        if len(steps) > MAX_STEPS:
            raise JsonPathSyntaxError(text, position, f"a path of more than {MAX_STEPS} steps is not supported")
        if text.startswith("..", position):
            steps.append(Descend())
            position += 2
        elif text[position] == ".":
            position += 1
        if text.startswith("[", position):
            step, position = _scan_bracket(text, position)
        else:
            step, position = _scan_name(text, position, name)
        steps.append(step)
    return tuple(steps), position


def _scan_name(text: str, position: int, name: re.Pattern[str]) -> tuple[Step, int]:
    match = name.match(text, position)
    if not match:
        raise JsonPathSyntaxError(text, position, "a name is missing after `.`")
    end = match.end()
    if text.startswith("(", end):
        return Unclear("calls a JSONPath function"), closing(text, end, ")") + 1
    if match[0] == "*":
        return Each(), end
    if match[0].startswith("*"):
        return Unclear("has a name that starts with `*`"), end
    if "\\" in match[0]:
        # The specification shows `$.store\.book`, but does not say which field that is.
        return Unclear("has a backslash in a name"), end
    return Field(match[0]), end


def _scan_bracket(text: str, opening: int) -> tuple[Step, int]:
    start = _SPACE.match(text, opening + 1)
    position = start.end() if start else opening + 1
    first = text[position : position + 1]
    if first in {"'", '"'}:
        return _scan_names(text, opening)
    if first == "?":
        end = closing(text, opening, "]")
        return Filter(text[position + 1 : end].strip()), end + 1
    if first == "(":
        return Unclear("computes an index"), closing(text, opening, "]") + 1
    end = text.find("]", position)
    if end < 0:
        raise JsonPathSyntaxError(text, opening, "`[` is never closed")
    return _inside_bracket(text, position, text[position:end]), end + 1


def _scan_names(text: str, opening: int) -> tuple[Step, int]:
    names: list[str] = []
    position = opening + 1
    while True:
        match = _QUOTED.match(text, position)
        if not match:
            raise JsonPathSyntaxError(text, position, "a name in quotes is missing or never closed")
        names.append(match[1] if match[1] is not None else match[2])
        position = match.end() + 1
        if text.startswith("]", position - 1):
            break
        if not text.startswith(",", position - 1):
            raise JsonPathSyntaxError(text, position - 1, "`]` is missing")
    if len(names) > 1:
        return Unclear("selects several fields"), position
    name = _SIMPLE_ESCAPE.sub("", names[0])
    if "\\" in name:
        return Unclear("has an escape in a name"), position
    return Field(_SIMPLE_ESCAPE.sub(r"\1", names[0])), position


def _inside_bracket(text: str, position: int, content: str) -> Step:
    content = content.strip()
    if content == "*":
        return Each()
    try:
        if ":" in content:
            return _slice(content)
        positions = tuple(_number(part) for part in content.split(","))
    except ValueError:
        problem = "brackets hold a name in quotes, a number, `*` or a filter"
        raise JsonPathSyntaxError(text, position, problem) from None
    return Index(positions[0]) if len(positions) == 1 else Indexes(positions)


def _slice(content: str) -> Step:
    parts = [_number(part) if part.strip() else None for part in content.split(":")]
    # Jayway knows no third part; other readers take it for a step width.
    return Slice(parts[0], parts[1]) if len(parts) == 2 else Unclear("has a slice of three parts")  # noqa: PLR2004 - a:b


def _number(text: str) -> int:
    match = _NUMBER.fullmatch(text)
    if not match:
        raise ValueError(text)
    return int(match[1])
