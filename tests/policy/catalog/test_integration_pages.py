"""The pages of ``docs/integrations/``, written from the rows of the catalogue."""

from __future__ import annotations

import os
import pkgutil
import re
from functools import partial
from importlib import import_module
from inspect import getclosurevars, getdoc
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog import integrations
from sfn_least_privilege.policy.catalog.integration import (
    ArgumentArn,
    ComposedArn,
    Derived,
    EveryResource,
    FixedArn,
    Given,
    NotGiven,
)
from sfn_least_privilege.policy.catalog.integrations import SERVICES, service_integrations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from sfn_least_privilege.policy.catalog.integration import Grant, GrantCondition, Integration, Resource, When

PAGES = Path(__file__).parents[3] / "docs" / "integrations"
INDEX = PAGES / "README.md"
TEST = "tests/policy/catalog/test_integration_pages.py"


def page(service: str) -> str:
    rows = service_integrations(service).values()
    lines = [
        f"# {TITLES[service]}",
        "",
        f"What calls of `{service}` require of a role. Written from the catalogue by",
        f"`{TEST}`; the [index](README.md) says how to read it.",
    ]
    for row in rows:
        lines += ["", *section(row)]
    return "\n".join((*lines, ""))


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.iter_modules(integrations.__path__):
        yield import_module(f"{integrations.__name__}.{found.name}")


# The name of each service, with which the docstring of its module begins.
TITLES = {
    module.INTEGRATIONS[0].service: re.split(r"[:.,]", module.__doc__ or "", maxsplit=1)[0] for module in modules()
}


def section(row: Integration) -> list[str]:
    lines = [
        f"## {row.service}:{row.api}",
        "",
        f"- Patterns: {', '.join(row.patterns)}",
        *([f"- Needs one of the arguments: {', '.join(map(code, row.requires))}"] if row.requires else []),
        f"- Source: [{page_name(row.documentation)}]({row.documentation}), {row.basis}",
    ]
    if row.note:
        lines += ["", row.note]
    head = ("actions", "resource", "condition", "when", "source", "note")
    lines += ["", f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    return [*lines, *(f"| {' | '.join(map(cell, columns(grant, row)))} |" for grant in row.grants)]


def columns(grant: Grant, row: Integration) -> tuple[str, ...]:
    documentation = grant.documentation or row.documentation
    return (
        "<br>".join(map(code, grant.actions)),
        resource(grant.resource),
        "<br>".join(map(condition, grant.conditions)),
        "<br>".join((*waiting(grant, row), *map(when, grant.when))),
        f"[{page_name(documentation)}]({documentation}), {grant.basis or row.basis}",
        grant.note,
    )


def cell(text: str) -> str:
    return text.replace("|", r"\|")


def code(text: str) -> str:
    return f"`{text}`"


def page_name(url: str) -> str:
    return url.rpartition("/")[2].removesuffix(".html")


def resource(shown: Resource) -> str:
    if isinstance(shown, EveryResource):
        return f"`*`: {shown.reason}"
    if isinstance(shown, FixedArn):
        return code(shown.template)
    if isinstance(shown, Derived):
        return derived(shown)
    if isinstance(shown, ComposedArn):
        named = code(filled(shown.template, [part.argument for part in shown.parts]))
        defaults = [(part.argument, part.default) for part in shown.parts if part.default is not None]
        return "<br>".join((named, *(default_of(name, default) for name, default in defaults)))
    return argument(shown)


def argument(shown: ArgumentArn) -> str:
    qualified = f":{{{shown.qualifier}}}" if shown.qualifier else ""
    named = code(filled(shown.template, [shown.argument]) + qualified)
    return named if shown.default is None else f"{named}<br>{default_of(shown.argument, shown.default)}"


def default_of(name: str, default: str) -> str:
    return f"(`{name}` is `{default}` where it is not given)" if default else ""


def derived(shown: Derived) -> str:
    if shown.covers:
        return "<br>".join(map(code, shown.covers.split(", "))) if "arn:" in shown.covers else shown.covers
    return explained(shown.find) or f"what `{shown.argument}` names"


def explained(find: Callable[..., Any]) -> str:
    """The first line of the docstring of a function, or of the one that made it, with the values it was made with."""
    if not isinstance(find, FunctionType):
        return ""
    maker = find.__globals__.get(find.__qualname__.partition(".")[0])
    text = (getdoc(find) or getdoc(maker) or "").partition("\n\n")[0].replace("\n", " ").rstrip(".")
    for name, value in getclosurevars(find).nonlocals.items():
        if isinstance(value, str):
            text = text.replace(f"``{name}``", f"``{value}``")
    return text.replace("``", "`")


def filled(template: str, names: list[str]) -> str:
    following = iter(names)
    return re.sub(r"\{\}", lambda _: f"{{{next(following)}}}", template)


def condition(shown: GrantCondition) -> str:
    return f"{shown.operator} `{shown.key}`: {resource(shown.value)}"


def waiting(grant: Grant, row: Integration) -> list[str]:
    kept = [pattern for pattern in grant.patterns if pattern in row.patterns]
    return [", ".join(kept)] if kept and set(kept) != set(row.patterns) else []


def when(shown: When) -> str:
    if isinstance(shown, Given):
        return f"`{shown.argument}` is given"
    if isinstance(shown, NotGiven):
        return f"`{shown.argument}` is not given"
    return f"`{shown.argument}` is {' or '.join(map(code, shown.values))}"


def index() -> str:
    rows = [row for service in SERVICES for row in service_integrations(service).values()]
    lines = [
        "# Optimised integrations",
        "",
        f"{len(rows)} APIs of {len(SERVICES)} services; calls of other APIs are `aws-sdk:` integrations. Written from",
        f"the catalogue by `{TEST}` (`make docs`).",
        "",
        "In the pages `{Name}` is what the argument `Name` says; an ARN where one is meant may be given by name or as",
        "it is. What is not known of an argument becomes `*`, and a finding says so; Region, account and type stay.",
        "A source is *documented* where AWS prints it as it stands, *derived* where it follows from what AWS prints,",
        "and *assumed* where nothing says otherwise.",
        "",
        f"| API | {' | '.join(Pattern)} |",
        "|---" * (len(Pattern) + 1) + "|",
    ]
    for row in rows:
        marks = " | ".join("yes" if pattern in row.patterns else "" for pattern in Pattern)
        lines.append(f"| [{row.service}:{row.api}]({row.service}.md#{anchor(row)}) | {marks} |")
    return "\n".join((*lines, ""))


def anchor(row: Integration) -> str:
    """The anchor that GitHub gives the heading of the API."""
    return f"{row.service}{row.api}".lower()


EXPECTED = {**{f"{service}.md": partial(page, service) for service in SERVICES}, INDEX.name: index}


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_says_what_the_catalogue_does(name: str) -> None:
    path = PAGES / name
    if os.environ.get("WRITE_DOCS"):
        PAGES.mkdir(parents=True, exist_ok=True)
        path.write_text(EXPECTED[name](), encoding="utf-8")
    assert path.read_text(encoding="utf-8") == EXPECTED[name]()


def test_there_are_no_other_pages() -> None:
    assert {path.name for path in PAGES.iterdir()} == set(EXPECTED)
