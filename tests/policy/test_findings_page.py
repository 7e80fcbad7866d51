"""`docs/findings.md`: every finding with its id, what it says and what to do. `make docs` writes the page anew."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from string import Formatter

import pytest

import sfn_least_privilege.cli
import sfn_least_privilege.policy
from sfn_least_privilege.policy.findings import Location, Rule, Topic, finding

PAGE = Path(__file__).parents[2] / "docs" / "findings.md"
STAGES = {
    "1": "Reading the template and its options",
    "2": "Understanding definitions",
    "3": "What is needed",
    "4": "What is granted",
    "5": "Writing roles",
    "6": "The command line",
}
SEVERITY = {"error": "stops the transform", "warning": "to be decided about", "info": "explains"}


def every_rule() -> list[Rule]:
    found: dict[int, Rule] = {}
    for package in (sfn_least_privilege.policy, sfn_least_privilege.cli):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(import_module(module.name)).values():
                if isinstance(value, Rule):
                    found[id(value)] = value
    return sorted(found.values(), key=lambda rule: rule.id)


RULES = every_rule()


def page() -> str:
    lines = [
        "# Findings",
        "",
        "What the macro and the command line have to tell. An **error** stops the transform, a **warning** is for its",
        "reader to decide about, **info** explains. `OnWildcard` and `OnUnknown` ([options](options.md)) make some of",
        "them matter more or less.",
    ]
    stage = ""
    for rule in RULES:
        if rule.id[3] != stage:
            stage = rule.id[3]
            lines += ["", f"## {STAGES[stage]}"]
        decides = f"; `{rule.topic}` decides" if rule.topic is not None else ""
        lines += ["", f"### {rule.id}", "", f"**{rule.title}** ({rule.severity}{decides})", ""]
        lines += [f"> {rule.message}", "", rule.help]
    return "\n".join(lines) + "\n"


def test_the_page_is_current() -> None:
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_no_two_findings_have_one_id() -> None:
    ids = [rule.id for rule in RULES]
    assert sorted(set(ids)) == ids


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
class TestRule:
    def test_its_message_can_be_filled_in(self, rule: Rule) -> None:
        names = {name for _, name, _, _ in Formatter().parse(rule.message) if name is not None}
        told = finding(rule, Location(), **dict.fromkeys(names, "VALUE"))
        assert told.detail.count("VALUE") >= len(names)

    def test_it_says_what_it_is_and_what_to_do(self, rule: Rule) -> None:
        assert rule.title.strip()
        assert rule.help.endswith(".")
        assert rule.id[3] in STAGES

    def test_an_option_decides_only_about_what_is_a_warning_by_default(self, rule: Rule) -> None:
        assert rule.topic is None or rule.severity == "warning"
        assert rule.topic in {None, *Topic}
