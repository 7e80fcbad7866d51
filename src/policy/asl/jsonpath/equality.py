"""Whether two values are equal: certainly, certainly not, or not known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.jsonpath.choices import leaves
from sfn_least_privilege.policy.text import Literal, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import MAX_ALTERNATIVES, Anything, ArrayValue, ListOf, Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Callable


def equal(left: Value, right: Value) -> bool | None:
    """Whether two values that are there are equal as JSON; None where that is not known.

    A number and a string are never certainly unequal: Jayway's filters turn one into the other.
    """
    lefts, rights = leaves(left), leaves(right)
    if len(lefts) * len(rights) > MAX_ALTERNATIVES:
        return None
    verdicts = {_equal(one, other) for one in lefts for other in rights}
    return verdicts.pop() if len(verdicts) == 1 else None


def _equal(left: Value, right: Value) -> bool | None:
    if isinstance(left, Anything) or isinstance(right, Anything):
        return None
    if isinstance(left, Text) and isinstance(right, Text):
        return _texts_equal(left, right)
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _scalars_equal(left, right)
    if _kind(left) is not _kind(right):
        is_number = is_number_like(left) or is_number_like(right)
        return None if is_number and Text in {_kind(left), _kind(right)} else False
    return None


def _kind(value: Value) -> type:
    return ArrayValue if isinstance(value, ListOf) else type(value)


def is_number_like(value: Value) -> bool:
    """Whether it is a Scalar that is a number."""
    return isinstance(value, Scalar) and value.json not in {"true", "false", "null"}


def _scalars_equal(left: Scalar, right: Scalar) -> bool | None:
    if left.json == right.json:
        return True
    if is_number_like(left) and is_number_like(right) and left.value == right.value:
        return None  # `1` and `1.0`: equal as numbers, different as JSON
    return False


def _texts_equal(left: Text, right: Text) -> bool | None:
    one, other = left.literal, right.literal
    if one is not None and other is not None:
        return one == other
    if not _compatible(left.prefix, right.prefix, str.startswith):
        return False
    if not _compatible(left.suffix, right.suffix, str.endswith):
        return False
    if (one is not None and len(one) < _known_length(right)) or (
        other is not None and len(other) < _known_length(left)
    ):
        return False
    certain = left == right and not any(isinstance(part, Unknown | Wildcard) for part in left.parts)
    return True if certain else None


def _known_length(text: Text) -> int:
    return sum(len(part.value) for part in text.parts if isinstance(part, Literal))


def _compatible(left: str, right: str, check: Callable[[str, str], bool]) -> bool:
    return check(left, right) or check(right, left)
