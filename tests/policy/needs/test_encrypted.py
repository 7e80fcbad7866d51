"""Which resource of the template a permission can be for is over-approximated: never is the right one left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.needs.encrypted import EncryptedResources
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.template.resources import TemplateResources
from sfn_least_privilege.policy.template.scope import Scope
from sfn_least_privilege.policy.text import Text, Unknown, Wildcard

if TYPE_CHECKING:
    from collections.abc import Sequence

DEPLOYMENT = template_deployment("eu-west-1", "123456789012")
QUEUES = ("AWS::SQS::Queue",)
BUCKETS = ("AWS::S3::Bucket",)
PIECES = st.text(alphabet="ab-", max_size=4)


def around(resources: dict[str, Any]) -> EncryptedResources:
    scope = Scope(deployment=DEPLOYMENT, resources=resources, parameters={}, mappings={}, conditions={})
    name = Text.of("shop")
    return EncryptedResources(Surroundings("Machine", DEPLOYMENT, name, name, TemplateResources(scope)))


def queue(name: str) -> dict[str, Any]:
    return {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}}


def open_between(pieces: Sequence[str]) -> Text:
    parts: list[Any] = []
    for piece in pieces:
        parts.extend((piece, Unknown("a run knows")))
    return Text.of("arn:aws:sqs:eu-west-1:123456789012:", *parts[:-1])


@given(pieces=st.lists(PIECES, min_size=1, max_size=4), filling=PIECES)
def test_a_resource_whose_name_an_open_pattern_matches_is_found(pieces: list[str], filling: str) -> None:
    name = filling.join(pieces)
    if name:
        found = around({"Q": queue(name)}).matching(open_between(pieces), QUEUES)
        assert [match.logical_id for match in found] == ["Q"]


@given(name=PIECES.filter(bool), other=PIECES.filter(bool))
def test_a_name_that_is_known_is_found_exactly(name: str, other: str) -> None:
    found = around({"Q": queue(name)}).matching(open_between([other]), QUEUES)
    assert bool(found) == (name == other)


@given(pieces=st.lists(PIECES, min_size=1, max_size=4))
def test_a_resource_whose_name_cloudformation_makes_up_can_be_any(pieces: list[str]) -> None:
    assert around({"Q": {"Type": "AWS::SQS::Queue"}}).matching(open_between([*pieces, ""]), QUEUES)


def test_an_object_is_one_of_its_bucket_and_of_no_bucket_that_begins_alike() -> None:
    resources = {
        "Data": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data"}},
        "Other": {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": "data-old"}},
    }
    found = around(resources).matching(Text.of("arn:aws:s3:::data/in/", Wildcard()), BUCKETS)
    assert [match.logical_id for match in found] == ["Data"]


def test_a_permission_on_everything_that_has_no_resource_is_for_none() -> None:
    assert around({"Q": queue("orders")}).matching(Text((Wildcard(),)), QUEUES) == ()
