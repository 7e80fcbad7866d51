"""What several forms of one definition need, each under the template conditions that make it the one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.guards import joined, told
from sfn_least_privilege.policy.value import Guarded, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.value import Guards


@dataclass(frozen=True, slots=True)
class NeedsOfVariant:
    """The needs and findings of a form of the definition; ``guards`` say when it is the one."""

    guards: Guards
    needs: tuple[Need, ...]
    findings: tuple[Finding, ...]


def combined(variants: Sequence[NeedsOfVariant]) -> tuple[tuple[Need, ...], tuple[Finding, ...]]:
    """The needs of all forms, each under the conditions of its own; what there is to tell is told once."""
    if len(variants) == 1:
        return variants[0].needs, variants[0].findings
    needs = tuple(need for variant in variants for need in _guarded(variant))
    met: dict[Finding, dict[Guards, None]] = {}
    for variant in variants:
        for each in variant.findings:
            met.setdefault(each, {})[variant.guards] = None
    return needs, tuple(_placed(each, joined(guards)) for each, guards in met.items())


def _guarded(variant: NeedsOfVariant) -> Iterator[Need]:
    for need in variant.needs:
        guards = merge_guards(variant.guards, need.resource.guards)
        if guards is not None:
            yield replace(need, resource=Guarded(need.resource.text, guards))


def _placed(finding: Finding, several: tuple[Guards, ...]) -> Finding:
    """``finding`` with the conditions under which there is something to tell, unless there always is."""
    clause = told(several)
    return replace(finding, detail=f"{finding.detail} ({clause})") if clause else finding
