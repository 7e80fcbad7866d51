"""The one catalogue of what the engine has to tell people, and the findings themselves.

Ids say the stage: SLP1xx read, SLP2xx understand, SLP3xx need, SLP4xx grant, SLP5xx write,
SLP6xx the command line.
An error stops the transform. A warning is something its reader should decide about. Information explains.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Severity(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Topic(StrEnum):
    """What a finding is about, where an option decides how much it matters."""

    WILDCARD = "OnWildcard"
    """A permission that is wider than its task."""

    UNKNOWN = "OnUnknown"
    """A permission that rests on an assumption."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of finding: ``message`` is a format string, ``help`` says what to do about it.

    ``topic`` names the option that can change its severity.
    """

    id: str
    severity: Severity
    title: str
    message: str
    help: str
    topic: Topic | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """Where a finding was made: the resource's logical id and the path of state names inside its definition."""

    logical_id: str = ""
    state: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " / ".join(filter(None, (self.logical_id, " > ".join(self.state))))


@dataclass(frozen=True, slots=True)
class Finding:
    """Something the engine has to tell about one place; ``detail`` is the message filled in.

    ``level`` is there where an option has changed the severity of the rule.
    """

    rule: Rule
    location: Location
    detail: str
    level: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How much it matters here."""
        return self.rule.severity if self.level is None else self.level

    def __str__(self) -> str:
        place = f"{self.location}: " if str(self.location) else ""
        return f"{self.rule.id} {place}{self.detail}"

    @property
    def is_error(self) -> bool:
        """Whether this finding stops the transform."""
        return self.severity is Severity.ERROR


def finding(rule: Rule, location: Location, /, **values: object) -> Finding:
    """A finding of ``rule`` at ``location``, its message filled with ``values``."""
    return Finding(rule, location, rule.message.format(**values))


def few(names: Sequence[str], most: int = 3) -> str:
    """The first ``most`` of the names as a message lists them, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{', '.join(names[:most])}{more}"


def errors_in(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that stop the transform."""
    return tuple(each for each in findings if each.is_error)
