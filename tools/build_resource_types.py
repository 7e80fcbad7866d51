"""Build ``src/policy/catalog/resource_types.json``: what ``Ref`` and ``Fn::GetAtt`` give for each resource type.

    python tools/build_resource_types.py [--output FILE]

Input: the resource schemas inside the installed cfn-lint (AWS's own registry schemas, every Region) and
``resource_types_by_hand.json`` beside this file, which says, with sources, what the schemas get wrong.

How a type is read:

- ``Ref`` gives the primary identifier where the schema names exactly one; its name tells the kind (``…Arn``,
  ``…Url``, ``…Name``, ``…Id``). An identifier of several parts is ``A|B``: kind unknown.
- The ARN attribute is the read-only property ``Arn``, or ``XArn`` where the type's own name ends in ``X``.
- An attribute that names the resource itself (``Name``, ``QueueUrl`` of a queue) keeps that kind.
"""

from __future__ import annotations

import argparse
import json
import re
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from cfnlint.schema import Schema

HERE = Path(__file__).parent
BY_HAND = HERE / "resource_types_by_hand.json"
DEFAULT_OUTPUT = HERE.parent / "src" / "policy" / "catalog" / "resource_types.json"

KIND_BY_SUFFIX = (("arn", "arn"), ("url", "url"), ("name", "name"), ("identifier", "id"), ("id", "id"))


def build() -> dict[str, Any]:
    """The whole content of ``resource_types.json``."""
    hand = json.loads(BY_HAND.read_text(encoding="utf-8"))
    schemas = files("cfnlint.data.schemas")
    types = {name: describe(schema, hand) for name, schema in resource_schemas(schemas)}
    for name, becomes in _rows(hand["sam"]):
        types[name] = types[becomes]
    return {
        "sources": {
            "cfn-lint": version("cfn-lint"),
            "cfn-lint schemas": json.loads(schemas.joinpath("version.json").read_text(encoding="utf-8"))["schema_date"],
            "by hand": {section: hand[section]["source"] for section in sorted(hand) if section != "_"},
        },
        "arn_suffixes": dict(_rows(hand["arn_suffix"])),
        "types": dict(sorted(types.items())),
    }


def resource_schemas(schemas: Any) -> list[tuple[str, dict[str, Any]]]:
    """Every resource type of every Region with its schema, us-east-1's where there are several."""
    providers = schemas.joinpath("providers")
    regions = sorted(
        (entry.name for entry in providers.iterdir() if entry.name.endswith(".json")),
        key=lambda name: (name != "us-east-1.json", name),
    )
    digests: dict[str, str] = {}
    for region in regions:
        for name, digest in json.loads(providers.joinpath(region).read_text(encoding="utf-8")).items():
            digests.setdefault(name, digest)
    resources = schemas.joinpath("resources")
    return [
        (name, json.loads(resources.joinpath(f"{digest}.json").read_text(encoding="utf-8")))
        for name, digest in sorted(digests.items())
    ]


def describe(schema: dict[str, Any], hand: dict[str, Any]) -> list[Any]:
    """One row: ``[kind of Ref, ARN attribute or template or null, {attribute: kind}]``, its empty end left out."""
    name = schema["typeName"]
    identifiers = [pointer.removeprefix("/properties/") for pointer in schema.get("primaryIdentifier", ())]
    attributes = sorted(
        attribute.replace("\\", "")
        for attribute in Schema(schema).get_atts
        if attribute.replace("\\", "").isidentifier()
    )
    arn = dict(_rows(hand["arn_attribute"])).get(name) or _arn_attribute(name, identifiers, attributes)
    template = None if arn else _template(name, hand["arn_template"]["services"])
    own = _own_attributes(name, identifiers, template or "")
    kinds = {
        attribute: kind for attribute in attributes if attribute != arn and (kind := _kind_if_known(attribute, own))
    }
    row: list[Any] = [_ref_kind(name, identifiers, hand["ref"]), arn or template, kinds]
    while row and not row[-1]:
        row.pop()
    return row


def _ref_kind(name: str, identifiers: list[str], hand: dict[str, Any]) -> str:
    for kind in ("arn", "url", "name", "id", "unknown"):
        if name in hand[kind]:
            return kind
    return _kind(identifiers[0]) if len(identifiers) == 1 else "unknown"


def _kind(attribute: str) -> str:
    lowered = attribute.lower()
    return next((kind for suffix, kind in KIND_BY_SUFFIX if lowered.endswith(suffix)), "unknown")


def _arn_attribute(name: str, identifiers: list[str], attributes: list[str]) -> str | None:
    own = name.rpartition("::")[2].lower()
    named = [attribute for attribute in attributes if attribute.lower().endswith("arn")]
    for attribute in named:
        if attribute.lower() == "arn" or [attribute] == identifiers:
            return attribute
    # The longest wins: of `BackupVaultArn` and `VaultArn` the first says more.
    matching = [attribute for attribute in named if own.endswith(attribute[:-3].lower())]
    return max(matching, key=len, default=None)


def _own_attributes(name: str, identifiers: list[str], template: str) -> frozenset[str]:
    """The attributes, in lower case, that name the resource itself and not something that belongs to it."""
    last = name.rpartition("::")[2]
    usual = (prefix + suffix for prefix in ("", last) for suffix in ("Name", "Id", "Url"))
    single = identifiers if len(identifiers) == 1 else []
    return frozenset(each.lower() for each in (*usual, *single, *re.findall(r"\$\{(\w+)\}", template)))


def _kind_if_known(attribute: str, own: frozenset[str]) -> str | None:
    kind = _kind(attribute)
    return kind if kind == "arn" or (attribute.lower() in own and kind != "unknown") else None


def _template(name: str, services: dict[str, dict[str, str]]) -> str | None:
    for service, rows in services.items():
        if name in rows:
            return rows.get("prefix", f"arn:${{Partition}}:{service}:${{Region}}:${{Account}}:") + rows[name]
    return None


def _rows(section: dict[str, str]) -> list[tuple[str, str]]:
    return [(key, value) for key, value in section.items() if "::" in key]


def render(content: dict[str, Any]) -> str:
    """JSON with one line a type, so that a new cfn-lint gives a diff that can be read."""
    lines = [f"  {_compact(name)}: {_compact(row)}" for name, row in content["types"].items()]
    head = "\n".join(f" {_compact(key)}: {_compact(content[key])}," for key in ("sources", "arn_suffixes"))
    return "{\n" + head + '\n "types": {\n' + ",\n".join(lines) + "\n }\n}\n"


def _compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    output: Path = parser.parse_args().output
    content = build()
    output.write_text(render(content), encoding="utf-8")
    print(f"{output.name}: {len(content['types'])} resource types")


if __name__ == "__main__":
    main()
