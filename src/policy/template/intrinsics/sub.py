"""``Fn::Sub``: a string with ``${Name}``, ``${LogicalId.Attribute}`` and ``${Variable}`` in it.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.concatenation import Piece, concatenated
from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.ref import value_of_name
from sfn_least_privilege.policy.template.intrinsics.resources import attribute_of, type_of
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value

_NAME = re.compile(r"[A-Za-z0-9_.:]+")
_PARTS = 2


def resolve_sub(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::Sub": argument}``: a string, or ``[string, {variable: value}]``."""
    pieces = pieces_of_sub(argument, context)
    return pieces if isinstance(pieces, Anything) else concatenated(pieces, context.scope)


def pieces_of_sub(argument: Any, context: Context) -> list[Piece] | Anything:
    """The pieces that ``Fn::Sub`` joins, in order."""
    template, variables = argument, {}
    if isinstance(argument, list) and len(argument) == _PARTS:
        template, variables = argument
    if not isinstance(template, str) or not isinstance(variables, dict):
        return malformed("Fn::Sub", "it wants a string, or a list of a string and an object of variables")
    known: dict[str, Piece] = {}
    pieces: list[Piece] = []
    position = 0
    while True:
        opening = template.find("${", position)
        closing = template.find("}", opening) if opening >= 0 else -1
        if closing < 0:
            pieces.append(Piece(Text.of(template[position:])))
            return pieces
        pieces.append(Piece(Text.of(template[position:opening])))
        name = template[opening + 2 : closing]
        position = closing + 1
        if name.startswith("!"):
            pieces.append(Piece(Text.of(f"${{{name[1:]}}}")))
            continue
        name = name.strip()
        if not _NAME.fullmatch(name):
            return malformed("Fn::Sub", f"`${{{name[:100]}}}` names nothing")
        if name not in known:
            known[name] = _replacement(name, variables, context)
        pieces.append(known[name])


def _replacement(name: str, variables: Mapping[str, Any], context: Context) -> Piece:
    if name in variables:
        node = variables[name]
        return Piece(context.resolve(node), node)
    return Piece(_value_of_placeholder(name, context.scope))


def _value_of_placeholder(name: str, scope: Scope) -> Value:
    logical_id, dot, attribute = name.partition(".")
    # `${Function.Alias}` is SAM's resource, not an attribute.
    if not dot or not attribute or type_of(name, scope):
        return value_of_name(name, scope)
    return Text((attribute_of(logical_id, attribute, scope),))
