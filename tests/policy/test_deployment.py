"""Partition, region and account, as far as they are known."""

import pytest

from sfn_least_privilege.policy.deployment import (
    literal_deployment,
    partition_of,
    pseudo_parameter,
    template_deployment,
)
from sfn_least_privilege.policy.rendering import render_string
from sfn_least_privilege.policy.text import Kind, Text


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-1", "aws"),
        ("eu-west-1", "aws"),
        ("il-central-1", "aws"),
        ("cn-north-1", "aws-cn"),
        ("cn-northwest-1", "aws-cn"),
        ("us-gov-west-1", "aws-us-gov"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("eusc-de-east-1", "aws-eusc"),
    ],
)
def test_the_partition_of_a_region(region: str, partition: str) -> None:
    assert partition_of(region) == partition


def test_a_template_refers_to_pseudo_parameters_whatever_their_present_values() -> None:
    known, not_known = template_deployment("cn-north-1", "111122223333"), template_deployment()
    for deployment in (known, not_known):
        assert render_string(deployment.partition) == {"Ref": "AWS::Partition"}
        assert render_string(deployment.region) == {"Ref": "AWS::Region"}
        assert render_string(deployment.account_id) == {"Ref": "AWS::AccountId"}


def test_present_values_are_samples() -> None:
    deployment = template_deployment("cn-north-1", "111122223333")
    samples = (deployment.partition.sample, deployment.region.sample, deployment.account_id.sample)
    assert samples == ("aws-cn", "cn-north-1", "111122223333")


def test_what_is_not_known_has_no_sample() -> None:
    deployment = template_deployment()
    assert (deployment.partition.sample, deployment.region.sample, deployment.account_id.sample) == (None, None, None)


def test_a_pseudo_parameter_holds_no_colon() -> None:
    assert Text.of("x:", pseudo_parameter("AWS::Region", None)).split(":") is not None
    assert pseudo_parameter("AWS::Region", "eu-west-1").kind is Kind.NAME


def test_a_plain_policy_document_has_everything_written_out() -> None:
    deployment = literal_deployment(None, "us-gov-west-1", "111122223333")
    written = (deployment.partition.literal, deployment.region.literal, deployment.account_id.literal)
    assert written == ("aws-us-gov", "us-gov-west-1", "111122223333")


def test_a_given_partition_wins_over_the_one_of_the_region() -> None:
    assert literal_deployment("aws-iso", "eu-west-1", None).partition.literal == "aws-iso"


def test_what_is_not_given_stays_unknown_and_says_how_to_give_it() -> None:
    deployment = literal_deployment("aws", None, None)
    assert [each.reason for each in (*deployment.region.unknowns, *deployment.account_id.unknowns)] == [
        "the region was not given: use --region",
        "the account was not given: use --account-id",
    ]


def test_without_a_word_the_partition_is_the_commercial_one() -> None:
    assert literal_deployment(None, None, None).partition.literal == "aws"
