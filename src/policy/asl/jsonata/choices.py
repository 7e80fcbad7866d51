"""Doing something for each value that a choice can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.value import (
    MAX_ALTERNATIVES,
    Anything,
    Conditional,
    Missing,
    OneOf,
    Value,
    conditional,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MAX_COMBINATIONS = 4 * MAX_ALTERNATIVES
TOO_MANY = Anything(f"it can be any of more than {MAX_ALTERNATIVES} values")


class NoResultError(Exception):
    """Evaluation certainly fails here, so that no value comes out of it; the text says why."""


def survivors(attempts: Iterable[Callable[[], Value]]) -> Value:
    """The join of those alternatives that do not fail. Raises NoResultError when all of them do."""
    found: list[Value] = []
    failure: NoResultError | None = None
    for attempt in attempts:
        try:
            found.append(attempt())
        except NoResultError as error:
            failure = error
    if failure is not None and not found:
        raise failure
    return one_of(found)


def each_choice(value: Value, do: Callable[[Value], Value]) -> Value:
    """``do`` for each value without choices that ``value`` can be, and the choice among the results."""
    if isinstance(value, OneOf):
        return survivors([_attempt(alternative, do) for alternative in value.alternatives])
    if isinstance(value, Conditional):
        try:
            then = each_choice(value.then, do)
        except NoResultError:
            return each_choice(value.otherwise, do)
        try:
            return conditional(value.condition, then, each_choice(value.otherwise, do))
        except NoResultError:
            return then
    return do(value)


def _attempt(value: Value, do: Callable[[Value], Value]) -> Callable[[], Value]:
    return lambda: each_choice(value, do)


def combined(do: Callable[..., Value], *values: Value) -> Value:
    """``do`` with every combination of the choices that ``values`` can be."""
    combinations = 1
    for value in values:
        combinations *= count_choices(value)
        if combinations > _MAX_COMBINATIONS:
            return TOO_MANY
    if combinations == 1:
        return do(*values)
    return _combined(do, values, 0)


def _combined(do: Callable[..., Value], values: tuple[Value, ...], start: int) -> Value:
    # Recursion goes from choice to choice, of which there are few, not from value to value.
    choices = (index for index in range(start, len(values)) if isinstance(values[index], OneOf | Conditional))
    chosen = next(choices, None)
    if chosen is None:
        return do(*values)
    before, after = values[:chosen], values[chosen + 1 :]
    return each_choice(values[chosen], lambda value: _combined(do, (*before, value, *after), chosen + 1))


def count_choices(value: Value) -> int:
    """How many values without choices ``value`` can be."""
    if isinstance(value, OneOf):
        return sum(count_choices(alternative) for alternative in value.alternatives)
    if isinstance(value, Conditional):
        return count_choices(value.then) + count_choices(value.otherwise)
    return 1


def possible(value: Value) -> tuple[Value, ...]:
    """Every value without choices that ``value`` can be."""
    if isinstance(value, OneOf):
        return tuple(each for alternative in value.alternatives for each in possible(alternative))
    if isinstance(value, Conditional):
        return (*possible(value.then), *possible(value.otherwise))
    return (value,)


def may_be_missing(value: Value) -> bool:
    """Whether there may be no value; where nothing is known of it, there may be none."""
    return any(isinstance(each, Missing | Anything) for each in possible(value))
