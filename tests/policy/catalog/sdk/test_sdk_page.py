"""`docs/sdk-integrations.md`, with figures counted from the catalogue. `make docs` writes the page anew."""

# ruff: noqa: E501 -- lines of the page, whose figures are shorter than the names that stand for them here
from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

from sfn_least_privilege.policy.catalog.sdk.loading import service_names, service_of, sources

ROOT = Path(__file__).parents[4]
PAGE = ROOT / "docs" / "sdk-integrations.md"
SAMPLE = Path(__file__).parent / "sample.json"
MISSES = Path(__file__).parent / "known_misses.json"


def figures() -> Counter[str]:
    counted: Counter[str] = Counter()
    for name in service_names():
        service = service_of(name)
        assert service is not None
        counted["services"] += bool(service.operation_names)
        counted["retired"] += service.retired
        for each in service.operation_names:
            operation = service.operation(each)
            assert operation is not None
            counted["operations"] += 1
            counted["assumed"] += operation.assumed
            counted["curated"] += operation.curated
            counted["roles"] += bool(operation.roles)
            counted["nothing"] += not operation.grants
            targets = [target for grant in operation.grants for target in grant.targets]
            if any(target.is_everything and target.always for target in targets):
                counted["everything"] += 1
            elif targets:
                counted["typed"] += 1
                counted["named"] += any(target.arns or all(target.slots) for target in targets)
    return counted


def page() -> str:
    count = figures()
    versions = ", ".join(f"{name} {version}" for name, version in sources().items())
    rows = json.loads(SAMPLE.read_text("utf-8"))
    variants = len(rows) + sum("dynamic" in row for row in rows)
    misses = len(json.loads(MISSES.read_text("utf-8")))
    return f"""# AWS SDK integrations

`arn:aws:states:::aws-sdk:service:action` reaches every API of AWS. The catalogue knows {count["operations"]:,} operations
of {count["services"]} services. `tools/build_sdk_catalogue.py` makes it from {versions}
and the facts in `tools/sdk_facts`. `make catalog` shows what newer versions would change; `make build-catalog` changes it.

## How an action is found

1. The service's name is that of the Java SDK; a table gives its prefix in IAM (`sfn` is `states`).
2. The action is the one of the operation's name, in the letter case in which AWS writes it, unless
   `tools/sdk_facts/action_exceptions.json` says otherwise: renamed (`s3:HeadObject` is `s3:GetObject`), split, an HTTP
   method (API Gateway), none (`sts:GetCallerIdentity`).
3. Further actions are granted when arguments ask for them: `s3:PutObjectTagging` with `Tagging`, the right to tag with
   `Tags`, `kms:GenerateDataKey` with a key. What comes from a run may ask for them.
4. `iam:PassRole` for each role that an argument gives, limited to the service that takes it where that is known
   ({count["roles"]} operations).
5. What depends on something that the definition does not show (a customer's key behind a bucket) is not granted, but
   told (SLP331).

## How a resource is found

Each resource type of the action has an ARN template. When the catalogue is built, its variables are bound to
arguments by their names (`TableName`, `QueueUrl`, `services[]`), with a table of what names do not tell. An ARN is
taken as it is; a reference to a resource of the template becomes its ARN; a name is put into the template. Forms read
what is neither: queue URLs, secrets (`-??????` behind a name), log groups, key aliases (any key, with
`kms:RequestAlias`), copy sources, PartiQL, Bedrock models and inference profiles, task definition families.

- A value that only a run knows is `*` for its part of the ARN alone, with a warning (SLP304).
- Of several types, those count that arguments name; a type that a call always has counts in any case.
- A call that names none of the resources that its action could be limited to needs `*`: IAM asks for that (SLP305).
- A part that no argument of the API tells (the id of what is being made) is `*` and explained (SLP329); one that an
  argument could tell is `*` with a warning (SLP334).

{count["everything"]:,} operations have an action without resource types, which only `*` can grant. Of the other
{count["typed"]:,}, {count["named"] / count["typed"]:.1%} have a resource type that their arguments name in full.

## What is not certain

| mark | operations | meaning |
|---|---|---|
| assumed | {count["assumed"]} | in no list of actions yet: granted by name, on `*`, with a warning (SLP325) |
| curated | {count["curated"]} | general knowledge, held by no document that was read; the reason in the role's metadata says `assumed` |
| not in the catalogue | | granted by convention with a warning (SLP322); an error for misspellings and mere permissions |
| retired | {count["retired"]} services | in no current SDK: by convention, with a warning (SLP332) |

`OnUnknown` ([options](options.md)) makes these errors.

## How right it is

The tests hold the actions of all operations against the facts (more than 99 % equal, every difference explained by a
document), and the resources against a sample that was written by hand from the documentation without looking at the
engine: {variants} calls, of which {misses} are wrong today (`tests/policy/catalog/sdk/known_misses.json`). As each of its
three sets corrected the engine, what counts for other operations is how right a set was when it was first measured:

| set | calls | right |
|---|---|---|
| 366 operations of 120 services | 642 | 88.5 % |
| 175 more, half of them chosen for what had been wrong | 286 | 94.8 % |
| 56 more, picked at random | 79 | 96.2 % |

About half of what was wrong was too wide; the rest would have been denied: calls that name no resource at all, ids in
another form than the ARN has, and further actions that no list of actions names.
"""


def test_the_page_is_that_of_the_catalogue() -> None:
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"
