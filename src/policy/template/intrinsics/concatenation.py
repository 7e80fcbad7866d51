"""Strings put together from pieces, within bounds whatever the pieces are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.choices import MAX_CONDITIONS, conditions_of, leaves, may_be_missing
from sfn_least_privilege.policy.template.intrinsics.dynamic_references import set_apart_dynamic_references
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.text import Kind, Literal, Text, unknown
from sfn_least_privilege.policy.value import Conditional, as_text, concatenate, map_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.text import Part
    from sfn_least_privilege.policy.value import Value

MAX_CHARACTERS = 4_000_000
"""Four times the largest template: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html"""

TOO_LONG = f"it has more than {MAX_CHARACTERS:,} characters"

# A choice inside a string makes whole strings to choose between. That serves names and ARNs; a definition of many
# thousand characters is better off with a hole in it.
_MAX_CHARACTERS_OF_ALL_CHOICES = 65_536


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of a string, with the node of the template it comes from."""

    value: Value
    node: Any = None


def concatenated(pieces: Sequence[Piece], scope: Scope) -> Value:
    """The string that ``pieces`` make; every combination of their choices as long as these are few and short.

    A choice too many stays in the string as the intrinsic function that makes it.
    """
    length = sum(_length(piece.value) for piece in pieces)
    if length > MAX_CHARACTERS:
        return unknown(TOO_LONG)
    choices = [piece.value for piece in pieces if isinstance(piece.value, Conditional)]
    conditions = dict.fromkeys(name for choice in choices for name in conditions_of(choice))
    affordable = max(0, (_MAX_CHARACTERS_OF_ALL_CHOICES // max(length, 1)).bit_length() - 1)
    chosen = frozenset(list(conditions)[: min(MAX_CONDITIONS, affordable)])
    values: list[Value] = []
    run: list[Text] = []
    for piece in pieces:
        value = piece.value
        if isinstance(value, Conditional) and not chosen.issuperset(conditions_of(value)):
            value = _unresolved(piece, scope)
        if isinstance(value, Conditional):
            values.append(_text_of(run))
            run = []
            values.append(value)
        else:
            run.append(as_text(value))
    if not values:
        return set_apart_dynamic_references(_text_of(run))
    return map_texts(concatenate([*values, _text_of(run)]), set_apart_dynamic_references)


def _length(value: Value) -> int:
    if isinstance(value, Conditional):
        return max(_length(leaf) for leaf in leaves(value))
    # Every part counts, so that a string of references alone has a length too.
    return sum(len(part.value) if isinstance(part, Literal) else 1 for part in as_text(value).parts)


def _text_of(texts: Iterable[Text]) -> Text:
    """The texts joined, in time linear in their length."""
    parts: list[Part] = []
    literals: list[str] = []
    for text in texts:
        for part in text.parts:
            if isinstance(part, Literal):
                literals.append(part.value)
                continue
            if literals:
                parts.append(Literal("".join(literals)))
                literals = []
            parts.append(part)
    if literals:
        parts.append(Literal("".join(literals)))
    return Text.of(*parts)


def _unresolved(piece: Piece, scope: Scope) -> Text:
    if not isinstance(piece.node, dict) or len(piece.node) != 1 or may_be_missing(piece.value):
        return unknown("too many template conditions choose between its values")
    kinds = {_kind(leaf) for leaf in leaves(piece.value)}
    ((function, argument),) = piece.node.items()
    return keep(function, argument, scope, kind=kinds.pop() if len(kinds) == 1 else None)


def _kind(leaf: Value) -> Kind | None:
    reference = leaf.reference if isinstance(leaf, Text) else None
    # A name without a known value is taken to have no colon; the value of a parameter may have one.
    if reference is None or (reference.kind is Kind.NAME and ":" in (reference.sample or "")):
        return None
    return reference.kind
