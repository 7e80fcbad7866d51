"""The notation of the catalogue's files, piece by piece."""

from __future__ import annotations

import pytest

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.sdk.model import Check, Operation, Target
from sfn_least_privilege.policy.catalog.sdk.reading import Notation, condition, inline, operation, path_of

TYPES = {
    "queue": ("~{}", "=QueueUrl|queue"),
    "task": ("~task/{}/{}", "=cluster;task"),
    "role": ("arn:{Partition}:iam::{AccountId}:role/{}", "@RoleArn"),
}


def read(on: str, members: str = "A/B", extra: str = "") -> Operation:
    return operation(["DoIt", on, members, *filter(None, [extra])], Notation("svc", TYPES, ("NextToken", "Tags")))


def target(token: str) -> Target:
    [grant] = read(token).grants
    [found] = grant.targets
    return found


def slots(found: Target) -> list[list[str]]:
    return [[path.text for path in slot] for slot in found.slots]


def test_an_operation_without_further_words_has_the_action_of_its_name() -> None:
    assert [grant.action for grant in read("queue").grants] == ["svc:DoIt"]


def test_what_stands_before_the_slash_must_be_given() -> None:
    found = read("*", "A B/C D")

    assert (found.required, found.members) == (("A", "B"), ("A", "B", "C", "D"))


def test_a_number_stands_for_a_member_that_very_many_operations_have() -> None:
    assert read("*", "A 1/0 B").members == ("A", "Tags", "NextToken", "B")


def test_a_type_without_a_binding_has_its_usual_one() -> None:
    found = target("queue")

    assert found.template == "arn:{Partition}:svc:{Region}:{AccountId}:{}"
    assert (slots(found), found.slots[0][0].form, found.always) == ([["QueueUrl"]], "queue", True)


def test_a_type_may_be_bound_otherwise() -> None:
    assert slots(target("queue=QueueName,Name")) == [["QueueName", "Name"]]


def test_variables_are_bound_in_their_order_and_may_be_open() -> None:
    assert slots(target("task=cluster;tasks[]")) == [["cluster"], ["tasks[]"]]
    assert slots(target("task=;tasks[]")) == [[], ["tasks[]"]]
    assert slots(target("task=")) == [[], []]


def test_an_argument_may_hold_the_whole_arn() -> None:
    found = target("role")

    assert ([path.text for path in found.arns], slots(found)) == (["RoleArn"], [[]])


def test_a_question_mark_says_that_a_call_may_have_none() -> None:
    assert target("queue?").always is False
    assert target("queue?=Other").always is False


def test_a_target_may_be_written_out() -> None:
    found = target("~table/{TableName^}/index/{IndexName}")

    assert found.template == "arn:{Partition}:svc:{Region}:{AccountId}:table/{}/index/{}"
    assert slots(found) == [["TableName"], ["IndexName"]]
    assert [slot[0].takes_arn for slot in found.slots] == [True, False]


def test_the_keys_of_a_map_can_be_named() -> None:
    assert slots(inline("arn:x:table/{RequestItems{}}")) == [["RequestItems{}"]]


def test_everything_and_what_nobody_lists_are_told_apart() -> None:
    [everything] = read("*").grants
    [unlisted] = read("?").grants

    assert (everything.targets[0].is_everything, everything.unlisted) == (True, False)
    assert (unlisted.targets[0].is_everything, unlisted.unlisted) == (True, True)


def test_a_path_may_have_a_form_and_a_default() -> None:
    assert (path_of("Name|bus|=").form, path_of("Name|bus|=").default) == ("bus", "")
    assert (path_of("Name|=default").form, path_of("Name|=default").default) == ("", "default")
    assert path_of("Name").default is None


def test_further_words_are_json() -> None:
    found = read(
        "",
        "A",
        '{"do":[["svc:One","queue"]],"also":[["svc:Two","A","*"]],"roles":"RoleArn>x.amazonaws.com Other",'
        '"told":[["kms:Decrypt","why","A"]],"basis":"curated"}',
    )

    assert [grant.action for grant in found.grants] == ["svc:One", "svc:Two"]
    assert [(role.path.text, role.services) for role in found.roles] == [
        ("RoleArn", ("x.amazonaws.com",)),
        ("Other", ()),
    ]
    assert [(each.actions, each.situation) for each in found.untold] == [("kms:Decrypt", "why")]
    assert (found.basis, found.curated, found.assumed) == (Basis.ASSUMED, True, False)


@pytest.mark.parametrize(
    ("text", "test", "value"),
    [
        ("A.B[]", Check.GIVEN, ""),
        ("!A", Check.NOT_GIVEN, ""),
        ("A=X", Check.EQUALS, "x"),
        ("A!=X", Check.DIFFERS, "x"),
        ("A^select", Check.BEGINS, "select"),
        ("A%part", Check.HOLDS, "part"),
        ("A!%part", Check.LACKS, "part"),
    ],
)
def test_a_condition_asks_a_question(text: str, test: Check, value: str) -> None:
    [[question]] = condition(text)

    assert (question.test, question.value) == (test, value)


def test_conditions_are_alternatives_of_questions() -> None:
    assert [[question.path.text for question in each] for each in condition("A&!B/C")] == [["A", "B"], ["C"]]
    assert condition("") == ()


def test_what_is_no_condition_is_refused() -> None:
    with pytest.raises(ValueError, match="no condition"):
        condition("a b")
