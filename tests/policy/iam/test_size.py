"""How long policies become at deployment."""

import json

import pytest

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.iam.document import document
from sfn_least_privilege.policy.iam.size import FRAME, resource_size, statement_size
from sfn_least_privilege.policy.iam.statement import Statement
from sfn_least_privilege.policy.needs.need import Reason
from sfn_least_privilege.policy.text import Kind, Reference, Text, Wildcard

REASON = Reason(("State",), "dynamodb:getItem", "https://docs.aws.amazon.com", Basis.DOCUMENTED)


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_policy_of_literals_is_as_long_as_iam_counts_it_or_a_comma_longer(count: int) -> None:
    tables = tuple(Text.of(f"arn:aws:dynamodb:eu-west-1:123456789012:table/{each}") for each in range(count))
    condition = Condition("StringEquals", "iam:PassedToService", (Text.of("ecs-tasks.amazonaws.com"),))
    statement = Statement("Read", ("dynamodb:GetItem", "dynamodb:Query"), tables, (REASON,), conditions=(condition,))
    written = len(json.dumps(document([statement]), separators=(",", ":")))
    assert written <= FRAME + statement_size(statement) <= written + len("[][],,,")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        (Text.of(Wildcard()), 1),
        (Text.of("a", Reference("Ref", "Stage", sample="production")), 11),
        (Text.of(Reference("Ref", "AWS::Region", Kind.NAME)), len("ap-southeast-1")),
        (Text.of(Reference("Ref", "Queue", Kind.NAME, "Queue", "AWS::SQS::Queue")), 80),
        (Text.of("100%*"), len("100%${*}")),
    ],
)
def test_a_resource_counts_as_the_longest_that_it_can_become(text: Text, size: int) -> None:
    assert resource_size(text) == size + len('"",')


def test_no_arn_of_a_function_is_longer_than_estimated() -> None:
    function = Text.of(Reference("Fn::GetAtt", "F.Arn", Kind.ARN, "F", "AWS::Lambda::Function"))
    longest = "arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:" + 64 * "f"
    assert resource_size(function) >= len(longest) + len('"",')
