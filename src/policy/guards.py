"""Template conditions under which something holds: joined where together they say less, and told to people."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.value import Guards

MAX_CONDITIONS = 8
"""How many conditions are looked at together; with more of them, only what is said twice is said once."""

_Cube: TypeAlias = frozenset[tuple[str, bool]]
_Cubes: TypeAlias = frozenset[_Cube]
_ALWAYS: _Cubes = frozenset((frozenset(),))


def joined(several: Iterable[Guards]) -> tuple[Guards, ...]:
    """Sets of conditions that hold exactly when at least one of ``several`` does, in a certain order.

    What is said under a condition and under its opposite is said without it. What always holds is one empty set.
    """
    distinct: _Cubes = frozenset(frozenset(guards) for guards in several)
    conditions = sorted({condition for cube in distinct for condition, _ in cube})
    if frozenset() in distinct:
        fewest = _ALWAYS
    elif len(distinct) == 1 or len(conditions) > MAX_CONDITIONS:
        fewest = distinct
    else:
        exact = _expanded(distinct, conditions)
        fewest = frozenset(_widest(cube, exact, conditions) for cube in exact)
    return tuple(sorted(tuple(sorted(cube)) for cube in fewest))


def _expanded(cubes: _Cubes, conditions: list[str]) -> _Cubes:
    """Shannon's expansion: what is said both where the first condition holds and where it does not needs none."""
    if not cubes or frozenset() in cubes:
        return _ALWAYS if cubes else cubes
    condition, *others = conditions
    holding, failing = (condition, True), (condition, False)
    where_holding = _expanded(_assuming(holding, cubes), others)
    where_failing = _expanded(_assuming(failing, cubes), others)
    either = where_holding & where_failing
    return (
        either
        | frozenset(cube | {holding} for cube in where_holding - either)
        | frozenset(cube | {failing} for cube in where_failing - either)
    )


def _assuming(guard: tuple[str, bool], cubes: _Cubes) -> _Cubes:
    condition, holds = guard
    return frozenset(cube - {guard} for cube in cubes if (condition, not holds) not in cube)


def _widest(cube: _Cube, cubes: _Cubes, conditions: list[str]) -> _Cube:
    """``cube`` without the conditions that do not matter, because another one says the same under their opposite."""
    for condition, holds in sorted(cube):
        opposite = cube - {(condition, holds)} | {(condition, not holds)}
        within = cubes
        for guard in opposite:
            within = _assuming(guard, within)
        if _expanded(within, conditions) == _ALWAYS:
            cube -= {(condition, holds)}
    return cube


def told(several: Iterable[Guards]) -> str:
    """The conditions as a clause for people: where `A` holds and `B` does not, or where `C` holds."""
    return ", or ".join("where " + " and ".join(_told(guard) for guard in guards) for guards in several if guards)


def _told(guard: tuple[str, bool]) -> str:
    condition, holds = guard
    return f"`{condition}` {'holds' if holds else 'does not hold'}"
