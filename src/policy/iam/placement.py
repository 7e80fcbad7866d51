"""Which permissions stand in the role and which beside it.

A machine refers to its role. A permission that refers to the machine, because it starts itself, cannot stand in
that role without closing a circle: it goes into a policy of its own, which refers to both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.iam.statement import Statement, synthesise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.needs.need import Need


@dataclass(frozen=True, slots=True)
class Placement:
    """The statements of one machine's role, and those that must stand beside it."""

    in_role: tuple[Statement, ...]
    beside_role: tuple[Statement, ...] = ()


def place(needs: Sequence[Need], logical_id: str) -> Placement:
    """Synthesise the statements for the machine ``logical_id``, each in its place."""
    beside = [need for need in needs if _refers_to(need, logical_id)]
    if not beside:
        return Placement(synthesise(needs))
    apart = set(map(id, beside))
    # A policy resource has no condition of its own making, so what it grants holds whenever the machine is there.
    unguarded = [replace(need, resource=replace(need.resource, guards=())) for need in beside]
    return Placement(synthesise([need for need in needs if id(need) not in apart]), synthesise(unguarded))


def _refers_to(need: Need, logical_id: str) -> bool:
    texts = (need.resource.text, *(value for condition in need.conditions for value in condition.values))
    return any(
        reference.logical_id == logical_id or f'"{logical_id}"' in reference.argument
        for text in texts
        for reference in text.references
    )
