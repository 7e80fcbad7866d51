"""The order in which states are visited: after every state that leads to them, loops apart.

Two places stand for a Parallel or Map state: one where it starts what it runs, and one where it goes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.exits import catch_names, next_names

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_least_privilege.policy.asl.states import Machine, Outline, State


@dataclass(frozen=True, slots=True)
class Loop:
    """Places that lead to one another, in the order in which they are met; a single one that leads on is none."""

    places: tuple[int, ...]
    repeats: bool


def entrance(state: State) -> int:
    """The place where a state is entered."""
    return 2 * state.index


def exit_of(state: State) -> int:
    """The place where a Parallel or Map state goes on, after what it runs has ended."""
    return 2 * state.index + 1


def starts(machine: Machine) -> list[State]:
    """The states that a machine may start with: all of them where ``StartAt`` names none."""
    if machine.start is None:
        return [*machine.states.values()]
    start = machine.states.get(machine.start)
    return [] if start is None else [start]


def visiting_order(outline: Outline) -> list[Loop]:
    """Every place that the definition's start leads to, each loop as one."""
    if not outline.machines:
        return []
    roots = [entrance(state) for state in starts(outline.machines[0])]
    following = [places for state in outline.states for places in _following(state)]
    return _components(roots, following)


_NOWHERE: Sequence[int] = ()


def _following(state: State) -> tuple[Sequence[int], Sequence[int]]:
    """The places that the entrance and the exit of a state lead to."""
    named = next_names(state.kind, state.fields)
    if named:
        ahead = _entrances(state, named)
    else:
        ahead = [] if state.machine.parent is None else [exit_of(state.machine.parent)]
    caught = _entrances(state, catch_names(state.kind, state.fields)) if "Catch" in state.fields else _NOWHERE
    if not state.inner:
        return [*ahead, *caught] if caught else ahead, _NOWHERE
    inside = [entrance(start) for machine in state.inner for start in starts(machine)]
    return [*inside, exit_of(state), *caught], ahead


def _entrances(state: State, names: Sequence[Any]) -> list[int]:
    states = state.machine.states
    return [2 * states[name].index for name in names if isinstance(name, str) and name in states]


def _components(roots: Sequence[int], following: Sequence[Sequence[int]]) -> list[Loop]:
    """The strongly connected components that ``roots`` lead to, each after those that lead to it.

    Tarjan's algorithm, without recursion.
    """
    numbers = [0] * len(following)
    lowest = [0] * len(following)
    is_open = bytearray(len(following))
    open_places: list[int] = []
    finished: list[int] = []
    components: list[Loop] = []
    count = 0
    for root in roots:
        path = [] if numbers[root] else [root]
        ahead: list[Iterator[int]] = []
        while path:
            place = path[-1]
            if not numbers[place]:
                count += 1
                numbers[place] = lowest[place] = count
                is_open[place] = 1
                open_places.append(place)
                ahead.append(iter(following[place]))
            for target in ahead[-1]:
                if not numbers[target]:
                    path.append(target)
                    break
                if is_open[target] and numbers[target] < lowest[place]:
                    lowest[place] = numbers[target]
            else:
                path.pop()
                ahead.pop()
                finished.append(place)
                if path and lowest[place] < lowest[path[-1]]:
                    lowest[path[-1]] = lowest[place]
                if lowest[place] == numbers[place]:
                    components.append(_closed(place, open_places, is_open, finished, following))
    components.reverse()
    return components


def _closed(
    first: int,
    open_places: list[int],
    is_open: bytearray,
    finished: Sequence[int],
    following: Sequence[Sequence[int]],
) -> Loop:
    """The component of which ``first`` was met first, its places in the order in which they are best visited."""
    place = open_places.pop()
    is_open[place] = 0
    if place == first:
        return Loop((place,), repeats=place in following[place])
    members = {place}
    while place != first:
        place = open_places.pop()
        is_open[place] = 0
        members.add(place)
    # Members finish after what they lead to; none but them has finished since the first of them did.
    order: list[int] = []
    position = len(finished)
    while len(order) < len(members):
        position -= 1
        if finished[position] in members:
            order.append(finished[position])
    return Loop(tuple(order), repeats=True)
