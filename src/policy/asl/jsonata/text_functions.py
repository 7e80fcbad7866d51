"""The string functions of JSONata: https://docs.jsonata.org/string-functions."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from sfn_least_privilege.policy.asl.jsonata import texts
from sfn_least_privilege.policy.asl.jsonata.callables import Matcher, as_value, is_function
from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, combined, each_choice, possible
from sfn_least_privilege.policy.asl.jsonata.limits import MAX_ITEMS
from sfn_least_privilege.policy.asl.jsonata.numbers import integer_of, number_of
from sfn_least_privilege.policy.asl.jsonata.operators import BOOLEAN, NULL, boolean
from sfn_least_privilege.policy.asl.jsonata.sequences import many, selected_each
from sfn_least_privilege.policy.text import EMPTY, Text, Unknown
from sfn_least_privilege.policy.value import MISSING, Anything, ArrayValue, ListOf, Missing, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sfn_least_privilege.policy.asl.jsonata.callables import Interpreter, Result
    from sfn_least_privilege.policy.asl.jsonata.functions import Implementation


def _unknown(text: Text, function: str) -> Text:
    return Text((Unknown(texts.reason_of(text, function)),))


def _on_text(function: str, value: Value, do: Callable[[Text], Value]) -> Value:
    """``do`` for a string; nothing of nothing; failure for anything else."""
    if isinstance(value, Text):
        return do(value)
    if isinstance(value, Missing | Anything):
        return value
    message = f"`${function}` works on strings only"
    raise NoResultError(message)


def _on_text_or_shifted(function: str, value: Value, do: Callable[[Text], Value]) -> Value:
    """The same for a function whose last argument may be left out: its arguments may all stand one place off."""
    if isinstance(value, Scalar) and value != NULL:
        return Anything(f"`${function}` works on the context here")
    return _on_text(function, value, do)


def of_text(function: str, do: Callable[[Text], Value]) -> Implementation:
    """A function of one string."""

    def run(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
        return each_choice(as_value(arguments[0]), lambda value: _on_text(function, value, do))

    return run


def of_characters(function: str, change: Callable[[str], str | None]) -> Implementation:
    """A function that changes each character of a string by itself."""
    return of_text(function, lambda text: texts.each_part(text, change, function))


def lower(literal: str) -> str | None:
    """``$lowercase`` of a literal, where implementations agree."""
    return literal.lower() if literal.isascii() else None


def upper(literal: str) -> str | None:
    """``$uppercase`` of a literal, where implementations agree."""
    return literal.upper() if literal.isascii() else None


def encode_component(literal: str) -> str | None:
    """``$encodeUrlComponent`` of a literal."""
    return quote(literal, safe="~()*!.'")


def encode_url(literal: str) -> str | None:
    """``$encodeUrl`` of a literal."""
    return quote(literal, safe="~@#$&()*!+=:;,.?/'")


def decode_component(text: Text) -> Value:
    """``$decodeUrlComponent``."""
    literal = text.literal
    if literal is None:
        return _unknown(text, "decodeUrlComponent")
    try:
        return Text.of(unquote(literal, errors="strict"))
    except UnicodeDecodeError:
        message = "`$decodeUrlComponent` refuses its argument"
        raise NoResultError(message) from None


def decode_url(text: Text) -> Value:
    """``$decodeUrl``. Implementations differ about which escapes it leaves alone."""
    literal = text.literal
    return text if literal is not None and "%" not in literal else _unknown(text, "decodeUrl")


def base64_encode(text: Text) -> Value:
    """``$base64encode``. Implementations differ beyond ASCII."""
    literal = text.literal
    if literal is None or not literal.isascii():
        return _unknown(text, "base64encode")
    return Text.of(base64.b64encode(literal.encode()).decode())


def base64_decode(text: Text) -> Value:
    """``$base64decode``. Implementations differ beyond ASCII, and about what is not well-formed."""
    literal = text.literal
    try:
        return (
            Text.of(base64.b64decode(literal, validate=True).decode("ascii"))
            if literal is not None
            else _unknown(text, "base64decode")
        )
    except (binascii.Error, ValueError):
        return _unknown(text, "base64decode")


def string(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$string``."""
    if is_function(arguments[0]):
        return EMPTY
    return each_choice(
        as_value(arguments[0]),
        lambda value: value if isinstance(value, Missing | Anything) else texts.stringified(value),
    )


def length(text: Text) -> Value:
    """``$length``."""
    literal = text.literal
    if literal is None or max(literal, default="") > "\uffff":
        return Anything("it is the length of a string that is not known")
    return Scalar(str(len(literal)))


def substring(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$substring``."""

    def cut(value: Value, start: Value, count: Value) -> Value:
        def of(text: Text) -> Value:
            first, size = integer_of(start), integer_of(count)
            if first is None or (size is None and not isinstance(count, Missing)):
                return _unknown(text, "substring")
            return texts.substring(text, first, size)

        return _on_text_or_shifted("substring", value, of)

    return combined(cut, *_values(arguments, 3))


def _values(arguments: Sequence[Result], count: int) -> list[Value]:
    """``count`` arguments as values, the ones left out as missing."""
    return [as_value(argument) for argument in arguments] + [MISSING] * (count - len(arguments))


def separated(function: str, do: Callable[[Text, str], Value]) -> Implementation:
    """``$substringBefore`` and ``$substringAfter``."""

    def cut(value: Value, separator: Value) -> Value:
        def of(text: Text) -> Value:
            literal = separator.literal if isinstance(separator, Text) else None
            return _unknown(text, function) if literal is None else do(text, literal)

        return _on_text(function, value, of)

    def run(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
        return combined(cut, *_values(arguments, 2))

    return run


def pad(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$pad``."""

    def fill(value: Value, width: Value, filler: Value) -> Value:
        def of(text: Text) -> Value:
            size = integer_of(width)
            character = " " if isinstance(filler, Missing) else filler.literal if isinstance(filler, Text) else None
            if size is None or character is None:
                return _unknown(text, "pad")
            return texts.padded(text, size, character or " ")

        return _on_text_or_shifted("pad", value, of)

    return combined(fill, *_values(arguments, 3))


def contains(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$contains``."""
    if isinstance(arguments[1], Matcher):
        return each_choice(as_value(arguments[0]), lambda value: _on_text("contains", value, lambda _text: BOOLEAN))

    def judge(value: Value, wanted: Value) -> Value:
        def of(text: Text) -> Value:
            literal = wanted.literal if isinstance(wanted, Text) else None
            return BOOLEAN if literal is None else boolean(texts.holds(text, literal))

        return MISSING if value == NULL else _on_text("contains", value, of)

    return combined(judge, *_values(arguments, 2))


def replace(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$replace``. A regular expression is not run: it may be one that takes for ever."""
    shifted = len(arguments) == 3 and not is_function(arguments[2])  # noqa: PLR2004 -- all but the last one

    def change(value: Value, pattern: Value, replacement: Value, limit: Value) -> Value:
        def of(text: Text) -> Value:
            if shifted and not isinstance(replacement, Text | Missing):
                return Anything("`$replace` may work on the context here")
            old = pattern.literal if isinstance(pattern, Text) else None
            new = replacement.literal if isinstance(replacement, Text) else None
            count = integer_of(limit)
            if old is None or new is None or (count is None and not isinstance(limit, Missing)):
                return _unknown(text, "replace")
            if count is not None and count < 0:
                return _unknown(text, "replace")
            return texts.replaced(text, old, new, count)

        return _on_text_or_shifted("replace", value, of)

    return combined(change, *_values(arguments, 4))


def split(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$split``. A regular expression is not run: it may be one that takes for ever."""
    shifted = len(arguments) == 2 and not is_function(arguments[1])  # noqa: PLR2004 -- all but the last one

    def cut(value: Value, separator: Value, limit: Value) -> Value:
        def of(text: Text) -> Value:
            if shifted and not isinstance(separator, Text | Missing):
                return Anything("`$split` may work on the context here")
            literal = separator.literal if isinstance(separator, Text) else None
            pieces = None if literal is None else texts.pieces_of(text, literal)
            count = integer_of(limit)
            if count is not None and count < 0:
                message = "`$split` refuses a negative limit"
                raise NoResultError(message)
            if pieces is None or len(pieces) > MAX_ITEMS:
                return ListOf(_unknown(text, "split"))
            if count is None and number_of(limit) is None and isinstance(limit, Missing):
                return ArrayValue(pieces)
            return many(*pieces) if count is None else ArrayValue(pieces[:count])

        return _on_text_or_shifted("split", value, of)

    return combined(cut, *_values(arguments, 3))


def split_item(arguments: Sequence[Result], index: int) -> Value | None:
    """``$split(text, separator)[index]``, where more is known of it than of the whole; else None."""
    if len(arguments) != 2:  # noqa: PLR2004 -- with a limit, or in a context, it is done as a whole
        return None
    value, separator = _values(arguments, 2)
    literal = separator.literal if isinstance(separator, Text) else None
    if literal is None or not all(isinstance(each, Text | Missing) for each in possible(value)):
        return None
    return each_choice(value, lambda each: texts.piece_at(each, literal, index) if isinstance(each, Text) else each)


def join(_interpreter: Interpreter, arguments: Sequence[Result]) -> Result:
    """``$join``."""
    return combined(_joined, *_values(arguments, 2))


def _joined(strings: Value, separator: Value) -> Value:
    if isinstance(strings, Missing | Anything | Text):
        return strings
    if strings == NULL:
        return Anything("implementations differ about `null` as an array")
    glue = texts.stringified(separator)

    def put_together(sequence: Value) -> Value:
        if not isinstance(sequence, ArrayValue):
            return Text((Unknown("it is joined of strings whose number is not known"),))
        if any(isinstance(item, Scalar | ArrayValue | ListOf) for item in sequence.items):
            message = "`$join` joins strings only"
            raise NoResultError(message)
        pieces = [piece for item in sequence.items for piece in (glue, texts.stringified(item))]
        return texts.joined(pieces[1:])

    return selected_each(strings, put_together)
