"""``Fn::Join``: strings with a delimiter between them.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-join.html
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.choices import may_be_missing, per_branch, with_present_items
from sfn_least_privilege.policy.template.intrinsics.concatenation import Piece, concatenated
from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import Anything, ArrayValue

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value

_PARTS = 2


def resolve_join(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::Join": [delimiter, list]}``."""
    pieces = pieces_of_join(argument, context)
    return concatenated(pieces, context.scope) if isinstance(pieces, list) else pieces


def pieces_of_join(argument: Any, context: Context) -> list[Piece] | Value:
    """The pieces that ``Fn::Join`` joins, in order; where it has no fixed pieces, its value."""
    if not isinstance(argument, list) or len(argument) != _PARTS or not isinstance(argument[0], str):
        return malformed("Fn::Join", "it wants a delimiter, which is a string, and a list")
    delimiter, node = argument
    if not isinstance(node, list):
        return _of_intrinsic(context.resolve(node), argument, context)
    pieces: list[Piece] = []
    for is_literal, group in groupby(node, key=lambda item: isinstance(item, str)):
        if is_literal:
            # SAM writes a definition as thousands of literal lines: they make one piece.
            pieces.append(Piece(context.resolve(delimiter.join(group))))
        else:
            pieces.extend(Piece(context.resolve(item), item) for item in group)
    if not any(may_be_missing(piece.value) for piece in pieces):
        return list(_delimited(pieces, delimiter))
    # A delimiter goes with the item that is not there.
    settled = with_present_items(
        tuple(piece.value for piece in pieces),
        lambda present: _joined((Piece(item) for item in present), delimiter, context),
    )
    return keep("Fn::Join", argument, context.scope) if settled is None else settled


def _of_intrinsic(items: Value, argument: list[Any], context: Context) -> Value:
    if isinstance(items, Anything):
        return unknown(items.reason)

    def join(branch: Value) -> Value | None:
        if not isinstance(branch, ArrayValue):
            return None
        return with_present_items(
            branch.items, lambda present: _joined((Piece(item) for item in present), argument[0], context)
        )

    joined = per_branch(items, join)
    return keep("Fn::Join", argument, context.scope) if joined is None else joined


def _joined(pieces: Iterable[Piece], delimiter: str, context: Context) -> Value:
    return concatenated(list(_delimited(pieces, delimiter)), context.scope)


def _delimited(pieces: Iterable[Piece], delimiter: str) -> Iterable[Piece]:
    between = Piece(Text.of(delimiter))
    for index, piece in enumerate(pieces):
        if index and delimiter:
            yield between
        yield piece
