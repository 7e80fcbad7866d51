"""What a field of a state makes of the state's data, in either query language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.jsonpath import Frame, JsonPathSyntaxError, instantiate, walk, write
from sfn_least_privilege.policy.asl.presence import may_be_missing, present
from sfn_least_privilege.policy.asl.shown import shown
from sfn_least_privilege.policy.asl.work import Work
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Missing,
    ObjectValue,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.template.tokens import Tokens
    from sfn_least_privilege.policy.value import Value

MAX_NESTING = 64
"""How deep the fields of a state may be nested; Step Functions' own payloads stay far below."""

_TOO_DEEP = Anything(f"it is nested more than {MAX_NESTING} levels deep")


class ExpressionSyntaxError(ValueError):
    """An expression in a state that cannot be read; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class StateData:
    """What is known of the data that a state's fields can read.

    ``input`` is what ``$`` or ``$states.input`` stands for; ``result`` and ``error_output`` are for JSONata only.
    ``work`` is what evaluating expressions may still cost.
    """

    input: Value
    context: Value
    variables: Mapping[str, Value] = field(default_factory=dict)
    result: Value = MISSING
    error_output: Value = MISSING
    work: Work = field(default_factory=Work, compare=False)


def payload(language: QueryLanguage, node: Any, data: StateData, tokens: Tokens) -> Value:
    """What the JSON of a field comes to when the expressions in it are evaluated. Raises ExpressionSyntaxError."""
    return (jsonata_payload if language is QueryLanguage.JSONATA else jsonpath_payload)(node, data, tokens)


def jsonpath_payload(template: Any, data: StateData, tokens: Tokens) -> Value:
    """The value of a payload template whose fields ending in ``.$`` are paths or intrinsic functions.

    Raises ExpressionSyntaxError.
    """
    try:
        return instantiate(template, Frame(data.input, data.context, data.variables, data.work), tokens.literal)
    except JsonPathSyntaxError as error:
        raise ExpressionSyntaxError(str(error)) from None


def selection(path: Any, data: StateData) -> Value:
    """What a path of JSONPath selects; MISSING where there certainly is nothing. Raises ExpressionSyntaxError."""
    if not isinstance(path, str):
        message = "it is no string with a path"
        raise ExpressionSyntaxError(message)
    try:
        return walk(path, Frame(data.input, data.context, data.variables, data.work))
    except JsonPathSyntaxError as error:
        raise ExpressionSyntaxError(str(error)) from None


def written(path: Any, target: Value, value: Value) -> Value:
    """``target`` with ``value`` at a reference path. Raises ExpressionSyntaxError."""
    if not isinstance(path, str):
        message = "it is no string with a path"
        raise ExpressionSyntaxError(message)
    try:
        return write(path, target, value)
    except JsonPathSyntaxError as error:
        raise ExpressionSyntaxError(str(error)) from None


def jsonata_payload(template: Any, data: StateData, tokens: Tokens) -> Value:
    """The value of a field whose strings of the form ``{% … %}`` are JSONata expressions.

    Raises ExpressionSyntaxError.
    """
    # Loaded when the first state in JSONata comes: its parser takes as long to load as all the rest.
    from sfn_least_privilege.policy.asl.jsonata import (  # noqa: PLC0415
        JsonataSyntaxError,
        body,
        evaluate,
        is_expression,
    )

    states = ObjectValue(
        {"input": data.input, "context": data.context, "result": data.result, "errorOutput": data.error_output}
    )
    variables = {**data.variables, "states": states}

    def read(text: str) -> Value:
        if not is_expression(text):
            return tokens.literal(text)
        value = evaluate(body(text), variables, tokens.literal, data.work)
        # An expression that comes to nothing ends the execution.
        there = present(value) if may_be_missing(value) else value
        return Anything(f"{shown(text)} comes to nothing") if isinstance(there, Missing) else there

    try:
        return _convert(template, read, tokens.literal, 0)
    except JsonataSyntaxError as error:
        raise ExpressionSyntaxError(str(error)) from None


def literal_payload(node: Any, tokens: Tokens) -> Value:
    """The value of JSON in which nothing is evaluated, such as the ``Result`` of a Pass state."""
    return _convert(node, tokens.literal, tokens.literal, 0)


def _convert(node: Any, read: Callable[[str], Value], name: Callable[[str], Value], depth: int) -> Value:
    """The value of JSON, with ``read`` giving that of each string in it, and ``name`` that of each field's name."""
    if isinstance(node, str):
        return read(node)
    if not isinstance(node, dict | list):
        return from_json(node)
    if depth >= MAX_NESTING:
        return _TOO_DEEP
    if isinstance(node, list):
        return ArrayValue(tuple(_convert(item, read, name, depth + 1) for item in node))
    return _object(node, read, name, depth + 1)


def _object(node: Mapping[Any, Any], read: Callable[[str], Value], name: Callable[[str], Value], depth: int) -> Value:
    known: dict[str, Value] = {}
    others: list[Value] = []
    for key, item in node.items():
        value = _convert(item, read, name, depth)
        named = name(str(key))
        literal = named.literal if isinstance(named, Text) else None
        if literal is None:
            others.append(value)
        else:
            known[literal] = value
    if not others:
        return ObjectValue(known)
    # A name that is not known could be any of the known ones, and take its place.
    rest = one_of(others)
    return ObjectValue({key: one_of((value, rest)) for key, value in known.items()}, rest)
