"""The conditions of Choice rules in JSONata, as far as they plainly tell what a string is.

Understood are ``path = 'text'`` and ``path in ['text', …]`` together with ``and``, ``or`` and parentheses, where the
path is ``$variable`` or ``$states.input`` with the names of fields. Every other condition tells nothing.

In JSONata, ``$order.kind`` reads the field of an object, but also that of every object in an array. Only where it is
known to be an object, the place is certain.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.flow.narrowing import INPUT, NOTHING, Place, Told, all_hold, is_certain, one_holds
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import alternatives_of, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_least_privilege.policy.template.tokens import Tokens

MAX_NESTING = 32
"""How deep parentheses are followed."""

MAX_CHARACTERS = 10_000
"""The longest condition that is looked at."""

_TOKEN = re.compile(
    r"""\s*+(?:
        (?P<string>'[^'\\]*+'|"[^"\\]*+")
      | (?P<path>\$[A-Za-z_]\w*+(?:\.[A-Za-z_]\w*+)*+)
      | (?P<word>[A-Za-z_]\w*+|[0-9.]++)
      | (?P<sign>:=|!=|<=|>=|~>|\?:|\?\?|\*\*|\.\.|[-()\[\]{},;:?=<>&+*%^|.@\#])
    )""",
    re.VERBOSE,
)
_OPENING, _CLOSING = "([{", ")]}"
# Weaker than `or`, or of a kind that gives the words around them another meaning.
_SUPERIOR = frozenset({"?", ":", ":=", ";", "~>", "?:", "??", "@", "#", "|", "^"})


def told_by_condition(condition: Any, tokens: Tokens) -> Told:
    """What a condition tells of places in the data."""
    if not isinstance(condition, str) or not condition.startswith("{%") or not condition.endswith("%}"):
        return NOTHING
    text = condition[2:-2].strip()
    words = _words(text) if len(text) <= MAX_CHARACTERS else None
    return NOTHING if words is None else _told(words, tokens, 0)


def _words(text: str) -> list[str] | None:
    """The words of a condition; None where it has something that is not understood."""
    words: list[str] = []
    position = 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            return None
        words.append(token[0].strip())
        position = token.end()
    return words


def _told(words: Sequence[str], tokens: Tokens, depth: int) -> Told:
    if depth > MAX_NESTING:
        return NOTHING
    if words[:1] == ["("] and _closing(words) == len(words) - 1:
        return _told(words[1:-1], tokens, depth + 1)
    outside = [word for word, level in _levels(words) if level == 0]
    if _SUPERIOR.intersection(outside):
        return NOTHING
    if "or" in outside:
        return one_holds(_told(part, tokens, depth + 1) for part in _split(words, "or"))
    if "and" in outside:
        return all_hold(_told(part, tokens, depth + 1) for part in _split(words, "and"))
    return _comparison(words, tokens)


def _comparison(words: Sequence[str], tokens: Tokens) -> Told:
    if len(words) == 3 and words[1] == "=":  # noqa: PLR2004 -- two sides and the sign between them
        path, string = (words[2], words[0]) if _is_string(words[0]) else (words[0], words[2])
        strings = [string]
    elif words[1:3] == ["in", "["] and words[-1] == "]" and set(words[4:-1:2]) <= {","}:
        path, strings = words[0], list(words[3:-1:2])
    else:
        return NOTHING
    place = _place(path)
    if place is None or not strings or not all(_is_string(each) for each in strings):
        return NOTHING
    wanted = one_of(tokens.literal(each[1:-1]) for each in strings)
    if not all(isinstance(each, Text) for each in alternatives_of(wanted)):
        return NOTHING
    certain = all(is_certain(each) for each in alternatives_of(wanted))
    return Told({place: wanted}, {place: wanted} if certain else {})


def _place(path: str) -> Place | None:
    root, *names = path.split(".")
    if not root.startswith("$"):
        return None
    if root == "$states":
        if names[:1] != ["input"]:
            return None
        root, names = INPUT, names[1:]
    way = "$" + "".join(f"['{name}']" for name in names)
    return Place(root.removeprefix("$") or INPUT, way, tuple(names))


def _is_string(word: str) -> bool:
    return word.startswith(("'", '"'))


def _levels(words: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Each word with the number of brackets that it stands in."""
    level = 0
    for word in words:
        if word in _CLOSING:
            level -= 1
        yield word, level
        if word in _OPENING:
            level += 1


def _closing(words: Sequence[str]) -> int:
    """The position of the bracket that closes the one at the beginning."""
    levels = enumerate(_levels(words))
    return next((at for at, (word, level) in levels if at and level == 0 and word in _CLOSING), -1)


def _split(words: Sequence[str], separator: str) -> Iterator[list[str]]:
    """The parts of a condition between ``separator`` outside of all brackets."""
    part: list[str] = []
    for word, level in _levels(words):
        if word == separator and level == 0:
            yield part
            part = []
        else:
            part.append(word)
    yield part
