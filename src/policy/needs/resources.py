"""From a resource row of the catalogue and a task's arguments to the ARNs that the task touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.integration import ArgumentArn, ComposedArn, Derived, EveryResource
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Literal, Text, Unknown, Wildcard, unknown
from sfn_least_privilege.policy.value import (
    MAX_ALTERNATIVES,
    MISSING,
    Anything,
    Guarded,
    Missing,
    as_text,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.integration import ArnPart, Call, Resource
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.value import Guards, Value

_EVERY = Guarded(Text((Wildcard(),)))


@dataclass(frozen=True, slots=True)
class TouchedResource:
    """An ARN pattern that a task touches.

    ``breadth`` says why it is wider than the task, empty when it is not; ``argument`` names the arguments to blame,
    where they are not simply those of the row.
    """

    resource: Guarded
    breadth: str = ""
    argument: str = ""


def touched_resources(resource: Resource, call: Call) -> tuple[TouchedResource, ...]:
    """Every resource that a row's ``resource`` is for a call.

    Raises ExpressionSyntaxError.
    """
    deployment = call.surroundings.deployment
    if isinstance(resource, EveryResource):
        return (TouchedResource(_EVERY),)
    if isinstance(resource, ArgumentArn):
        return tuple(dict.fromkeys(_of_argument(resource, call.arguments, deployment)))
    if isinstance(resource, ComposedArn):
        return tuple(dict.fromkeys(_composed(resource, call.arguments, deployment)))
    if isinstance(resource, Derived):
        return tuple(dict.fromkeys(touched(each.text, each.guards) for each in resource.find(call)))
    return (TouchedResource(Guarded(arn.build(resource.template, deployment))),)


def touched(pattern: Text, guards: Guards = (), argument: str = "") -> TouchedResource:
    """The resource of a pattern, with the reasons of its unknown parts for its breadth."""
    reasons = dict.fromkeys(part.reason for part in pattern.parts if isinstance(part, Unknown))
    return TouchedResource(Guarded(pattern, guards), "; ".join(reasons), argument if reasons else "")


def _of_argument(row: ArgumentArn, arguments: Arguments, deployment: Deployment) -> Iterator[TouchedResource]:
    qualifiers = leaves_at(row.qualifier, arguments) if row.qualifier else (((), MISSING),)
    for guards, leaf in leaves_at(row.argument, arguments):
        if isinstance(leaf, Missing):
            if row.default is not None:
                yield touched(arn.build(row.template, deployment, Text.of(row.default)), guards)
            continue
        pattern = row.form(as_text(leaf), row.template, deployment)
        for qualifier_guards, qualifier in qualifiers:
            both = merge_guards(guards, qualifier_guards)
            if both is not None:
                for each in _qualified(pattern, as_text(leaf), qualifier):
                    blamed = "" if row.qualifier is None or pattern.unknowns else row.qualifier
                    yield touched(each, both, blamed)


def _composed(row: ComposedArn, arguments: Arguments, deployment: Deployment) -> Iterator[TouchedResource]:
    combined: list[tuple[Guards, tuple[Text, ...]]] = [((), ())]
    for part in row.parts:
        pieces = tuple(_pieces(part, arguments, deployment))
        combined = [
            (both, (*texts, piece))
            for guards, texts in combined
            for piece_guards, piece in pieces
            if (both := merge_guards(guards, piece_guards)) is not None
        ]
        if len(combined) > MAX_ALTERNATIVES:
            # Every combination would fill the policy: this part is left open in all of them.
            reason = unknown(f"with the other arguments it makes more than {MAX_ALTERNATIVES} combinations")
            combined = list(dict.fromkeys((guards, (*texts[:-1], reason)) for guards, texts in combined))
    for guards, texts in combined:
        unknowns = dict.fromkeys(part.argument for part, text in zip(row.parts, texts, strict=True) if text.unknowns)
        yield touched(arn.build(row.template, deployment, *texts), guards, "`, `".join(unknowns))


def _pieces(part: ArnPart, arguments: Arguments, deployment: Deployment) -> Iterator[tuple[Guards, Text]]:
    for guards, leaf in leaves_at(part.argument, arguments):
        if not isinstance(leaf, Missing):
            yield guards, part.form(as_text(leaf), deployment)
        elif part.default is not None:
            yield guards, Text.of(part.default)
        else:
            yield guards, unknown(f"`{part.argument}` is not given")


def _qualified(pattern: Text, named: Text, qualifier: Value) -> Iterator[Text]:
    """What a call is authorised on when the name comes with a qualifier, may come with one, or comes with none."""
    if isinstance(qualifier, Missing) or _is_qualified(named):
        yield pattern
        return
    if isinstance(qualifier, Anything):
        # It may be null, or not given after all. A `*` at the end covers any qualifier already.
        yield pattern
        if pattern.parts and isinstance(pattern.parts[-1], Unknown):
            return
    yield Text.of(pattern, ":", as_text(qualifier))


_FIELDS_OF_FUNCTION_ARN = 7


def _is_qualified(named: Text) -> bool:
    """Whether a function's name or ARN carries its qualifier already; the API wants the two to be the same."""
    spoken = named.sample
    if spoken is None:
        last = named.parts[-1] if len(named.parts) > 1 else None
        return isinstance(last, Literal) and last.value.startswith(":") and last.value.count(":") == 1
    fields = spoken.split(":")
    if fields[0] == "arn":
        return len(fields) > _FIELDS_OF_FUNCTION_ARN
    return len(fields) > (3 if fields[1:2] == ["function"] else 1)
