"""Exceptions, which are written for people, in the catalogue's own language."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sdk_catalogue.facts import Facts
    from sdk_catalogue.sources import Operation

OWN_TYPES = None
"""An action whose resources are those of its own resource types."""

_PATH = re.compile(r"[A-Za-z][\w.\[\]]*")
_BASES = (
    ("curated", "curated"),
    ("botocore operation documentation", "documented"),
)


@dataclass(slots=True)
class Grants:
    """What an operation is granted: actions with targets, always or on a condition; roles; what is only told."""

    do: list[tuple[str, str | None]] = field(default_factory=list)
    also: list[tuple[str, str, str | None]] = field(default_factory=list)
    roles: list[tuple[str, str]] = field(default_factory=list)
    told: list[tuple[str, str, str]] = field(default_factory=list)
    basis: str = "derived"


def grants_of(key: str, default: str, operation: Operation, facts: Facts) -> Grants:
    """What the exceptions say of ``botocore_service:Operation``; ``default`` is the action by the rule."""
    by_hand = facts.operations.get(key)
    row = facts.exceptions.get(key, {})
    grants = Grants(basis=_basis(row))
    if by_hand is not None:
        _by_hand(by_hand, facts, grants)
    elif row:
        _always(row, facts, grants)
        for each in row.get("optional", ()):
            _optional(each, operation, facts, grants)
        _versions(grants)
    elif not default.startswith(":"):
        grants.do.append((default, OWN_TYPES))
    if by_hand is not None and "roles" in by_hand:
        row = {"pass_role": [dict(zip(("member", "passed_to"), each, strict=True)) for each in by_hand["roles"]]}
    _roles(row, grants)
    if not key.startswith("kms:"):
        # What another service asks of KMS for its caller is not told by the alias that the caller gave.
        grants.do = [(action, _used(on)) for action, on in grants.do]
        grants.also = [(action, when, _used(on)) for action, when, on in grants.also]
    return grants


def _basis(row: dict[str, Any]) -> str:
    if row.get("kind") == "assumed":
        return "assumed"
    return next((basis for mark, basis in _BASES if mark in row.get("source", "")), "derived")


def _used(on: str | None) -> str | None:
    return None if on is None else on.replace("|key}", "|used-key}")


def _by_hand(row: dict[str, Any], facts: Facts, grants: Grants) -> None:
    if "like" in row:
        row = facts.operations[row["like"]]
    grants.do = [(action, on) for actions, on in row["do"] for action in actions.split(",")]
    grants.also = [(action, when, on) for action, when, on in row.get("also", ())]
    grants.told = [(action, why, when[0] if when else "") for action, why, *when in row.get("told", ())]


def _always(row: dict[str, Any], facts: Facts, grants: Grants) -> None:
    resource = row["resource"]
    for action in row["actions"]:
        chosen = resource.get(action) if isinstance(resource, dict) else resource
        grants.do.append((action, target_of(chosen, facts)))


def _optional(row: dict[str, Any], operation: Operation, facts: Facts, grants: Grants) -> None:
    text = row["if"]
    told = facts.conditions["told"].get(text)
    if told is not None and "service-role/pullthroughcache" not in str(row.get("resource")):
        why, _, when = told.partition("|")
        grants.told.append((row["action"], why, when))
        return
    if text in facts.conditions["when"]:
        when = _given(facts.conditions["when"][text], operation)
    elif told is not None:
        when = ""
    elif _PATH.fullmatch(text):
        when = text
    else:
        when = {
            "guardrailIdentifier or guardrailConfig": _given("guardrailIdentifier/guardrailConfig", operation),
        }[text]
    grants.also.append((row["action"], when, target_of(row.get("resource"), facts)))


def _given(condition: str, operation: Operation) -> str:
    """The alternatives of a condition whose members the operation has."""
    known = set(operation.members)
    parts = [each for each in condition.split("/") if re.split(r"\W", each.lstrip("!"))[0] in known or not each]
    return "/".join(parts)


def _versions(grants: Grants) -> None:
    """A request for a version of an object needs the action on versions instead of the one on objects.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    """
    of_versions = {
        action.replace("ObjectVersion", "Object"): when for action, when, _ in grants.also if "Version" in when
    }
    for action, on in [each for each in grants.do if each[0] in of_versions]:
        grants.do.remove((action, on))
        grants.also.insert(0, (action, f"!{of_versions[action]}", on))


def _roles(row: dict[str, Any], grants: Grants) -> None:
    roles = [each for each in row.get("pass_role", ()) if each["member"]]
    if any(each["member"] is None for each in row.get("pass_role", ())):
        grants.told.append(("iam:PassRole", "the call hands over a role that none of its arguments names", ""))
    if roles:
        # The same, said twice: as an action, and as a role that is passed.
        grants.do = [each for each in grants.do if each[0] != "iam:PassRole"]
        grants.also = [each for each in grants.also if each[0] != "iam:PassRole"]
    for each in roles:
        grants.roles.append((each["member"], each.get("passed_to", "")))


def target_of(resource: Any, facts: Facts) -> str | None:
    """A resource of the exceptions as targets of the catalogue."""
    if resource is None:
        return None
    if isinstance(resource, list):
        return " ".join(str(target_of(each, facts)) for each in resource)
    text = str(resource)
    if text.startswith("<customer"):
        return "*"
    for written, meant in facts.conditions["placeholders"].items():
        text = text.replace(written, meant)
    return catalogue_template(text)


def catalogue_template(template: str) -> str:
    """A template with its deployment in the catalogue's spelling, and forms where the ARN shows that they apply."""
    for name, meant in (("Partition", "Partition"), ("Region", "Region"), ("Account", "AccountId")):
        template = template.replace("${" + name + "}", "{" + meant + "}")
    template = template.replace(":s3:::{Bucket}", ":s3:::{Bucket|bucket}")
    template = re.sub(r"(:kms:\{Region\}:\{AccountId\}:key/)\{(\w*KeyId)\}", r"\1{\2|key}", template)
    template = re.sub(r"(:secret:)\{([\w\[\]]+)(?:-\?+)?\}(?:-\?+)?", r"\1{\2|secret}", template)
    template = template.replace(":secret:{Name|secret}", ":secret:{Name|new-secret}")
    template = re.sub(r"(:lambda:\{Region\}:\{AccountId\}:function:)\{(FunctionName)\}", r"\1{\2|function}", template)
    template = re.sub(r"(:log-group:)\{(\w+)\}", r"\1{\2|log-group}", template)
    key = re.fullmatch(
        r"\{((?:\w+\.)*\w*(?:KmsKeyId|KMSKeyId|KMSKeyArn|KMSMasterKeyId)|AddReplicaRegions\[\]\.KmsKeyId|KeyId)\}",
        template,
    )
    return f"arn:{{Partition}}:kms:{{Region}}:{{AccountId}}:key/{{{key[1]}|key}}" if key else template
