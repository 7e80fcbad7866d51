"""Payload templates: objects in which a name ending in ``.$`` marks a value that is evaluated.

https://states-language.net/spec.html#payload-template
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.jsonpath.evaluation import LiteralReader, evaluate
from sfn_least_privilege.policy.asl.jsonpath.syntax import MAX_DEPTH, JsonPathSyntaxError, has_token
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, ArrayValue, ObjectValue, Value, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.jsonpath.walking import Frame

_MARK = ".$"


def instantiate(template: Any, frame: Frame, literal: LiteralReader) -> Value:
    """The value that a payload template becomes: ``Parameters``, ``ItemSelector``, ``Assign`` and the like.

    ``template`` is parsed JSON. ``literal`` gives the Value of each string in it that is not evaluated, and of each
    name that holds a token. Raises JsonPathSyntaxError.
    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-inputpath-params.html
    """
    return _build(template, frame, literal, 0)


def _build(node: Any, frame: Frame, literal: LiteralReader, depth: int) -> Value:
    if isinstance(node, str):
        return literal(node)
    if not isinstance(node, dict | list):
        return from_json(node)
    if depth >= MAX_DEPTH:
        return Anything(f"it is nested more than {MAX_DEPTH} levels deep")
    if isinstance(node, list):
        return ArrayValue(tuple(_build(item, frame, literal, depth + 1) for item in node))
    return _object(node, frame, literal, depth + 1)


def _object(node: Mapping[Any, Any], frame: Frame, literal: LiteralReader, depth: int) -> Value:
    known: dict[str, Value] = {}
    others: list[Value] = []
    for key, item in node.items():
        name = _name(str(key), literal)
        if name is None:
            others.append(_unnamed(str(key), item, frame, literal, depth))
            continue
        value = _field(name, item, frame, literal, depth)
        plain = name.removesuffix(_MARK)
        # Step Functions accepts no object that names a field twice, with the mark and without.
        known[plain] = one_of((known[plain], value)) if plain in known else value
    if not others:
        return ObjectValue(known)
    # A name that is not known could be any of the known ones, and take its place.
    rest = one_of(others)
    return ObjectValue({name: one_of((value, rest)) for name, value in known.items()}, rest)


def _name(key: str, literal: LiteralReader) -> str | None:
    """The text of a name; None where only CloudFormation knows it."""
    if not has_token(key):
        return key
    name = literal(key)
    return name.literal if isinstance(name, Text) else None


def _field(name: str, item: Any, frame: Frame, literal: LiteralReader, depth: int) -> Value:
    if not name.endswith(_MARK):
        return _build(item, frame, literal, depth)
    if not isinstance(item, str):
        raise JsonPathSyntaxError(name, len(name) - len(_MARK), "its value is no string with a path or a call")
    return evaluate(item, frame, literal)


def _unnamed(key: str, item: Any, frame: Frame, literal: LiteralReader, depth: int) -> Value:
    if key.endswith(_MARK):
        return _field(key, item, frame, literal, depth)
    if isinstance(item, str) and item.startswith(("$", "States.")):
        return Anything("is a string or an expression: its field's name is known only at deployment")
    return _build(item, frame, literal, depth)
