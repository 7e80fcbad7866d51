"""A Text as CloudFormation writes it: the smallest form that becomes the wanted string at deployment."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.text import Literal, Reference, Unknown, Wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.text import Text

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

# IAM reads `*`, `?` and `${…}` inside a Resource; `${*}`, `${?}` and `${$}` stand for the characters themselves:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
_IAM_SPECIAL = re.compile(r"[*?]|\$(?=\{|$)")


def render_string(text: Text) -> Json:
    """``text`` as a CloudFormation value that becomes exactly this string.

    Raises ValueError where a part is unknown: only a pattern can hold one.
    """
    return _render(text, lambda literal: literal, None)


def render_pattern(text: Text) -> Json:
    """``text`` as an IAM pattern: unknown parts are ``*``, IAM's special characters in literals are escaped."""
    return _render(text, _escape_for_iam, "*")


def _escape_for_iam(literal: str) -> str:
    return _IAM_SPECIAL.sub(lambda match: f"${{{match.group()}}}", literal)


def _render(text: Text, escape: Callable[[str], str], wildcard: str | None) -> Json:
    only = text.reference
    if only is not None:
        return intrinsic(only)
    references = any(isinstance(part, Reference) for part in text.parts)
    pieces: list[str] = []
    variables: dict[str, Json] = {}
    for part in text.parts:
        if isinstance(part, Literal):
            literal = escape(part.value)
            pieces.append(literal.replace("${", "${!") if references else literal)
        elif isinstance(part, Unknown | Wildcard):
            if wildcard is None:
                message = "a string with unknown parts cannot be written out"
                raise ValueError(message)
            pieces.append(wildcard)
        else:
            pieces.append(_placeholder(part, variables))
    joined = "".join(pieces)
    if not references:
        return joined
    return {"Fn::Sub": [joined, variables]} if variables else {"Fn::Sub": joined}


def _placeholder(reference: Reference, variables: dict[str, Json]) -> str:
    if reference.function in {"Ref", "Fn::GetAtt"}:
        return f"${{{reference.argument}}}"
    written = intrinsic(reference)
    name = next((known for known, value in variables.items() if value == written), f"Value{len(variables) + 1}")
    variables[name] = written
    return f"${{{name}}}"


def intrinsic(reference: Reference) -> Json:
    """The reference as a CloudFormation intrinsic function in its long form."""
    if reference.function == "Ref":
        return {"Ref": reference.argument}
    if reference.function == "Fn::GetAtt":
        logical_id, _, attribute = reference.argument.partition(".")
        return {"Fn::GetAtt": [logical_id, attribute]}
    argument: Json = json.loads(reference.argument)
    return {reference.function: argument}


def spell(text: Text) -> str:
    """``text`` as a message shows it: references as ``${Name}``, unknown parts as ``*``, no values of parameters."""
    pieces: list[str] = []
    for part in text.parts:
        if isinstance(part, Literal):
            pieces.append(part.value)
        elif isinstance(part, Reference):
            known = part.function in {"Ref", "Fn::GetAtt"}
            pieces.append(f"${{{part.argument if known else part.function.removeprefix('Fn::')}}}")
        else:
            pieces.append("*")
    return "".join(pieces)
