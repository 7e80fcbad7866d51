"""How needs become the fewest statements without granting more than they ask."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.iam.statement import Statement, synthesise
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.rendering import render_pattern
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import Guarded, Guards

ORDERS = Text.of("arn:aws:sqs:eu-west-1:111122223333:orders")
REFUNDS = Text.of("arn:aws:sqs:eu-west-1:111122223333:refunds")
TABLE = Text.of(Reference("Fn::GetAtt", "Table.Arn", Kind.ARN))
IS_PROD: Guards = (("IsProd", True),)


def reason(state: str = "Send") -> Reason:
    return Reason((state,), "sqs:sendMessage", "https://docs.aws.amazon.com", Basis.DOCUMENTED)


def need(action: str, resource: Text = ORDERS, guards: Guards = (), state: str = "Send") -> Need:
    return Need(tuple(action.split()), Guarded(resource, guards), Phase.RUN, reason(state))


def exploded(statements: tuple[Statement, ...]) -> list[tuple[Guards, str, Text]]:
    return [
        (each.guards, action, resource)
        for each in statements
        for action, resource in itertools.product(each.actions, each.resources)
    ]


actions = st.sampled_from(["sqs:SendMessage", "sns:Publish", "lambda:InvokeFunction", "s3:GetObject"])
needs = st.lists(
    st.builds(
        Need,
        st.lists(actions, min_size=1, max_size=3, unique=True).map(tuple),
        st.builds(
            Guarded,
            st.sampled_from([ORDERS, REFUNDS, TABLE]),
            st.sampled_from([(), IS_PROD, (("IsProd", False),), (("IsEu", True), ("IsProd", True))]),
        ),
        st.sampled_from(Phase),
        st.sampled_from(["Send", "Receive"]).map(reason),
    ),
    max_size=12,
)


@pytest.mark.parametrize("truths", [{"IsProd": prod, "IsEu": eu} for prod in (True, False) for eu in (True, False)])
@given(asked=needs)
def test_statements_grant_exactly_what_is_needed(asked: list[Need], truths: dict[str, bool]) -> None:
    def hold(guards: Guards) -> bool:
        return all(truths[condition] is holds for condition, holds in guards)

    wanted = {(action, each.resource.text) for each in asked if hold(each.resource.guards) for action in each.actions}
    assert {(action, text) for guards, action, text in exploded(synthesise(asked)) if hold(guards)} == wanted


@given(needs)
def test_what_is_always_granted_is_granted_without_conditions(asked: list[Need]) -> None:
    granted = exploded(synthesise(asked))
    always = {each[1:] for each in granted if not each[0]}
    assert all(each[1:] not in always for each in granted if each[0])


@given(needs)
def test_nothing_is_granted_twice(asked: list[Need]) -> None:
    granted = exploded(synthesise(asked))
    assert len(granted) == len(set(granted))


@given(needs)
def test_no_two_statements_could_be_one(asked: list[Need]) -> None:
    statements = synthesise(asked)
    assert len({(each.guards, each.actions) for each in statements}) == len(statements)


@given(needs)
def test_the_same_needs_make_the_same_statements(asked: list[Need]) -> None:
    assert synthesise(asked) == synthesise(list(asked))


@given(needs)
def test_every_need_is_among_the_reasons_of_what_grants_it(asked: list[Need]) -> None:
    reasons = {(action, text): each.reasons for each in synthesise(asked) for action, text in _pairs(each)}
    for each in asked:
        if not each.resource.guards:
            assert all(each.reason in reasons[action, each.resource.text] for action in each.actions)


def _pairs(statement: Statement) -> list[tuple[str, Text]]:
    return list(itertools.product(statement.actions, statement.resources))


@given(needs)
def test_sids_are_unique_and_alphanumeric(asked: list[Need]) -> None:
    sids = [each.sid for each in synthesise(asked)]
    assert len(sids) == len(set(sids))
    assert all(re.fullmatch("[A-Za-z0-9]+", sid) for sid in sids)


def test_no_needs_no_statements() -> None:
    assert synthesise([]) == ()


def test_actions_on_one_resource_share_a_statement() -> None:
    (only,) = synthesise([need("sqs:SendMessage"), need("sqs:GetQueueUrl")])
    assert (only.actions, only.resources) == (("sqs:GetQueueUrl", "sqs:SendMessage"), (ORDERS,))


def test_resources_with_the_same_actions_share_a_statement() -> None:
    (only,) = synthesise([need("sqs:SendMessage", REFUNDS), need("sqs:SendMessage", ORDERS)])
    assert only.resources == (REFUNDS, ORDERS)


def test_no_action_spreads_to_the_resources_of_another() -> None:
    statements = synthesise([need("sqs:SendMessage", ORDERS), need("sqs:DeleteMessage", REFUNDS)])
    assert [(each.actions, each.resources) for each in statements] == [
        (("sqs:SendMessage",), (ORDERS,)),
        (("sqs:DeleteMessage",), (REFUNDS,)),
    ]


def test_different_conditions_never_share_a_statement() -> None:
    statements = synthesise([need("sqs:SendMessage"), need("sqs:SendMessage", REFUNDS, IS_PROD)])
    assert [each.guards for each in statements] == [(), IS_PROD]


def test_what_holds_anyway_is_not_said_again_under_a_condition() -> None:
    (only,) = synthesise([need("sqs:SendMessage", guards=IS_PROD), need("sqs:SendMessage")])
    assert only.guards == ()


def test_what_is_needed_either_way_is_needed_without_a_condition() -> None:
    (only,) = synthesise([need("sqs:SendMessage", guards=guards) for guards in (IS_PROD, (("IsProd", False),))])
    assert only.guards == ()


def test_the_states_that_ask_are_told_once_each() -> None:
    (only,) = synthesise([need("sqs:SendMessage", state=state) for state in ("Send", "Again", "Send")])
    assert [each.place for each in only.reasons] == ["Send", "Again"]


def test_resources_that_are_written_alike_are_one() -> None:
    """Why a part is not known differs from state to state; what IAM reads is the same."""
    queues = [Text.of("arn:aws:sqs:eu-west-1:111122223333:", hole) for hole in (Unknown("a"), Unknown("b"), Wildcard())]
    (only,) = synthesise([need("sqs:SendMessage", queue) for queue in queues])
    assert [render_pattern(each) for each in only.resources] == ["arn:aws:sqs:eu-west-1:111122223333:*"]


def test_what_is_written_alike_collects_its_actions() -> None:
    queues = [Text.of("arn:aws:sqs:eu-west-1:111122223333:", Unknown(why)) for why in ("a", "b")]
    statements = synthesise([need("sqs:SendMessage", queues[0]), need("sqs:DeleteMessage", queues[1])])
    assert [each.actions for each in statements] == [("sqs:DeleteMessage", "sqs:SendMessage")]


def test_the_order_of_conditions_does_not_matter() -> None:
    one, other = (("IsProd", True), ("IsEu", False)), (("IsEu", False), ("IsProd", True))
    statements = synthesise([need("sqs:SendMessage", guards=one), need("sqs:SendMessage", guards=other)])
    assert len(statements) == 1


def test_a_sid_says_what_it_allows() -> None:
    statements = synthesise(
        [
            need("sqs:SendMessage"),
            need("execute-api:Invoke", TABLE),
            need("dynamodb:GetItem dynamodb:PutItem", TABLE),
            need("s3:A s3:B s3:C s3:D", TABLE),
            need("sqs:SendMessage", REFUNDS, IS_PROD),
        ]
    )
    assert [each.sid for each in statements] == [
        "SqsSendMessage",
        "ExecuteApiInvoke",
        "DynamodbGetItemPutItem",
        "S3AAnd3More",
        "SqsSendMessage2",
    ]


@pytest.mark.parametrize(("rule", "sid"), [("logging", "Logging"), ("tracing", "Tracing")])
def test_what_a_setting_alone_asks_for_is_named_after_it(rule: str, sid: str) -> None:
    setting = Reason((), rule, "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    (only,) = synthesise([Need(("logs:A", "logs:B"), Guarded(Text.of(Wildcard())), Phase.RUN, setting)])
    assert only.sid == sid


def test_a_setting_of_several_words_makes_a_sid_as_well() -> None:
    setting = Reason((), "encryption key", "https://docs.aws.amazon.com", Basis.DOCUMENTED)
    (only,) = synthesise([Need(("kms:Decrypt",), Guarded(Text.of(Wildcard())), Phase.RUN, setting)])
    assert re.fullmatch("[A-Za-z0-9]+", only.sid)


def test_services_keep_apart_where_both_need_every_resource() -> None:
    statements = synthesise(
        [need("xray:PutTraceSegments", Text.of(Wildcard())), need("sns:Publish", Text.of(Wildcard()))]
    )
    assert [each.actions for each in statements] == [("xray:PutTraceSegments",), ("sns:Publish",)]


def test_a_numbered_sid_does_not_meet_an_action_that_ends_in_a_number() -> None:
    statements = synthesise(
        [need("x:Get2", REFUNDS), need("x:Get", ORDERS), need("x:Get", TABLE, IS_PROD), need("x:Get2", ORDERS, IS_PROD)]
    )
    assert len({each.sid for each in statements}) == len(statements)


def test_many_needs_are_taken() -> None:
    many = [need(f"sqs:Action{number}", Text.of(f"queue-{number}"), state=str(number)) for number in range(20_000)]
    statements = synthesise(many)
    assert len(statements) == 20_000
