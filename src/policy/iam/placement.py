"""Which permissions stand in the role and which beside it.

A machine refers to its role. A permission that refers to the machine, or to something that waits for it, cannot stand
in that role without closing a circle: it goes into a policy of its own, which nothing waits for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.iam.statement import Statement, synthesise
from sfn_least_privilege.policy.template.dependencies import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.template.dependencies import Dependencies
    from sfn_least_privilege.policy.text import Reference


@dataclass(frozen=True, slots=True)
class Placement:
    """The statements of one machine's role, those that must stand beside it, and those of each managed policy.

    ``additional`` and ``additional_beside`` are the author's own statements, as they were written.
    """

    in_role: tuple[Statement, ...]
    beside_role: tuple[Statement, ...] = ()
    managed: tuple[tuple[Statement, ...], ...] = ()
    additional: tuple[dict[str, Any], ...] = ()
    additional_beside: tuple[dict[str, Any], ...] = ()


def place(
    needs: Sequence[Need],
    logical_id: str,
    dependencies: Dependencies,
    role: str | None = None,
    additional: Sequence[dict[str, Any]] = (),
) -> Placement:
    """Synthesise the statements for the machine ``logical_id``, each in its place.

    ``role`` is the logical id of the machine's role where the template has it already: then something may wait for the
    role too. ``dependencies`` learns for what the machine waits from now on.
    """
    named = [frozenset(_names(need)) for need in needs]
    theirs = [frozenset(names_in(each)) for each in additional]
    everything = frozenset().union(*named, *theirs)
    closing = closing_names(everything, logical_id, dependencies, role)
    within = [need for need, names in zip(needs, named, strict=True) if closing.isdisjoint(names)]
    beside = [need for need, names in zip(needs, named, strict=True) if not closing.isdisjoint(names)]
    for each in filter(None, (logical_id, role)):
        dependencies.add(each, everything - closing)
    return Placement(
        synthesise(within),
        synthesise(beside),
        additional=tuple(each for each, names in zip(additional, theirs, strict=True) if closing.isdisjoint(names)),
        additional_beside=tuple(
            each for each, names in zip(additional, theirs, strict=True) if not closing.isdisjoint(names)
        ),
    )


def closing_names(
    names: frozenset[str],
    logical_id: str,
    dependencies: Dependencies,
    role: str | None = None,
) -> frozenset[str]:
    """Those of ``names`` that the role of the machine ``logical_id`` cannot wait for without closing a circle."""
    if not names:
        return frozenset()
    # What the machine itself names, it waits for already: that cannot wait for the machine in turn.
    others = names - (dependencies.certain(logical_id) - {logical_id})
    closing = dependencies.waits_for(others, logical_id)
    return closing if role is None else closing | dependencies.waits_for(names, role)


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
