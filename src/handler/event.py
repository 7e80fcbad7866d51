"""The event that CloudFormation sends to a macro, read and checked."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class MacroEvent:
    """What CloudFormation asks for.

    Everything that may hold a secret (``NoEcho`` parameters arrive in clear) stays out of the representation.
    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-macros-author.html
    """

    request_id: str
    region: str
    account_id: str
    transform_id: str
    fragment: Mapping[str, Any] = field(repr=False)
    params: Mapping[str, Any] = field(repr=False)
    parameter_values: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True)
class InvalidEvent:
    """An event that cannot be worked on: ``problems`` says everything that is wrong with it, one sentence each."""

    problems: tuple[str, ...]


def read_event(event: object) -> MacroEvent | InvalidEvent:
    """Read a macro event, or say everything that is wrong with it; no value of a parameter is ever quoted."""
    if not isinstance(event, dict):
        return InvalidEvent((f"The event must be an object, but it is {_kind(event)}.",))
    problems = tuple(_problems(event))
    if problems:
        return InvalidEvent(problems)
    return MacroEvent(
        request_id=event["requestId"],
        region=event["region"],
        account_id=event["accountId"],
        transform_id=event["transformId"],
        fragment=event["fragment"],
        params=event.get("params") or {},
        parameter_values=_texts(event.get("templateParameterValues") or {}),
    )


def _problems(event: dict[str, Any]) -> Iterator[str]:
    for name, (expected, fits) in _REQUIRED.items():
        if name not in event:
            yield f"The event has no {name}."
        elif not fits(event[name]):
            yield f"The event's {name} must be {expected}, but it is {_kind(event[name])}."
    for name in _OPTIONAL:
        if not isinstance(event.get(name), dict | None):
            yield f"The event's {name} must be an object, but it is {_kind(event[name])}."
    values = event.get("templateParameterValues")
    for name, value in values.items() if isinstance(values, dict) else ():
        if not _is_parameter_value(value):
            yield f"The value of the template parameter {name} must be a string or a list of strings."
    fragment = event.get("fragment")
    if isinstance(fragment, dict) and "Resources" not in fragment:
        yield _snippet_problem(event.get("transformId"))


def _snippet_problem(transform_id: object) -> str:
    name = transform_id.rpartition("::")[2] if isinstance(transform_id, str) else ""
    macro = name or "SfnLeastPrivilege"
    return (
        f"{macro} works on whole templates, but the fragment it was given has no Resources section: it was called "
        f"with Fn::Transform from inside the template. Remove that Fn::Transform and put {macro} into the template's "
        f"Transform section (Transform: [{macro}])."
    )


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_region(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9-]{4,32}", value) is not None


def _is_account_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value) is not None


def _is_object(value: object) -> bool:
    return isinstance(value, dict)


_REQUIRED: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "requestId": ("a string that is not empty", _is_text),
    "region": ("the name of a region", _is_region),
    "accountId": ("a string of twelve digits", _is_account_id),
    "transformId": ("a string that is not empty", _is_text),
    "fragment": ("an object", _is_object),
}
_OPTIONAL = ("params", "templateParameterValues")

_Scalar: TypeAlias = "str | int | float | bool | None"


def _is_scalar(value: object) -> bool:
    return isinstance(value, str | int | float | bool | None)


def _is_parameter_value(value: object) -> bool:
    return _is_scalar(value) or (isinstance(value, list) and all(_is_scalar(item) for item in value))


def _texts(values: dict[str, Any]) -> dict[str, Any]:
    # CloudFormation itself sends strings and lists of strings; local tools also send numbers. Null says nothing.
    return {
        name: [_as_text(item) for item in value if item is not None] if isinstance(value, list) else _as_text(value)
        for name, value in values.items()
        if value is not None
    }


def _as_text(value: _Scalar) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _kind(value: object) -> str:
    """What JSON calls it, never what it says: a misplaced value may be a secret."""
    if isinstance(value, str):
        return "another string" if value.strip() else "an empty string"
    for types, name in _KINDS:
        if isinstance(value, types):
            return name
    return f"of the type {type(value).__name__}"


_KINDS: tuple[tuple[type | tuple[type, ...], str], ...] = (
    (dict, "an object"),
    (list, "a list"),
    (bool, "a boolean"),
    ((int, float), "a number"),
    (type(None), "null"),
)
