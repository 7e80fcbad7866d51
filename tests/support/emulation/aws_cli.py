"""As much of the AWS command line as the project's pages use, read by botocore's own models of each service.

A command that names an operation or an argument that AWS does not have, or leaves out one that it needs, is an error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
import jmespath
from botocore import xform_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from botocore.model import OperationModel, Shape

SERVICES = {"s3api": "s3"}
GLOBAL = frozenset({"profile", "region", "query", "output"})


class UsageError(Exception):
    """What the AWS command line would refuse before it calls AWS."""


@dataclass(frozen=True)
class Command:
    """``aws SERVICE [wait] ACTION``: ``arguments`` as the service wants them, ``settings`` for the command line."""

    service: str
    action: str
    waits: bool
    arguments: Mapping[str, Any]
    settings: Mapping[str, str] = field(default_factory=dict)

    def show(self, answer: Any) -> str:
        """``answer`` as ``--query`` and ``--output`` ask for it."""
        if not answer:
            return ""
        answer = {name: value for name, value in answer.items() if name != "ResponseMetadata"}
        found = jmespath.search(self.settings["query"], answer) if "query" in self.settings else answer
        if self.settings.get("output") == "text":
            return _text(found)
        return json.dumps(found, indent=4, default=str)


def parse(words: Sequence[str], folder: Path) -> Command:
    """Read a command, without ``aws``; ``file://`` and paths are looked up from ``folder``."""
    positional = []
    rest = list(words)
    while rest and not rest[0].startswith("--"):
        positional.append(rest.pop(0))
    service, *actions = positional
    waits = actions[0] == "wait"
    action = actions[-1]
    operation = _operation(SERVICES.get(service, service), action, waits)
    members = operation.input_shape.members if operation.input_shape else {}
    shapes = {xform_name(name, "-"): (name, shape) for name, shape in members.items()}
    arguments: dict[str, Any] = {}
    settings: dict[str, str] = {}
    for option, values in _options(rest):
        if option in GLOBAL:
            [settings[option]] = values
        elif option in shapes:
            name, shape = shapes[option]
            arguments[name] = _value(values, shape, folder)
        elif option.removeprefix("no-") in shapes and not values:
            arguments[shapes[option.removeprefix("no-")][0]] = False
        else:
            message = f"aws {service} {action} has no --{option}"
            raise UsageError(message)
    missing = set(operation.input_shape.required_members if operation.input_shape else ()) - arguments.keys()
    # The command line makes these up itself.
    missing -= {name for name in missing if members[name].metadata.get("idempotencyToken")}
    if missing:
        message = f"aws {service} {action} needs {', '.join(sorted(missing))}"
        raise UsageError(message)
    return Command(SERVICES.get(service, service), action.replace("-", "_"), waits, arguments, settings)


@cache
def _operation(service: str, action: str, waits: bool) -> OperationModel:  # noqa: FBT001 - see Command
    session = botocore.session.get_session()
    model = session.get_service_model(service)
    if waits:
        waiters = session.get_waiter_model(service)
        names = {xform_name(name, "-"): waiters.get_waiter(name).operation for name in waiters.waiter_names}
    else:
        names = {xform_name(name, "-"): name for name in model.operation_names}
    if action not in names:
        message = f"aws {service} has no {action}"
        raise UsageError(message)
    return model.operation_model(names[action])


def _options(words: Sequence[str]) -> list[tuple[str, list[str]]]:
    options: list[tuple[str, list[str]]] = []
    for word in words:
        if word.startswith("--"):
            options.append((word.removeprefix("--"), []))
        else:
            options[-1][1].append(word)
    return options


def _value(values: Sequence[str], shape: Shape, folder: Path) -> Any:
    if shape.type_name == "boolean" and not values:
        return True
    if values and values[0].startswith("file://"):
        text = (folder / values[0].removeprefix("file://")).read_text()
        return json.loads(text) if shape.type_name in {"list", "structure", "map"} else text
    if shape.type_name == "blob":
        return (folder / values[0]).read_bytes()
    if values and values[0].startswith(("{", "[")) and shape.type_name in {"list", "structure", "map"}:
        return json.loads(values[0])
    if shape.type_name == "list":
        return [_item(value, shape.member) for value in values]
    [value] = values
    return _item(value, shape)


def _item(text: str, shape: Shape) -> Any:
    """Shorthand: https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html."""
    if shape.type_name == "structure":
        pairs = [pair.partition("=") for pair in _split(text)]
        unknown = {name for name, _, _ in pairs} - shape.members.keys()
        if unknown:
            message = f"{shape.name} has no {', '.join(sorted(unknown))}"
            raise UsageError(message)
        return {name: _item(value, shape.members[name]) for name, _, value in pairs}
    if shape.type_name == "list":
        return [_item(value, shape.member) for value in text.split(",")]
    if shape.type_name == "boolean":
        return {"true": True, "false": False}[text]
    if shape.type_name in {"integer", "long"}:
        return int(text)
    if shape.enum and text not in shape.enum:
        message = f"{text} is none of {', '.join(shape.enum)}"
        raise UsageError(message)
    return text


def _split(text: str) -> list[str]:
    """The pairs of a structure; what has no name of its own goes with the pair before it, as in ``A=1,2,B=3``."""
    pairs: list[str] = []
    for part in text.split(","):
        if "=" in part or not pairs:
            pairs.append(part)
        else:
            pairs[-1] += f",{part}"
    return pairs


def _text(found: Any) -> str:
    if isinstance(found, list):
        separator = "\n" if any(isinstance(item, list) for item in found) else "\t"
        return separator.join(map(_text, found))
    return str(found)
