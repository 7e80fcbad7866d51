"""Definition text with holes: where CloudFormation will put a value, a token stands until then.

A token is a number between two Unicode noncharacters, which no text may contain for interchange
(https://www.unicode.org/faq/private_use.html#noncharacters). It survives JSON and YAML parsing inside any
string, so that one parse serves, and finding it again costs one character search.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import Value, concatenate

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN = "\ufdd0"
CLOSE = "\ufdd1"
_TOKEN = re.compile(f"{OPEN}([0-9]+){CLOSE}")


@dataclass(frozen=True, slots=True)
class Tokens:
    """The values that the tokens of one definition stand for, by number."""

    values: tuple[Value, ...] = ()

    def literal(self, text: str) -> Value:
        """The Value of a string of the definition: itself, or with its tokens replaced by what they stand for."""
        if OPEN not in text:
            return Text((Literal(text),)) if text else Text()
        pieces = _TOKEN.split(text)
        # With one group, `split` alternates text and token number.
        parts: list[Value] = []
        for index, piece in enumerate(pieces):
            if index % 2:
                parts.append(self.values[int(piece)])
            elif piece:
                parts.append(Text((Literal(piece),)))
        # A token that is the whole string stands for its value as it is: an object stays an object.
        return parts[0] if len(parts) == 1 else concatenate(parts)

    def inside(self, text: str) -> tuple[Value, ...]:
        """What the tokens in a string of the definition stand for, one by one."""
        return tuple(self.values[int(number)] for number in _TOKEN.findall(text))


class TokenWriter:
    """Hands out tokens while one definition's text is put together."""

    def __init__(self) -> None:
        """Start without tokens."""
        self._values: dict[Value, int] = {}

    def token(self, value: Value) -> str:
        """The token for ``value``; equal values share one."""
        number = self._values.setdefault(value, len(self._values))
        return f"{OPEN}{number}{CLOSE}"

    def tokens(self) -> Tokens:
        """All tokens handed out so far."""
        return Tokens(tuple(self._values))


# What JSON or YAML would read as one of the two characters.
_ESCAPED = re.compile(r"\\(?:u|U0000)[fF][dD][dD][01]")


def has_noncharacters(text: str) -> bool:
    """Whether a text from outside already holds the characters that tokens are made of."""
    return OPEN in text or CLOSE in text or _ESCAPED.search(text) is not None


# `${name}` in a definition is replaced when `name` is among the DefinitionSubstitutions:
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html
_PLACEHOLDER = re.compile(r"\$\{([a-zA-Z0-9_]+)\}")


def substitute(text: str, replacement: Callable[[str], str | None]) -> str:
    """Replace each ``${name}`` for which ``replacement`` has an answer; leave the others as they stand."""
    if "${" not in text:
        return text

    def replace(match: re.Match[str]) -> str:
        answer = replacement(match[1])
        return match[0] if answer is None else answer

    return _PLACEHOLDER.sub(replace, text)


def split_at_placeholders(text: str) -> list[str]:
    """``text`` taken apart: what stands outside of ``${name}``, and the names, in turn."""
    return _PLACEHOLDER.split(text)


# A string that is never closed runs to the end, so that no quote inside it is tried again.
_JSON_STRING = re.compile(r'"(?:[^"\\]|\\.)*(?:"|\\?\Z)', re.DOTALL)


def quote_bare_tokens(json_text: str) -> str:
    """Put quotes around every token that stands outside a JSON string, so that the text parses."""
    if OPEN not in json_text:
        return json_text
    pieces: list[str] = []
    position = 0
    for match in _JSON_STRING.finditer(json_text):
        pieces.extend((_TOKEN.sub(r'"\g<0>"', json_text[position : match.start()]), match[0]))
        position = match.end()
    pieces.append(_TOKEN.sub(r'"\g<0>"', json_text[position:]))
    return "".join(pieces)


def placeholders(text: str) -> tuple[str, ...]:
    """The names of the placeholders in a text, ``${Name}``, each once."""
    return tuple(dict.fromkeys(_PLACEHOLDER.findall(text)))
