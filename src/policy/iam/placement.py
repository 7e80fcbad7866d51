"""Which permissions stand in the role and which beside it.

A machine refers to its role. A permission that refers to the machine, or to something that waits for it, cannot stand
in that role without closing a circle: it goes into a policy of its own, which nothing waits for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.iam.statement import Statement, synthesise
from sfn_least_privilege.policy.template.dependencies import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.template.dependencies import Dependencies
    from sfn_least_privilege.policy.text import Reference


@dataclass(frozen=True, slots=True)
class Placement:
    """The statements of one machine's role, those that must stand beside it, and those of each managed policy."""

    in_role: tuple[Statement, ...]
    beside_role: tuple[Statement, ...] = ()
    managed: tuple[tuple[Statement, ...], ...] = ()


def place(needs: Sequence[Need], logical_id: str, dependencies: Dependencies) -> Placement:
    """Synthesise the statements for the machine ``logical_id``, each in its place."""
    named = [frozenset(_names(need)) for need in needs]
    # What the machine itself names, it waits for already: that cannot wait for the machine in turn.
    others = frozenset().union(*named) - {logical_id} - dependencies.direct(logical_id) if any(named) else frozenset()
    closing = {logical_id, *dependencies.waits_for(others, logical_id)}
    beside = [need for need, names in zip(needs, named, strict=True) if not closing.isdisjoint(names)]
    if not beside:
        return Placement(synthesise(needs))
    within = [need for need, names in zip(needs, named, strict=True) if closing.isdisjoint(names)]
    # A policy resource has no condition of its own making, so what it grants holds whenever the machine is there.
    unguarded = [replace(need, resource=replace(need.resource, guards=())) for need in beside]
    return Placement(synthesise(within), synthesise(unguarded))


def _names(need: Need) -> Iterable[str]:
    """The logical ids that a permission refers to."""
    for text in (need.resource.text, *(value for condition in need.conditions for value in condition.values)):
        for reference in text.references:
            yield from _named(reference)


def _named(reference: Reference) -> Iterable[str]:
    if reference.function in {"Ref", "Fn::GetAtt"}:
        return (reference.logical_id,) if reference.logical_id else ()
    try:
        return names_in({reference.function: json.loads(reference.argument)})
    except ValueError:
        return ()
