"""``ResultPath``: a value put into another at a path.

https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultpath.html
"""

from __future__ import annotations

from sfn_least_privilege.policy.asl.jsonpath.choices import map_choices
from sfn_least_privilege.policy.asl.jsonpath.paths import Field, Index, Root, parse_path
from sfn_least_privilege.policy.asl.jsonpath.stepping import field_of
from sfn_least_privilege.policy.asl.jsonpath.syntax import MAX_DEPTH, JsonPathSyntaxError, has_token, shown
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


def write(path: str, target: Value, value: Value) -> Value:
    """``target`` with ``value`` at ``path``, a reference path: objects on the way are made where there are none.

    ``$`` is ``value`` itself. Raises JsonPathSyntaxError, also for a path that does not name exactly one place.
    """
    path = path.strip()
    if has_token(path):
        return Anything(f"`{shown(path)}` is a path that is known only at deployment")
    parsed = parse_path(path)
    if parsed.root is not Root.INPUT or parsed.rest:
        raise JsonPathSyntaxError(path, 0, "a result goes to exactly one place below `$`")
    if len(parsed.definite) > MAX_DEPTH:
        value = Anything(f"`{shown(path)}` is more than {MAX_DEPTH} levels deep")
    return _put(target, parsed.definite[:MAX_DEPTH], value)


def _put(target: Value, steps: tuple[Field | Index, ...], value: Value) -> Value:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    if isinstance(step, Field):
        return map_choices(target, lambda each: _put_field(each, step.name, rest, value))
    return map_choices(target, lambda each: _put_item(each, step.position, rest, value))


def _put_field(target: Value, name: str, rest: tuple[Field | Index, ...], value: Value) -> Value:
    if isinstance(target, ObjectValue):
        return ObjectValue({**target.fields, name: _put(field_of(target, name), rest, value)}, target.rest)
    if isinstance(target, Anything):
        return ObjectValue({name: _put(target, rest, value)}, target)
    # Where something else is in the way the run fails (States.ResultPathMatchFailure).
    return ObjectValue({name: _put(MISSING, rest, value)})


def _put_item(target: Value, position: int, rest: tuple[Field | Index, ...], value: Value) -> Value:
    if isinstance(target, ArrayValue) and 0 <= position < len(target.items):
        items = list(target.items)
        items[position] = _put(items[position], rest, value)
        return ArrayValue(tuple(items))
    if isinstance(target, ListOf):
        return ListOf(one_of((target.item, _put(target.item, rest, value))))
    if isinstance(target, Anything):
        return ListOf(target)
    where = "an array that is not there" if isinstance(target, Missing) else "a place that the array does not have"
    return Anything(f"is what becomes of a result that goes to {where}")
