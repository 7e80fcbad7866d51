"""``Fn::Base64``: a string in base64.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-base64.html
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.choices import per_branch
from sfn_least_privilege.policy.template.intrinsics.concatenation import MAX_CHARACTERS, TOO_LONG
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Kind, Text, unknown
from sfn_least_privilege.policy.value import Anything, as_text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value


def resolve_base64(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::Base64": string}``: encoded where the string is literal, else the function itself."""
    value = context.resolve(argument)
    if isinstance(value, Anything):
        return unknown(value.reason)
    encoded = per_branch(value, _encoded)
    if encoded is not None:
        return encoded
    known = value.sample if isinstance(value, Text) else None
    sample = None if known is None else _encode(known)
    return keep("Fn::Base64", argument, context.scope, kind=Kind.UNKNOWN, sample=sample)


def _encoded(value: Value) -> Value | None:
    literal = as_text(value).literal
    if literal is None:
        return None
    # Base64 makes a string a third longer: nested, it would grow without end.
    return unknown(TOO_LONG) if len(literal) > MAX_CHARACTERS else Text.of(_encode(literal))


def _encode(text: str) -> str:
    # A lone surrogate has no bytes; it comes from a `\\ud800` in the template's JSON.
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode("ascii")
