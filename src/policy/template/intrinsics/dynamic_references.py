"""Dynamic references, ``{{resolve:service:…}}``: CloudFormation puts the value there when all else is evaluated.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.template.intrinsics.keeping import canonical
from sfn_least_privilege.policy.text import Literal, Reference, Text, Unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.text import Part

_OPEN = "{{resolve:"
_CLOSE = "}}"
_SERVICE = re.compile(re.escape(_OPEN) + "([a-z-]+):")


def may_hold_dynamic_reference(text: str) -> bool:
    """Whether ``text`` has the beginning of a dynamic reference."""
    return _OPEN in text


def set_apart_dynamic_references(text: Text) -> Text:
    """``text`` with every dynamic reference in it, whatever it is put together from, as one part of its own.

    A reference to Parameter Store stays a reference; ``Fn::Sub`` carries it, because it is a plain string
    otherwise. A secret must not get into a policy, so it is an unknown part.
    """
    if not any(isinstance(part, Literal) and _OPEN in part.value for part in text.parts):
        return text
    done: list[Part | str] = []
    span: list[Part] | None = None
    for part in text.parts:
        if not isinstance(part, Literal):
            (done if span is None else span).append(part)
            continue
        position, end = 0, len(part.value)
        while position < end:
            if span is None:
                opening = part.value.find(_OPEN, position)
                done.append(part.value[position : opening if opening >= 0 else end])
                position = opening if opening >= 0 else end
                span = [] if opening >= 0 else None
            else:
                closing = part.value.find(_CLOSE, position)
                following = closing + len(_CLOSE) if closing >= 0 else end
                span.append(Literal(part.value[position:following]))
                position = following
                if closing >= 0:
                    done.append(_as_part(Text.of(*span)))
                    span = None
    return Text.of(*done, *(span or ()))


def _as_part(span: Text) -> Part:
    service = _SERVICE.match(span.prefix)
    if service is None:
        return Unknown("which service a dynamic reference asks is not known")
    if service[1] != "ssm":
        return Unknown(f"a dynamic reference to {service[1]} must not get into a policy")
    if span.unknowns:
        return Unknown(f"which parameter a dynamic reference names is not known: {span.unknowns[0].reason}")
    written = render_string(span)
    argument = written["Fn::Sub"] if isinstance(written, dict) else str(written).replace("${", "${!")
    return Reference("Fn::Sub", canonical(argument))
