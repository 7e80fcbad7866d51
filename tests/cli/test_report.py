from __future__ import annotations

import io

import pytest

from sfn_least_privilege.cli.report import count, printable, report
from sfn_least_privilege.policy.findings import Finding, Location, Rule, Severity, finding

STAR = Rule("SLP901", Severity.WARNING, "star", "the {what} is not known", "Give it a literal name.")
BROKEN = Rule("SLP902", Severity.ERROR, "broken", "it is broken", "")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def usual_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)


def shown(*findings: Finding, summary: str = "", stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    report(findings, summary, stream)
    return stream.getvalue()


def test_a_finding_is_one_line_and_its_help_the_next() -> None:
    found = finding(STAR, Location("Orders", ("Charge", "Pay")), what="table")

    assert shown(found) == (
        "warning SLP901 Orders / Charge > Pay: the table is not known\n    help: Give it a literal name.\n"
    )


def test_a_finding_without_place_and_help_is_just_its_line() -> None:
    assert shown(finding(BROKEN, Location())) == "error SLP902 it is broken\n"


def test_help_is_given_once_for_each_kind() -> None:
    findings = [finding(STAR, Location("Orders"), what=what) for what in ("table", "queue")]

    assert shown(*findings).count("help:") == 1


def test_the_summary_comes_last() -> None:
    assert shown(finding(BROKEN, Location()), summary="1 role made").endswith("broken\n1 role made\n")


def test_a_terminal_sees_colours() -> None:
    assert "\x1b[1;31merror\x1b[0m" in shown(finding(BROKEN, Location()), stream=Terminal())


def test_a_terminal_that_wants_no_colour_gets_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")

    assert "31m" not in shown(finding(BROKEN, Location()), stream=Terminal())


def test_a_terminal_sees_the_same_text_unwrapped() -> None:
    long = finding(STAR, Location("Orders"), what="[bold]" + "very long " * 30)
    seen = shown(long, stream=Terminal())

    assert "[bold]" + "very long " * 30 in seen


def test_names_cannot_steer_a_terminal() -> None:
    found = finding(STAR, Location("Orders", ("\x1b[2Jerror\nSLP000",)), what="x\u2028y")

    assert shown(found).splitlines()[0] == (
        "warning SLP901 Orders / \\x1b[2Jerror\\nSLP000: the x\\u2028y is not known"
    )


def test_other_alphabets_are_printable() -> None:
    assert printable("zamówienia 😀") == "zamówienia 😀"


@pytest.mark.parametrize(("number", "text"), [(0, "0 roles"), (1, "1 role"), (2, "2 roles")])
def test_counting(number: int, text: str) -> None:
    assert count(number, "role") == text
