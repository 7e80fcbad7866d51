"""What several forms of one definition need, each under the template conditions that make it the one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from sfn_least_privilege.policy.guards import joined, told
from sfn_least_privilege.policy.value import Guarded, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
    """The needs of all forms, each under the conditions of those that have it; what there is to tell is told once."""
    if len(variants) == 1:
        return variants[0].needs, variants[0].findings
    needs = tuple(
        guarded
        for need, several in _met((each.guards, each.needs) for each in variants)
        for guarded in _guarded(need, several)
    )
    findings = tuple(
        _placed(each, several) for each, several in _met((each.guards, each.findings) for each in variants)
    )
    return needs, findings


_T = TypeVar("_T", bound="Need | Finding")


def _met(variants: Iterable[tuple[Guards, tuple[_T, ...]]]) -> Iterator[tuple[_T, tuple[Guards, ...]]]:
    """Each thing once, with the fewest conditions under which one of the forms has it."""
    met: dict[_T, dict[Guards, None]] = {}
    for guards, things in variants:
        for each in things:
            met.setdefault(each, {})[guards] = None
    # Most things are met in the same forms: in all of them.
    known: dict[tuple[Guards, ...], tuple[Guards, ...]] = {}
    for each, several in met.items():
        key = tuple(several)
        if key not in known:
            known[key] = joined(key)
        yield each, known[key]


def _guarded(need: Need, several: tuple[Guards, ...]) -> Iterator[Need]:
    for guards in several:
        both = merge_guards(guards, need.resource.guards)
        if both is not None:
            yield replace(need, resource=Guarded(need.resource.text, both))


def _placed(finding: Finding, several: tuple[Guards, ...]) -> Finding:
    """``finding`` with the conditions under which there is something to tell, unless there always is."""
    clause = told(several)
    return replace(finding, detail=f"{finding.detail} ({clause})") if clause else finding
