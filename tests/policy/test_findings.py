"""The catalogue of findings, and findings themselves."""

import pytest

from sfn_least_privilege.policy.findings import Finding, Location, Rule, Severity, errors_in, few, finding

WIDE = Rule("SLP999", Severity.WARNING, "A title", "`{pattern}` is wide", "Narrow it.")
BROKEN = Rule("SLP998", Severity.ERROR, "A title", "it is broken", "Mend it.")


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


@pytest.mark.parametrize(
    ("names", "shown"),
    [([], ""), (["a"], "a"), (["a", "b", "c"], "a, b, c"), (["a", "b", "c", "d", "e"], "a, b, c and 2 more")],
)
def test_a_few_names_stand_for_many(names: list[str], shown: str) -> None:
    assert few(names) == shown
