"""Keeps the values of ``NoEcho`` parameters out of everything that is told.

The engine writes parameters as references and does not quote them. This is the second lock on the same door: the name
of a bucket or of a task's API can come from a parameter, and a message about it can end up in a stack's events.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.handler.event import MacroEvent
    from sfn_least_privilege.policy.findings import Finding

MASK = "****"
"""What CloudFormation itself shows in place of such a value."""

_MIN_LENGTH = 4
"""Shorter values are no secrets, and masking them would make every message unreadable."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """Masks secret values; ``pattern`` finds them, None where there are none."""

    pattern: re.Pattern[str] | None

    def text(self, text: str) -> str:
        """``text`` without secrets."""
        return self.pattern.sub(MASK, text) if self.pattern else text

    def findings(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """``findings`` without secrets in what they tell."""
        return tuple(map(self._finding, findings)) if self.pattern else findings

    def _finding(self, finding: Finding) -> Finding:
        location = replace(finding.location, state=tuple(map(self.text, finding.location.state)))
        return replace(finding, location=location, detail=self.text(finding.detail))


def redaction_for(event: MacroEvent) -> Redaction:
    """The redaction that masks the value of every parameter the event's template declares with ``NoEcho``."""
    # The longest first: one value can be the beginning of another.
    values = sorted({value for value in _secrets(event) if len(value) >= _MIN_LENGTH}, key=len, reverse=True)
    return Redaction(re.compile("|".join(map(re.escape, values))) if values else None)


def _secrets(event: MacroEvent) -> Iterator[str]:
    declared = event.fragment.get("Parameters")
    for name, value in event.parameter_values.items():
        if isinstance(declared, dict) and _is_no_echo(declared.get(name)):
            yield from value if isinstance(value, list) else (value,)


def _is_no_echo(parameter: object) -> bool:
    return isinstance(parameter, dict) and str(parameter.get("NoEcho", "")).lower() == "true"
