"""The intrinsic functions for JSON: reading, writing, merging.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html#asl-intrsc-func-json-manipulate
"""

from __future__ import annotations

import json
import math
import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.jsonpath.choices import combine, present
from sfn_least_privilege.policy.asl.jsonpath.joining import joined, printed
from sfn_least_privilege.policy.asl.jsonpath.outcomes import fails, some_value
from sfn_least_privilege.policy.asl.jsonpath.stepping import field_of
from sfn_least_privilege.policy.asl.jsonpath.syntax import MAX_DEPTH
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Unknown, unknown
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    Missing,
    ObjectValue,
    Scalar,
    Value,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.jsonpath.outcomes import Arguments

_MAX_PARTS = 1000
_JSON_PIECE = re.compile(r'"(?:[^"\\]++|\\.)*+"|[\[\]{}]|[^"\[\]{}]++', re.DOTALL)
# Characters that every writer of JSON writes alike; of the others, some are escaped here and some there.
_ALIKE = re.compile(r"[\x20-\x7e\n\r\t\b\f]*+")
_NO_ESCAPE = re.compile(r"[ !#-\[\]-~]*+")
_NAMED_KINDS = frozenset({Kind.ARN, Kind.NAME, Kind.URL, Kind.ID})


def string_to_json(source: str, arguments: Arguments) -> Value:
    """``States.StringToJson(text)``."""

    def parse(values: Arguments) -> Value:
        text = values[0].literal if isinstance(values[0], Text) else None
        if text is None:
            return some_value(source, *values)
        if not text.strip():
            return Scalar("null")
        if _nesting(text) > MAX_DEPTH:
            return Anything(f"`{source}` reads JSON nested more than {MAX_DEPTH} levels deep")
        try:
            return from_json(json.loads(text, parse_constant=_refuse, parse_float=_finite))
        except ValueError:
            return fails(source, "its argument is no JSON that can be read")

    return combine(arguments, parse)


def _nesting(text: str) -> int:
    """How deep JSON is nested, as far as its strings are closed."""
    depth = deepest = position = 0
    while piece := _JSON_PIECE.match(text, position):
        position = piece.end()
        if piece[0] in {"[", "{"}:
            depth += 1
            deepest = max(deepest, depth)
        elif piece[0] in {"]", "}"}:
            depth -= 1
    return deepest


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def json_to_string(_source: str, arguments: Arguments) -> Value:
    """``States.JsonToString(value)``: JSON without spaces."""

    def write(values: Arguments) -> Value:
        pieces = list(islice(_written(values[0], 0), _MAX_PARTS + 1))
        if len(pieces) > _MAX_PARTS:
            pieces[_MAX_PARTS:] = [unknown("it is a long JSON text")]
        return joined(pieces)

    return combine(arguments, write)


def _written(value: Value, depth: int) -> Iterator[Value]:
    """The pieces of a value's JSON; what can be written in several ways is unknown."""
    if depth > MAX_DEPTH:
        yield unknown(f"it is nested more than {MAX_DEPTH} levels deep")
    elif isinstance(value, Text):
        yield from _quoted(value)
    elif isinstance(value, ArrayValue) and not any(_may_be_missing(item) for item in value.items):
        yield Text.of("[")
        for index, item in enumerate(value.items):
            if index:
                yield Text.of(",")
            yield from _written(item, depth + 1)
        yield Text.of("]")
    elif isinstance(value, ObjectValue) and _has_one_order(value):
        yield Text.of("{")
        for name, item in value.fields.items():
            yield from _quoted(Text.of(name))
            yield Text.of(":")
            yield from _written(item, depth + 1)
        yield Text.of("}")
    elif isinstance(value, Scalar | Anything):
        yield printed(value)
    else:
        yield unknown("it is written as JSON, and not all of it is known")


def _may_be_missing(value: Value) -> bool:
    return present(value)[1]


def _has_one_order(value: ObjectValue) -> bool:
    """Whether nothing can be left out or come in another order."""
    return value.rest is None and len(value.fields) <= 1 and not any(map(_may_be_missing, value.fields.values()))


def _quoted(text: Text) -> Iterator[Text]:
    yield Text.of('"')
    for part in text.parts:
        if isinstance(part, Literal):
            yield Text.of(json.dumps(part.value)[1:-1]) if _ALIKE.fullmatch(part.value) else unknown(_ESCAPES)
        elif isinstance(part, Reference) and not _needs_escapes(part):
            yield Text((part,))
        else:
            yield unknown(part.reason if isinstance(part, Unknown) else _ESCAPES)
    yield Text.of('"')


_ESCAPES = "its characters are escaped in JSON"


def _needs_escapes(reference: Reference) -> bool:
    if reference.sample is not None:
        return not _NO_ESCAPE.fullmatch(reference.sample)
    return reference.kind not in _NAMED_KINDS


def json_merge(source: str, arguments: Arguments) -> Value:
    """``States.JsonMerge(first, second, false)``: the fields of the second replace those of the first."""

    def merge(values: Arguments) -> Value:
        older, newer = _as_object(values[0]), _as_object(values[1])
        if older is None or newer is None:
            return fails(source, "it merges objects only")
        if values[2] != Scalar("false"):
            # The specification knows a deep merge, Step Functions does not yet.
            return ObjectValue({}, Anything(f"`{source}` merges objects inside objects"))
        names = dict.fromkeys((*older.fields, *newer.fields))
        rests = [rest for rest in (older.rest, newer.rest) if rest is not None]
        return ObjectValue(
            {name: _either(field_of(newer, name), field_of(older, name)) for name in names},
            one_of(rests) if rests else None,
        )

    return combine(arguments, merge)


def _either(newer: Value, older: Value) -> Value:
    there, may_be_missing = present(newer)
    if isinstance(there, Missing):
        return older
    return one_of((there, older)) if may_be_missing else there


def _as_object(value: Value) -> ObjectValue | None:
    if isinstance(value, Anything):
        return ObjectValue({}, value)
    return value if isinstance(value, ObjectValue) else None
