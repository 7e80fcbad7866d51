"""How large policies become once CloudFormation has put values in the place of references.

IAM counts the characters of a policy without white space:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
A reference counts as the value it has now, where that is known, else as the longest that its type of resource allows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Wildcard
from sfn_least_privilege.policy.value import ArrayValue, Missing, ObjectValue, as_text, guarded_leaves

if TYPE_CHECKING:
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.text import Part
    from sfn_least_privilege.policy.value import Value

MAX_INLINE = 10_240
"""All inline policies of a role together."""

MAX_MANAGED = 6_144
"""One managed policy."""

MAX_MANAGED_POLICIES = 10
"""How many managed policies a role can have unless its account's quota has been raised."""

FRAME = len('{"Version":"2012-10-17","Statement":[]}')


def statement_size(statement: Statement) -> int:
    """The characters of a statement with a comma behind it."""
    return frame_size(statement) + sum(resource_size(each) for each in statement.resources)


def frame_size(statement: Statement) -> int:
    """The characters of a statement without its resources."""
    block: dict[str, dict[str, list[str]]] = {}
    values = 0
    for condition in statement.conditions:
        block.setdefault(condition.operator, {})[condition.key] = []
        values += sum(map(resource_size, condition.values))
    frame: dict[str, object] = {"Sid": statement.sid, "Effect": "Allow", "Action": statement.actions, "Resource": []}
    if block:
        frame["Condition"] = block
    return len(json.dumps(frame, separators=(",", ":"))) + len(",") + values


def resource_size(text: Text) -> int:
    """The characters of one string in a list, quoted and with a comma behind it."""
    return len('"",') + sum(map(_part_size, text.parts))


def value_size(value: Value) -> int:
    """The characters of something that its author wrote: the longest of what it can be under template conditions."""
    return max(map(_leaf_size, (leaf for _, leaf in guarded_leaves(value))), default=0)


def _leaf_size(value: Value) -> int:
    if isinstance(value, Missing):
        return 0
    if isinstance(value, ArrayValue):
        return len("[]") + sum(value_size(item) + len(",") for item in value.items)
    if isinstance(value, ObjectValue):
        return len("{}") + sum(
            len(json.dumps(name)) + len(":,") + value_size(item) for name, item in value.fields.items()
        )
    text = as_text(value)
    # What the author wrote is not escaped: its special characters are meant.
    return len('""') + sum(len(part.value) if isinstance(part, Literal) else _part_size(part) for part in text.parts)


def _part_size(part: Part) -> int:
    if isinstance(part, Literal):
        # IAM's special characters are written as three more, those of JSON as one more or as a code.
        written = len(json.dumps(part.value, ensure_ascii=False)) - len('""')
        return written + 3 * sum(map(part.value.count, "*?$"))
    if isinstance(part, Wildcard) and part.length is not None:
        return part.length
    if not isinstance(part, Reference):
        return len("*")
    if part.sample is not None:
        return len(part.sample)
    if part.function == "Ref" and part.argument in _PSEUDO_PARAMETERS:
        return _PSEUDO_PARAMETERS[part.argument]
    name = _LONGEST_NAMES.get(part.resource_type, _LONGEST_NAME)
    return name if part.kind in {Kind.NAME, Kind.ID} else _LONGEST_ARN_PREFIX + name


_REGION = len("us-isof-south-1")
_STACK_NAME = 128
# https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
_PSEUDO_PARAMETERS = {
    "AWS::AccountId": len("123456789012"),
    "AWS::Partition": len("aws-us-gov"),
    "AWS::Region": _REGION,
    "AWS::StackId": len("arn:aws-us-gov:cloudformation::123456789012:stack//") + _REGION + _STACK_NAME + 36,
    "AWS::StackName": _STACK_NAME,
    "AWS::URLSuffix": len("amazonaws.com.cn"),
}
_LONGEST_ARN_PREFIX = len("arn:aws-us-gov:elasticmapreduce::123456789012:workflowtemplate/") + _REGION

# From the names' own patterns in the resource types' schemas; a role's and a policy's path counts too.
_PATH = 512
_LONGEST_NAMES = {
    "AWS::Batch::JobDefinition": 128 + len(":1234567890"),
    "AWS::DynamoDB::GlobalTable": 255,
    "AWS::DynamoDB::Table": 255,
    "AWS::Events::EventBus": 256,
    "AWS::ECS::Cluster": 255,
    "AWS::ECS::TaskDefinition": 255 + len(":1234567890"),
    "AWS::Events::Connection": 64 + 1 + 36,
    "AWS::Glue::Database": 255,
    "AWS::Glue::Job": 255,
    "AWS::Glue::Table": 255 + 1 + 255,
    "AWS::IAM::ManagedPolicy": _PATH + 128,
    "AWS::IAM::Role": _PATH + 64,
    "AWS::KMS::Key": len("mrk-") + 36,
    "AWS::Lambda::Alias": 64 + 1 + 128,
    "AWS::Lambda::Function": 64,
    "AWS::Lambda::Version": 64 + len(":1234567890"),
    "AWS::Logs::LogGroup": 512,
    "AWS::S3::Bucket": 63,
    "AWS::SNS::Topic": 256,
    "AWS::SQS::Queue": 80,
    "AWS::SSM::Parameter": 2048,
    "AWS::SecretsManager::Secret": 512 + len("-AbCdEf"),
    "AWS::Serverless::Function": 64,
    "AWS::Serverless::SimpleTable": 255,
    "AWS::Serverless::StateMachine": 80,
    "AWS::StepFunctions::Activity": 80,
    "AWS::StepFunctions::StateMachine": 80,
    "AWS::StepFunctions::StateMachineAlias": 80 + 1 + 80,
    "AWS::StepFunctions::StateMachineVersion": 80 + len(":1234567890"),
}
_LONGEST_NAME = 128
