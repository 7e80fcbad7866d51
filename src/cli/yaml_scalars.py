"""What a YAML scalar means in a CloudFormation template, and which strings need quotes to stay strings.

CloudFormation reads YAML 1.1 without timestamps, binary data, sets and ordered maps:
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html (documented). So
``yes`` is true, and ``2012-10-17`` is a string.

Numbers that JSON cannot write as they stand (octal, hexadecimal, base 60, infinity) are kept as strings, which
keeps account ids such as ``012345670123`` what they look like (assumed: no page says what CloudFormation does).
"""

from __future__ import annotations

import re
from typing import TypeAlias

Scalar: TypeAlias = "str | int | float | bool | None"

# https://yaml.org/type/bool.html and https://yaml.org/type/null.html, less `y` and `n`, which no parser in use reads.
_WORDS: dict[str, bool | None] = {
    **{form: True for word in ("yes", "true", "on") for form in (word, word.capitalize(), word.upper())},
    **{form: False for word in ("no", "false", "off") for form in (word, word.capitalize(), word.upper())},
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
}

# https://yaml.org/type/int.html and https://yaml.org/type/float.html, decimal forms only.
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9_]*)")
_FLOAT = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_LONGEST_NUMBER = 300

_PLAIN = re.compile(r"[A-Za-z/][A-Za-z0-9_./@$+-]*(?:(?::+| )[A-Za-z0-9_./@$+-]+)*")
_AMBIGUOUS = re.compile(r"[yYnN]")
_UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_ESCAPED = re.compile(rf'["\\\t\n]|{_UNPRINTABLE.pattern}')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def resolve(plain: str) -> Scalar:
    """The value of a scalar that is written without quotes and tag."""
    if plain in _WORDS:
        return _WORDS[plain]
    if plain[0] not in "+-.0123456789" or len(plain) > _LONGEST_NUMBER:
        return plain
    if _INTEGER.fullmatch(plain):
        return int(plain.replace("_", ""))
    if _FLOAT.fullmatch(plain):
        number = float(plain.replace("_", ""))
        return plain if number in {float("inf"), float("-inf")} else number
    return plain


def write(value: Scalar, quote: str) -> str:
    """A scalar on one line, which :func:`resolve` reads back as the same value."""
    if isinstance(value, str):
        return value if _PLAIN.fullmatch(value) and not _changes_meaning(value) else quoted(value, quote)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    written = repr(value)
    # YAML 1.1 reads 1e+22 as a string: a float needs its point.
    return written.replace("e", ".0e") if "e" in written and "." not in written else written


def _changes_meaning(value: str) -> bool:
    return value in _WORDS or _AMBIGUOUS.fullmatch(value) is not None


def quoted(value: str, quote: str) -> str:
    """A string in the quotes given, or in double ones where only they can say it."""
    if quote == "'" and "\n" not in value and is_printable(value):
        return "'" + value.replace("'", "''") + "'"
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def is_printable(value: str) -> bool:
    """Whether YAML can hold the string without escapes."""
    return _UNPRINTABLE.search(value) is None


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    return _ESCAPES.get(character, f"\\U{ord(character):08x}")
