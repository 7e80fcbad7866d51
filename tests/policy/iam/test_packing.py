"""Which statements stand in the role and which beside it."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.findings import Finding
from sfn_least_privilege.policy.iam.document import document
from sfn_least_privilege.policy.iam.packing import NOTHING, Packing, Taken, pack
from sfn_least_privilege.policy.iam.size import MAX_INLINE, MAX_MANAGED
from sfn_least_privilege.policy.iam.statement import Statement
from sfn_least_privilege.policy.needs.need import Reason
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from sfn_least_privilege.policy.value import Guards


def statement(resources: int, sid: str = "Read", *, at_creation: bool = False, guards: Guards = ()) -> Statement:
    tables = tuple(
        Text.of(f"arn:aws:dynamodb:eu-west-1:123456789012:table/{sid}{each:05}") for each in range(resources)
    )
    reason = Reason((f"{sid} it",), "dynamodb:getItem", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    return Statement(sid, ("dynamodb:GetItem",), tables, (reason,), guards, at_creation=at_creation)


def packed(*statements: Statement, beside: tuple[Statement, ...] = (), taken: Taken = NOTHING) -> Packing:
    packing = pack(statements, beside, taken, "Machine")
    assert isinstance(packing, Packing)
    return packing


def written(statements: tuple[Statement, ...]) -> int:
    return len(json.dumps(document(statements), separators=(",", ":"))) if statements else 0


def test_what_fits_stands_in_the_role() -> None:
    small = statement(100)
    assert packed(small) == Packing((small,))


def test_what_does_not_fit_stands_in_managed_policies_whose_sids_differ() -> None:
    packing = packed(statement(400))
    assert [each.sid for each in (*packing.inline, *itertools.chain(*packing.managed))] == [
        "Read",
        "ReadPart2",
        "ReadPart3",
        "ReadPart4",
    ]


def test_what_creation_checks_stays_in_the_role_wherever_it_stands() -> None:
    rule = statement(1, "Rule", at_creation=True)
    assert rule in packed(statement(300), rule).inline


def test_what_a_template_condition_guards_goes_beside_the_role_where_it_does_not_fit() -> None:
    guarded = statement(300, "Guarded", guards=(("IsProd", True),))
    packing = packed(guarded)
    assert packing.managed
    everything = [*packing.inline, *itertools.chain(*packing.managed)]
    assert {each.guards for each in everything} == {guarded.guards}
    assert sorted(_pairs(everything)) == sorted(_pairs([guarded]))


def test_a_statement_with_more_actions_than_a_policy_holds_is_divided_by_them() -> None:
    actions = tuple(f"ec2:DescribeSomethingWithARatherLongName{each:04}" for each in range(400))
    several = replace(statement(1, "Describe"), actions=actions)
    packing = packed(several)
    everything = [*packing.inline, *itertools.chain(*packing.managed)]
    assert sorted(_pairs(everything)) == sorted(_pairs([several]))
    assert len({each.sid for each in everything}) == len(everything)
    assert all(written(each) <= MAX_MANAGED for each in packing.managed)


def test_a_resource_that_no_policy_can_hold_is_an_error() -> None:
    endless = replace(statement(1), resources=(Text.of("arn:aws:s3:::bucket/" + "x" * 11_000),))
    problem = pack([endless], (), NOTHING, "Machine")
    assert isinstance(problem, Finding)
    assert "may become 4," in problem.detail or "may become 5," in problem.detail


def test_what_others_have_taken_of_the_role_leaves_less() -> None:
    assert packed(statement(130), taken=Taken(inline=6_000)).managed


def test_a_policy_beside_the_role_takes_of_the_same_room() -> None:
    assert not packed(statement(130)).managed
    assert packed(statement(130), beside=(statement(60, "Itself"),)).managed


def test_more_than_ten_managed_policies_are_an_error_that_says_what_weighs_most() -> None:
    problem = pack([statement(1300), statement(3, "Small")], (), NOTHING, "Machine")
    assert isinstance(problem, Finding)
    assert "dynamodb:GetItem on 1,300 resources" in problem.detail
    assert "asked for by `Read it`" in problem.detail
    assert "characters larger than fits" in problem.detail


def test_managed_policies_that_the_author_attaches_leave_fewer() -> None:
    assert len(packed(statement(900)).managed) <= 10
    assert isinstance(pack([statement(900)], (), Taken(managed=9), "Machine"), Finding)


def test_more_than_the_role_can_hold_at_creation_is_an_error() -> None:
    assert isinstance(pack([statement(300, at_creation=True)], (), NOTHING, "Machine"), Finding)


@given(st.lists(st.tuples(st.integers(1, 200), st.booleans(), st.booleans()), max_size=8))
def test_packing_loses_and_adds_nothing_and_every_policy_fits(shapes: list[tuple[int, bool, bool]]) -> None:
    statements = [
        statement(
            1 if at_creation else count,
            f"S{index}",
            at_creation=at_creation,
            guards=(("IsProd", True),) if guarded else (),
        )
        for index, (count, at_creation, guarded) in enumerate(shapes)
    ]
    packing = pack(statements, (), NOTHING, "Machine")
    if isinstance(packing, Finding):
        assert sum(count for count, *_ in shapes) > 600
        return
    everything = [*packing.inline, *itertools.chain(*packing.managed)]
    assert sorted(_pairs(everything)) == sorted(_pairs(statements))
    assert len({each.sid for each in everything}) == len(everything)
    assert written(packing.inline) <= MAX_INLINE
    assert all(written(each) <= MAX_MANAGED for each in packing.managed)


def _pairs(statements: list[Statement]) -> list[tuple[str, str]]:
    return [(action, str(resource)) for each in statements for action in each.actions for resource in each.resources]
