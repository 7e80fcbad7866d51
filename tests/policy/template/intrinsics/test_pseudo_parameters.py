from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment, template_deployment
from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.text import Kind, Text
from sfn_least_privilege.policy.value import MISSING, Anything, ListOf

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    ("name", "sample"),
    [
        ("AWS::Partition", "aws"),
        ("AWS::Region", "eu-west-1"),
        ("AWS::AccountId", "123456789012"),
        ("AWS::URLSuffix", "amazonaws.com"),
        ("AWS::StackName", None),
        ("AWS::StackId", None),
    ],
)
def test_they_stay_references(text: Callable[[Any], Text], name: str, sample: str | None) -> None:
    reference = text({"Ref": name}).reference

    assert (reference.function, reference.argument, reference.sample) == ("Ref", name, sample)


def test_the_stack_id_is_an_arn(text: Callable[[Any], Text]) -> None:
    assert text({"Ref": "AWS::StackId"}).reference.kind is Kind.ARN


@pytest.mark.parametrize(("region", "suffix"), [("cn-north-1", "amazonaws.com.cn"), (None, None)])
def test_the_url_suffix_is_the_partitions(scope: Scope, region: str | None, suffix: str | None) -> None:
    value = resolve({"Ref": "AWS::URLSuffix"}, replace(scope, deployment=template_deployment(region)))

    assert value.sample == suffix


def test_a_deployment_written_out_gives_its_values(scope: Scope) -> None:
    deployment = literal_deployment("aws", "eu-west-1", "123456789012")

    assert resolve({"Ref": "AWS::Region"}, replace(scope, deployment=deployment)) == Text.of("eu-west-1")


def test_no_value_is_no_value(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Ref": "AWS::NoValue"}) is MISSING


def test_the_notification_topics_are_a_list(resolved: Callable[[Any], Value]) -> None:
    assert isinstance(resolved({"Ref": "AWS::NotificationARNs"}), ListOf)


def test_another_name_is_malformed(resolved: Callable[[Any], Value]) -> None:
    assert resolved({"Ref": "AWS::Nothing"}) == Anything("Ref is malformed: there is no pseudo parameter AWS::Nothing")
