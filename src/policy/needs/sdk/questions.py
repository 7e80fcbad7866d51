"""Whether a condition of the catalogue can hold for a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.sdk.model import Check
from sfn_least_privilege.policy.needs.sdk.values import at, certainly_given
from sfn_least_privilege.policy.text import Kind, Literal, Reference
from sfn_least_privilege.policy.value import Missing, as_text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.sdk.model import Question, When
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


def may_hold(when: When, arguments: Arguments) -> bool:
    """Whether there is a run in which the condition holds: what is not known, may be. Raises ExpressionSyntaxError."""
    return not when or any(all(_may_be_yes(question, arguments) for question in each) for each in when)


def _may_be_yes(question: Question, arguments: Arguments) -> bool:
    if question.test is Check.NOT_GIVEN:
        return not certainly_given(question.path, arguments)
    return any(_fits(question, value) for _, value in at(question.path, arguments))


def _fits(question: Question, value: Value) -> bool:
    if isinstance(value, Missing):
        return question.test in {Check.DIFFERS, Check.LACKS}
    if question.test is Check.GIVEN:
        return True
    text = as_text(value)
    if text.literal is None:
        spoken = _spoken(text) if question.test in {Check.HOLDS, Check.LACKS} else None
        if spoken is not None:
            return _fits_literal(question, spoken)
        # The beginning of what is open can still rule a beginning out.
        begun = text.prefix.lower().lstrip()
        return question.test is not Check.BEGINS or _agree(begun, question.value)
    return _fits_literal(question, " ".join(text.literal.lower().split()))


def _spoken(text: Text) -> str | None:
    """A string with one character for each name and ARN, which hold no signs of a query; None where it is open."""
    pieces: list[str] = []
    for part in text.parts:
        if isinstance(part, Literal):
            pieces.append(part.value.lower())
        elif isinstance(part, Reference) and (part.sample is not None or part.kind in _NAMING):
            pieces.append("\0" if part.sample is None else part.sample.lower())
        else:
            return None
    return "".join(pieces)


_NAMING = frozenset({Kind.ARN, Kind.NAME, Kind.ID})


def _agree(begun: str, wanted: str) -> bool:
    return begun.startswith(wanted) or wanted.startswith(begun)


def _fits_literal(question: Question, text: str) -> bool:
    if question.test is Check.EQUALS:
        return text == question.value
    if question.test is Check.DIFFERS:
        return text != question.value
    if question.test is Check.BEGINS:
        return text.startswith(question.value)
    return (question.value in text) is (question.test is Check.HOLDS)
