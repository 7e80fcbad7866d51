"""`docs/options.md` and `docs/options.schema.json`, made of the schema. `make docs` writes them anew."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from sfn_least_privilege.policy.options.schema import schema

FOLDER = Path(__file__).parents[3] / "docs"

HEAD = """# Options

They can stand in three places, of which the later wins:

1. the **environment of the macro's function**, for everybody who uses it: `OPTION_ON_WILDCARD=Fail`. The stack of the
   macro has a parameter for most of them;
2. the **macro's `Parameters`**, for all state machines of a template:

   ```yaml
   Transform:
     - Name: SfnLeastPrivilege
       Parameters: {OnWildcard: Fail, RolePath: /workflows/}
   ```

3. the **`Metadata` of a state machine**, for that one:

   ```yaml
   Metadata:
     SfnLeastPrivilege: {Mode: Replace, Tags: [{Key: team, Value: !Ref Team}]}
   ```

`RolePath` and `PermissionsBoundary` of an `AWS::Serverless::StateMachine` count as said between 2 and 3.

`LOCKED_OPTIONS=OnWildcard,RolePath` in the environment keeps templates from loosening these options: they can repeat
the value, or ask for a stricter reaction. Anything else is an error. Names and values that are not known are errors
that list the known ones; [options.schema.json](options.schema.json) is what they are checked against.

| option | what it is for | can be | without it |
|---|---|---|---|
"""


def page() -> str:
    rows = []
    for name, each in schema()["properties"].items():
        default = f"`{json.dumps(each['default'])}`" if "default" in each else ""
        rows.append(f"| `{name}` | {each['description']} | {_values(each)} | {default} |")
    return HEAD + "\n".join(rows) + "\n"


def _values(each: dict[str, Any]) -> str:
    if "$ref" in each:
        each = schema()["definitions"][each["$ref"].rpartition("/")[2]]
    if "enum" in each:
        return ", ".join(f"`{value}`" for value in each["enum"])
    if "anyOf" in each:
        return "a string, or an intrinsic function"
    return {"array": "a list", "object": "an object", "boolean": "`true`, `false`", "string": "a string"}[each["type"]]


def published() -> str:
    return json.dumps(schema(), indent=1, ensure_ascii=False) + "\n"


def test_the_page_is_current() -> None:
    if os.environ.get("WRITE_DOCS"):
        (FOLDER / "options.md").write_text(page(), encoding="utf-8")
    assert (FOLDER / "options.md").read_text(encoding="utf-8") == page()


def test_the_published_schema_is_the_one_that_is_used() -> None:
    path = FOLDER / "options.schema.json"
    if os.environ.get("WRITE_DOCS"):
        path.write_text(published(), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == published()


def test_every_option_says_what_it_is_for() -> None:
    assert all(each["description"].endswith(".") for each in schema()["properties"].values())
