"""``Fn::ToJsonString``: an object or a list as JSON text.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-ToJsonString.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.choices import may_be_missing, per_branch
from sfn_least_privilege.policy.template.intrinsics.concatenation import Piece, concatenated
from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, unknown
from sfn_least_privilege.policy.value import Anything, ArrayValue, Conditional, ObjectValue, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.text import Part
    from sfn_least_privilege.policy.value import Value


def resolve_to_json_string(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::ToJsonString": object or list}``.

    A reference goes into the text where its value certainly needs no escaping in JSON; the function itself stays
    where one may. How CloudFormation spaces the text is not documented: without spaces, as its example shows.
    """
    if not isinstance(argument, dict | list):
        return malformed("Fn::ToJsonString", "it wants an object or a list")
    value = context.resolve(argument)
    if isinstance(value, Anything):
        return unknown(value.reason)
    written = _json(value, context.scope)
    return keep("Fn::ToJsonString", argument, context.scope) if written is None else written


def _json(value: Value, scope: Scope) -> Value | None:
    """``value`` as JSON text; None where it cannot be told which. Recursion is bounded by the resolver's own depth."""
    if isinstance(value, Conditional):
        return None if may_be_missing(value) else per_branch(value, lambda branch: _json(branch, scope))
    if isinstance(value, Scalar):
        return Text.of(value.json)
    if isinstance(value, Text):
        return _quoted(value)
    if isinstance(value, ArrayValue):
        return _enclosed("[", (("", item) for item in value.items), "]", scope)
    if isinstance(value, ObjectValue) and value.rest is None:
        fields = ((f"{_escaped(name)}:", item) for name, item in value.fields.items())
        return _enclosed("{", fields, "}", scope)
    return None


def _enclosed(opening: str, members: Iterable[tuple[str, Value]], closing: str, scope: Scope) -> Value | None:
    pieces = [Piece(Text.of(opening))]
    for index, (label, member) in enumerate(members):
        written = _json(member, scope)
        if written is None:
            return None
        pieces += (Piece(Text.of("," * bool(index) + label)), Piece(written))
    return concatenated([*pieces, Piece(Text.of(closing))], scope)


def _quoted(text: Text) -> Text | None:
    parts: list[Part | str] = ['"']
    for part in text.parts:
        if isinstance(part, Literal):
            parts.append(_escaped(part.value)[1:-1])
        elif isinstance(part, Reference) and not _is_safe(part):
            return None
        else:
            parts.append(part)
    return Text.of(*parts, '"')


def _is_safe(reference: Reference) -> bool:
    if reference.sample is not None:
        return _escaped(reference.sample) == f'"{reference.sample}"'
    # No ARN, name, id or URL that AWS gives has a quote, a backslash or a control character.
    return reference.kind is not Kind.UNKNOWN


def _escaped(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
