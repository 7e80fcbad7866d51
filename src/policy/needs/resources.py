"""From a resource row of the catalogue and a task's arguments to the ARNs that the task touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.integration import ArgumentArn, EveryResource, FixedArn
from sfn_least_privilege.policy.text import EMPTY, Literal, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Guarded,
    ListOf,
    Missing,
    as_text,
    guarded_leaves,
    member,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.integration import Resource
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.value import Guards, Value

_EVERY = Guarded(Text((Wildcard(),)))


@dataclass(frozen=True, slots=True)
class TouchedResource:
    """An ARN pattern that a task touches. ``breadth`` says why it is wider than the task, empty when it is not."""

    resource: Guarded
    breadth: str = ""


def touched_resources(resource: Resource, arguments: Arguments, deployment: Deployment) -> tuple[TouchedResource, ...]:
    """Every resource that a row's ``resource`` is for a task with these arguments.

    Raises ExpressionSyntaxError.
    """
    if isinstance(resource, EveryResource):
        return (TouchedResource(_EVERY),)
    if isinstance(resource, FixedArn):
        return (TouchedResource(Guarded(arn.build(resource.template, deployment, EMPTY))),)
    return tuple(dict.fromkeys(_of_argument(resource, arguments, deployment)))


def touched(pattern: Text, guards: Guards = ()) -> TouchedResource:
    """The resource of a pattern, with the reasons of its unknown parts for its breadth."""
    reasons = dict.fromkeys(part.reason for part in pattern.parts if isinstance(part, Unknown))
    return TouchedResource(Guarded(pattern, guards), "; ".join(reasons))


def _of_argument(row: ArgumentArn, arguments: Arguments, deployment: Deployment) -> Iterator[TouchedResource]:
    qualifiers = guarded_leaves(arguments.get(row.qualifier)) if row.qualifier else (((), MISSING),)
    for guards, leaf in _leaves_at(row.argument, arguments):
        if isinstance(leaf, Missing):
            if row.default is not None:
                yield touched(arn.build(row.template, deployment, Text.of(row.default)), guards)
            continue
        pattern = row.form(as_text(leaf), row.template, deployment)
        for qualifier_guards, qualifier in qualifiers:
            both = merge_guards(guards, qualifier_guards)
            if both is not None:
                for each in _qualified(pattern, as_text(leaf), qualifier):
                    yield touched(each, both)


def _qualified(pattern: Text, named: Text, qualifier: Value) -> Iterator[Text]:
    """What a call is authorised on when the name comes with a qualifier, may come with one, or comes with none."""
    if isinstance(qualifier, Missing) or _is_qualified(named):
        yield pattern
        return
    if isinstance(qualifier, Anything):
        # It may be null, or not given after all. A `*` at the end covers any qualifier already.
        yield pattern
        if pattern.parts and isinstance(pattern.parts[-1], Unknown):
            return
    yield Text.of(pattern, ":", as_text(qualifier))


_FIELDS_OF_FUNCTION_ARN = 7


def _is_qualified(named: Text) -> bool:
    """Whether a function's name or ARN carries its qualifier already; the API wants the two to be the same."""
    spoken = named.sample
    if spoken is None:
        last = named.parts[-1] if len(named.parts) > 1 else None
        return isinstance(last, Literal) and last.value.startswith(":") and last.value.count(":") == 1
    fields = spoken.split(":")
    if fields[0] == "arn":
        return len(fields) > _FIELDS_OF_FUNCTION_ARN
    return len(fields) > (3 if fields[1:2] == ["function"] else 1)


def _leaves_at(path: str, arguments: Arguments) -> tuple[tuple[Guards, Value], ...]:
    """The values at an argument's path, in which ``[]`` stands for every item of a list."""
    head, *steps = path.split(".")
    leaves = guarded_leaves(arguments.get(head.removesuffix("[]")))
    if head.endswith("[]"):
        leaves = tuple(pair for guards, leaf in leaves for pair in _under(guards, _items(leaf)))
    for step in steps:
        leaves = tuple(pair for guards, leaf in leaves for pair in _under(guards, (member(leaf, step),)))
    return leaves


def _under(guards: Guards, values: tuple[Value, ...]) -> Iterator[tuple[Guards, Value]]:
    for value in values:
        for inner, leaf in guarded_leaves(value):
            merged = merge_guards(guards, inner)
            if merged is not None:
                yield merged, leaf


def _items(value: Value) -> tuple[Value, ...]:
    if isinstance(value, ArrayValue):
        return value.items
    if isinstance(value, ListOf):
        return (value.item,)
    if isinstance(value, Missing):
        return ()
    return (value if isinstance(value, Anything) else Anything("it is not a list"),)
