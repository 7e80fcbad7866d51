"""The statements of a policy that somebody wrote by hand, as patterns that can be held against needs.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.audit.own_arns import own_arn
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.rendering import render_pattern
from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.text import Literal, Text, Wildcard
from sfn_least_privilege.policy.value import (
    MISSING,
    ArrayValue,
    Missing,
    ObjectValue,
    Scalar,
    as_text,
    guarded_leaves,
    member,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Guards, Value


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """A statement as its author wrote it; ``place`` says where, for people.

    ``guards`` are the template conditions under which it stands there, ``conditions`` IAM's own; None stands for some
    that cannot be read. ``not_actions`` and ``not_resources`` say that it is about everything but those.
    """

    place: str
    denies: bool
    actions: tuple[str, ...]
    resources: tuple[Text, ...]
    guards: Guards = ()
    conditions: tuple[Condition, ...] | None = ()
    not_actions: bool = False
    not_resources: bool = False


def read_statements(
    place: str,
    guards: Guards,
    document: Value,
    scope: Scope,
) -> tuple[tuple[OwnStatement, ...], tuple[str, ...]]:
    """The statements of a policy, and what of it cannot be read, for people."""
    found: list[OwnStatement] = []
    unseen: list[str] = []
    for inner, leaf in guarded_leaves(document):
        if not isinstance(leaf, ObjectValue):
            unseen.append(place)
            continue
        for innermost, statement in items_of(member(leaf, "Statement")):
            merged = merge_guards(guards, (*inner, *innermost)) if merge_guards(inner, innermost) is not None else None
            if merged is None:
                continue
            read = list(_read(place, merged, statement, scope))
            found.extend(read)
            if not read or any(each.conditions is None for each in read) or _has_unknowns(read):
                unseen.append(f"{place}, in a statement with values that are known at deployment only,")
    return tuple(found), tuple(dict.fromkeys(unseen))


def items_of(value: Value) -> Iterator[tuple[Guards, Value]]:
    """What a list holds, or the one thing that stands in the place of a list."""
    for guards, leaf in guarded_leaves(value):
        for item in leaf.items if isinstance(leaf, ArrayValue) else (leaf,):
            for inner, each in guarded_leaves(item):
                merged = merge_guards(guards, inner)
                if merged is not None and not isinstance(each, Missing) and each != _NULL:
                    yield merged, each


_NULL = Scalar("null")


def _read(place: str, around: Guards, statement: Value, scope: Scope) -> Iterator[OwnStatement]:
    """The statement, once for each set of template conditions that its actions and resources stand under."""
    effect = as_text(member(statement, "Effect")).literal
    if effect not in {"Allow", "Deny"} or not isinstance(statement, ObjectValue):
        return
    not_actions = member(statement, "NotAction") is not MISSING
    not_resources = member(statement, "NotResource") is not MISSING
    actions = _by_guards(member(statement, "NotAction" if not_actions else "Action"))
    resources = _by_guards(member(statement, "NotResource" if not_resources else "Resource"))
    for guards, names in actions.items():
        for inner, texts in resources.items():
            first = merge_guards(around, guards)
            merged = None if first is None else merge_guards(first, inner)
            if merged is None:
                continue
            yield OwnStatement(
                place,
                effect == "Deny",
                tuple(_UNKNOWN_ACTION if name.literal is None else name.literal for name in names),
                tuple(own_arn(pattern_of(text), scope) for text in texts),
                merged,
                _conditions(member(statement, "Condition")),
                not_actions,
                not_resources,
            )


_UNKNOWN_ACTION = ""
"""Stands for an action that is known at deployment only: it matches none."""


def _has_unknowns(statements: Sequence[OwnStatement]) -> bool:
    return any(
        _UNKNOWN_ACTION in each.actions or any(resource.unknowns for resource in each.resources) for each in statements
    )


def _by_guards(value: Value) -> dict[Guards, list[Text]]:
    found: dict[Guards, list[Text]] = {}
    for guards, each in items_of(value):
        found.setdefault(guards, []).append(as_text(each))
    return found


def _conditions(value: Value) -> tuple[Condition, ...] | None:
    """The statement's conditions; None where some of them cannot be read."""
    if value is MISSING:
        return ()
    if not isinstance(value, ObjectValue) or value.rest is not None:
        return None
    found: list[Condition] = []
    for operator, keys in value.fields.items():
        if not isinstance(keys, ObjectValue) or keys.rest is not None:
            return None
        for key, wanted in keys.fields.items():
            texts = [(guards, pattern_of(as_text(each))) for guards, each in items_of(wanted)]
            if any(guards or text.unknowns for guards, text in texts):
                return None
            found.append(Condition(operator, key, tuple(text for _, text in texts)))
    return tuple(found)


def as_read(text: Text, scope: Scope) -> Text:
    """A pattern as it comes back when it is written into a policy and read again: other words for the same."""
    return own_arn(pattern_of(as_text(resolve(render_pattern(text), scope))), scope)


def pattern_of(text: Text) -> Text:
    """A string of a policy as the pattern that IAM takes it for.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    pieces: list[Any] = []
    for part in text.parts:
        if not isinstance(part, Literal):
            pieces.append(part)
            continue
        for piece in _SPECIAL.split(part.value):
            if _ESCAPED.fullmatch(piece):
                pieces.append(piece[2])
            else:
                pieces.append(_WILDCARDS.get(piece, piece))
    return Text.of(*pieces)


_ESCAPED = re.compile(r"\$\{[*?$]\}")
_SPECIAL = re.compile(r"(\$\{[*?$]\}|\*|\?)")
_WILDCARDS = {"*": Wildcard(), "?": Wildcard(1)}
