"""A Text as CloudFormation writes it: the smallest form that becomes the wanted string at deployment."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.text import Literal, Reference, Wildcard

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.text import Part, Text

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

# IAM reads `*`, `?` and `${…}` inside a Resource; `${*}`, `${?}` and `${$}` stand for the characters themselves:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
_IAM_SPECIAL = re.compile(r"[*?]|\$(?=\{|$)")


def render_string(text: Text) -> Json:
    """``text`` as a CloudFormation value that becomes exactly this string.

    Raises ValueError where a part is unknown: only a pattern can hold one.
    """
    return _render(text, lambda literal: literal, _refused)


def render_pattern(text: Text) -> Json:
    """``text`` as an IAM pattern: unknown parts are ``*``, IAM's special characters in literals are escaped."""
    return _render(text, _escape_for_iam, _wildcards)


def _escape_for_iam(literal: str) -> str:
    return _IAM_SPECIAL.sub(lambda match: f"${{{match.group()}}}", literal)


def _refused(_part: Part) -> str:
    message = "a string with unknown parts cannot be written out"
    raise ValueError(message)


def _render(text: Text, escape: Callable[[str], str], opened: Callable[[Part], str]) -> Json:
    only = text.reference
    if only is not None:
        return intrinsic(only)
    sub = _Sub(text)
    pieces: list[str] = []
    for part in text.parts:
        if isinstance(part, Literal):
            pieces.append(sub.literal(escape(part.value)))
        elif isinstance(part, Reference):
            pieces.append(sub.reference(part))
        else:
            pieces.append(opened(part))
    joined = "".join(pieces)
    if not text.references:
        return joined
    return {"Fn::Sub": [joined, sub.variables]} if sub.variables else {"Fn::Sub": joined}


class _Sub:
    """The pieces of one ``Fn::Sub``: what it can name stands in the string, anything else in a variable."""

    def __init__(self, text: Text) -> None:
        self.variables: dict[str, Json] = {}
        self._names: dict[str, str] = {}
        self._numbers = count(1)
        self._named = {part.argument.partition(".")[0] for part in text.references if part.function in _NAMED}
        self._is_plain = not text.references

    def literal(self, value: str) -> str:
        # `${` would begin a placeholder, and so would a dollar sign before a placeholder's brace.
        if self._is_plain or ("${" not in value and not value.endswith("$")):
            return value
        return self._variable(value)

    def reference(self, reference: Reference) -> str:
        return f"${{{reference.argument}}}" if reference.function in _NAMED else self._variable(intrinsic(reference))

    def _variable(self, value: Json) -> str:
        written = json.dumps(value)
        if written not in self._names:
            # A variable would hide a resource or a parameter of the same name.
            name = next(name for number in self._numbers if (name := f"Value{number}") not in self._named)
            self._names[written] = name
            self.variables[name] = value
        return f"${{{self._names[written]}}}"


_NAMED = frozenset({"Ref", "Fn::GetAtt"})


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
            pieces.append(_wildcards(part))
    return "".join(pieces)


def _wildcards(part: Part) -> str:
    return "?" * part.length if isinstance(part, Wildcard) and part.length is not None else "*"
