from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.iam.size import MAX_INLINE, size_problem
from sfn_least_privilege.policy.iam.statement import synthesise
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Guarded

REASON = Reason(("State",), "dynamodb:getItem", "https://docs.aws.amazon.com", Basis.DOCUMENTED)


def needs(count: int) -> list[Need]:
    table = "arn:aws:dynamodb:eu-west-1:123456789012:table/{:04}"
    return [
        Need(("dynamodb:GetItem",), Guarded(Text.of(table.format(number))), Phase.RUN, REASON)
        for number in range(count)
    ]


def test_policies_within_the_quota_are_no_problem() -> None:
    assert size_problem(synthesise(needs(100)), "Machine") is None


def test_policies_beyond_the_quota_are_an_error_that_says_by_how_much_and_what_weighs_most() -> None:
    problem = size_problem(synthesise(needs(300)), "Machine")
    assert problem is not None
    assert problem.is_error
    assert "dynamodb:GetItem with 300 resources" in problem.detail
    assert f"{MAX_INLINE:,}" not in problem.detail
    assert "more than IAM allows" in problem.detail
