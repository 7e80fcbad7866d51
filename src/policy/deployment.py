"""Where the workflow will run: partition, region and account, as far as they are known."""

from __future__ import annotations

from dataclasses import dataclass

from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown


@dataclass(frozen=True, slots=True)
class Deployment:
    """The three parts that every ARN starts with."""

    partition: Text
    region: Text
    account_id: Text


def partition_of(region: str) -> str:
    """The partition a region belongs to, by the prefix of its name.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (three public partitions) and
    botocore's ``partitions.json`` for the isolated ones.
    """
    for prefix, partition in _PARTITION_BY_REGION_PREFIX:
        if region.startswith(prefix):
            return partition
    return "aws"


_PARTITION_BY_REGION_PREFIX = (
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-iso-", "aws-iso"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
)


def template_deployment(region: str | None = None, account_id: str | None = None) -> Deployment:
    """The deployment of a template: pseudo parameters, with their present values as samples where known."""
    partition = partition_of(region) if region else None
    return Deployment(
        partition=Text((pseudo_parameter("AWS::Partition", partition),)),
        region=Text((pseudo_parameter("AWS::Region", region),)),
        account_id=Text((pseudo_parameter("AWS::AccountId", account_id),)),
    )


def pseudo_parameter(name: str, sample: str | None) -> Reference:
    """A ``Ref`` to a pseudo parameter such as ``AWS::Region``."""
    return Reference("Ref", name, Kind.NAME, sample=sample)


def literal_deployment(partition: str | None, region: str | None, account_id: str | None) -> Deployment:
    """A deployment written out in a plain policy document; a region or an account that is not given is unknown.

    A partition that neither is given nor follows from the region is ``aws``, as in most accounts.
    """
    if partition is None and region is not None:
        partition = partition_of(region)
    return Deployment(
        partition=Text.of(partition or "aws"),
        region=_given(region, "the region was not given: use --region"),
        account_id=_given(account_id, "the account was not given: use --account-id"),
    )


def _given(value: str | None, reason: str) -> Text:
    return Text.of(value) if value else Text((Unknown(reason),))
