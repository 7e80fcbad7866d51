"""The catalogue's files, each read when a definition first names its service."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.sdk.reading import Notation, operation

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.catalog.sdk.model import Operation

_DATA = Path(__file__).parent / "data"
_PAGES = "https://docs.aws.amazon.com/service-authorization/latest/reference/"
_ALL_SERVICES = "reference_policies_actions-resources-contextkeys"
_NAME = re.compile(r"^(\w+)\t", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Service:
    """One service: its IAM prefix (empty where it has none), the page that lists its actions, what is in its file.

    ``permissions`` are actions of the prefix that are no operations: nobody can call them.
    """

    name: str
    prefix: str
    documentation: str
    unsupported: tuple[str, ...]
    permissions: tuple[str, ...]
    retired: bool
    types: Mapping[str, tuple[str, str]]
    _lines: str = field(repr=False)
    _read: dict[str, Operation] = field(default_factory=dict, repr=False, compare=False)

    def operation(self, api: str) -> Operation | None:
        """The operation that a resource's ARN calls ``api``, in whatever letter case; None where it is not known."""
        found = self._read.get(api)
        if found is None:
            line = _line_of(api[:1].upper() + api[1:], self._lines)
            if not line:
                return None
            notation = Notation(self.prefix, self.types, _common_members())
            found = self._read[api] = operation(line.split("\t"), notation)
        return found

    @property
    def operation_names(self) -> tuple[str, ...]:
        """Every operation of the service."""
        return tuple(_NAME.findall(self._lines))

    def unsupported_operation(self, api: str) -> str | None:
        """The name of an operation that Step Functions does not offer, where ``api`` is one."""
        wanted = api.lower()
        return next((each for each in self.unsupported if each.lower() == wanted), None)


@lru_cache(maxsize=512)
def service_of(name: str) -> Service | None:
    """The service that a resource's ARN calls ``name``; None where the catalogue does not have it."""
    known = name.lower()
    if known not in service_names():
        return None
    head, types, lines = _sections((_DATA / f"{known}.tsv").read_text(encoding="utf-8"))
    return Service(
        name=known,
        prefix=head["prefix"],
        documentation=f"{_PAGES}{head.get('page') or _ALL_SERVICES}.html",
        unsupported=tuple(head.get("unsupported", "").split()),
        permissions=tuple(head.get("permissions", "").split()),
        retired="retired" in head,
        types=types,
        _lines=lines,
    )


def _sections(text: str) -> tuple[dict[str, str], dict[str, tuple[str, str]], str]:
    head: dict[str, str] = {}
    types: dict[str, tuple[str, str]] = {}
    position = 0
    while text[position : position + 1] in {"#", "@"}:
        end = text.index("\n", position)
        name, value, *usual = text[position + 1 : end].split("\t")
        if usual:
            types[name] = (value, usual[0])
        else:
            head[name] = value
        position = end + 1
    # From one line feed on, so that each operation stands behind one.
    return head, types, text[position - 1 :]


def _line_of(name: str, lines: str) -> str:
    start = lines.find(f"\n{name}\t")
    if start < 0:
        # In whatever letter case; names are ASCII, so that positions stay.
        start = lines.lower().find(f"\n{name.lower()}\t") if name.isascii() else -1
    return lines[start + 1 : lines.index("\n", start + 1)] if start >= 0 else ""


@cache
def service_names() -> frozenset[str]:
    """Every service in the catalogue."""
    return frozenset(path.stem for path in _DATA.glob("*.tsv"))


@cache
def other_names() -> Mapping[str, list[str]]:
    """Names by which other SDKs or IAM know a service, with those of Step Functions."""
    names: dict[str, list[str]] = json.loads((_DATA / "_names.json").read_text(encoding="utf-8"))
    return names


@cache
def _common_members() -> tuple[str, ...]:
    return tuple(json.loads((_DATA / "_members.json").read_text(encoding="utf-8")))


def sources() -> Mapping[str, str]:
    """The versions of the packages that the catalogue was built from."""
    recorded: dict[str, str] = json.loads((_DATA / "_sources.json").read_text(encoding="utf-8"))
    return recorded
