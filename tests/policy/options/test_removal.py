"""Actions that the author does not want."""

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.options.removal import without_actions
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Guarded

REASON = Reason(("Query",), "athena:startQueryExecution", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
NEED = Need(("s3:GetObject", "s3:CreateBucket"), Guarded(Text.of("arn:aws:s3:::*")), Phase.RUN, REASON)


def test_an_action_is_taken_away_and_told() -> None:
    (kept,), (told,) = without_actions([NEED], ["s3:CreateBucket"], "Machine")
    assert kept.actions == ("s3:GetObject",)
    assert str(told) == "SLP152 Machine / Query: s3:CreateBucket is needed, but `RemoveActions` takes it away"


def test_a_star_stands_for_anything_and_letter_case_for_nothing() -> None:
    kept, _ = without_actions([NEED], ["s3:*object", "S3:create*"], "Machine")
    assert kept == ()


def test_a_removal_that_nothing_needs_is_told() -> None:
    kept, (told,) = without_actions([NEED], ["s3:PutObject"], "Machine")
    assert kept == (NEED,)
    assert told.rule.id == "SLP153"
