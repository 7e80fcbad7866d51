"""Whether one value covers another: everything that the other can be, it can be as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.presence import may_be_missing
from sfn_least_privilege.policy.value import Anything, ArrayValue, ListOf, ObjectValue, OneOf

if TYPE_CHECKING:
    from sfn_least_privilege.policy.value import Value


def covers(wide: Value, narrow: Value) -> bool:
    """Whether ``wide`` certainly covers ``narrow``; False where that is not easily seen."""
    if wide is narrow or isinstance(wide, Anything):
        return True
    if isinstance(narrow, OneOf):
        return all(covers(wide, each) for each in narrow.alternatives)
    if isinstance(wide, OneOf):
        return any(covers(each, narrow) for each in wide.alternatives)
    if isinstance(wide, ObjectValue):
        return isinstance(narrow, ObjectValue) and _object_covers(wide, narrow)
    if isinstance(wide, ListOf):
        items = narrow.items if isinstance(narrow, ArrayValue) else ()
        inside = (narrow.item,) if isinstance(narrow, ListOf) else items
        return isinstance(narrow, _ARRAYS) and all(covers(wide.item, each) for each in inside)
    if isinstance(wide, ArrayValue) and isinstance(narrow, ArrayValue):
        return len(wide.items) == len(narrow.items) and all(map(covers, wide.items, narrow.items))
    return wide == narrow


_ARRAYS = (ArrayValue, ListOf)


def _object_covers(wide: ObjectValue, narrow: ObjectValue) -> bool:
    for name, value in narrow.fields.items():
        holder = wide.fields.get(name, wide.rest)
        if holder is None or not covers(holder, value):
            return False
    if narrow.rest is not None and (wide.rest is None or not covers(wide.rest, narrow.rest)):
        return False
    for name in wide.fields.keys() - narrow.fields.keys():
        value = wide.fields[name]
        if not (isinstance(value, Anything) or may_be_missing(value)):
            return False
        if narrow.rest is not None and not covers(value, narrow.rest):
            return False
    return True
