"""Shows findings to people: in colour on a terminal, as stable plain text otherwise."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

from sfn_least_privilege.policy.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.findings import Finding

_COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def report(findings: Sequence[Finding], summary: str, stream: TextIO | None = None) -> None:
    """Write the findings, what to do about each kind (once, at its first), and the summary, if there is one.

    ``stream`` is standard error unless given. Each finding is one line: ``severity id place: detail``.
    """
    stream = stream or sys.stderr
    if stream.isatty():
        _in_colour(findings, summary, stream)
        return
    stream.write("".join(text for _, text in _pieces(findings, summary)))
    stream.flush()


def _in_colour(findings: Sequence[Finding], summary: str, stream: TextIO) -> None:
    from rich.console import Console  # noqa: PLC0415 - costs 50 ms, which a pipe need not pay
    from rich.text import Text  # noqa: PLC0415

    console = Console(file=stream, soft_wrap=True, highlight=False)
    console.print(Text.assemble(*((text, style) for style, text in _pieces(findings, summary))), end="")


def _pieces(findings: Sequence[Finding], summary: str) -> Iterable[tuple[str, str]]:
    """The report as pieces of text, each with its style."""
    explained: set[str] = set()
    for finding in findings:
        place = str(finding.location)
        yield _COLOURS[finding.severity], finding.severity.value
        yield "", f" {finding.rule.id} "
        if place:
            yield "bold", printable(place)
            yield "", ": "
        yield "", f"{printable(finding.detail)}\n"
        if finding.rule.help and finding.rule.id not in explained:
            explained.add(finding.rule.id)
            yield "dim", f"    help: {printable(finding.rule.help)}\n"
    if summary:
        yield "", f"{printable(summary)}\n"


def printable(text: str) -> str:
    """The text on one line and without control characters: names in a template must not steer a terminal."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in text)


def count(number: int, noun: str) -> str:
    """``1 role``, ``2 roles``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
