"""From a grant of the catalogue and a call to the permissions that the call needs."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.integration import Given, NotGiven
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.needs.resources import touched_resources
from sfn_least_privilege.policy.text import Wildcard
from sfn_least_privilege.policy.value import Anything, Guarded, Missing, as_text, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.integration import Call, Grant, GrantCondition, When
    from sfn_least_privilege.policy.needs.resources import TouchedResource
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Guards, Value


@dataclass(frozen=True, slots=True)
class Loosened:
    """A value of the condition on ``key`` that matches more than the task: ``reason`` says why."""

    key: str
    value: Text
    reason: str


@dataclass(frozen=True, slots=True)
class Permission:
    """What one grant comes to: a resource, and the conditions of the request that it is for.

    ``breadth`` says why the resource is wider than the task and ``argument`` which arguments are to blame where those
    are not simply the row's, ``unconditioned`` why a condition is left out,
    ``loosened`` which conditions are wider than the task; each is empty where there is nothing to tell.
    """

    resource: Guarded
    conditions: tuple[Condition, ...] = ()
    breadth: str = ""
    unconditioned: str = ""
    loosened: tuple[Loosened, ...] = ()
    argument: str = ""


def permissions(grant: Grant, call: Call) -> Iterator[Permission]:
    """Every permission of a grant that applies to a call. Raises ExpressionSyntaxError."""
    if grant.patterns and call.pattern not in grant.patterns:
        return
    applies = _applies(grant.when, call.arguments)
    if not applies:
        return
    conditioned = [_conditions(row, call) for row in grant.conditions]
    seen: dict[Permission, None] = {}
    for found in touched_resources(grant.resource, call):
        for guards, chosen in product(applies, product(*conditioned)):
            merged = merge_guards(found.resource.guards, guards)
            for each in chosen:
                merged = None if merged is None else merge_guards(merged, each.guards)
            if merged is None:
                continue
            conditions = tuple(each.condition for each in chosen if each.condition is not None)
            why = "; ".join(dict.fromkeys(each.unknown for each in chosen if each.unknown))
            loosened = tuple(loose for each in chosen for loose in each.loosened)
            resource = Guarded(found.resource.text, merged)
            seen[Permission(resource, conditions, found.breadth, why, loosened, found.argument)] = None
    yield from seen


@dataclass(frozen=True, slots=True)
class _Chosen:
    """One form of a condition; none where nothing is known of its value, for the reason ``unknown``."""

    guards: Guards
    condition: Condition | None
    unknown: str = ""
    loosened: tuple[Loosened, ...] = ()


def _conditions(row: GrantCondition, call: Call) -> tuple[_Chosen, ...]:
    """The forms of a condition, one for each set of template conditions."""
    by_guards: dict[Guards, list[TouchedResource]] = {}
    for found in touched_resources(row.value, call):
        if all(isinstance(part, Wildcard) for part in found.resource.text.pattern.parts):
            return (_Chosen((), None, found.breadth or "it is not known"),)
        by_guards.setdefault(found.resource.guards, []).append(found)
    return tuple(
        _Chosen(
            guards,
            _condition(row, tuple(each.resource.text for each in values)),
            loosened=tuple(Loosened(row.key, each.resource.text, each.breadth) for each in values if each.breadth),
        )
        for guards, values in by_guards.items()
    )


def _condition(row: GrantCondition, values: tuple[Text, ...]) -> Condition:
    holds_patterns = any(isinstance(part, Wildcard) for value in values for part in value.pattern.parts)
    return Condition(_MATCHING.get(row.operator, row.operator) if holds_patterns else row.operator, row.key, values)


_MATCHING = {"StringEquals": "StringLike", "StringEqualsIfExists": "StringLikeIfExists"}
"""The operators that take `*` for itself, and those that take it for anything:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""


def _applies(whens: tuple[When, ...], arguments: Arguments) -> tuple[Guards, ...]:
    """The template conditions under which all of ``whens`` may hold; empty where they certainly do not."""
    applies: tuple[Guards, ...] = ((),)
    for when in whens:
        possible = _possible(when, arguments)
        applies = tuple(
            dict.fromkeys(
                merged for one, other in product(applies, possible) if (merged := merge_guards(one, other)) is not None
            )
        )
    return ((),) if () in applies else applies


def _possible(when: When, arguments: Arguments) -> tuple[Guards, ...]:
    leaves = leaves_at(when.argument, arguments)
    return tuple(dict.fromkeys(guards for guards, leaf in leaves if _may_hold(when, leaf)))


def _may_hold(when: When, leaf: Value) -> bool:
    if isinstance(when, Given):
        return not isinstance(leaf, Missing)
    if isinstance(when, NotGiven):
        return isinstance(leaf, Missing | Anything)
    if isinstance(leaf, Missing):
        return False
    said = as_text(leaf).sample
    return said is None or said.lower() in {value.lower() for value in when.values}
