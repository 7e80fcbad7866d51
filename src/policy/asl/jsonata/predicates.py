"""Predicates: ``value[2]``, ``value[name = 'a']``.

https://docs.jsonata.org/predicate
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.jsonata.choices import NoResultError, possible
from sfn_least_privilege.policy.asl.jsonata.numbers import integer_of, number_of
from sfn_least_privilege.policy.asl.jsonata.operators import truth_of
from sfn_least_privilege.policy.asl.jsonata.sequences import collapse, many, may_be_array, select, selected_each
from sfn_least_privilege.policy.value import MISSING, Anything, ArrayValue, ListOf, Value, one_of

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.jsonata.callables import Evaluation, Place
    from sfn_least_privilege.policy.asl.jsonata.nodes import Node

LISTS_IN_LISTS = Anything("it is chosen among lists inside a list")


def filtered_by(evaluation: Evaluation, value: Value, predicate: Node, place: Place) -> Value:
    """``value[predicate]``: by position when the predicate is a number, else the items for which it holds."""
    evaluation.charge(value)
    if isinstance(predicate, nodes.Constant):
        index = integer_of(predicate.value)
        if index is not None:
            return select(value, index)
    return selected_each(value, lambda sequence: _chosen(evaluation, sequence, predicate, place))


def _chosen(evaluation: Evaluation, sequence: Value, predicate: Node, place: Place) -> Value:
    if isinstance(sequence, ListOf):
        return _chosen_of_many(evaluation, sequence, predicate, place)
    certain: list[Value] = []
    uncertain: list[Value] = []
    items = sequence.items if isinstance(sequence, ArrayValue) else ()
    most = 1
    for index, item in enumerate(items):
        low, high = _times(evaluation.value(predicate, place.at(item)), index, len(items))
        if low == high:
            certain.extend([item] * low)
        else:
            uncertain.append(item)
            most = max(most, high)
    if any(may_be_array(item) and not isinstance(item, Anything) for item in (*certain, *uncertain)):
        return LISTS_IN_LISTS
    if not uncertain:
        return collapse(ArrayValue(tuple(certain)))
    if len(uncertain) == 1 and not certain and most == 1:
        return one_of((uncertain[0], MISSING))
    return collapse(many(*certain, *uncertain))


def _chosen_of_many(evaluation: Evaluation, sequence: ListOf, predicate: Node, place: Place) -> Value:
    item = sequence.item
    try:
        verdict = evaluation.value(predicate, place.at(item))
    except NoResultError:
        # It fails for any item, so where something comes out there was none.
        return MISSING
    if _times(verdict, None, 0)[1] == 0:
        return MISSING
    if may_be_array(item) and not isinstance(item, Anything):
        return LISTS_IN_LISTS
    return one_of((MISSING, item)) if integer_of(verdict) is not None else collapse(sequence)


_OFTEN = 2


def _times(verdict: Value, index: int | None, length: int) -> tuple[int, int]:
    """How often at least and at most a predicate's verdict takes the item at ``index``; None is any index."""
    found = [_times_of(each, index, length) for each in possible(verdict)]
    return min(low for low, _ in found), max(high for _, high in found)


def _times_of(verdict: Value, index: int | None, length: int) -> tuple[int, int]:
    if isinstance(verdict, ArrayValue) and verdict.items:
        numbers = [number_of(item) for item in verdict.items]
        if None not in numbers:
            matches = [_at(item, index, length) for item in verdict.items]
            return sum(low for low, _ in matches), sum(high for _, high in matches)
        if not any(_is_no_number(item) for item in verdict.items):
            return 0, max(_OFTEN, len(numbers))
    elif isinstance(verdict, ListOf | Anything):
        return 0, _OFTEN
    elif number_of(verdict) is not None:
        return _at(verdict, index, length)
    truth = truth_of(verdict)
    return (0, 1) if truth is None else (int(truth), int(truth))


def _is_no_number(item: Value) -> bool:
    return all(not isinstance(each, Anything) and number_of(each) is None for each in possible(item))


def _at(position: Value, index: int | None, length: int) -> tuple[int, int]:
    wanted = integer_of(position)
    if wanted is None or index is None:
        # Implementations differ about which way the fraction of a negative number is rounded.
        return 0, 1
    hit = int(index == (wanted + length if wanted < 0 else wanted))
    return hit, hit
