"""AWS in China, in GovCloud and elsewhere: nothing says `arn:aws:` where the definition or the template did not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.pipeline import Request, policy_for, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

FACTS = Path(__file__).parents[1] / "facts"
ROWS = [
    row
    for row in json.loads((FACTS / "integrations.json").read_text(encoding="utf-8"))["integrations"]
    if row.get("patternSupported", True)
]
CASES: dict[str, Any] = {
    key: case
    for file in sorted((FACTS / "services").glob("*.json"))
    for key, case in json.loads(file.read_text(encoding="utf-8")).items()
}
REGIONS = {"aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1", "aws-iso": "us-iso-east-1"}
SUFFIXES = {"aws-cn": "amazonaws.com.cn"}
PARTITIONS = pytest.mark.parametrize("partition", REGIONS)
ARN = re.compile(r"arn:(?:\$\{[^}]*\}|[^:]*):")


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def moved(node: Any, partition: str) -> Any:
    """The same arguments in another partition: its ARNs, its region, its hosts."""
    text = json.dumps(node).replace("arn:aws:", f"arn:{partition}:").replace("eu-west-1", REGIONS[partition])
    return json.loads(text.replace("amazonaws.com", SUFFIXES.get(partition, "amazonaws.com")))


def tail(row: dict[str, Any]) -> str:
    resource: str = row["resource"]
    return resource.partition(":::")[2]


def document(state: dict[str, Any], partition: str) -> dict[str, Any]:
    definition = {"StartAt": "Only", "States": {"Only": {**state, "End": True}}}
    deployment = literal_deployment(None, REGIONS[partition], "123456789012")
    return policy_for(json.dumps(definition), deployment, "shop").document or {}


def task(partition: str, api: str, /, **parameters: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:{partition}:states:::{api}", "Parameters": parameters}


def resources(state: dict[str, Any], partition: str, action: str) -> list[str]:
    (statement,) = [
        each
        for each in document(state, partition)["Statement"]
        if action in (each["Action"] if isinstance(each["Action"], list) else [each["Action"]])
    ]
    return statement["Resource"] if isinstance(statement["Resource"], list) else [statement["Resource"]]


@PARTITIONS
@pytest.mark.parametrize("row", ROWS, ids=tail)
def test_every_integration_speaks_of_its_own_partition(row: dict[str, Any], partition: str) -> None:
    case = CASES.get(tail(row)) or CASES[row["id"]]
    state = task(partition, tail(row), **moved(case["arguments"], partition))
    arns = ARN.findall(json.dumps(document(state, partition)))
    assert set(arns) <= {f"arn:{partition}:"}


@pytest.mark.parametrize(
    ("partition", "url"),
    [
        ("aws-cn", "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders"),
        ("aws-cn", "https://cn-north-1.queue.amazonaws.com.cn/123456789012/orders"),
        ("aws-us-gov", "https://sqs.us-gov-west-1.amazonaws.com/123456789012/orders"),
    ],
)
def test_a_queue_is_read_from_its_url(partition: str, url: str) -> None:
    found = resources(task(partition, "sqs:sendMessage", QueueUrl=url), partition, "sqs:SendMessage")
    assert found == [f"arn:{partition}:sqs:{REGIONS[partition]}:123456789012:orders"]


@pytest.mark.parametrize(
    ("partition", "host"),
    [
        ("aws-cn", "abc.execute-api.cn-north-1.amazonaws.com.cn"),
        ("aws-us-gov", "abc.execute-api.us-gov-west-1.amazonaws.com"),
    ],
)
def test_an_api_is_read_from_its_host(partition: str, host: str) -> None:
    state = task(partition, "apigateway:invoke", ApiEndpoint=host, Method="GET", Stage="s", AuthType="IAM_ROLE")
    found = resources(state, partition, "execute-api:Invoke")
    assert found == [f"arn:{partition}:execute-api:{REGIONS[partition]}:123456789012:abc/s/GET/"]


@PARTITIONS
def test_the_managed_rule_stands_in_the_partition(partition: str) -> None:
    child = f"arn:{partition}:states:{REGIONS[partition]}:123456789012:stateMachine:c"
    state = task(partition, "states:startExecution.sync:2", StateMachineArn=child)
    assert resources(state, partition, "events:PutRule") == [
        (
            f"arn:{partition}:events:{REGIONS[partition]}:123456789012:rule/"
            "StepFunctionsGetEventsForStepFunctionsExecutionRule"
        )
    ]


@PARTITIONS
def test_a_function_named_by_its_arn_keeps_it(partition: str) -> None:
    arn = f"arn:{partition}:lambda:{REGIONS[partition]}:123456789012:function:f"
    assert resources({"Type": "Task", "Resource": arn}, partition, "lambda:InvokeFunction") == [arn]


@PARTITIONS
def test_a_distributed_map_runs_reads_and_writes_in_the_partition(partition: str) -> None:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    state = {
        "Type": "Map",
        "ItemReader": {
            "Resource": f"arn:{partition}:states:::s3:getObject",
            "Parameters": {"Bucket": "data", "Key": "in.csv"},
        },
        "ItemProcessor": {
            "ProcessorConfig": config,
            "StartAt": "In",
            "States": {"In": {"Type": "Pass", "End": True}},
        },
        "ResultWriter": {"Resource": f"arn:{partition}:states:::s3:putObject", "Parameters": {"Bucket": "out"}},
    }
    assert resources(state, partition, "s3:PutObject") == [f"arn:{partition}:s3:::out/*"]
    assert set(ARN.findall(json.dumps(document(state, partition)))) == {f"arn:{partition}:"}


@PARTITIONS
def test_a_template_says_nothing_of_any_partition_but_by_reference(partition: str) -> None:
    key = {"Type": "AWS::KMS::Key"}
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "orders", "KmsMasterKeyId": {"Ref": "Key"}}}
    url = f"https://sqs.{REGIONS[partition]}.{SUFFIXES.get(partition, 'amazonaws.com')}/123456789012/orders"
    state = {**task(partition, "sqs:sendMessage", QueueUrl=url), "End": True}
    properties = {
        "StateMachineName": "shop",
        "Definition": {"StartAt": "Only", "States": {"Only": state}},
        "EncryptionConfiguration": {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": {"Ref": "Key"}},
    }
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    request = Request(NothingOutside(), REGIONS[partition], "123456789012")
    template = {"Resources": {"Key": key, "Queue": queue, "Machine": machine}}
    role = json.dumps(transform(template, request).fragment["Resources"]["MachineRole"]["Properties"])
    assert set(ARN.findall(role)) == {"arn:${AWS::Partition}:"}
    assert REGIONS[partition] not in role.replace(f"sqs:{REGIONS[partition]}:", "")
    # KMS calls services by the same names everywhere.
    assert "sqs.${AWS::Region}.amazonaws.com" in role
    assert "amazonaws.com.cn" not in role
