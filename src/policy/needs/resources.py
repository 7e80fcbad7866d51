"""From a resource row of the catalogue and a task's arguments to the ARNs that the task touches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.integration import ArgumentArn, EveryResource, FixedArn
from sfn_least_privilege.policy.text import EMPTY, Kind, Text, Unknown, Wildcard, unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    Guarded,
    ListOf,
    OneOf,
    guarded_texts,
    member,
)

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.integration import Resource
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.value import Value

_EVERY = Guarded(Text((Wildcard(),)))


@dataclass(frozen=True, slots=True)
class TouchedResource:
    """An ARN pattern that a task touches. ``breadth`` says why it is wider than the task, empty when it is not."""

    resource: Guarded
    breadth: str = ""


def touched_resources(resource: Resource, arguments: Arguments, deployment: Deployment) -> tuple[TouchedResource, ...]:
    """Every resource that a row's ``resource`` is for a task with these arguments.

    Raises ExpressionSyntaxError.
    """
    if isinstance(resource, EveryResource):
        return (TouchedResource(_EVERY),)
    if isinstance(resource, FixedArn):
        return (TouchedResource(Guarded(arn.build(resource.template, deployment, EMPTY))),)
    return _of_argument(resource, arguments, deployment)


def _of_argument(row: ArgumentArn, arguments: Arguments, deployment: Deployment) -> tuple[TouchedResource, ...]:
    touched: dict[TouchedResource, None] = {}
    qualifiers = guarded_texts(arguments.get(row.qualifier)) if row.qualifier else ()
    for value in _values_at(row.argument, arguments):
        if row.default is not None and _may_be_missing(value):
            touched[TouchedResource(Guarded(arn.build(row.template, deployment, Text.of(row.default))))] = None
        for guarded in guarded_texts(value):
            named, breadth = arn_of(guarded.text, row, deployment)
            if not qualifiers:
                touched[TouchedResource(Guarded(named, guarded.guards), breadth)] = None
            for qualifier in qualifiers:
                guards = tuple(dict.fromkeys((*guarded.guards, *qualifier.guards)))
                reasons = breadth or _reason(qualifier.text)
                touched[TouchedResource(Guarded(Text.of(named, ":", qualifier.text), guards), reasons)] = None
    return tuple(touched)


def arn_of(text: Text, row: ArgumentArn, deployment: Deployment) -> tuple[Text, str]:
    """The ARN pattern for one string that an argument can be, and why it is wider than that string if it is."""
    made = row.form(text, deployment) if row.form else None
    if made is not None:
        return arn.fill_gaps(made, row.template, deployment, _reason(made)), _reason(made)
    reference = text.reference
    if reference is not None and reference.arn is not None:
        return reference.arn, ""
    if arn.is_arn(text):
        reason = _reason(text)
        return arn.fill_gaps(text, row.template, deployment, reason), reason
    if reference is not None and reference.kind in {Kind.UNKNOWN, Kind.URL}:
        reason = f"the value of `{reference.function}` is not known here, it may be a name or an ARN"
        return _any(row, deployment, reason), reason
    if row.form is not None and not text.unknowns and row.template.endswith(":{}") and "://" in text.prefix:
        return _any(row, deployment, _FORM), _FORM
    reason = _reason(text)
    if text.unknowns and arn.is_arn(text) is None:
        # Nothing says that it is a name: an ARN could name another account, but no other region, because
        # Step Functions makes no calls across regions:
        # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-access-cross-acct-resources.html
        return arn.build(row.template, deployment, text, account_id=unknown(reason)), reason
    return arn.build(row.template, deployment, text), reason


_FORM = "it is not of the form that AWS documents"


def _any(row: ArgumentArn, deployment: Deployment, reason: str) -> Text:
    return arn.build(row.template, deployment, unknown(reason), account_id=unknown(reason))


def _reason(text: Text) -> str:
    reasons = dict.fromkeys(part.reason for part in text.parts if isinstance(part, Unknown))
    return "; ".join(reasons)


def _values_at(path: str, arguments: Arguments) -> tuple[Value, ...]:
    """The values at an argument's path, in which ``[]`` stands for every item of a list."""
    head, *steps = path.split(".")
    values = _items(arguments.get(head.removesuffix("[]"))) if head.endswith("[]") else (arguments.get(head),)
    for step in steps:
        values = tuple(member(value, step) for value in values)
    return values


def _items(value: Value) -> tuple[Value, ...]:
    if isinstance(value, ArrayValue):
        return value.items
    if isinstance(value, ListOf):
        return (value.item,)
    if isinstance(value, OneOf):
        return tuple(item for alternative in value.alternatives for item in _items(alternative))
    if isinstance(value, Conditional):
        return tuple(item for branch in (value.then, value.otherwise) for item in _items(branch))
    return () if value is MISSING else (Anything(value.reason if isinstance(value, Anything) else "it is no list"),)


def _may_be_missing(value: Value) -> bool:
    if isinstance(value, OneOf):
        return any(_may_be_missing(alternative) for alternative in value.alternatives)
    if isinstance(value, Conditional):
        return _may_be_missing(value.then) or _may_be_missing(value.otherwise)
    return value is MISSING
