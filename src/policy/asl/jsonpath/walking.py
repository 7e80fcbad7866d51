"""What a path selects, as far as that is known.

A path of fields and indexes selects one value. Every other path selects an array, even of one item or none:
https://github.com/json-path/JsonPath#what-is-returned-when
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.choices import is_open, leaves, map_choices, present, union
from sfn_least_privilege.policy.asl.jsonpath.filters import passes
from sfn_least_privilege.policy.asl.jsonpath.paths import (
    Descend,
    Each,
    Field,
    Filter,
    Index,
    Indexes,
    Path,
    Root,
    Slice,
    Step,
    parse_path,
)
from sfn_least_privilege.policy.asl.jsonpath.stepping import field_of, follow, item_of
from sfn_least_privilege.policy.asl.jsonpath.syntax import about, has_token, shown
from sfn_least_privilege.policy.asl.work import EXHAUSTED, Work, cost_of
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    Missing,
    ObjectValue,
    OneOf,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Frame:
    """The data that a path can reach.

    ``input`` is what ``$`` is, ``context`` what ``$$`` is (the context object), and ``variables`` holds what
    ``$name`` is (the variables that states set with ``Assign``), by name without the ``$``.
    The reason of an Anything in it is a predicate without a subject, such as "comes from the execution's input".
    ``work`` is what evaluating expressions may still cost.
    """

    input: Value
    context: Value
    variables: Mapping[str, Value] = field(default_factory=dict)
    work: Work = field(default_factory=Work, compare=False)


def walk(path: str, frame: Frame) -> Value:
    """The value that ``path`` selects in ``frame``; MISSING where there certainly is none.

    Raises JsonPathSyntaxError.
    https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
    """
    path = path.strip()
    if has_token(path):
        return Anything(f"`{shown(path)}` is a path that is known only at deployment")
    parsed = parse_path(path)
    return map_choices(_select(parsed, frame), lambda each: _named(each, path))


def _named(value: Value, path: str) -> Value:
    if isinstance(value, Anything):
        return Anything(about(path, value.reason))
    if isinstance(value, ListOf) and isinstance(value.item, Anything):
        return ListOf(Anything(about(path, value.item.reason)))
    return value


def _select(path: Path, frame: Frame) -> Value:
    if path.unclear:
        return Anything(path.unclear)
    start = follow(_root(path, frame), path.definite)
    return map_choices(start, lambda each: _select_many(each, path.rest, frame.work)) if path.rest else start


def _root(path: Path, frame: Frame) -> Value:
    if path.root is Root.INPUT:
        return frame.input
    if path.root is Root.CONTEXT:
        return frame.context
    return frame.variables.get(
        path.variable, Anything(f"`${path.variable}` is a variable that no state is seen to set")
    )


@dataclass(frozen=True, slots=True)
class _Nodes:
    """Where steps have led to. ``exact`` says that each of ``values`` is certainly there, once, in this order."""

    values: tuple[Value, ...]
    exact: bool


def _select_many(value: Value, steps: tuple[Step, ...], work: Work) -> Value:
    # Where the start is missing the run fails or the answer is empty: Step Functions has been seen to do either.
    nodes = _Nodes(() if isinstance(value, Missing) else (value,), exact=True)
    for position, step in enumerate(steps):
        if work.exhausted:
            return EXHAUSTED
        if isinstance(step, Descend):
            nodes = _Nodes(_descendants(nodes.values), exact=False)
        work.spend(sum(map(cost_of, nodes.values)) * (_COST_OF_FILTER if isinstance(step, Filter) else 1))
        if position and isinstance(steps[position - 1], Descend):
            nodes = _inside(nodes, step, steps[position + 1 :])
        elif not isinstance(step, Descend):
            nodes = _advance(nodes, step)
    if nodes.exact:
        return ArrayValue(nodes.values)
    return ListOf(union(nodes.values)) if nodes.values else ArrayValue(())


def _advance(nodes: _Nodes, step: Step) -> _Nodes:
    found = [_step_from(each, step) for each in nodes.values]
    values = tuple(value for each in found for value in each.values)
    return _Nodes(values, nodes.exact and all(each.exact for each in found))


def _step_from(node: Value, step: Step) -> _Nodes:
    if isinstance(step, Field):
        return _perhaps(field_of(node, step.name))
    if isinstance(step, Index):
        # Older versions of Jayway do not count from the end and find nothing there.
        found = _perhaps(item_of(node, step.position))
        return _Nodes(found.values, found.exact and step.position >= 0)
    bases = leaves(node)
    found_in = [_SPREAD[type(step)](each, step) for each in bases]
    values = tuple(value for each in found_in for value in each.values)
    return _Nodes(values, len(bases) == 1 and all(each.exact for each in found_in))


def _perhaps(value: Value) -> _Nodes:
    """What a definite step came to, which need not be there where nothing is known."""
    found = _where_present((value,))
    return _Nodes(found.values, found.exact and not is_open(value))


def _where_present(values: Iterable[Value]) -> _Nodes:
    found = [present(value) for value in values]
    return _Nodes(
        tuple(there for there, _ in found if not isinstance(there, Missing)),
        # What is certainly missing leaves no gap; what may be missing makes the number of items unknown.
        not any(may_be_missing and not isinstance(there, Missing) for there, may_be_missing in found),
    )


def _each(base: Value, _step: Step) -> _Nodes:
    if isinstance(base, ArrayValue):
        return _where_present(base.items)
    if isinstance(base, ListOf):
        return _Nodes((base.item,), exact=False)
    if isinstance(base, ObjectValue):
        others = () if base.rest is None else (base.rest,)
        found = _where_present((*base.fields.values(), *others))
        # Nothing says in which order an object's fields come.
        return _Nodes(found.values, found.exact and not others and len(found.values) <= 1)
    return _Nodes((base,) if isinstance(base, Anything) else (), exact=False)


def _indexes(base: Value, step: Step) -> _Nodes:
    if not isinstance(base, ArrayValue):
        return _any_item(base)
    positions = step.positions if isinstance(step, Indexes) else ()
    length = len(base.items)
    found = _where_present(base.items[each] for each in positions if -length <= each < length)
    return _Nodes(found.values, found.exact and all(each >= 0 for each in positions))


def _slice(base: Value, step: Step) -> _Nodes:
    if not isinstance(base, ArrayValue):
        return _any_item(base)
    if isinstance(step, Slice) and _is_plain(step):
        return _where_present(base.items[step.start : step.stop])
    return _Nodes(_where_present(base.items).values, exact=False)


def _any_item(base: Value) -> _Nodes:
    if isinstance(base, ListOf):
        return _Nodes((base.item,), exact=False)
    return _Nodes((base,), exact=False) if isinstance(base, Anything) else _Nodes((), exact=True)


def _is_plain(step: Slice) -> bool:
    """Whether Jayway and Python agree on it: both ends counted from the start, or only one given."""
    return step.start is None or step.stop is None or (step.start >= 0 and step.stop >= 0)


def _filtered(base: Value, step: Step) -> _Nodes:
    condition = step.condition if isinstance(step, Filter) else ""
    if isinstance(base, ArrayValue):
        found = [_meeting(item, condition) for item in base.items]
        return _Nodes(tuple(v for each in found for v in each.values), all(each.exact for each in found))
    if isinstance(base, ListOf):
        return _Nodes(_meeting(base.item, condition).values, exact=False)
    # An object is filtered as if it were the only item, and stays an item of the answer.
    return _Nodes(_meeting(base, condition).values if isinstance(base, ObjectValue | Anything) else (), exact=False)


def _meeting(item: Value, condition: str) -> _Nodes:
    verdicts = [(each, passes(condition, each)) for each in leaves(item) if not isinstance(each, Missing)]
    kept = [each for each, verdict in verdicts if verdict is not False]
    exact = not kept or (len(kept) == len(leaves(item)) and all(verdict for _, verdict in verdicts))
    return _Nodes((one_of(kept),) if kept else (), exact)


_SPREAD: Mapping[type[Step], Callable[[Value, Step], _Nodes]] = {
    Each: _each,
    Indexes: _indexes,
    Slice: _slice,
    Filter: _filtered,
}


_COST_OF_FILTER = 8
"""How many times as much as to take an item it costs to see whether it meets a condition."""


def _inside(everything: _Nodes, step: Step, following: tuple[Step, ...]) -> _Nodes:
    """The step after ``..``, taken from everything that it leads to."""
    if isinstance(step, Filter):
        # When more steps follow, Jayway takes them from the items of arrays that do not pass, too.
        met = (each for each in everything.values if following or passes(step.condition, each) is not False)
        return _Nodes(tuple(met), exact=False)
    if following and isinstance(step, Index | Indexes | Slice):
        return _advance(everything, Each())  # Jayway forgets the index where more steps follow.
    return _advance(everything, step)


def _descendants(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """``values`` and everything in them, choices taken apart, each part once."""
    found: dict[int, Value] = {}
    waiting = list(reversed(values))
    while waiting:
        value = waiting.pop()
        if id(value) in found:
            continue
        found[id(value)] = value
        waiting.extend(reversed(_parts(value)))
    return tuple(value for value in found.values() if not isinstance(value, OneOf | Conditional | Missing))


def _parts(value: Value) -> tuple[Value, ...]:
    if isinstance(value, ObjectValue):
        return (*value.fields.values(), *(() if value.rest is None else (value.rest,)))
    if isinstance(value, ArrayValue):
        return value.items
    if isinstance(value, ListOf):
        return (value.item,)
    if isinstance(value, OneOf):
        return value.alternatives
    return (value.then, value.otherwise) if isinstance(value, Conditional) else ()
