"""The facts that are checked in beside the tools: service names, exceptions, and what people know about bindings."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "sdk_facts"


@dataclass(frozen=True, slots=True)
class Service:
    """One row of the names table; ``botocore`` and ``prefix`` are empty where there is none."""

    name: str
    botocore: str
    prefix: str
    exceptions: str
    listed: bool
    unsupported: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything in the folder of facts."""

    services: tuple[Service, ...]
    exceptions: dict[str, dict[str, Any]]
    operations: dict[str, dict[str, Any]]
    conditions: dict[str, dict[str, str]]
    bindings: dict[str, Any]


def read() -> Facts:
    """The facts as they are checked in."""
    with (FOLDER / "services.tsv").open(encoding="utf-8", newline="") as table:
        services = tuple(_service(row) for row in csv.DictReader(table, delimiter="\t"))
    return Facts(
        services,
        _json("action_exceptions.json"),
        _json("operations.json"),
        _json("conditions.json"),
        _json("bindings.json"),
    )


def _service(row: dict[str, str]) -> Service:
    return Service(
        name=row["sfn_name"],
        botocore=row["botocore_name"].strip("-"),
        prefix=row["iam_prefix"].strip("-"),
        exceptions=row["exception_prefix"],
        listed=row["listed_in_sfn_docs"] != "no",
        unsupported=tuple(filter(None, row["unsupported_operations"].split(","))),
    )


def _json(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return content
