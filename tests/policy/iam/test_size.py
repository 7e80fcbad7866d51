"""How long policies become at deployment."""

import json

import pytest

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.iam.document import document
from sfn_least_privilege.policy.iam.size import FRAME, resource_size, statement_size, value_size
from sfn_least_privilege.policy.iam.statement import Statement
from sfn_least_privilege.policy.needs.need import Reason
from sfn_least_privilege.policy.text import Kind, Reference, Text, Wildcard
from sfn_least_privilege.policy.value import Conditional, from_json

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
        (Text.of(Reference("Ref", "AWS::Region", Kind.NAME)), len("us-isof-south-1")),
        (Text.of(Reference("Ref", "Queue", Kind.NAME, "Queue", "AWS::SQS::Queue")), 80),
        (Text.of("100%*"), len("100%${*}")),
    ],
)
def test_a_resource_counts_as_the_longest_that_it_can_become(text: Text, size: int) -> None:
    assert resource_size(text) == size + len('"",')


REGION = "us-isof-south-1:123456789012"
STACK = "s" * 128
UUID = "12345678-1234-1234-1234-123456789012"


@pytest.mark.parametrize(
    ("kind", "longest"),
    [
        ("AWS::Batch::JobDefinition", f"arn:aws-us-gov:batch:{REGION}:job-definition/{'j' * 128}:12345"),
        ("AWS::Batch::JobQueue", f"arn:aws-us-gov:batch:{REGION}:job-queue/{'j' * 128}"),
        ("AWS::DynamoDB::Table", f"arn:aws-us-gov:dynamodb:{REGION}:table/{'t' * 255}"),
        ("AWS::ECS::TaskDefinition", f"arn:aws-us-gov:ecs:{REGION}:task-definition/{'t' * 255}:12345"),
        ("AWS::ECS::Cluster", f"arn:aws-us-gov:ecs:{REGION}:cluster/{'c' * 255}"),
        ("AWS::Events::Connection", f"arn:aws-us-gov:events:{REGION}:connection/{'c' * 64}/{UUID}"),
        ("AWS::IAM::Role", f"arn:aws-us-gov:iam::123456789012:role/{'p' * 510}/{'r' * 64}"),
        ("AWS::KMS::Key", f"arn:aws-us-gov:kms:{REGION}:key/mrk-{UUID}"),
        ("AWS::Lambda::Alias", f"arn:aws-us-gov:lambda:{REGION}:function:{'f' * 64}:{'a' * 128}"),
        ("AWS::Lambda::Function", f"arn:aws-us-gov:lambda:{REGION}:function:{'f' * 64}"),
        ("AWS::Logs::LogGroup", f"arn:aws-us-gov:logs:{REGION}:log-group:{'l' * 512}:*"),
        ("AWS::SNS::Topic", f"arn:aws-us-gov:sns:{REGION}:{'t' * 251}.fifo"),
        ("AWS::SQS::Queue", f"arn:aws-us-gov:sqs:{REGION}:{'q' * 80}"),
        ("AWS::SecretsManager::Secret", f"arn:aws-us-gov:secretsmanager:{REGION}:secret:{'s' * 512}-AbCdEf"),
        ("AWS::SSM::Parameter", f"arn:aws-us-gov:ssm:{REGION}:parameter/{'p' * 1011}"),
        ("AWS::StepFunctions::StateMachine", f"arn:aws-us-gov:states:{REGION}:stateMachine:{'s' * 80}"),
        ("AWS::StepFunctions::StateMachineAlias", f"arn:aws-us-gov:states:{REGION}:stateMachine:{'s' * 80}:{'a' * 80}"),
    ],
)
def test_no_arn_is_longer_than_estimated(kind: str, longest: str) -> None:
    reference = Text.of(Reference("Fn::GetAtt", "It.Arn", Kind.ARN, "It", kind))
    assert resource_size(reference) >= len(longest) + len('"",')


def test_no_id_of_a_stack_is_longer_than_estimated() -> None:
    longest = f"arn:aws-us-gov:cloudformation:{REGION}:stack/{STACK}/{UUID}"
    assert resource_size(Text.of(Reference("Ref", "AWS::StackId", Kind.ARN))) >= len(longest) + len('"",')


@pytest.mark.parametrize("node", [{"Effect": "Allow", "Action": ["s3:*"], "Resource": "*"}, [{}, 1, True], "${aws:x}"])
def test_what_an_author_wrote_counts_as_it_stands(node: object) -> None:
    written = len(json.dumps(node, separators=(",", ":")))
    assert written <= value_size(from_json(node)) <= written + 6


def test_of_a_choice_the_longest_counts() -> None:
    value = Conditional("IsProd", Text.of("short"), Text.of("much longer"))
    assert value_size(value) == len('"much longer"')
