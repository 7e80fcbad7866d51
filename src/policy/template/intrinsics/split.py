"""``Fn::Split``: a string cut into a list.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-split.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.choices import per_branch
from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import Anything, ArrayValue, ListOf

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value

_PARTS = 2

# Each piece that is kept carries the whole function again; an ARN has some ten pieces.
_MOST_KEPT = 64


def resolve_split(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::Split": [delimiter, string]}``.

    Where a reference may hold the delimiter, its present value tells the pieces; each is then written as
    ``Fn::Select`` of this very function, which is exact at deployment.
    """
    if not isinstance(argument, list) or len(argument) != _PARTS:
        return malformed("Fn::Split", "it wants a delimiter and a string")
    delimiter, node = argument
    if not isinstance(delimiter, str) or not delimiter:
        return malformed("Fn::Split", "its delimiter is a string that is not empty")
    source = context.resolve(node)
    if isinstance(source, Anything):
        return ListOf(unknown(source.reason))
    cut = per_branch(source, lambda branch: _cut(branch, delimiter))
    if cut is not None:
        return cut
    sample = source.sample if isinstance(source, Text) else None
    pieces = [] if sample is None else sample.split(delimiter)
    if not 0 < len(pieces) <= _MOST_KEPT:
        return ListOf(unknown("where Fn::Split cuts is known only at deployment"))
    return ArrayValue(
        tuple(
            keep("Fn::Select", [index, {"Fn::Split": argument}], context.scope, sample=piece)
            for index, piece in enumerate(pieces)
        )
    )


def _cut(source: Value, delimiter: str) -> Value | None:
    pieces = source.split(delimiter) if isinstance(source, Text) else None
    return None if pieces is None else ArrayValue(pieces)
