"""What is known of the data at the entry of a state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.flow.joining import join
from sfn_least_privilege.policy.asl.flow.widening import Patience, widen
from sfn_least_privilege.policy.value import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sfn_least_privilege.policy.asl.states import State
    from sfn_least_privilege.policy.value import Value


@dataclass(frozen=True, slots=True)
class Entry:
    """The data at the entry of a state.

    ``variables`` holds every variable that may be set, by name; one that need not be set has MISSING among its
    alternatives. ``context`` is the context object without what each state adds to it.
    """

    input: Value
    variables: Mapping[str, Value]
    context: Value


@dataclass(frozen=True, slots=True)
class Move:
    """Where a state sends its output; ``target`` is None where its machine ends with it."""

    target: State | None
    entry: Entry


def join_entries(entries: Sequence[Entry]) -> Entry:
    """What is known where several ways lead to: an entry that covers each of ``entries``, at least one."""
    first = entries[0]
    if len(entries) == 1:
        return first
    variables, context = first.variables, first.context
    if any(each.variables is not variables for each in entries):
        variables = _join_variables([each.variables for each in entries])
    if any(each.context is not context for each in entries):
        context = join([each.context for each in entries])
    return Entry(join([each.input for each in entries]), variables, context)


def _join_variables(several: Sequence[Mapping[str, Value]]) -> Mapping[str, Value]:
    distinct = list({id(each): each for each in several}.values())
    names = dict.fromkeys(name for each in distinct for name in each)
    return {name: join([each.get(name, MISSING) for each in distinct]) for name in names}


def widen_entry(old: Entry, new: Entry, patience: Patience, unknown: Callable[[], Mapping[str, Value]]) -> Entry:
    """An entry that covers both; equal to ``old`` when that covers ``new`` already.

    ``unknown`` gives every variable of the definition, with nothing known of any.
    """
    names = dict.fromkeys((*old.variables, *new.variables))
    variables: Mapping[str, Value] = {
        name: widen(old.variables.get(name, MISSING), new.variables.get(name, MISSING), patience) for name in names
    }
    if patience is Patience.NOTHING and variables != old.variables:
        # All of them at once, so that they cannot go on to change one after the other.
        variables = unknown()
    return Entry(widen(old.input, new.input, patience), variables, widen(old.context, new.context, patience))
