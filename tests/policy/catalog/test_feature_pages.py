"""The pages of ``docs/`` on distributed maps and on keys, written from the catalogue (``make docs``)."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.catalog.integration import ComposedArn, Derived, Given, NotGiven
from sfn_least_privilege.policy.catalog.keys import (
    ACTIVITY_TASK,
    ENCRYPTED_LOGS,
    ENCRYPTED_TYPES,
    ENCRYPTION,
    KEY_USES,
    Via,
)
from sfn_least_privilege.policy.catalog.map_rules import MAP_RUN, READERS, WRITERS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_least_privilege.policy.catalog.basis import Basis
    from sfn_least_privilege.policy.catalog.integration import Grant, Integration, Resource, When
    from sfn_least_privilege.policy.catalog.keys import KeyUse

DOCS = Path(__file__).parents[3] / "docs"
WRITTEN_BY = "Written from the catalogue by `tests/policy/catalog/test_feature_pages.py`."


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = (f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows)
    return [f"| {' | '.join(head)} |", "|---" * len(head) + "|", *lines]


def code(names: Iterable[str]) -> str:
    return "<br>".join(f"`{name}`" for name in names)


def source(url: str, basis: Basis) -> str:
    return f"[{url.rpartition('/')[2].removesuffix('.html')}]({url}), {basis}"


# Distributed maps ---------------------------------------------------------------------------------------------------


def maps() -> str:
    lines = [
        "# Distributed maps",
        "",
        "What a `Map` state in `DISTRIBUTED` mode requires of the role besides what its states call.",
        f"`{{Name}}` is what the argument or the field `Name` says. {WRITTEN_BY}",
        "",
        "A bucket of the template that is encrypted with a customer's key adds what [keys.md](keys.md) says.",
    ]
    for title, rows in (
        ("Child executions", [MAP_RUN]),
        ("Items", [*READERS.values()]),
        ("Results", [*WRITERS.values()]),
    ):
        lines += ["", f"## {title}"]
        for row in rows:
            lines += ["", *map_section(row)]
    return "\n".join((*lines, ""))


def map_section(row: Integration) -> Iterator[str]:
    if row is not MAP_RUN:
        yield from (f"### {row.service}:{row.api}", "")
    if row.note:
        yield from (row.note, "")
    yield from table(("actions", "resource", "when", "source", "note"), (columns(grant, row) for grant in row.grants))


def columns(grant: Grant, row: Integration) -> tuple[str, ...]:
    conditions = (f"{each.operator} `{each.key}`: `{shown(each.value)}`" for each in grant.conditions)
    return (
        code(grant.actions),
        "<br>".join((f"`{shown(grant.resource)}`", *conditions)),
        " and ".join(map(when, grant.when)),
        source(grant.documentation or row.documentation, grant.basis or row.basis),
        grant.note,
    )


def shown(resource: Resource) -> str:
    if isinstance(resource, Derived):
        return resource.covers
    assert isinstance(resource, ComposedArn)
    names = iter(part.argument for part in resource.parts)
    return re.sub(r"\{\}", lambda _: f"{{{next(names)}}}", resource.template)


def when(shown_when: When) -> str:
    if isinstance(shown_when, Given | NotGiven):
        return f"`{shown_when.argument}` is {'' if isinstance(shown_when, Given) else 'not '}given"
    return f"`{shown_when.argument}` is {' or '.join(f'`{value}`' for value in shown_when.values)}"


# Keys ---------------------------------------------------------------------------------------------------------------


def keys() -> str:
    lines = [
        "# Keys of customers",
        "",
        f"What encryption with a customer's KMS key requires of a role. {WRITTEN_BY}",
        "",
        "## Of the machine itself",
        "",
        *table(
            ("when", "actions", "condition", "source", "note"),
            (
                (
                    rule.name,
                    code(rule.actions),
                    f"`{rule.context}`",
                    source(rule.documentation, rule.basis),
                    rule.note,
                )
                for rule in (ENCRYPTION, ENCRYPTED_LOGS)
            ),
        ),
        "",
        "## Behind what a workflow calls",
        "",
        "For resources of the same template, named by reference or by name. A name that only a run knows can be each",
        "of them that it matches. A key that is known by its alias alone is granted as `key/*` with a condition on",
        "`kms:ResourceAliases`. A service's own key (`alias/aws/…`) needs nothing.",
        "",
        *table(("calls", "of", "actions on the key", "condition", "source", "note"), map(use_columns, KEY_USES)),
        "",
        "## Where a resource names its key",
        "",
        *table(
            ("resource type", "property"),
            ((f"`{name}`", f"`{described.key}`") for name, described in ENCRYPTED_TYPES.items()),
        ),
    ]
    return "\n".join((*lines, ""))


def use_columns(use: KeyUse) -> tuple[str, ...]:
    if isinstance(use.condition, Via):
        region = "*" if use.condition.any_region else "{Region}"
        condition = f"`kms:ViaService`: `{use.condition.service}.{region}.amazonaws.com`"
    else:
        condition = f"`{use.condition.key}`: the resource's ARN"
    calls = "waiting for an activity" if use.actions == (ACTIVITY_TASK,) else code(use.actions)
    by = f"<br>(of `{use.rule}`, as a map's results)" if use.rule else ""
    return (
        calls + by,
        code(use.types),
        code(use.key_actions),
        condition,
        source(use.documentation, use.basis),
        use.note,
    )


PAGES = {"distributed-map.md": maps, "keys.md": keys}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_the_catalogue_does(name: str) -> None:
    path = DOCS / name
    if os.environ.get("WRITE_DOCS"):
        path.write_text(PAGES[name](), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == PAGES[name]()
