"""How large policies become once CloudFormation has put values in the place of references.

IAM counts the characters of a policy without white space:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
A reference counts as the value it has now, where that is known, else as the longest that its type of resource allows.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Kind, Literal, Reference, Wildcard

if TYPE_CHECKING:
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.text import Part, Text

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


def _part_size(part: Part) -> int:
    if isinstance(part, Literal):
        # IAM's special characters are written as three more.
        return len(part.value) + 3 * sum(map(part.value.count, "*?$"))
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


_PSEUDO_PARAMETERS = {
    "AWS::AccountId": len("123456789012"),
    "AWS::Partition": len("aws-us-gov"),
    "AWS::Region": len("ap-southeast-1"),
    "AWS::StackName": 128,
    "AWS::URLSuffix": len("amazonaws.com.cn"),
}
_LONGEST_ARN_PREFIX = len("arn:aws-us-gov:elasticmapreduce:ap-southeast-1:123456789012:workflowtemplate/")

# From the names' own patterns in the resource types' schemas.
_LONGEST_NAMES = {
    "AWS::DynamoDB::GlobalTable": 255,
    "AWS::DynamoDB::Table": 255,
    "AWS::Events::EventBus": 256,
    "AWS::Glue::Job": 255,
    "AWS::IAM::Role": 64,
    "AWS::KMS::Key": 36,
    "AWS::Lambda::Function": 64,
    "AWS::Logs::LogGroup": 512,
    "AWS::S3::Bucket": 63,
    "AWS::SNS::Topic": 256,
    "AWS::SQS::Queue": 80,
    "AWS::SecretsManager::Secret": 512,
    "AWS::Serverless::Function": 64,
    "AWS::Serverless::SimpleTable": 255,
    "AWS::Serverless::StateMachine": 80,
    "AWS::StepFunctions::Activity": 80,
    "AWS::StepFunctions::StateMachine": 80,
}
_LONGEST_NAME = 128
