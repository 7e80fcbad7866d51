"""The catalogue of findings, and findings themselves."""

from importlib import import_module
from string import Formatter

import pytest

from sfn_least_privilege.policy.findings import Finding, Location, Rule, Severity, errors_in, finding

WIDE = Rule("SLP999", Severity.WARNING, "A title", "`{pattern}` is wide", "Narrow it.")
BROKEN = Rule("SLP998", Severity.ERROR, "A title", "it is broken", "Mend it.")

STAGE_OF = {"template": "1", "asl": "2", "needs": "3"}


def catalogue(stage: str) -> list[Rule]:
    module = import_module(f"sfn_least_privilege.policy.{stage}.rules")
    return [value for value in vars(module).values() if isinstance(value, Rule)]


@pytest.mark.parametrize("stage", STAGE_OF)
def test_ids_say_the_stage(stage: str) -> None:
    assert catalogue(stage)
    assert all(rule.id.startswith(f"SLP{STAGE_OF[stage]}") and len(rule.id) == 6 for rule in catalogue(stage))


def test_ids_are_unique() -> None:
    ids = [rule.id for stage in STAGE_OF for rule in catalogue(stage)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("stage", STAGE_OF)
def test_every_rule_has_a_message_that_can_be_filled_in_and_help(stage: str) -> None:
    for rule in catalogue(stage):
        names = {name for _, name, _, _ in Formatter().parse(rule.message) if name is not None}
        told = finding(rule, Location(), **dict.fromkeys(names, "VALUE"))
        assert told.detail.count("VALUE") >= len(names)
        assert rule.title
        assert rule.help


def test_a_message_is_filled_in() -> None:
    assert finding(WIDE, Location("Machine"), pattern="table/*").detail == "`table/*` is wide"


def test_a_value_with_braces_is_told_as_it_is() -> None:
    assert finding(WIDE, Location(), pattern="${Table}{0}").detail == "`${Table}{0}` is wide"


@pytest.mark.parametrize(
    ("location", "spoken"),
    [
        (Location(), ""),
        (Location("Machine"), "Machine"),
        (Location("Machine", ("Each order", "Charge")), "Machine / Each order > Charge"),
    ],
)
def test_a_location_as_people_read_it(location: Location, spoken: str) -> None:
    assert str(location) == spoken


@pytest.mark.parametrize(
    ("told", "spoken"),
    [
        (Finding(BROKEN, Location("Machine", ("Charge",)), "it is broken"), "SLP998 Machine / Charge: it is broken"),
        (Finding(BROKEN, Location(), "it is broken"), "SLP998 it is broken"),
    ],
)
def test_a_finding_as_people_read_it(told: Finding, spoken: str) -> None:
    assert str(told) == spoken


def test_only_errors_stop_the_transform() -> None:
    wide, broken = finding(WIDE, Location(), pattern="*"), finding(BROKEN, Location())
    assert errors_in((wide, broken)) == (broken,)
    assert (wide.severity, wide.is_error) == (Severity.WARNING, False)
