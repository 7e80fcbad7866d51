"""Following the data from state to state until nothing new is found."""

from __future__ import annotations

from heapq import heappop, heappush
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from sfn_least_privilege.policy.asl.flow.entry import Entry, join_entries, widen_entry
from sfn_least_privilege.policy.asl.flow.fields import Fields
from sfn_least_privilege.policy.asl.flow.joining import join
from sfn_least_privilege.policy.asl.flow.moves import moves
from sfn_least_privilege.policy.asl.flow.order import entrance, exit_of, starts, visiting_order
from sfn_least_privilege.policy.asl.flow.running import ended, started
from sfn_least_privilege.policy.asl.flow.widening import Patience, patience_after, widen
from sfn_least_privilege.policy.asl.states import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sfn_least_privilege.policy.asl.flow.entry import Move
    from sfn_least_privilege.policy.asl.flow.order import Loop
    from sfn_least_privilege.policy.asl.flow.world import World
    from sfn_least_privilege.policy.asl.states import Machine, State
    from sfn_least_privilege.policy.value import Value


def entries(world: World, start: Entry) -> Mapping[int, Entry]:
    """What is known at the entry of each state that can be reached, by the state's index.

    ``start`` is what is known when an execution starts.
    """
    flow = _Flow(world)
    if world.outline.machines:
        flow.begin(world.outline.machines[0], start)
    for loop in visiting_order(world.outline):
        if loop.repeats:
            flow.repeat(loop)
        else:
            flow.visit(loop.places[0])
    return flow.known


_T = TypeVar("_T")
_Way: TypeAlias = tuple[int, int]
_START: _Way = (-1, 0)


def _in_order(arrived: Mapping[_Way, _T]) -> list[_T]:
    """What has arrived, in the order of the definition."""
    return [each for _, each in sorted(arrived.items(), key=itemgetter(0))]


class _Flow:
    """What has been found so far, by state; places are those of :mod:`~.order`."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.known: dict[int, Entry] = {}
        # What has come to a state's entrance, and what its machines have come to, since it was last visited. By
        # where it comes from, because what comes the same way again covers what came before.
        self.arrived: dict[int, dict[_Way, Entry]] = {}
        self.results: dict[int, dict[int, dict[_Way, Value]]] = {}
        # The results of a state's machines, by their numbers, and the entry with which its exit was last visited.
        self.outputs: dict[int, dict[int, Value]] = {}
        self.left_with: dict[int, Entry] = {}
        # Of the loop that is being followed: the rank of each place, the ranks to be visited, and how often places
        # have changed. An exit that is `stalled` waits for results; one that was `released` does so no longer.
        self.ranks: Mapping[int, int] = {}
        self.waiting: list[int] = []
        self.changes: dict[int, int] = {}
        self.stalled: dict[int, None] = {}
        self.released: set[int] = set()

    def begin(self, machine: Machine, entry: Entry) -> None:
        """Let ``entry`` come to the start of ``machine``."""
        for state in starts(machine):
            self.arrived.setdefault(state.index, {})[_START] = entry
            self._touch(entrance(state))

    def visit(self, place: int) -> None:
        """Visit a place that comes after everything which leads to it."""
        state = self.world.outline.states[place // 2]
        if place != entrance(state):
            results = self.results.pop(state.index, {})
            self._leave(state, {number: join(_in_order(values)) for number, values in results.items()})
        elif arrived := self.arrived.pop(state.index, None):
            self._enter(state, self._joined(arrived))

    def repeat(self, loop: Loop) -> None:
        """Visit the places of a loop until nothing changes any more."""
        self.ranks = {place: rank for rank, place in enumerate(loop.places)}
        self.waiting = list(self.ranks.values())
        while self.waiting or self.stalled:
            while self.waiting:
                place = loop.places[heappop(self.waiting)]
                state = self.world.outline.states[place // 2]
                if place == entrance(state):
                    self._enter_again(state)
                else:
                    self._leave_again(state)
            # What these wait for never comes: their branch only fails, or never ends.
            self.released.update(self.stalled)
            for index in self.stalled:
                self._touch(exit_of(self.world.outline.states[index]))
            self.stalled.clear()
        self.ranks = {}

    def _touch(self, place: int) -> None:
        if place in self.ranks:
            heappush(self.waiting, self.ranks[place])

    def _enter_again(self, state: State) -> None:
        arrived = self.arrived.pop(state.index, None)
        if not arrived:
            return
        entry = self._joined(arrived)
        old = self.known.get(state.index)
        if old is not None:
            entry = widen_entry(old, entry, self._patience(entrance(state)), lambda: self.world.unknown_variables)
            if entry == old:
                return
        self._changed(entrance(state))
        self._enter(state, entry)

    def _leave_again(self, state: State) -> None:
        if state.index not in self.known:
            return
        place, outputs = exit_of(state), self.outputs.setdefault(state.index, {})
        is_same = self.left_with.get(state.index) is self.known[state.index]
        for number, values in self.results.pop(state.index, {}).items():
            new = join(_in_order(values))
            if number in outputs:
                new = widen(outputs[number], new, self._patience(place))
            if number not in outputs or new != outputs[number]:
                outputs[number] = self.world.bounds.keep(new)
                is_same = False
        if is_same:
            return
        self._changed(place)
        if len(outputs) < len(state.inner) and state.index not in self.released:
            self.stalled[state.index] = None
            return
        self.stalled.pop(state.index, None)
        self._leave(state, outputs)

    def _patience(self, place: int) -> Patience:
        return patience_after(self.changes.get(place, 0))

    def _changed(self, place: int) -> None:
        self.changes[place] = self.changes.get(place, 0) + 1

    def _joined(self, arrived: Mapping[_Way, Entry]) -> Entry:
        """The join of what has arrived, within bounds."""
        bounds = self.world.bounds
        if len(arrived) == 1:
            (entry,) = arrived.values()
            known = bounds.few(entry.input)
            return entry if known is entry.input else Entry(known, entry.variables, entry.context)
        entry = join_entries(_in_order(arrived))
        variables = entry.variables
        if all(variables is not each.variables for each in arrived.values()):
            bounds.spend(len(variables))
            variables = {name: bounds.keep(value) for name, value in variables.items()}
        if bounds.exhausted:
            variables = self.world.unknown_variables
        return Entry(bounds.few(bounds.keep(entry.input)), variables, entry.context)

    def _enter(self, state: State, entry: Entry) -> None:
        self.known[state.index] = entry
        fields = Fields(state, entry, self.world)
        self._send(entrance(state), moves(fields))
        if state.inner:
            inside = started(fields)
            for machine in state.inner:
                self.begin(machine, inside)
            self._touch(exit_of(state))
        elif state.kind in {Kind.MAP, Kind.PARALLEL}:
            self._send(exit_of(state), ended(fields, {}))

    def _leave(self, state: State, outputs: Mapping[int, Value]) -> None:
        entry = self.known[state.index]
        self.left_with[state.index] = entry
        self._send(exit_of(state), ended(Fields(state, entry, self.world), outputs))

    def _send(self, place: int, made: Iterable[Move]) -> None:
        for number, move in enumerate(made):
            if move.target is not None:
                self.arrived.setdefault(move.target.index, {})[place, number] = move.entry
                self._touch(entrance(move.target))
                continue
            machine = self.world.outline.states[place // 2].machine
            if machine.parent is not None:
                results = self.results.setdefault(machine.parent.index, {}).setdefault(machine.number, {})
                results[place, number] = move.entry.input
                self._touch(exit_of(machine.parent))
