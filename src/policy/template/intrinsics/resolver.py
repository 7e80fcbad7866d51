"""From a node of the template to its value: literals here, intrinsic functions by the module of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics import condition_functions, for_each
from sfn_least_privilege.policy.template.intrinsics.base64 import resolve_base64
from sfn_least_privilege.policy.template.intrinsics.cidr import resolve_cidr
from sfn_least_privilege.policy.template.intrinsics.concatenation import Piece, concatenated
from sfn_least_privilege.policy.template.intrinsics.context import MAX_DEPTH, TOO_DEEP, Context, malformed
from sfn_least_privilege.policy.template.intrinsics.dynamic_references import (
    may_hold_dynamic_reference,
    set_apart_dynamic_references,
)
from sfn_least_privilege.policy.template.intrinsics.find_in_map import resolve_find_in_map
from sfn_least_privilege.policy.template.intrinsics.get_att import resolve_get_att
from sfn_least_privilege.policy.template.intrinsics.get_azs import resolve_get_azs
from sfn_least_privilege.policy.template.intrinsics.get_stack_output import resolve_get_stack_output
from sfn_least_privilege.policy.template.intrinsics.if_ import resolve_if
from sfn_least_privilege.policy.template.intrinsics.import_value import resolve_import_value
from sfn_least_privilege.policy.template.intrinsics.join import pieces_of_join, resolve_join
from sfn_least_privilege.policy.template.intrinsics.length import resolve_length
from sfn_least_privilege.policy.template.intrinsics.ref import resolve_ref
from sfn_least_privilege.policy.template.intrinsics.select import resolve_select
from sfn_least_privilege.policy.template.intrinsics.split import resolve_split
from sfn_least_privilege.policy.template.intrinsics.sub import pieces_of_sub, resolve_sub
from sfn_least_privilege.policy.template.intrinsics.to_json_string import resolve_to_json_string
from sfn_least_privilege.policy.template.intrinsics.transform import resolve_transform
from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import ArrayValue, Missing, ObjectValue, from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value

_RESOLVERS: Mapping[str, Callable[[Any, Context], Value]] = MappingProxyType(
    {
        "Ref": resolve_ref,
        "Fn::Base64": resolve_base64,
        "Fn::Cidr": resolve_cidr,
        "Fn::FindInMap": resolve_find_in_map,
        "Fn::GetAZs": resolve_get_azs,
        "Fn::GetAtt": resolve_get_att,
        "Fn::GetStackOutput": resolve_get_stack_output,
        "Fn::If": resolve_if,
        "Fn::ImportValue": resolve_import_value,
        "Fn::Join": resolve_join,
        "Fn::Length": resolve_length,
        "Fn::Select": resolve_select,
        "Fn::Split": resolve_split,
        "Fn::Sub": resolve_sub,
        "Fn::ToJsonString": resolve_to_json_string,
        "Fn::Transform": resolve_transform,
    }
)


def resolve(node: Any, scope: Scope) -> Value:
    """What a JSON value of the template is known to be.

    ``node`` is any JSON value, with intrinsic functions in their long form anywhere in it. References keep their
    place: the values that parameters have now are samples in them. ``AWS::NoValue`` drops out of objects and lists.
    What cannot be understood is :class:`~sfn_least_privilege.policy.value.Anything` with the reason; nothing raises.
    """
    return _walk(node, Context(scope, _walk))


def resolve_pieces(node: Any, scope: Scope) -> tuple[Value, ...]:
    """The values that follow one another in a string put together by ``Fn::Join`` or ``Fn::Sub``.

    For a long string with choices in it, a definition say: :func:`resolve` would have to make a whole string for
    every combination. Any other node gives its one value.
    """
    pieces = _pieces(node, Context(scope, _walk, depth=1))
    if not isinstance(pieces, list):
        return (resolve(node, scope),)
    values: list[Value] = []
    for is_text, group in groupby(pieces, key=lambda piece: isinstance(piece.value, Text)):
        run = list(group)
        values.extend([concatenated(run, scope)] if is_text else [piece.value for piece in run])
    # Half a dynamic reference before a choice and half behind it can only be put together as a whole.
    return (resolve(node, scope),) if any(_is_broken(value) for value in values) else tuple(values)


def _pieces(node: Any, context: Context) -> list[Piece] | Value | None:
    if not isinstance(node, dict) or len(node) != 1:
        return None
    ((function, argument),) = node.items()
    if function == "Fn::Join":
        return pieces_of_join(argument, context)
    return pieces_of_sub(argument, context) if function == "Fn::Sub" else None


def _is_broken(value: Value) -> bool:
    return isinstance(value, Text) and any(
        isinstance(part, Literal) and may_hold_dynamic_reference(part.value) for part in value.parts
    )


def _walk(node: Any, context: Context) -> Value:
    if isinstance(node, str):
        return _text(node)
    if isinstance(node, dict):
        function = _function(node)
        return _container(node, context) if function is None else _apply(function, node, context)
    return _container(node, context) if isinstance(node, list) else _scalar(node)


def _text(literal: str) -> Text:
    if len(literal) <= _LONGEST_SHARED:
        return _shared_text(literal)
    text = Text((Literal(literal),))
    return set_apart_dynamic_references(text) if may_hold_dynamic_reference(literal) else text


# Half of a definition's strings are the same few (`Task`, `States.ALL`): making a Text costs ten times a look-up.
_LONGEST_SHARED = 40


@lru_cache(maxsize=1024)
def _shared_text(literal: str) -> Text:
    text = Text((Literal(literal),)) if literal else Text()
    return set_apart_dynamic_references(text) if may_hold_dynamic_reference(literal) else text


def _scalar(node: Any) -> Value:
    # Not floats: 0.0 and -0.0 are equal, and written differently.
    return _shared_scalar(node) if node is None or isinstance(node, int) else from_json(node)


@lru_cache(maxsize=256, typed=True)
def _shared_scalar(node: int | None) -> Value:
    return from_json(node)


def _function(node: dict[Any, Any]) -> str | None:
    """The intrinsic function that an object calls, None for a literal one."""
    for key in node:
        if isinstance(key, str) and key.startswith("Fn::") and not key.startswith(for_each.PREFIX):
            return key
    return "Ref" if len(node) == 1 and "Ref" in node else None


def _apply(function: str, node: dict[Any, Any], context: Context) -> Value:
    if context.depth >= MAX_DEPTH:
        return TOO_DEEP
    if len(node) > 1 and function != "Fn::Transform":
        return malformed(function, "it stands among other keys")
    resolver = _RESOLVERS.get(function)
    if resolver is not None:
        return resolver(node[function], Context(context.scope, context.walk, context.depth + 1))
    if function in condition_functions.NAMES:
        return condition_functions.misplaced(function)
    return malformed(function, "there is no such function")


@dataclass(slots=True)
class _Open:
    """A container whose members are being resolved, one after the other."""

    node: dict[Any, Any] | list[Any]
    members: Iterator[Any]
    values: list[Value] = field(default_factory=list)


def _container(root: dict[Any, Any] | list[Any], context: Context) -> Value:
    """A literal object or list. Its nesting is walked with a stack of our own, so that it may be of any depth."""
    stack = [_opened(root)]
    while True:
        current = stack[-1]
        for member in current.members:
            if isinstance(member, str):
                value: Value = _text(member)
            elif isinstance(member, dict | list):
                # Inside an intrinsic function every level counts; outside there is no bound.
                inside = Context(context.scope, context.walk, context.depth + len(stack)) if context.depth else context
                function = _function(member) if isinstance(member, dict) else None
                if function is not None and isinstance(member, dict):
                    value = _apply(function, member, inside)
                elif inside.depth >= MAX_DEPTH:
                    value = TOO_DEEP
                else:
                    stack.append(_opened(member))
                    break
            else:
                value = _scalar(member)
            current.values.append(value)
        else:
            stack.pop()
            closed = _closed(current)
            if not stack:
                return closed
            stack[-1].values.append(closed)


def _opened(node: dict[Any, Any] | list[Any]) -> _Open:
    return _Open(node, iter(node.values() if isinstance(node, dict) else node))


def _closed(container: _Open) -> Value:
    if isinstance(container.node, list):
        return ArrayValue(tuple(value for value in container.values if not isinstance(value, Missing)))
    fields: dict[str, Value] = {}
    rest: Value | None = None
    for key, value in zip(container.node, container.values, strict=True):
        name = str(key)
        if name.startswith(for_each.PREFIX):
            rest = for_each.UNROLLED_LATER
        elif not isinstance(value, Missing):
            fields[name] = value
    return ObjectValue(fields, rest)
