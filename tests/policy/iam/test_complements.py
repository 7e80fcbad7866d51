"""Needs under template conditions, restated with fewer of them."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.iam.complements import with_fewest_conditions
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Guarded, Guards

QUEUE = Text.of("arn:aws:sqs:eu-west-1:111122223333:orders")
HOLDS: Guards = (("C", True),)
FAILS: Guards = (("C", False),)


def need(actions: str, guards: Guards = (), state: str = "Send") -> Need:
    reason = Reason((state,), "sqs:sendMessage", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    return Need(tuple(actions.split()), Guarded(QUEUE, guards), Phase.RUN, reason)


def test_needs_without_conditions_stay_as_they_are() -> None:
    needs = [need("sqs:SendMessage")]
    assert with_fewest_conditions(needs) is needs


def test_both_that_need_it_either_way_are_kept_as_those_who_need_it() -> None:
    needs = [need("sqs:SendMessage", HOLDS, "One"), need("sqs:SendMessage", FAILS, "Other")]
    assert with_fewest_conditions(needs) == [
        need("sqs:SendMessage", state="One"),
        need("sqs:SendMessage", state="Other"),
    ]


def test_only_the_actions_that_are_needed_either_way_lose_their_condition() -> None:
    needs = [need("sqs:SendMessage sqs:GetQueueUrl", HOLDS), need("sqs:SendMessage", FAILS)]
    assert with_fewest_conditions(needs) == [
        need("sqs:SendMessage"),
        need("sqs:GetQueueUrl", HOLDS),
        need("sqs:SendMessage"),
    ]


def test_a_need_is_told_only_where_it_is_one() -> None:
    needs = [need("sqs:A", (("A", True),), "One"), need("sqs:A", (("A", False), ("B", True)), "Other")]
    assert with_fewest_conditions(needs) == [
        need("sqs:A", (("A", True),), "One"),
        need("sqs:A", (("B", True),), "Other"),
    ]
