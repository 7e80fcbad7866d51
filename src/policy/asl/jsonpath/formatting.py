"""``States.Format``: a template with ``{}`` in it, filled with the values of the other arguments.

https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.calls import Mark
from sfn_least_privilege.policy.asl.jsonpath.choices import map_choices
from sfn_least_privilege.policy.asl.jsonpath.joining import joined
from sfn_least_privilege.policy.text import Literal, Text, unknown
from sfn_least_privilege.policy.value import Anything, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

_SLOT = Mark.SLOT.value
UNCLEAR = "its string has a backslash whose meaning is not documented"
_NO_TEMPLATE = "the template of `States.Format` is no string"
_HIDDEN = "what stands here in the template of `States.Format` is not known"


def fill(template: Sequence[Value | Mark], arguments: Sequence[Value]) -> Value:
    """The string that a template with marks for its slots becomes.

    AWS demands as many slots as arguments. Where the numbers agree, no part that is unknown now can hold a slot;
    where they do not, everything from the first such part on is unknown.
    """
    slots = sum(piece is Mark.SLOT for piece in template)
    if slots != len(arguments):
        hidden = next((i for i, piece in enumerate(template) if _may_hide_slot(piece)), None)
        if hidden is not None:
            return joined((*_filled(template[:hidden], arguments), unknown(_HIDDEN)))
    return joined(_filled(template, arguments))


def _filled(template: Sequence[Value | Mark], arguments: Sequence[Value]) -> Sequence[Value]:
    waiting = iter(arguments)
    pieces: list[Value] = []
    for piece in template:
        if piece is Mark.SLOT:
            pieces.append(next(waiting, unknown("`States.Format` has fewer arguments than `{}`")))
        else:
            pieces.append(unknown(UNCLEAR) if isinstance(piece, Mark) else piece)
    return pieces


def _may_hide_slot(piece: Value | Mark) -> bool:
    if isinstance(piece, Mark):
        return piece is Mark.UNCLEAR
    return not isinstance(piece, Text) or piece.literal is None


def fill_value(template: Value, arguments: Sequence[Value]) -> Value:
    """The string that a template which is a value itself becomes: ``States.Format($.template, $.x)``."""
    return map_choices(template, lambda each: _fill_one(each, arguments))


def _fill_one(template: Value, arguments: Sequence[Value]) -> Value:
    if not isinstance(template, Text):
        return unknown(template.reason if isinstance(template, Anything) else _NO_TEMPLATE)
    pieces: list[Value | Mark] = []
    for part in template.parts:
        if isinstance(part, Literal):
            pieces.extend(_split(part.value))
        else:
            pieces.append(Text((part,)))
    return fill(pieces, arguments)


def _split(text: str) -> Sequence[Value | Mark]:
    if "\\" in text:
        # Whether escapes count in a template that is data is not documented.
        start = text[: text.index("\\")]
        return (*_split(start), Mark.UNCLEAR)
    pieces: list[Value | Mark] = []
    for index, piece in enumerate(text.split(_SLOT)):
        if index:
            pieces.append(Mark.SLOT)
        if piece:
            pieces.append(Text.of(piece))
    return pieces
