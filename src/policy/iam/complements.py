"""Needs under template conditions, said with as few conditions as they can be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.guards import joined
from sfn_least_privilege.policy.value import Guarded, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.value import Guards


def with_fewest_conditions(needs: Sequence[Need]) -> Sequence[Need]:
    """``needs`` where what is needed under a condition and under its opposite is needed without it.

    Together they ask exactly what they asked before.
    """
    if not any(need.resource.guards for need in needs):
        return needs
    several: dict[tuple[object, ...], dict[Guards, None]] = {}
    for need in needs:
        for action in need.actions:
            several.setdefault(_asked(need, action), {})[need.resource.guards] = None
    fewest = {asked: joined(guards) for asked, guards in several.items()}
    return [each for need in needs for each in _restated(need, fewest)]


def _asked(need: Need, action: str) -> tuple[object, ...]:
    """What is asked for, whoever asks and under whichever template conditions."""
    return action, need.resource.text.pattern, need.conditions


def _restated(need: Need, fewest: dict[tuple[object, ...], tuple[Guards, ...]]) -> Iterator[Need]:
    actions: dict[tuple[Guards, ...], list[str]] = {}
    for action in need.actions:
        actions.setdefault(fewest[_asked(need, action)], []).append(action)
    for several, theirs in actions.items():
        own = need.resource.guards
        # What was joined with nothing stays as it is: to ask it of the others' conditions would be to ask for theirs.
        for guards in (own,) if tuple(sorted(own)) in several else several:
            # Of what was joined, each need asks for that which holds together with its own conditions.
            if merge_guards(guards, need.resource.guards) is not None:
                yield replace(need, actions=tuple(theirs), resource=Guarded(need.resource.text, guards))
