"""The intrinsic functions for strings: splitting, encoding, hashing, identifiers.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.choices import combine
from sfn_least_privilege.policy.asl.jsonpath.outcomes import fails, some_text
from sfn_least_privilege.policy.text import Literal, Part, Reference, Text, Unknown, unknown
from sfn_least_privilege.policy.value import Anything, ArrayValue, ListOf, Value, one_of

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.jsonpath.outcomes import Arguments

_MAX_LENGTH = 10_000
_ALGORITHMS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}
# MIME allows lines of 76 characters; whether Step Functions breaks longer ones is not documented.
_MIME_LINE = 76


_MAX_SEPARATORS = 64


@dataclass(frozen=True, slots=True)
class _Split:
    """The pieces of a split string: ``certain`` are the first ones, ``rest`` covers each of those after them.

    ``rest`` is None where there are no others.
    """

    certain: tuple[Text, ...]
    rest: Value | None


def string_split(source: str, arguments: Arguments) -> Value:
    """``States.StringSplit(text, separators)``.

    Each character of the second argument separates, and empty pieces are left out: so measured on AWS, see
    https://github.com/localstack/localstack/pull/9749 and https://github.com/ministackorg/ministack/pull/1509.
    """

    def split(values: Arguments) -> Value:
        pieces = _split(source, *values)
        if not isinstance(pieces, _Split):
            return pieces
        return ArrayValue(pieces.certain) if pieces.rest is None else ListOf(pieces.rest)

    return combine(arguments, split)


def piece_of(source: str, text: Value, separators: Value, position: int) -> Value:
    """``States.ArrayGetItem(States.StringSplit(text, separators), position)``.

    The first pieces may be known where the number of pieces is not: the account in an execution's ARN is.
    """

    def get(values: Arguments) -> Value:
        pieces = _split(source, *values)
        if not isinstance(pieces, _Split):
            return pieces.item if isinstance(pieces, ListOf) else pieces
        if 0 <= position < len(pieces.certain):
            return pieces.certain[position]
        if pieces.rest is not None:
            return pieces.rest if position >= 0 else one_of((*pieces.certain, pieces.rest))
        found = pieces.certain[position:][:1] if -len(pieces.certain) <= position < 0 else ()
        return found[0] if found else fails(source, f"the string has {len(pieces.certain)} pieces")

    return combine((text, separators), get)


def _split(source: str, text: Value, separators: Value) -> _Split | ListOf | Anything:
    if isinstance(text, Anything) or isinstance(separators, Anything):
        return ListOf(some_text(source, text, separators))
    if not isinstance(text, Text) or not isinstance(separators, Text):
        return fails(source, "its arguments are not strings")
    characters = separators.literal
    if not characters or max(characters) > "\uffff":
        return ListOf(some_text(source, separators if characters is None else text, text))
    return _split_at(text, characters)


def _split_at(text: Text, characters: str) -> _Split:
    pattern = re.compile(f"[{re.escape(characters)}]")
    pieces: list[list[Part]] = [[]]
    for index, part in enumerate(text.parts):
        if isinstance(part, Literal):
            head, *tail = pattern.split(part.value)
            pieces[-1].append(Literal(head))
            pieces.extend([Literal(piece)] for piece in tail)
        elif isinstance(part, Reference) and _holds_none(part, characters):
            pieces[-1].append(part)
        else:
            hidden = text.parts[index:]
            reason = next((each.reason for each in hidden if isinstance(each, Unknown)), _AT_DEPLOYMENT)
            return _Split(_not_empty(pieces[:-1]), unknown(reason))
    return _Split(_not_empty(pieces), None)


_AT_DEPLOYMENT = "how its string is split is known only at deployment"


def _holds_none(reference: Reference, characters: str) -> bool:
    """Whether a reference is certainly not empty and holds none of the characters."""
    if reference.sample == "":
        return False
    distinct = set(characters)
    whole = Text((reference,))
    return len(distinct) <= _MAX_SEPARATORS and all(whole.split(each) is not None for each in distinct)


def _not_empty(pieces: list[list[Part]]) -> tuple[Text, ...]:
    texts = (Text.of(*piece) for piece in pieces)
    return tuple(text for text in texts if text.parts)


def base64_encode(source: str, arguments: Arguments) -> Value:
    """``States.Base64Encode(text)``."""

    def encode(values: Arguments) -> Value:
        data = _bytes(values[0])
        if data is None:
            return some_text(source, *values)
        if len(data) > _MAX_LENGTH:
            return fails(source, f"it takes at most {_MAX_LENGTH} characters")
        encoded = base64.b64encode(data).decode("ascii")
        if len(encoded) <= _MIME_LINE:
            return Text.of(encoded)
        return Text.of(encoded[:_MIME_LINE], Unknown(f"how `{source}` breaks long lines is not documented"))

    return combine(arguments, encode)


def base64_decode(source: str, arguments: Arguments) -> Value:
    """``States.Base64Decode(text)``."""

    def decode(values: Arguments) -> Value:
        data = _bytes(values[0])
        if data is None:
            return some_text(source, *values)
        try:
            return Text.of(base64.b64decode(data, validate=True).decode("utf-8"))
        except (binascii.Error, UnicodeError):
            return unknown(f"`{source}` decodes what is no Base64 of a text")

    return combine(arguments, decode)


def hash_of(source: str, arguments: Arguments) -> Value:
    """``States.Hash(data, algorithm)``: in lower-case hexadecimal digits."""

    def digest(values: Arguments) -> Value:
        data, algorithm = _bytes(values[0]), values[1]
        name = algorithm.literal if isinstance(algorithm, Text) else None
        if data is None or name is None:
            return some_text(source, *values)
        if name not in _ALGORITHMS:
            return fails(source, f"it knows no algorithm {name}")
        return Text.of(hashlib.new(_ALGORITHMS[name], data, usedforsecurity=False).hexdigest())

    return combine(arguments, digest)


def uuid(source: str, _arguments: Arguments) -> Value:
    """``States.UUID()``."""
    return unknown(f"`{source}` is a new identifier each time")


def _bytes(value: Value) -> bytes | None:
    """The bytes of a string that is known; None for every other value, and for half a surrogate pair."""
    text = value.literal if isinstance(value, Text) else None
    try:
        return None if text is None else text.encode("utf-8")
    except UnicodeError:
        return None
