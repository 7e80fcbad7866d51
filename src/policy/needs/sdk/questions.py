"""Whether a condition of the catalogue can hold for a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.sdk.model import Test
from sfn_least_privilege.policy.needs.sdk.values import at
from sfn_least_privilege.policy.value import Anything, Missing, as_text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.sdk.model import Question, When
    from sfn_least_privilege.policy.value import Value


def may_hold(when: When, arguments: Arguments) -> bool:
    """Whether there is a run in which the condition holds: what is not known, may be. Raises ExpressionSyntaxError."""
    return not when or any(all(_may_be_yes(question, arguments) for question in each) for each in when)


def _may_be_yes(question: Question, arguments: Arguments) -> bool:
    return any(_fits(question, value) for _, value in at(question.path, arguments))


def _fits(question: Question, value: Value) -> bool:
    if isinstance(value, Missing):
        return question.test in {Test.NOT_GIVEN, Test.DIFFERS}
    if question.test is Test.GIVEN:
        return True
    if question.test is Test.NOT_GIVEN:
        # What comes from the run may not be there after all.
        return isinstance(value, Anything)
    text = as_text(value)
    if text.literal is None:
        # The beginning of what is open can still rule a beginning out.
        begun = text.prefix.lower().lstrip()
        return question.test is not Test.BEGINS or _agree(begun, question.value)
    return _fits_literal(question, " ".join(text.literal.lower().split()))


def _agree(begun: str, wanted: str) -> bool:
    return begun.startswith(wanted) or wanted.startswith(begun)


def _fits_literal(question: Question, text: str) -> bool:
    if question.test is Test.EQUALS:
        return text == question.value
    if question.test is Test.DIFFERS:
        return text != question.value
    return text.startswith(question.value) if question.test is Test.BEGINS else question.value in text
