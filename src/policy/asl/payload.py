"""What a field of a state makes of the state's data, in either query language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.jsonata import JsonataSyntaxError, body, is_expression
from sfn_least_privilege.policy.asl.jsonata import evaluate as evaluate_jsonata
from sfn_least_privilege.policy.asl.jsonpath import Frame, JsonPathSyntaxError, instantiate
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ObjectValue,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.template.tokens import Tokens
    from sfn_least_privilege.policy.value import Value

MAX_NESTING = 200
"""How deep the fields of a state may be nested; Step Functions' own payloads stay far below."""


class ExpressionSyntaxError(ValueError):
    """An expression in a state that cannot be read; the text says what is wrong."""


@dataclass(frozen=True, slots=True)
class StateData:
    """What is known of the data that a state's fields can read."""

    input: Value
    context: Value
    variables: Mapping[str, Value] = field(default_factory=dict)
    result: Value = MISSING
    error_output: Value = MISSING


def jsonpath_payload(template: Any, data: StateData, tokens: Tokens) -> Value:
    """The value of a payload template whose fields ending in ``.$`` are paths or intrinsic functions.

    Raises ExpressionSyntaxError.
    """
    try:
        return instantiate(template, Frame(data.input, data.context, data.variables), tokens.literal)
    except JsonPathSyntaxError as error:
        raise ExpressionSyntaxError(str(error)) from None


def jsonata_payload(template: Any, data: StateData, tokens: Tokens) -> Value:
    """The value of a field whose strings of the form ``{% … %}`` are JSONata expressions.

    Raises ExpressionSyntaxError.
    """
    states = ObjectValue(
        {"input": data.input, "context": data.context, "result": data.result, "errorOutput": data.error_output}
    )
    variables = {**data.variables, "states": states}

    def convert(node: Any, depth: int) -> Value:
        if isinstance(node, str):
            if is_expression(node):
                return evaluate_jsonata(body(node), variables, tokens.literal)
            return tokens.literal(node)
        if depth > MAX_NESTING:
            return Anything(f"it is nested more than {MAX_NESTING} levels deep")
        if isinstance(node, dict):
            return _object({key: convert(item, depth + 1) for key, item in node.items()}, tokens)
        if isinstance(node, list):
            return ArrayValue(tuple(convert(item, depth + 1) for item in node))
        return from_json(node)

    try:
        return convert(template, 0)
    except JsonataSyntaxError as error:
        raise ExpressionSyntaxError(str(error)) from None


def _object(fields: Mapping[str, Value], tokens: Tokens) -> ObjectValue:
    known: dict[str, Value] = {}
    others: list[Value] = []
    for key, value in fields.items():
        name = tokens.literal(key)
        literal = name.literal if isinstance(name, Text) else None
        if literal is None:
            others.append(value)
        else:
            known[literal] = value
    if not others:
        return ObjectValue(known)
    # A key that is not known could be any of the known ones, and take its place.
    rest = one_of(others)
    return ObjectValue({name: one_of((value, rest)) for name, value in known.items()}, rest)
