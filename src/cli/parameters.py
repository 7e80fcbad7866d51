"""Template parameters and their values, as CloudFormation would send them to the macro."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.cli.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def parse_assignments(assignments: Iterable[str], flag: str = "--parameter") -> dict[str, str]:
    """Read the ``NAME=VALUE`` pairs of ``flag``. Raises UsageError, which never repeats a value: it may be a secret."""
    values: dict[str, str] = {}
    for number, assignment in enumerate(assignments, start=1):
        name, equals, value = assignment.partition("=")
        if not equals or not name:
            message = f"{flag} number {number} is not of the form NAME=VALUE"
            raise UsageError(message)
        if name in values:
            message = f"{flag} {name} is given twice"
            raise UsageError(message)
        values[name] = value
    return values


def parameter_values(template: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, str | list[str]]:
    """The values of a template's parameters: those given, and the defaults of all others.

    A parameter without a value is left out. So is one whose value is the name of an SSM parameter: what that holds
    is known only when CloudFormation looks it up. Lists are lists of strings, split at commas and trimmed:
    https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html (documented).

    Raises UsageError where a value is given for a parameter that the template does not have.
    """
    declared = template.get("Parameters")
    declarations = declared if isinstance(declared, dict) else {}
    for name in given:
        if name not in declarations:
            known = ", ".join(declarations) or "none"
            message = f"--parameter {name}: the template has no such parameter; it has: {known}"
            raise UsageError(message)
    values: dict[str, str | list[str]] = {}
    for name, declaration in declarations.items():
        if not isinstance(declaration, dict):
            continue  # the engine says what is wrong with it
        kind = str(declaration.get("Type", "String"))
        value = given.get(name, declaration.get("Default"))
        if value is None or kind.startswith("AWS::SSM::Parameter::Value<"):
            continue
        text = value if isinstance(value, str) else _text(value)
        values[name] = [item.strip() for item in text.split(",")] if _is_list(kind) else text
    return values


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or kind.startswith("List<")


def _text(value: Any) -> str:
    """A default that is no string, as CloudFormation makes a string of it: a list may stand for its commas."""
    if isinstance(value, list):
        return ",".join(item if isinstance(item, str) else _text(item) for item in value)
    return json.dumps(value)
