"""The catalogue's own form: one file a service, one line an operation."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sdk_catalogue.exceptions import grants_of
from sdk_catalogue.targets import Targets, shortened, type_of
from sdk_catalogue.words import joined

if TYPE_CHECKING:
    from sdk_catalogue.exceptions import Grants
    from sdk_catalogue.facts import Facts, Service
    from sdk_catalogue.sources import Operation, Prefix


@dataclass(slots=True)
class Row:
    """One operation: what it needs always, its members, and what else there is to say."""

    name: str
    on: str
    members: str
    extra: dict[str, Any] = field(default_factory=dict)

    def grants(self) -> list[list[str]]:
        """The grants that are written out, whose last part is their targets."""
        return [*self.extra.get("do", ()), *self.extra.get("also", ())]


def service_file(
    service: Service,
    operations: dict[str, Operation],
    of_prefix: frozenset[str],
    prefixes: dict[str, Prefix],
    facts: Facts,
) -> str:
    """One service's file: a line for each fact, each resource type and each operation, so that differences can be read.

    ``of_prefix`` are the actions that are operations, of this service or of others with its prefix, in lower case.
    The notation is described where it is read: `src/policy/catalog/sdk/reading.py`.
    """
    targets = Targets(prefixes, facts)
    rows = [_row(service, operation, targets) for _, operation in sorted(operations.items())]
    usual = targets.usual()
    for row in rows:
        row.on = shortened(row.on, usual)
        for grant in row.grants():
            grant[-1] = shortened(grant[-1], usual)
        first = row.extra["do"][0][-1] if row.extra.get("do") else row.on
        for grant in row.extra.get("also", ()):
            grant[-1] = "" if grant[-1] == first else grant[-1]
    texts = [text for row in rows for text in (row.on, *(grant[-1] for grant in row.grants()))]
    named = sorted({type_of(token) for text in texts for token in text.split()} - {""})
    lines = [
        *_head(service, prefixes.get(service.prefix), of_prefix),
        *(f"@{name}\t{_short(targets.templates[name], service.prefix)}\t{usual[name]}" for name in named),
        *(_line(row, service.prefix) for row in rows),
    ]
    return "\n".join(lines) + "\n"


def _permissions_only(service: Service, prefix: Prefix | None, of_prefix: frozenset[str]) -> list[str]:
    """Actions that no operation of the prefix has the name of: nothing to be granted because somebody calls it."""
    if prefix is None or not service.botocore:
        return []
    return sorted(action.name or name for name, action in prefix.actions.items() if name not in of_prefix)


def _head(service: Service, prefix: Prefix | None, of_prefix: frozenset[str]) -> list[str]:
    lines = [f"#prefix\t{service.prefix}"]
    if prefix is not None and prefix.page:
        lines.append(f"#page\t{prefix.page}")
    if not service.botocore:
        lines.append("#retired\tyes")
    others = _permissions_only(service, prefix, of_prefix)
    if others:
        lines.append("#permissions\t" + " ".join(others))
    if service.unsupported:
        lines.append("#unsupported\t" + " ".join(service.unsupported))
    return lines


def _line(row: Row, prefix: str) -> str:
    cells = [row.name, _short(row.on, prefix), row.members]
    if row.extra:
        cells.append(_short(json.dumps(row.extra, separators=(",", ":")), prefix))
    return "\t".join(cells)


def _short(text: str, prefix: str) -> str:
    return text.replace(f"arn:{{Partition}}:{prefix}:{{Region}}:{{AccountId}}:", "~")


def _row(service: Service, operation: Operation, targets: Targets) -> Row:
    default = f"{service.prefix}:{operation.name}"
    grants = grants_of(f"{service.botocore}:{operation.name}", default, operation, targets.facts)

    if operation.finds_endpoint:
        grants.do.append((f"{service.prefix}:DescribeEndpoints", "*"))

    def on(action: str, written: str | None) -> str:
        if written is None:
            return targets.of_action(action, operation)
        return targets.written_out(action, written, operation)

    do = [[_cased(action, targets.prefixes), on(action, written)] for action, written in grants.do]
    also = [[_cased(action, targets.prefixes), when, on(action, written)] for action, when, written in grants.also]
    also += _tagging(do, also, operation, targets)
    extra = _extra(do, also, grants, targets.facts)
    if [action for action, _ in do] == [default]:
        return Row(operation.name, do[0][1], _members(operation), extra)
    return Row(operation.name, "", _members(operation), {"do": do} | extra)


COMMON_MEMBERS = [
    "NextToken",
    "MaxResults",
    "nextToken",
    "maxResults",
    "clientToken",
    "Description",
    "description",
    "DryRun",
    "ClientToken",
    "resourceArn",
    "ResourceArn",
    "InstanceId",
    "Tags",
    "Filters",
    "Name",
    "AwsAccountId",
    "domainIdentifier",
    "ClientRequestToken",
    "tags",
    "DomainName",
    "name",
    "ExpectedBucketOwner",
    "Marker",
    "TagSpecifications",
    "Identifier",
    "MaxRecords",
    "ApplicationId",
    "AccountId",
    "applicationId",
    "membershipIdentifier",
    "identifier",
    "ResourceARN",
    "knowledgeBaseId",
    "TagKeys",
    "repositoryName",
    "OrganizationId",
    "tagKeys",
    "filters",
    "UserPoolId",
    "MaxItems",
    "clientRequestToken",
    "AcceptLanguage",
    "SortOrder",
]
"""Members of so many operations that a number stands for each in the files; `_members.json` says which."""

_CODES = {name: str(number) for number, name in enumerate(COMMON_MEMBERS)}


def _coded(name: str) -> str:
    return _CODES.get(name, name)


_TAGS = frozenset({"tags", "taglist", "tagslist"})
_TAGGING = re.compile(r"[\w-]+:(?:Tag|AddTags|CreateTags)\w*")


def _tagging(do: list[list[str]], also: list[list[str]], operation: Operation, targets: Targets) -> list[list[str]]:
    """The action that tags given on a call need, on what the call makes, or else on what it is granted on itself."""
    member = next((each for each in operation.members if each.lower() in _TAGS), "")
    if not member or not do or any(_TAGGING.fullmatch(each[0]) for each in (*do, *also)):
        return []
    prefix_name, _, name = do[0][0].partition(":")
    prefix = targets.prefixes.get(prefix_name)
    listed = prefix.actions.get(name.lower()) if prefix is not None else None
    if prefix is None or listed is None:
        return []
    found = sorted(each for each in listed.dependent if _TAGGING.fullmatch(each))
    if not found and operation.name.startswith("Create"):
        noun = operation.name.removeprefix("Create")
        names = (f"Tag{noun}", "TagResource", "AddTagsToResource", "AddTags")
        found = [f"{prefix_name}:{each}" for each in names if each.lower() in prefix.actions][:1]
    made = [
        token for token in do[0][1].split() if joined(type_of(token)) == joined(operation.name.removeprefix("Create"))
    ]
    return [[_cased(action, targets.prefixes), member, " ".join(made) or do[0][1]] for action in found]


def _members(operation: Operation) -> str:
    """What must be given, a slash, what may be."""
    required = " ".join(_coded(name) for name in operation.members if name in operation.required)
    optional = " ".join(_coded(name) for name in operation.members if name not in operation.required)
    return f"{required}/{optional}" if optional else required


def _extra(do: list[list[str]], also: list[list[str]], grants: Grants, facts: Facts) -> dict[str, Any]:
    extra = {
        "also": [each for each in also if [each[0], each[2]] not in do],
        "roles": " ".join(_role(path, service, facts) for path, service in grants.roles),
        "told": [list(each) for each in grants.told],
        "basis": "" if grants.basis == "derived" else grants.basis,
    }
    return {name: value for name, value in extra.items() if value}


def _role(path: str, service: str, facts: Facts) -> str:
    """A role that is handed over; where it hides in an instance profile, it goes to EC2."""
    if set(re.split(r"[.\[\]]+", path)) & set(facts.bindings["instance_profiles"]):
        return f"{path}|instance-profile>{service or 'ec2.amazonaws.com'}"
    return f"{path}>{service}" if service else path


def _cased(action: str, prefixes: dict[str, Prefix]) -> str:
    """An action in the letter case in which AWS writes it."""
    prefix, _, name = action.partition(":")
    known = prefixes.get(prefix)
    listed = known.actions.get(name.lower()) if known else None
    return f"{prefix}:{listed.name}" if listed and listed.name else action
