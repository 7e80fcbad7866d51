"""The needs of several forms of one definition."""

from __future__ import annotations

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.findings import Finding, Location, Rule, Severity
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.needs.variants import NeedsOfVariant, combined
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Guarded, Guards

QUEUE = Text.of("arn:aws:sqs:eu-west-1:111122223333:orders")
RULE = Rule("SLP999", Severity.WARNING, "Title", "message", "help")
HOLDS: Guards = (("C", True),)
FAILS: Guards = (("C", False),)


def need(guards: Guards = ()) -> Need:
    reason = Reason(("Send",), "sqs:sendMessage", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    return Need(("sqs:SendMessage",), Guarded(QUEUE, guards), Phase.RUN, reason)


def told(detail: str) -> Finding:
    return Finding(RULE, Location("Machine"), detail)


def test_one_form_is_taken_as_it_is() -> None:
    assert combined([NeedsOfVariant((), (need(),), (told("wide"),))]) == ((need(),), (told("wide"),))


def test_what_a_form_needs_is_needed_under_its_conditions() -> None:
    needs, _ = combined([NeedsOfVariant(HOLDS, (need(), need((("D", True),))), ()), NeedsOfVariant(FAILS, (), ())])
    assert needs == (need(HOLDS), need((*HOLDS, ("D", True))))


def test_what_every_form_needs_is_needed_without_its_conditions() -> None:
    own = need((("D", True),))
    needs, _ = combined([NeedsOfVariant(guards, (need(), own), ()) for guards in (HOLDS, FAILS)])
    assert needs == (need(), own)


def test_a_need_that_contradicts_its_form_is_none() -> None:
    needs, _ = combined([NeedsOfVariant(HOLDS, (need(FAILS),), ()), NeedsOfVariant(FAILS, (), ())])
    assert needs == ()


def test_what_there_is_to_tell_of_every_form_is_told_once() -> None:
    _, findings = combined([NeedsOfVariant(guards, (), (told("wide"),)) for guards in (HOLDS, FAILS)])
    assert findings == (told("wide"),)


def test_what_there_is_to_tell_of_one_form_is_told_with_its_conditions() -> None:
    _, findings = combined([NeedsOfVariant(HOLDS, (), ()), NeedsOfVariant(FAILS, (), (told("wide"),))])
    assert findings == (told("wide (where `C` does not hold)"),)
