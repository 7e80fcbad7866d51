"""What stands at paths of a task's arguments: every value that can be there, under its template conditions."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.asl.arguments import argument_name
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Guards,
    ListOf,
    Missing,
    ObjectValue,
    Scalar,
    Value,
    guarded_leaves,
    member,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.sdk.model import Path

Found: TypeAlias = tuple[Guards, tuple[Value, ...]]
"""A value for each of several paths, that go together, and the template conditions under which they do."""

MAX_COMBINATIONS = 256
"""From so many combinations on, values are not told apart any more."""

_NULL = Scalar("null")

_Steps: TypeAlias = "Mapping[int, tuple[str, ...]]"
_Pairs: TypeAlias = "Iterator[tuple[Guards, dict[int, Value]]]"
_Split: TypeAlias = "Callable[[Value], Iterable[Value]]"
_Follow: TypeAlias = "Callable[[Value], _Pairs]"


def at(path: Path, arguments: Arguments) -> tuple[tuple[Guards, Value], ...]:
    """Every value that can stand at a path, MISSING included. Raises ExpressionSyntaxError."""
    if len(path.steps) == 1 and path.steps[0].isalnum():
        return _leaves(arguments.get(path.steps[0]))
    found = together((path,), arguments)
    if found is None:
        return (((), Anything(f"it can be any of more than {MAX_COMBINATIONS} values")),)
    return tuple(dict.fromkeys((guards, value) for guards, (value,) in found))


def certainly_missing(path: Path, arguments: Arguments) -> bool:
    """Whether there certainly is nothing at a path. Raises ExpressionSyntaxError."""
    return all(isinstance(value, Missing) for _, value in at(path, arguments))


def certainly_given(path: Path, arguments: Arguments) -> bool:
    """Whether there certainly is something at a path. Raises ExpressionSyntaxError."""
    values = [value for _, value in at(path, arguments)]
    if not values or any(isinstance(value, Missing) for value in values):
        return False
    if not any(isinstance(value, Anything) for value in values):
        return True
    # What is not known may be missing, unless it stands in the template by itself.
    wanted = path.steps[0].rstrip("[]{}").lower()
    return len(path.steps) == 1 and any(argument_name(key).lower() == wanted for key in arguments.template)


def together(paths: tuple[Path, ...], arguments: Arguments) -> list[Found] | None:
    """Values for several paths, those of the same list item together; None where there are too many combinations.

    Raises ExpressionSyntaxError.
    """
    if len(paths) == 1 and len(paths[0].steps) == 1 and paths[0].steps[0].isalnum():
        return [(guards, (value,)) for guards, value in _leaves(arguments.get(paths[0].steps[0]))]
    heads = _by_first_step({index: path.steps for index, path in enumerate(paths)})
    groups = [_some(_stepped(_head_value(step, arguments), step, rest)) for step, rest in heads.items()]
    found = _some(_combined(groups))
    if len(found) > MAX_COMBINATIONS:
        return None
    return [(guards, tuple(values[index] for index in range(len(paths)))) for guards, values in found]


def _leaves(value: Value) -> tuple[tuple[Guards, Value], ...]:
    """Every single value; null, which gives an argument no value, is as good as missing."""
    leaves = guarded_leaves(value)
    if all(leaf != _NULL for _, leaf in leaves):
        return leaves
    return tuple(dict.fromkeys((guards, MISSING if leaf == _NULL else leaf) for guards, leaf in leaves))


def _some(pairs: _Pairs) -> list[tuple[Guards, dict[int, Value]]]:
    """One more than are told apart: enough to see that there are too many."""
    return list(islice(pairs, MAX_COMBINATIONS + 1))


def _by_first_step(paths: _Steps) -> dict[str, dict[int, tuple[str, ...]]]:
    grouped: dict[str, dict[int, tuple[str, ...]]] = {}
    for index, (first, *rest) in paths.items():
        grouped.setdefault(first, {})[index] = tuple(rest)
    return grouped


def _below(value: Value, paths: _Steps) -> _Pairs:
    for guards, leaf in _leaves(value):
        ended: dict[int, Value] = {index: leaf for index, steps in paths.items() if not steps}
        groups = [[(guards, ended)]]
        for step, rest in _by_first_step({index: steps for index, steps in paths.items() if steps}).items():
            is_suffix = step.startswith("*")
            child = _ending(leaf, step[1:]) if is_suffix else member(leaf, _name(step))
            groups.append(_some(_stepped(child, f"{step}[]" if is_suffix else step, rest)))
        yield from _combined(groups)


def _stepped(value: Value, step: str, rest: _Steps) -> _Pairs:
    """What is behind a step whose name is done with: the items of its lists, the keys of its map, or the value."""
    if step.endswith("{}"):
        yield from _each(value, _keys, lambda key: _below(key, rest))
    elif step.endswith("[]"):
        yield from _each(value, _items, lambda item: _stepped(item, step.removesuffix("[]"), rest))
    else:
        yield from _below(value, rest)


def _each(value: Value, split: _Split, follow: _Follow) -> _Pairs:
    for guards, leaf in _leaves(value):
        for each in split(leaf):
            for inner, found in follow(each):
                merged = merge_guards(guards, inner)
                if merged is not None:
                    yield merged, found


def _combined(groups: list[list[tuple[Guards, dict[int, Value]]]]) -> _Pairs:
    if not groups:
        yield (), {}
        return
    first, *others = groups
    for guards, values in first:
        for inner, more in _combined(others):
            merged = merge_guards(guards, inner)
            if merged is not None:
                yield merged, values | more


def _name(step: str) -> str:
    return step.rstrip("[]{}")


def _items(value: Value) -> Iterable[Value]:
    if isinstance(value, ArrayValue):
        return value.items
    # One string where a list belongs: what the API makes of it is covered by what it says.
    return (value.item,) if isinstance(value, ListOf) else (value,)


def _keys(value: Value) -> Iterable[Value]:
    if isinstance(value, ObjectValue):
        names: list[Value] = [Text.of(name) for name in value.fields]
        return [*names, Anything("a field's name is not known")] if value.rest is not None else names
    if isinstance(value, ArrayValue):
        return value.items
    return (value if isinstance(value, Anything | Missing) else Anything("it is no object"),)


def _ending(value: Value, suffix: str) -> Value:
    """The fields whose names end like this, whatever they begin with."""
    if not isinstance(value, ObjectValue):
        return value if isinstance(value, Anything) else MISSING
    found = [item for key, item in value.fields.items() if key.lower().endswith(suffix.lower())]
    if value.rest is not None:
        found.append(value.rest)
    return ArrayValue(tuple(found)) if found else MISSING


def _head_value(step: str, arguments: Arguments) -> Value:
    """An argument's value; of a map whose keys are wanted and filled in by CloudFormation, the keys themselves."""
    name = _name(step)
    raw = _raw_map(name, arguments) if step.endswith("{}") else None
    if raw is None:
        return arguments.get(name)
    # A key is spelled out by the same means as any string of the template.
    numbered = {str(index): argument_name(key) for index, key in enumerate(raw)}
    spelled = arguments.evaluate(numbered)
    return ArrayValue(tuple(member(spelled, index) for index in numbered))


def _raw_map(name: str, arguments: Arguments) -> list[str] | None:
    wanted = name.lower()
    raw = next((node for key, node in arguments.template.items() if key.lower() == wanted), None)
    if not isinstance(raw, dict) or wanted in arguments.hints:
        return None
    keys = [str(key) for key in raw]
    return keys if any(OPEN in key for key in keys) else None
