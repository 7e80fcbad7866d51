"""Actions that the author does not want granted, whatever asks for them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.options import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_least_privilege.policy.needs.need import Need


def without_actions(
    needs: Iterable[Need],
    removed: Sequence[str],
    logical_id: str,
) -> tuple[tuple[Need, ...], tuple[Finding, ...]]:
    """The needs without the actions that match ``removed``, such as ``s3:Create*``, and what they were."""
    patterns = [(each, _compiled(each)) for each in removed]
    kept: list[Need] = []
    findings: dict[Finding, None] = {}
    met: set[str] = set()
    for need in needs:
        actions: list[str] = []
        for action in need.actions:
            matching = [pattern for pattern, compiled in patterns if compiled.fullmatch(action)]
            if not matching:
                actions.append(action)
                continue
            met.update(matching)
            location = Location(logical_id, need.reason.state)
            findings[finding(rules.ACTION_REMOVED, location, action=action)] = None
        if actions:
            kept.append(need if len(actions) == len(need.actions) else replace(need, actions=tuple(actions)))
    return tuple(kept), (*findings, *_idle(removed, met, logical_id))


def _idle(removed: Sequence[str], met: set[str], logical_id: str) -> Iterator[Finding]:
    for pattern in removed:
        if pattern not in met:
            yield finding(rules.REMOVAL_IDLE, Location(logical_id), pattern=pattern)


def _compiled(pattern: str) -> re.Pattern[str]:
    # IAM does not mind the letter case of actions.
    return re.compile(re.escape(pattern).replace(r"\*", ".*"), re.IGNORECASE)
