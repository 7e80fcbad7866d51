"""What became different between two JSON values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Slot: TypeAlias = "str | int"
"""Where a value stands in its container: a key, or an index."""


@dataclass(frozen=True, slots=True)
class Replaced:
    """The old value is gone; ``value`` stands in its place."""

    value: Any


@dataclass(frozen=True, slots=True)
class Addition:
    """A new entry (``key``) or item (no key), right after the old slot ``after``; None: before all."""

    after: Slot | None
    key: str | None
    value: Any


@dataclass(frozen=True, slots=True)
class Altered:
    """A container that stays, some of its slots changed. ``value`` is the whole new container."""

    value: Any
    changed: Mapping[Slot, Change]
    removed: frozenset[Slot]
    added: tuple[Addition, ...]


Change: TypeAlias = Replaced | Altered


def difference(old: Any, new: Any) -> Change | None:
    """The change that makes ``new`` of ``old``; None when they are the same JSON value, keys in any order.

    Both may nest no deeper than a document that ``source.py`` accepts.
    """
    if old is new:
        return None
    if isinstance(old, dict) and isinstance(new, dict):
        return _in_mapping(old, new)
    if isinstance(old, list) and isinstance(new, list):
        return _in_sequence(old, new)
    return None if same(old, new) else Replaced(new)


def same(left: Any, right: Any) -> bool:
    """Whether both are one JSON value. Unlike Python's ``==``, true is not 1."""
    if left is right:
        return True
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(same(value, right[key]) for key, value in left.items())
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    return bool(left == right)


def _in_mapping(old: Mapping[str, Any], new: Mapping[str, Any]) -> Change | None:
    changed: dict[Slot, Change] = {}
    added: list[Addition] = []
    after: str | None = None
    for key, value in new.items():
        if key not in old:
            added.append(Addition(after, key, value))
            continue
        after = key
        change = difference(old[key], value)
        if change is not None:
            changed[key] = change
    return _altered(new, changed, frozenset(old.keys() - new.keys()), added)


def _in_sequence(old: Sequence[Any], new: Sequence[Any]) -> Change | None:
    if len(old) == len(new):
        changes = {index: difference(*pair) for index, pair in enumerate(zip(old, new, strict=True))}
        changed: dict[Slot, Change] = {index: change for index, change in changes.items() if change is not None}
        return _altered(new, changed, frozenset(), [])
    start = _common(old, new)
    end = min(_common(old[::-1], new[::-1]), min(len(old), len(new)) - start)
    if start + end < min(len(old), len(new)):
        return Replaced(new)
    after = start - 1 if start else None
    added = [Addition(after, None, value) for value in new[start : len(new) - end]] if len(new) > len(old) else []
    return _altered(new, {}, frozenset(range(start, len(old) - end)) if len(old) > len(new) else frozenset(), added)


def _common(left: Sequence[Any], right: Sequence[Any]) -> int:
    """How many items both begin with."""
    count = 0
    for pair in zip(left, right, strict=False):
        if not same(*pair):
            break
        count += 1
    return count


def _altered(
    value: Any,
    changed: Mapping[Slot, Change],
    removed: frozenset[Slot],
    added: Sequence[Addition],
) -> Altered | None:
    return Altered(value, changed, removed, tuple(added)) if changed or removed or added else None
