"""How much a finding matters to this author and this organisation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import Finding, Severity, Topic
from sfn_least_privilege.policy.options.options import Reaction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.options.options import Options

_SEVERITIES = {Reaction.ALLOW: Severity.INFO, Reaction.WARN: Severity.WARNING, Reaction.FAIL: Severity.ERROR}


def reacted(findings: Iterable[Finding], options: Options) -> tuple[Finding, ...]:
    """The findings, those about wildcards and assumptions as severe as the options want them."""
    reactions = {Topic.WILDCARD: options.on_wildcard, Topic.UNKNOWN: options.on_unknown}
    return tuple(
        each if each.rule.topic is None else replace(each, level=_SEVERITIES[reactions[each.rule.topic]])
        for each in findings
    )
