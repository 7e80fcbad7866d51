"""Policy statements, and how needs become the fewest of them without granting more than they ask."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.iam.complements import with_fewest_conditions
from sfn_least_privilege.policy.iam.coverage import Patterns
from sfn_least_privilege.policy.needs.need import Phase

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.needs.need import Need, Reason
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Guards


@dataclass(frozen=True, slots=True)
class Statement:
    """An ``Allow`` statement.

    ``guards`` are the template conditions under which it stands in the policy, ``conditions`` IAM's own, which a
    request must match. ``at_creation`` says that Step Functions checks some of it when the machine is created.
    """

    sid: str
    actions: tuple[str, ...]
    resources: tuple[Text, ...]
    reasons: tuple[Reason, ...]
    guards: Guards = ()
    conditions: tuple[Condition, ...] = ()
    at_creation: bool = False


def synthesise(needs: Sequence[Need]) -> tuple[Statement, ...]:
    """The fewest statements that grant exactly what ``needs`` ask: every action on its own resources, no other.

    What a wider need grants already is not said again. Then each resource collects its actions, and resources with
    the same actions share a statement. None of this loses or adds anything, and it takes time linear in the number
    of needs. The order is that of the needs. Services keep apart even where both need ``*``, so that each statement
    can be read as one thing.
    """
    collected: dict[_Place, dict[str, dict[Reason, None]]] = {}
    at_creation: set[_Place] = set()
    needs = with_fewest_conditions(needs)
    granted = _Granted(needs)
    for need in needs:
        for action in need.actions:
            place = granted.place(need, action)
            collected.setdefault(place, {}).setdefault(action, {})[need.reason] = None
            if need.phase is Phase.CREATION:
                at_creation.add(place)
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
        early = not at_creation.isdisjoint(places)
        statements.append(Statement(sids.sid(actions, asked), actions, resources, asked, guards, conditions, early))
    return tuple(statements)


class _Place(NamedTuple):
    """What actions are collected by."""

    guards: Guards
    service: str
    resource: Text
    conditions: tuple[Condition, ...]


class _Granted:
    """What all needs together grant, to find the widest grant that each of them is part of."""

    def __init__(self, needs: Iterable[Need]) -> None:
        resources: dict[_Terms, dict[Text, None]] = {}
        for need in needs:
            guards, conditions = _guards(need), _normal(need.conditions)
            for action in need.actions:
                resources.setdefault(_Terms(action, guards, conditions), {})[need.resource.text.pattern] = None
        self._patterns = {terms: Patterns(texts) for terms, texts in resources.items()}

    def place(self, need: Need, action: str) -> _Place:
        """Where the action of a need is granted: what holds anyway is not said again under a condition."""
        guards, conditions, text = _guards(need), _normal(need.conditions), need.resource.text.pattern
        for terms in dict.fromkeys(
            (
                _Terms(action, (), ()),
                _Terms(action, (), conditions),
                _Terms(action, guards, ()),
                _Terms(action, guards, conditions),
            )
        ):
            patterns = self._patterns.get(terms)
            wider = None if patterns is None else patterns.widest(text)
            if wider is not None:
                return _Place(terms.guards, _service(action), wider, terms.conditions)
        raise LookupError(action)  # pragma: no cover -- a need is among what all of them grant


class _Terms(NamedTuple):
    """An action, and under which conditions of the template and of IAM it is granted."""

    action: str
    guards: Guards
    conditions: tuple[Condition, ...]


def _guards(need: Need) -> Guards:
    return tuple(sorted(need.resource.guards))


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
