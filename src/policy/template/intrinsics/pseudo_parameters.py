"""The pseudo parameters: what ``Ref`` gives for a name that starts with ``AWS::``.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.deployment import pseudo_parameter
from sfn_least_privilege.policy.text import Kind, Reference, Text, unknown
from sfn_least_privilege.policy.value import MISSING, ListOf

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.value import Value


def pseudo_parameter_value(name: str, deployment: Deployment) -> Value | None:
    """The value of pseudo parameter ``name``; None where there is none of that name."""
    value = _VALUES.get(name)
    return None if value is None else value(deployment)


def _url_suffix(deployment: Deployment) -> Text:
    partition = deployment.partition.sample
    return Text((pseudo_parameter("AWS::URLSuffix", None if partition is None else _SUFFIXES.get(partition)),))


# Source: botocore's `partitions.json`, `dnsSuffix`.
_SUFFIXES: Mapping[str, str] = MappingProxyType(
    {
        "aws": "amazonaws.com",
        "aws-cn": "amazonaws.com.cn",
        "aws-eusc": "amazonaws.eu",
        "aws-iso": "c2s.ic.gov",
        "aws-iso-b": "sc2s.sgov.gov",
        "aws-iso-e": "cloud.adc-e.uk",
        "aws-iso-f": "csp.hci.ic.gov",
        "aws-us-gov": "amazonaws.com",
    }
)

# A macro's event tells neither the stack's name nor its id, so these two have no sample.
_STACK_NAME = Text((pseudo_parameter("AWS::StackName", None),))
_STACK_ID = Text((Reference("Ref", "AWS::StackId", Kind.ARN),))

_VALUES: Mapping[str, Callable[[Deployment], Value]] = MappingProxyType(
    {
        "AWS::AccountId": lambda deployment: deployment.account_id,
        "AWS::NoValue": lambda _: MISSING,
        "AWS::NotificationARNs": lambda _: ListOf(unknown("the stack's notification topics are known at deployment")),
        "AWS::Partition": lambda deployment: deployment.partition,
        "AWS::Region": lambda deployment: deployment.region,
        "AWS::StackId": lambda _: _STACK_ID,
        "AWS::StackName": lambda _: _STACK_NAME,
        "AWS::URLSuffix": _url_suffix,
    }
)
