"""From a grant of the catalogue to permissions: conditions, what is told of them, and when they apply."""

from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.arguments import known_arguments
from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.forms.values import any_of
from sfn_least_privilege.policy.catalog.integration import (
    ArgumentArn,
    Call,
    FixedArn,
    Given,
    Grant,
    GrantCondition,
    Is,
    NotGiven,
)
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.needs.grants import Loosened, Permission, permissions
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import MISSING, Anything, Conditional, ObjectValue, Value

HERE = literal_deployment("aws", "eu-west-1", "123456789012")
NOWHERE = Text.of("the machine")
ROLE = ArgumentArn("Role", "arn:{Partition}:iam::{AccountId}:role/{}")
THING = FixedArn("arn:{Partition}:thing")


def granted(grant: Grant, **arguments: Value) -> list[Permission]:
    call = Call(
        known_arguments(ObjectValue(arguments)),
        Pattern.REQUEST_RESPONSE,
        Surroundings("Machine", HERE, NOWHERE, NOWHERE),
    )
    return list(permissions(grant, call))


def conditioned(operator: str, role: Value) -> Permission:
    (only,) = granted(Grant(("a:B",), THING, conditions=(GrantCondition(operator, "a:Role", ROLE),)), Role=role)
    return only


def test_a_value_that_is_known_is_matched_as_it_is() -> None:
    only = conditioned("StringEquals", Text.of("worker"))
    assert only.conditions == (
        Condition("StringEquals", "a:Role", (Text.of("arn:aws:iam::123456789012:role/worker"),)),
    )
    assert only.loosened == ()


@pytest.mark.parametrize(
    ("operator", "matching"),
    [("StringEquals", "StringLike"), ("StringEqualsIfExists", "StringLikeIfExists"), ("ArnEquals", "ArnEquals")],
)
def test_a_value_that_is_known_in_part_is_matched_as_a_pattern_and_told(operator: str, matching: str) -> None:
    value = Text.of("arn:aws:iam::123456789012:role/worker-", Unknown("it comes later"))
    only = conditioned(operator, value)
    assert [(each.operator, each.key) for each in only.conditions] == [(matching, "a:Role")]
    assert only.loosened == (Loosened("a:Role", value, "it comes later"),)


def test_a_pattern_that_is_meant_is_not_told() -> None:
    meant = GrantCondition("StringEquals", "a:Service", FixedArn("ec2.amazonaws.com*"))
    (only,) = granted(Grant(("a:B",), THING, conditions=(meant,)))
    assert [each.operator for each in only.conditions] == ["StringLike"]
    assert only.loosened == ()


def test_one_of_several_words_is_one_condition() -> None:
    either = GrantCondition("StringEquals", "a:Service", any_of("x", "y"))
    (only,) = granted(Grant(("a:B",), THING, conditions=(either,)))
    assert only.conditions == (Condition("StringEquals", "a:Service", (Text.of("x"), Text.of("y"))),)


def test_a_value_that_hangs_on_a_condition_of_the_template_is_matched_under_it() -> None:
    grant = Grant(("a:B",), THING, conditions=(GrantCondition("StringEquals", "a:Role", ROLE),))
    found = granted(grant, Role=Conditional("Big", Text.of("big"), Text.of("small")))
    assert {each.resource.guards: spell(each.conditions[0].values[0]) for each in found} == {
        (("Big", True),): "arn:aws:iam::123456789012:role/big",
        (("Big", False),): "arn:aws:iam::123456789012:role/small",
    }


@pytest.mark.parametrize(
    ("when", "value", "applies"),
    [
        (Given("Tags"), Text.of("x"), True),
        (Given("Tags"), MISSING, False),
        (Given("Tags"), Anything("later"), True),
        (NotGiven("Tags"), Text.of("x"), False),
        (NotGiven("Tags"), MISSING, True),
        (NotGiven("Tags"), Anything("later"), True),
        (Is("Tags", ("Yes",)), Text.of("yes"), True),
        (Is("Tags", ("Yes",)), Text.of("no"), False),
        (Is("Tags", ("Yes",)), MISSING, False),
        (Is("Tags", ("Yes",)), Anything("later"), True),
    ],
    ids=str,
)
def test_a_grant_applies_where_it_may_have_to(when: Given | NotGiven | Is, value: Value, *, applies: bool) -> None:
    assert bool(granted(Grant(("a:B",), THING, when=(when,)), Tags=value)) is applies
