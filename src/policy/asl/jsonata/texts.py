"""String functions on strings that are known in part: exact where they can be, else unknown with a reason.

JSONata counts characters where Python counts code points; the two agree up to U+FFFF, so positions are only
followed in literals without characters beyond it.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata.choices import count_choices, each_choice
from sfn_least_privilege.policy.asl.jsonata.limits import MAX_ITEMS, MAX_TEXT
from sfn_least_privilege.policy.asl.jsonata.numbers import number_of, number_text
from sfn_least_privilege.policy.text import EMPTY, Kind, Literal, Part, Reference, Text, Unknown
from sfn_least_privilege.policy.value import (
    MAX_ALTERNATIVES,
    MISSING,
    Anything,
    Missing,
    Scalar,
    Value,
    concatenate,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SPACES = re.compile(r"[ \t\n\r]+")
_MAX_PARTS = 2_000


def plain(text: str) -> str | None:
    """``text`` with surrogate pairs joined into characters; None where half of one is left over."""
    try:
        return text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        return None


def reason_of(text: Text, function: str) -> str:
    """Why what ``function`` makes of ``text`` is not known: for the reason that ``text`` is not, if there is one."""
    unknowns = text.unknowns
    if unknowns:
        return unknowns[0].reason
    if text.literal is not None:
        return f"`${function}` is not followed here"
    return f"`${function}` works on a value that is only known later"


def stringified(value: Value) -> Value:
    """The string that ``&`` makes of a value: nothing of what is missing, JSON of what is no string."""
    return each_choice(value, _stringified)


def _stringified(value: Value) -> Text:
    if isinstance(value, Text):
        return value
    if isinstance(value, Missing):
        return EMPTY
    if isinstance(value, Scalar):
        number = number_of(value)
        return Text.of(value.json) if number is None else number_text(number)
    if isinstance(value, Anything):
        return Text((Unknown(value.reason),))
    return Text((Unknown("it is an object or an array written as JSON"),))


def joined(values: Sequence[Value]) -> Value:
    """One string of ``values``, which are strings or choices among strings.

    Linear in their number: what is certain is put together at once, and choices that would make more than
    :data:`MAX_ALTERNATIVES` combinations become unknown.
    """
    pieces: list[Value] = []
    run: list[Text] = []
    combinations = 1
    for value in values:
        if isinstance(value, Text):
            run.append(value)
            continue
        choices = count_choices(value)
        if combinations * choices > MAX_ALTERNATIVES:
            run.append(Text((Unknown(f"it can be any of more than {MAX_ALTERNATIVES} values"),)))
            continue
        combinations *= choices
        pieces.extend((Text.of(*run), value))
        run = []
    rest = bounded(Text.of(*run))
    return concatenate([*pieces, rest]) if pieces else rest


def bounded(text: Text) -> Text:
    """``text``, or only its beginning where it is too long to keep."""
    size = length_of(text)
    if size <= MAX_TEXT and len(text.parts) <= _MAX_PARTS:
        return text
    return Text.of(text.prefix[:1000], Unknown("it is too long to be followed"))


def length_of(text: Text) -> int:
    """How many characters of it are literal."""
    return sum(len(part.value) for part in text.parts if isinstance(part, Literal))


def each_part(text: Text, change: Callable[[str], str | None], function: str) -> Text:
    """A function that works on each character by itself; ``change`` answers None where it is not followed."""
    parts: list[Part] = []
    for part in text.parts:
        if isinstance(part, Literal):
            changed = change(part.value)
            parts.append(Unknown(f"`${function}` changes it") if changed is None else Literal(changed))
        elif isinstance(part, Reference):
            # Changed, it is not what CloudFormation's function gives any more.
            parts.append(Unknown(f"`${function}` changes a value that is only known at deployment"))
        else:
            parts.append(part)
    return Text.of(*parts)


def substring(text: Text, start: int, length: int | None) -> Text:
    """``$substring``; a negative ``start`` counts from the end."""
    if length is not None and length <= 0:
        return EMPTY
    literal, prefix, suffix = text.literal, text.prefix, text.suffix
    if literal is not None and _countable(literal):
        start = max(0, len(literal) + start) if start < 0 else start
        return Text.of(literal[start:] if length is None else literal[start : start + length])
    unknown = Unknown(reason_of(text, "substring"))
    if 0 <= start <= len(prefix) and _countable(prefix):
        if length is None:
            return Text.of(prefix[start:], *text.parts[1:]) if prefix else text
        known = prefix[start : start + length]
        return Text.of(known) if len(known) == length else Text.of(known, unknown)
    if start < 0 and -start <= len(suffix) and _countable(suffix):
        tail = suffix[start:]
        return Text.of(tail if length is None else tail[:length])
    return Text((unknown,))


def _countable(literal: str) -> bool:
    return not literal or max(literal) <= "\uffff"


def before(text: Text, separator: str) -> Text:
    """``$substringBefore``: what stands before the first ``separator``, or the whole string without one."""
    prefix, unknown = text.prefix, Unknown(reason_of(text, "substringBefore"))
    if separator in prefix:
        return Text.of(prefix.partition(separator)[0] if separator else "")
    if text.literal is not None:
        return text
    if len(separator) != 1:
        # The separator may begin in the last characters of the literal and end in what follows.
        return Text.of(prefix[: max(0, len(prefix) - len(separator) + 1)], unknown)
    found: list[Part] = []
    for part in text.parts:
        if isinstance(part, Literal) and separator in part.value:
            return Text.of(*found, part.value.partition(separator)[0])
        if not _lacks(part, separator):
            return Text.of(*found, unknown)
        found.append(part)
    return text


def after(text: Text, separator: str) -> Text:
    """``$substringAfter``: what stands behind the first ``separator``, or the whole string without one."""
    prefix, unknown = text.prefix, Unknown(reason_of(text, "substringAfter"))
    if separator in prefix:
        return Text.of(prefix.partition(separator)[2], *text.parts[1:]) if separator else text
    if text.literal is not None:
        return text
    if len(separator) != 1:
        return Text((unknown,))
    for index, part in enumerate(text.parts):
        if isinstance(part, Literal) and separator in part.value:
            return Text.of(part.value.partition(separator)[2], *text.parts[index + 1 :])
        if not _lacks(part, separator):
            # Whatever comes before it, the end is behind the first separator in the literal end, if there is one.
            _, found, tail = text.suffix.partition(separator)
            return Text.of(unknown, tail if found else text.suffix)
    return text


def _lacks(part: Part, separator: str) -> bool:
    pieces = Text((part,)).split(separator)
    return pieces is not None and len(pieces) == 1


def trimmed(text: Text) -> Text:
    """``$trim``: no space at either end, single spaces inside."""
    literal = text.literal
    if literal is not None:
        return Text.of(_SPACES.sub(" ", literal).strip(" "))
    if any(_SPACES.search(part.value) for part in text.parts if isinstance(part, Literal)):
        return Text((Unknown(reason_of(text, "trim")),))
    reason = "`$trim` may change a value that is only known at deployment"
    return Text.of(
        *(Unknown(reason) if isinstance(part, Reference) and part.kind is Kind.UNKNOWN else part for part in text.parts)
    )


def padded(text: Text, width: int, filler: str) -> Text:
    """``$pad``: to the right up to ``width`` characters, to the left when it is negative."""
    known = length_of(text)
    if abs(width) <= known:
        return text
    literal = text.literal
    if literal is None or not _countable(literal + filler) or abs(width) > MAX_TEXT:
        padding: str | Unknown = Unknown("`$pad` fills it up")
    else:
        count = abs(width) - known
        padding = (filler * (count // len(filler) + 1))[:count]
    return Text.of(padding, text) if width < 0 else Text.of(text, padding)


def replaced(text: Text, pattern: str, replacement: str, limit: int | None) -> Text:
    """``$replace`` with a string, not a regular expression, as its pattern."""
    unknown = Text((Unknown(reason_of(text, "replace")),))
    literal = text.literal
    if not pattern or "$" in replacement:
        # Implementations differ about `$` in a replacement; an empty pattern is refused.
        return unknown
    if length_of(text) // len(pattern) * max(1, len(replacement)) > MAX_TEXT:
        return unknown
    if literal is not None:
        return Text.of(literal.replace(pattern, replacement, -1 if limit is None else limit))
    if len(pattern) != 1 or limit is not None:
        return unknown
    parts: list[Part] = []
    for part in text.parts:
        if isinstance(part, Literal):
            parts.append(Literal(part.value.replace(pattern, replacement)))
        elif _lacks(part, pattern):
            parts.append(part)
        else:
            parts.append(Unknown(reason_of(text, "replace")))
    return Text.of(*parts)


def pieces_of(text: Text, separator: str) -> tuple[Text, ...] | None:
    """What ``$split`` makes of a string; None where that is not known."""
    literal = text.literal
    if literal is not None and separator and literal.count(separator) >= MAX_ITEMS:
        return None
    if not separator:
        countable = literal is not None and _countable(literal)
        return tuple(Text.of(character) for character in literal or "") if countable else None
    if literal is None and len(separator) != 1:
        # Part of the separator could stand in a literal and the other part in its neighbour.
        return None
    return text.split(separator)


def piece_at(text: Text, separator: str, index: int) -> Value:
    """``$split(text, separator)[index]``: known as far as every separator before it, or behind it, is known."""
    pieces = pieces_of(text, separator)
    if pieces is not None:
        return pieces[index] if -len(pieces) <= index < len(pieces) else MISSING
    unknown = Unknown(reason_of(text, "split"))
    if len(separator) != 1:
        return one_of((MISSING, Text((unknown,))))
    parts = text.parts if index >= 0 else text.parts[::-1]
    certain = tuple(takewhile(lambda part: isinstance(part, Literal) or _lacks(part, separator), parts))
    if index >= 0:
        known = Text.of(*certain).split(separator) or ()
        if index == len(known) - 1:
            return Text.of(known[index], unknown)
        position = index
    else:
        known = Text.of(*certain[::-1]).split(separator) or ()
        if -index == len(known):
            return Text.of(unknown, known[0])
        position = index + len(known)
    return known[position] if 0 <= position < len(known) else one_of((MISSING, Text((unknown,))))


def holds(text: Text, wanted: str) -> bool | None:
    """Whether ``$contains``; None when that is not known."""
    if any(wanted in part.value for part in text.parts if isinstance(part, Literal)):
        return True
    if text.literal is not None:
        return wanted in text.literal
    if len(wanted) == 1 and all(isinstance(part, Literal) or _lacks(part, wanted) for part in text.parts):
        return False
    return None
