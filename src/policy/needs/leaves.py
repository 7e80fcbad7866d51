"""The single values that stand at an argument's path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    Missing,
    ObjectValue,
    Scalar,
    guarded_leaves,
    member,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.value import Guards, Value

_NULL = Scalar("null")


def leaves_at(path: str, arguments: Arguments) -> tuple[tuple[Guards, Value], ...]:
    """The values at an argument's path, each under the template conditions it needs.

    ``[]`` behind a name stands for every item of a list: ``Entries[].EventBusName``. An argument that is null is one
    that is not given. Raises ExpressionSyntaxError.
    """
    head, *steps = path.split(".")
    leaves = _spread(head, guarded_leaves(arguments.get(head.removesuffix("[]"))))
    for step in steps:
        name = step.removesuffix("[]")
        inner = tuple(pair for guards, leaf in leaves for pair in _under(guards, (member(leaf, name),)))
        leaves = _spread(step, inner)
    return tuple((guards, MISSING if leaf == _NULL else leaf) for guards, leaf in leaves)


def _spread(step: str, leaves: tuple[tuple[Guards, Value], ...]) -> tuple[tuple[Guards, Value], ...]:
    if not step.endswith("[]"):
        return leaves
    return tuple(pair for guards, leaf in leaves for pair in _under(guards, _items(leaf)))


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
    if isinstance(value, ObjectValue):
        # JSONata makes one item of a list that has but one; the service takes lists only, so this is no narrowing.
        return (value,)
    return (value if isinstance(value, Anything) else Anything("it is not a list"),)
