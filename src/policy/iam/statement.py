"""Policy statements, and how needs become the fewest of them without granting more than they ask."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from sfn_least_privilege.policy.conditions import Condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.needs.need import Need, Reason
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Guards


@dataclass(frozen=True, slots=True)
class Statement:
    """An ``Allow`` statement.

    ``guards`` are the template conditions under which it stands in the policy, ``conditions`` IAM's own, which a
    request must match.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Text, ...]
    reasons: tuple[Reason, ...]
    guards: Guards = ()
    conditions: tuple[Condition, ...] = ()


def synthesise(needs: Sequence[Need]) -> tuple[Statement, ...]:
    """The fewest statements that grant exactly what ``needs`` ask: every action on its own resources, no other.

    Each resource collects its actions; resources with the same actions share a statement. Both steps lose and
    add nothing, and take time linear in the number of needs. The order is that of the needs. Services keep apart
    even where both need ``*``, so that each statement can be read as one thing.
    """
    collected: dict[_Place, dict[str, dict[Reason, None]]] = {}
    always = {
        (action, need.resource.text.pattern, conditions)
        for need in needs
        if not need.resource.guards
        for conditions in (_normal(need.conditions),)
        for action in need.actions
    }
    for need in needs:
        text = need.resource.text.pattern
        guards = tuple(sorted(need.resource.guards))
        normal = _normal(need.conditions)
        for action in need.actions:
            # What holds anyway need not be said again under a condition, neither the template's nor IAM's.
            conditions = () if normal and (action, text, ()) in always else normal
            here = () if guards and (action, text, conditions) in always else guards
            place = _Place(here, _service(action), text, conditions)
            collected.setdefault(place, {}).setdefault(action, {})[need.reason] = None
    shared: dict[tuple[Guards, tuple[Condition, ...], tuple[str, ...]], list[_Place]] = {}
    for place, actions_of in collected.items():
        shared.setdefault((place.guards, place.conditions, tuple(sorted(actions_of))), []).append(place)
    sids = _SidWriter()
    statements: list[Statement] = []
    for (guards, conditions, actions), places in shared.items():
        asked = tuple(
            dict.fromkeys(reason for place in places for reasons in collected[place].values() for reason in reasons)
        )
        resources = tuple(place.resource for place in places)
        statements.append(Statement(sids.sid(actions, asked), actions, resources, asked, guards, conditions))
    return tuple(statements)


class _Place(NamedTuple):
    """What actions are collected by."""

    guards: Guards
    service: str
    resource: Text
    conditions: tuple[Condition, ...]


def _normal(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Conditions in a fixed order, their values as what they match."""
    return tuple(
        sorted(
            (
                Condition(each.operator, each.key, tuple(dict.fromkeys(value.pattern for value in each.values)))
                for each in conditions
            ),
            key=lambda each: (each.operator, each.key),
        )
    )


def _service(action: str) -> str:
    return action.partition(":")[0]


class _SidWriter:
    """Gives every statement of a role a name that says what it allows: letters and digits, as IAM wants it."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def sid(self, actions: tuple[str, ...], reasons: tuple[Reason, ...]) -> str:
        name = _setting(reasons) or _service_and_verbs(actions)
        numbers = count(2)
        sid = name
        while sid in self._used:
            sid = f"{name}{next(numbers)}"
        self._used.add(sid)
        return sid


def _setting(reasons: tuple[Reason, ...]) -> str:
    """``Logging`` or ``Tracing`` where only that setting asks."""
    rules = {reason.rule for reason in reasons if not reason.state}
    if len(rules) != 1 or any(reason.state for reason in reasons):
        return ""
    return "".join(word.capitalize() for word in rules.pop().split())


def _service_and_verbs(actions: tuple[str, ...]) -> str:
    service = "".join(part.capitalize() for part in _service(actions[0]).split("-"))
    verbs = [action.partition(":")[2] for action in actions]
    if len(verbs) > _VERBS_IN_SID:
        return f"{service}{verbs[0]}And{len(verbs) - 1}More"
    return service + "".join(verbs)


_VERBS_IN_SID = 3
