"""Values that must be there: without them, the execution fails at once and goes no further."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.value import MISSING, Conditional, Missing, OneOf, conditional, one_of

if TYPE_CHECKING:
    from sfn_least_privilege.policy.value import Value


def present(value: Value) -> Value:
    """``value`` without the possibility that it is missing; MISSING when it certainly is."""
    if isinstance(value, OneOf):
        kept = [present(each) for each in value.alternatives]
        return one_of([each for each in kept if not isinstance(each, Missing)])
    if isinstance(value, Conditional):
        then, otherwise = present(value.then), present(value.otherwise)
        if isinstance(then, Missing) or isinstance(otherwise, Missing):
            return otherwise if isinstance(then, Missing) else then
        return conditional(value.condition, then, otherwise)
    return value


def may_be_missing(value: Value) -> bool:
    """Whether MISSING is among what ``value`` can be."""
    if isinstance(value, OneOf):
        return any(may_be_missing(each) for each in value.alternatives)
    if isinstance(value, Conditional):
        return may_be_missing(value.then) or may_be_missing(value.otherwise)
    return value is MISSING
