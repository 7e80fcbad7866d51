"""Values that template conditions choose between, seen one choice at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.value import Conditional, Missing, conditional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_least_privilege.policy.value import Value

MAX_CONDITIONS = 6
"""How many conditions may choose in one place: the alternatives double with each, and 64 is the domain's bound."""


def per_branch(value: Value, change: Callable[[Value], Value | None]) -> Value | None:
    """Apply ``change`` to each value that a condition can choose; None as soon as it says None."""
    if not isinstance(value, Conditional):
        return change(value)
    then = per_branch(value.then, change)
    otherwise = None if then is None else per_branch(value.otherwise, change)
    if then is None or otherwise is None:
        return None
    return conditional(value.condition, then, otherwise)


def with_present_items(items: tuple[Value, ...], conclude: Callable[[tuple[Value, ...]], Value]) -> Value | None:
    """What ``conclude`` makes of a list, for each way in which conditions take items out of it (``AWS::NoValue``).

    None where more than :data:`MAX_CONDITIONS` conditions do.
    """
    return _settle(items, conclude, MAX_CONDITIONS)


def _settle(
    items: tuple[Value, ...],
    conclude: Callable[[tuple[Value, ...]], Value],
    left: int,
) -> Value | None:
    present = tuple(item for item in items if not isinstance(item, Missing))
    condition = next(
        (item.condition for item in present if isinstance(item, Conditional) and may_be_missing(item)), None
    )
    if condition is None:
        return conclude(present)
    if left == 0:
        return None
    then = _settle(tuple(assume(item, condition, holds=True) for item in present), conclude, left - 1)
    otherwise = _settle(tuple(assume(item, condition, holds=False) for item in present), conclude, left - 1)
    if then is None or otherwise is None:
        return None
    return conditional(condition, then, otherwise)


def assume(value: Value, condition: str, *, holds: bool) -> Value:
    """``value`` once it is known whether ``condition`` holds."""
    if not isinstance(value, Conditional):
        return value
    if value.condition == condition:
        return assume(value.then if holds else value.otherwise, condition, holds=holds)
    return conditional(
        value.condition,
        assume(value.then, condition, holds=holds),
        assume(value.otherwise, condition, holds=holds),
    )


def may_be_missing(value: Value) -> bool:
    """Whether a condition can choose no value at all."""
    if not isinstance(value, Conditional):
        return isinstance(value, Missing)
    return any(isinstance(leaf, Missing) for leaf in leaves(value))


def conditions_of(value: Value) -> Iterator[str]:
    """The names of the conditions that choose, outermost first."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, Conditional):
            yield each.condition
            pending.extend((each.otherwise, each.then))


def leaves(value: Value) -> Iterator[Value]:
    """The values that conditions choose between; the value alone where none does."""
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, Conditional):
            pending.extend((each.otherwise, each.then))
        else:
            yield each
