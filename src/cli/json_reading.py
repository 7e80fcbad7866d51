"""Reads JSON into a :class:`~sfn_least_privilege.cli.source.Source`, without recursion."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.cli.source import Built, Leaf, Source, TreeBuilder

if TYPE_CHECKING:
    from sfn_least_privilege.cli.errors import InputError
    from sfn_least_privilege.cli.source import Node, Origin

_SPACE = re.compile(r"[ \t\n\r]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,299})(\.[0-9]{1,300})?([eE][-+]?[0-9]{1,3})?(?![0-9.eE+-])")
_WORD = re.compile(r"true|false|null")
_INDENTATION = re.compile(r"[{\[]\r?\n([ \t]+)")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_WORDS = {"true": True, "false": False, "null": None}
_DECODER = JSONDecoder()
_CLOSING = {"{": "}", "[": "]"}


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document is written: ``step`` is one level's indentation, None when all is on one line."""

    step: str | None = "  "
    ascii_only: bool = False
    colon: str = ": "


def read_json(origin: Origin) -> tuple[Source, Habits]:
    """Read one JSON document. Raises InputError, with the line and the column."""
    root = _Reader(origin).read()
    return Source(origin, root), _habits(origin.text)


def _habits(text: str) -> Habits:
    first = _INDENTATION.search(text)
    escapes = "\\u" in text and not _NON_ASCII.search(text)
    spaced = Counter(re.findall(r'"(:\s?)', text[:10_000])).most_common(1)
    colon = spaced[0][0] if spaced and spaced[0][0] in {":", ": "} else ": "
    return Habits(first.group(1) if first else None, escapes, colon)


def _what(character: str) -> str:
    return "a number as JSON writes it" if character in set("+-.0123456789") else "a value"


class _Reader:
    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.text = origin.text
        self.builder = TreeBuilder(origin)
        self.closing: list[str] = []  # the brackets still to come, the innermost last

    def read(self) -> Node:
        position = self._skip(0)
        complete, empty = False, False  # whether a value has just ended, or a container has just begun
        while self.builder.root is None:
            character = self.text[position : position + 1]
            if self.closing and character == self.closing[-1] and (complete or empty):
                position = self._close(position)
                complete, empty = True, False
            elif complete:
                position = self._comma(position)
                complete = False
            elif self.builder.depth and self.builder.wants_key:
                position = self._key(position)
                empty = False
            elif character in _CLOSING:
                position = self._begin(position, character)
                empty = True
            else:
                position = self._scalar(position)
                complete, empty = True, False
            position = self._skip(position)
        if position < len(self.text):
            raise self.origin.error(position, "the document has ended, but more text follows")
        return self.builder.root

    def _skip(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def _begin(self, position: int, bracket: str) -> int:
        begin = self.builder.open_mapping if bracket == "{" else self.builder.open_sequence
        begin(position, flow=True)
        self.closing.append(_CLOSING[bracket])
        return position + 1

    def _close(self, position: int) -> int:
        self.closing.pop()
        self.builder.add(self.builder.close(position + 1))
        return position + 1

    def _comma(self, position: int) -> int:
        if self.text[position : position + 1] != ",":
            raise self._expected(position, f"',' or '{self.closing[-1]}'")
        return position + 1

    def _key(self, position: int) -> int:
        if self.text[position : position + 1] != '"':
            raise self._expected(position, "a key in double quotes")
        key, end = self._string(position)
        self.builder.key(key, position, end)
        colon = self._skip(end)
        if self.text[colon : colon + 1] != ":":
            raise self._expected(colon, "':'")
        return colon + 1

    def _scalar(self, position: int) -> int:
        if self.text[position : position + 1] == '"':
            value, end = self._string(position)
        elif word := _WORD.match(self.text, position):
            value, end = _WORDS[word.group()], word.end()
        elif number := _NUMBER.match(self.text, position):
            value, end = self._number(number), number.end()
        else:
            raise self._expected(position, _what(self.text[position : position + 1]))
        self.builder.add(Built(Leaf(position, end, value)))
        return end

    def _string(self, position: int) -> tuple[Any, int]:
        try:
            return _DECODER.raw_decode(self.text, position)
        except JSONDecodeError as error:
            raise self.origin.error(error.pos, error.msg.removesuffix(" at")) from error

    def _number(self, match: re.Match[str]) -> float:
        if match.lastindex is None:
            return int(match.group())
        number = float(match.group())
        if math.isinf(number):
            raise self.origin.error(match.start(), "this number is too large")
        return number

    def _expected(self, position: int, what: str) -> InputError:
        found = self.text[position : position + 1]
        return self.origin.error(position, f"expected {what}, found {found!r}" if found else f"expected {what} here")
