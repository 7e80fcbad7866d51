"""Policy statements, and how needs become the fewest of them without granting more than they ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.needs.need import Need, Reason
    from sfn_least_privilege.policy.text import Text

Guards: TypeAlias = "tuple[tuple[str, bool], ...]"
"""Template conditions that must hold (True) or must not (False)."""


@dataclass(frozen=True, slots=True)
class Statement:
    """An ``Allow`` statement. ``guards`` are the template conditions under which it stands in the policy."""

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Text, ...]
    reasons: tuple[Reason, ...]
    guards: Guards = ()


def synthesise(needs: Sequence[Need]) -> tuple[Statement, ...]:
    """The fewest statements that grant exactly what ``needs`` ask: every action on its own resources, no other.

    Each resource collects its actions; resources with the same actions share a statement. Both steps lose and
    add nothing, and take time linear in the number of needs. The order is that of the needs.
    """
    collected: dict[tuple[Guards, Text], dict[str, None]] = {}
    reasons: dict[tuple[Guards, Text], dict[Reason, None]] = {}
    unguarded: dict[Text, set[str]] = {}
    for need in needs:
        if not need.resource.guards:
            unguarded.setdefault(need.resource.text, set()).update(need.actions)
    for need in needs:
        text, guards = need.resource.text, need.resource.guards
        # What holds anyway need not be said again under a condition.
        actions = need.actions if not guards else _without(need.actions, unguarded.get(text, set()))
        if not actions:
            continue
        key = (guards, text)
        collected.setdefault(key, {}).update(dict.fromkeys(actions))
        reasons.setdefault(key, {})[need.reason] = None
    shared: dict[tuple[Guards, tuple[str, ...]], list[tuple[Guards, Text]]] = {}
    for key, actions_of in collected.items():
        shared.setdefault((key[0], tuple(sorted(actions_of))), []).append(key)
    sids = _SidWriter()
    return tuple(
        Statement(
            sid=sids.sid(actions),
            actions=actions,
            resources=tuple(text for _, text in keys),
            reasons=tuple(dict.fromkeys(reason for key in keys for reason in reasons[key])),
            guards=guards,
        )
        for (guards, actions), keys in shared.items()
    )


def _without(actions: Iterable[str], covered: set[str]) -> tuple[str, ...]:
    return tuple(action for action in actions if action not in covered)


class _SidWriter:
    """Gives every statement of a role a name that says what it allows: letters and digits, as IAM wants it."""

    def __init__(self) -> None:
        self._used: dict[str, int] = {}

    def sid(self, actions: tuple[str, ...]) -> str:
        first = actions[0]
        service, _, verb = first.partition(":")
        others = len(actions) - 1
        name = "".join(part.capitalize() for part in service.split("-")) + verb + (f"And{others}More" if others else "")
        count = self._used[name] = self._used.get(name, 0) + 1
        return name if count == 1 else f"{name}{count}"
