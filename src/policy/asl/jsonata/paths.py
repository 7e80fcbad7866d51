"""Paths: steps, predicates, wildcards, sorting and grouping.

https://docs.jsonata.org/path-operators
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.jsonata.callables import as_value
from sfn_least_privilege.policy.asl.jsonata.calls import indexed_call, raw_call
from sfn_least_privilege.policy.asl.jsonata.choices import each_choice, may_be_missing, possible
from sfn_least_privilege.policy.asl.jsonata.collection_functions import shuffle
from sfn_least_privilege.policy.asl.jsonata.numbers import integer_of
from sfn_least_privilege.policy.asl.jsonata.objects import field, lookup
from sfn_least_privilege.policy.asl.jsonata.predicates import LISTS_IN_LISTS, filtered_by
from sfn_least_privilege.policy.asl.jsonata.reasons import named
from sfn_least_privilege.policy.asl.jsonata.sequences import (
    EMPTY,
    as_either,
    as_item,
    as_sequence,
    collapse,
    end_of_path,
    kept,
    last_step,
    many,
    may_be_array,
    step,
)
from sfn_least_privilege.policy.asl.jsonata.variables import read
from sfn_least_privilege.policy.asl.shown import shown_name
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    Missing,
    ObjectValue,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sfn_least_privilege.policy.asl.jsonata.callables import Evaluation, Place, Result
    from sfn_least_privilege.policy.asl.jsonata.nodes import Node

_CONSTRUCTED = Anything("it begins with a block that makes an array")
_ANY_CONTEXT = Anything("it comes from a context that is not followed")


def name(evaluation: Evaluation, node: nodes.Name, place: Place) -> Result:
    """A field of the context."""
    if place.context is None:
        return Anything(f"`{shown_name(node.name)}` is read from no variable: begin with `$states` or a variable")
    if OPEN in node.name:
        return lookup(place.context, evaluation.text(node.name), evaluation.text)
    return field(place.context, node.name)


def wildcard(_evaluation: Evaluation, _node: nodes.Wildcard, place: Place) -> Result:
    """Every field of the context."""
    if place.context is None:
        return Anything("`*` is read from no variable: begin with `$states` or a variable")
    return each_choice(place.context, _all_fields)


def _all_fields(value: Value) -> Value:
    if isinstance(value, ObjectValue):
        found = list(value.fields.values())
        if value.rest is None and not any(may_be_array(each) or may_be_missing(each) for each in found):
            return collapse(ArrayValue(tuple(found)))
        items = found if value.rest is None else [*found, value.rest]
        if any(may_be_array(each) for each in items):
            return Anything("it is any of several fields")
        return collapse(many(*items))
    if isinstance(value, ArrayValue | ListOf):
        return Anything("it is any of several fields")
    return value if isinstance(value, Anything) else MISSING


def path(evaluation: Evaluation, node: nodes.Path, place: Place) -> Result:
    """The steps one after the other, each for every item that the one before it has made."""
    value = _walked(evaluation, node, place)
    if node.keep:
        # A list that an index takes out of a list is kept as the only item of another one.
        nested = evaluation.constructed or any(map(_has_index, node.steps))
        value = one_of((kept(value), as_item(value))) if nested else kept(value)
    return named(value, node)


def _has_index(each: nodes.Step | nodes.Sort) -> bool:
    return any(isinstance(predicate, nodes.Constant) for predicate in each.predicates)


def _walked(evaluation: Evaluation, node: nodes.Path, place: Place) -> Value:
    first, *others = node.steps
    if isinstance(first, nodes.Sort) or (others and _constructs(first)):
        return _CONSTRUCTED
    sequence = _start(evaluation, first, place, alone=not others)
    value = _followed(evaluation, sequence, others, place)
    is_array = isinstance(first.node, nodes.Array) and any(isinstance(each, nodes.Step) for each in others)
    if is_array and _may_be_empty(sequence):
        # An array without items that is written at the start of a path stays one.
        evaluation.constructed = True
        return EMPTY if sequence == EMPTY else one_of((value, EMPTY))
    return value


def _may_be_empty(sequence: Value) -> bool:
    return any(isinstance(each, ListOf | Anything) or each == EMPTY for each in possible(sequence))


def _followed(
    evaluation: Evaluation, sequence: Value, others: Sequence[nodes.Step | nodes.Sort], place: Place
) -> Value:
    for index, each in enumerate(others, start=1):
        if sequence == EMPTY:
            return MISSING
        is_last = index == len(others)
        if isinstance(each, nodes.Sort):
            value = _sorted(evaluation, each, sequence, place)
            if each.predicates and any(inside == EMPTY for inside in possible(value)):
                return LISTS_IN_LISTS
            if is_last:
                return value if each.predicates else end_of_path(value)
            sequence = as_sequence(value)
            continue
        visit = _visitor(evaluation, each, place)
        if is_last:
            return last_step(sequence, visit, _spreading(evaluation, each))
        sequence = step(sequence, visit, _spreading(evaluation, each))
    return sequence


def _start(evaluation: Evaluation, first: nodes.Step, place: Place, *, alone: bool) -> Value:
    """The sequence that the first step makes; its value when there is no other step."""
    if isinstance(first.node, nodes.Variable):
        # Its reasons are left as they are: it is the whole path that they will name.
        value = as_value(read(evaluation, first.node, place))
        for predicate in first.predicates:
            value = filtered_by(evaluation, value, predicate, place)
        return value if alone else _spreading(evaluation, first)(value)
    visit = _visitor(evaluation, first, place)
    is_array = isinstance(first.node, nodes.Array)
    if place.context is None or is_array:
        # The items of an array in the context are not visited one by one here.
        value = visit(None if place.context is None else _ANY_CONTEXT)
        return value if alone else (as_sequence if is_array else _spreading(evaluation, first))(value)
    # Without a context there is still one visit, with nothing.
    inputs = each_choice(
        place.context, lambda each: ArrayValue((MISSING,)) if isinstance(each, Missing) else as_sequence(each)
    )
    return (last_step if alone else step)(inputs, visit, _spreading(evaluation, first))


def _constructs(first: nodes.Step) -> bool:
    """Whether JSONata takes a first step for an array as it is, where it need not be one: no items are visited then."""
    base = nodes.base_of(first.node)
    if isinstance(base, nodes.Array):
        return base is not first.node or bool(first.predicates)
    return _makes_array(base)


def _makes_array(node: Node) -> bool:
    if not isinstance(node, nodes.Block):
        return False
    statements = [nodes.base_of(each) for each in node.statements]
    starts = [each.steps[0] for each in statements if isinstance(each, nodes.Path)]
    inner = [nodes.base_of(each.node) for each in starts if isinstance(each, nodes.Step)]
    blocks = [each for each in statements if isinstance(each, nodes.Block)]
    return any(isinstance(each, nodes.Array) or _makes_array(each) for each in (*inner, *blocks))


def _visitor(evaluation: Evaluation, each: nodes.Step, place: Place) -> Callable[[Value | None], Value]:
    def visit(item: Value | None) -> Value:
        value = evaluation.value(each.node, place.at(item))
        for predicate in each.predicates:
            value = filtered_by(evaluation, value, predicate, place)
        return value

    return visit


def _spreading(evaluation: Evaluation, each: nodes.Step) -> Callable[[Value], Value]:
    """How a step's result becomes items: an array that is written as a step stays one item, here and later."""
    if isinstance(each.node, nodes.Array) and not each.predicates:
        evaluation.constructed = True
        return as_item
    return lambda value: as_either(value) if evaluation.constructed else as_sequence(value)


def _sorted(evaluation: Evaluation, each: nodes.Sort, sequence: Value, place: Place) -> Value:
    evaluation.charge(sequence)
    value = each_choice(sequence, shuffle)
    for predicate in each.predicates:
        value = filtered_by(evaluation, value, predicate, place)
    return value


def filtered(evaluation: Evaluation, node: nodes.Filtered, place: Place) -> Result:
    """Predicates behind something that is no path."""
    value, predicates = _base(evaluation, node, place)
    for predicate in predicates:
        value = filtered_by(evaluation, value, predicate, place)
    return named(kept(value) if node.keep else value, node)


def _base(evaluation: Evaluation, node: nodes.Filtered, place: Place) -> tuple[Value, Sequence[Node]]:
    """What the predicates apply to, and the ones that are left to apply."""
    if not isinstance(node.base, nodes.Call) or not node.predicates:
        return evaluation.value(node.base, place), node.predicates
    first, *others = node.predicates
    index = integer_of(first.value) if isinstance(first, nodes.Constant) else None
    if index is None:
        return raw_call(evaluation, node.base, place), node.predicates
    return indexed_call(evaluation, node.base, place, index), others


def group(evaluation: Evaluation, node: nodes.Group, place: Place) -> Result:
    """``base{key: value}``: an object whose values are made of items that are not followed."""
    if isinstance(node.base, nodes.Unsupported):
        return Anything(node.base.reason)
    return evaluation.value(nodes.Object(node.pairs), place.at(_ANY_CONTEXT))
