"""ARNs that somebody has put together around the name of a resource, recognised as that resource's own.

``arn:aws:dynamodb:eu-west-1:123456789012:table/${Orders}`` is what this engine writes as ``${Orders.Arn}``.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Wildcard

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.template.scope import Scope

# What stands before the name: service, and beginning of the resource. S3 alone has neither region nor account.
_BEGINNINGS = {
    "AWS::DynamoDB::GlobalTable": ("dynamodb", "table/"),
    "AWS::DynamoDB::Table": ("dynamodb", "table/"),
    "AWS::Events::EventBus": ("events", "event-bus/"),
    "AWS::KMS::Key": ("kms", "key/"),
    "AWS::Kinesis::Stream": ("kinesis", "stream/"),
    "AWS::Lambda::Function": ("lambda", "function:"),
    "AWS::S3::Bucket": ("s3", ""),
    "AWS::SNS::Topic": ("sns", ""),
    "AWS::SQS::Queue": ("sqs", ""),
    "AWS::Serverless::Function": ("lambda", "function:"),
    "AWS::Serverless::SimpleTable": ("dynamodb", "table/"),
}
_SEGMENTS = 6


def own_arn(text: Text, scope: Scope) -> Text:
    """``text`` with the ARN of a resource in the place of what is put together around its name, if it is that one."""
    for index, part in enumerate(text.parts):
        if not isinstance(part, Reference) or (part.function == "Ref" and part.argument in _PSEUDO):
            continue
        beginning = _BEGINNINGS.get(part.resource_type)
        is_name = part.kind in {Kind.NAME, Kind.ID} and part.arn is not None
        if beginning is None or not is_name or not _is_own(text.parts[:index], beginning, scope.deployment):
            return text
        return Text.of(part.arn or "", *text.parts[index + 1 :])
    return text


def _is_own(before: tuple[object, ...], beginning: tuple[str, str], deployment: Deployment) -> bool:
    """Whether the parts before a name are the beginning of an ARN of this deployment."""
    segments = "".join(map(_spelled, before)).split(":", _SEGMENTS - 1)
    if len(segments) != _SEGMENTS:
        return False
    service, resource = beginning
    arn, partition, given_service, region, account, given_resource = segments
    wanted = ("", "") if service == "s3" else (_PSEUDO["AWS::Region"], _PSEUDO["AWS::AccountId"])
    return (
        arn == "arn"
        and (given_service, given_resource) == (service, resource)
        and _is_segment(partition, _PSEUDO["AWS::Partition"], deployment.partition)
        and _is_segment(region, wanted[0], deployment.region)
        and _is_segment(account, wanted[1], deployment.account_id)
    )


def _is_segment(given: str, wanted: str, value: Text) -> bool:
    """Whether a segment is the deployment's: by name, by its present value, or whatever it is."""
    return given in {wanted, "*"} or (bool(wanted) and given == value.sample)


_PSEUDO = {"AWS::Partition": "<partition>", "AWS::Region": "<region>", "AWS::AccountId": "<account>"}


def _spelled(part: object) -> str:
    if isinstance(part, Literal):
        return part.value
    if isinstance(part, Reference) and part.function == "Ref":
        return _PSEUDO.get(part.argument, "<other>")
    return "*" if isinstance(part, Wildcard) and part.length is None else "<other>"
