"""The examples, transformed and deployed: roles and machines are there, and grant exactly what is written here."""

from __future__ import annotations

import json
import re
from ast import literal_eval
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from sfn_least_privilege.cli.documents import decode, read_document
from sfn_least_privilege.cli.main import main

EXAMPLES = Path(__file__).parents[2] / "examples"
ACCOUNT = "123456789012"
A = f"eu-west-1:{ACCOUNT}"
SAM_POLICIES = ("AWSXrayWriteOnlyAccess", "service-role/AWSLambdaBasicExecutionRole")


def processed(example: str) -> dict[str, Any]:
    """The example as CloudFormation would deploy it: our transform, then SAM's where the template names it."""
    result = CliRunner().invoke(
        main,
        ["transform", str(EXAMPLES / example), "--region", "eu-west-1", "--account-id", ACCOUNT],
    )
    assert result.exit_code == 0, result.stderr
    fragment: dict[str, Any] = read_document(decode(example, result.stdout.encode())).value
    if "Transform" not in fragment:
        return fragment
    definitions: dict[str, str] = {}
    for logical_id, resource in fragment["Resources"].items():
        uri = resource["Properties"].get("DefinitionUri") if resource.get("Properties") else None
        if uri:
            definitions[logical_id] = ((EXAMPLES / example).parent / uri).read_text()
            resource["Properties"]["DefinitionUri"] = {"Bucket": "artifacts", "Key": logical_id}
    managed = {name.split("/")[-1]: f"arn:aws:iam::aws:policy/{name}" for name in SAM_POLICIES}
    translated: dict[str, Any] = Translator(managed, Parser(), boto_session=boto3.Session()).translate(fragment, {})
    for logical_id, definition in definitions.items():
        # The emulated CloudFormation reads no definition from S3.
        properties = translated["Resources"][logical_id]["Properties"]
        del properties["DefinitionS3Location"]
        properties["DefinitionString"] = definition
    return translated


def without_aliases(template: dict[str, Any]) -> dict[str, Any]:
    """The template with each alias of a function, which the emulation does not know, replaced by the ARN it has."""
    aliases = {
        logical_id: {"Fn::Join": [":", [{"Fn::GetAtt": [function["Ref"], "Arn"]}, resource["Properties"]["Name"]]]}
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Lambda::Alias"
        for function in [resource["Properties"]["FunctionName"]]
    }

    def replaced(node: Any) -> Any:
        if isinstance(node, dict):
            if set(node) == {"Ref"} and node["Ref"] in aliases:
                return aliases[node["Ref"]]
            return {key: replaced(value) for key, value in node.items() if key not in aliases}
        return [replaced(item) for item in node] if isinstance(node, list) else node

    deployable: dict[str, Any] = replaced(template)
    return deployable


def granted(example: str) -> dict[str, set[tuple[str, str]]]:
    """Deploy the example; for each state machine, by name, the action and resource pairs of its role."""
    template = without_aliases(processed(example))
    cloudformation = boto3.client("cloudformation")
    cloudformation.create_stack(StackName="example", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"])
    resources = cloudformation.describe_stack_resources(StackName="example")["StackResources"]
    pairs: dict[str, set[tuple[str, str]]] = {}
    for resource in resources:
        if resource["ResourceType"] != "AWS::StepFunctions::StateMachine":
            continue
        machine = boto3.client("stepfunctions").describe_state_machine(stateMachineArn=resource["PhysicalResourceId"])
        role = machine["roleArn"].rpartition("/")[2]
        iam = boto3.client("iam")
        pairs[resource["LogicalResourceId"]] = {
            (action, generic(resource_arn, resources))
            for policy in iam.list_role_policies(RoleName=role)["PolicyNames"]
            for statement in statements(iam.get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"])
            for action in listed(statement["Action"])
            for resource_arn in listed(statement["Resource"])
        }
    return pairs


def statements(document: Any) -> list[dict[str, Any]]:
    """The statements of a policy, which the emulation keeps as Python writes it."""
    parsed: dict[str, Any] = literal_eval(document) if isinstance(document, str) else document
    return parsed["Statement"]


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def generic(arn: str, resources: list[Any]) -> str:
    """An ARN with the made-up names of the stack's resources replaced by their logical ids."""
    for resource in resources:
        physical = re.split(r"[:/]", resource.get("PhysicalResourceId", ""))[-1]
        if physical:
            arn = arn.replace(physical, f"<{resource['LogicalResourceId']}>")
    return arn


TRACING = {
    ("xray:GetSamplingRules", "*"),
    ("xray:GetSamplingTargets", "*"),
    ("xray:PutTelemetryRecords", "*"),
    ("xray:PutTraceSegments", "*"),
}
RULE = f"arn:aws:events:{A}:rule/StepFunctionsGetEventsForStepFunctionsExecutionRule"
EXPECTED = {
    "plain-cloudformation/template.yaml": {
        "AcceptOrder": {
            ("lambda:InvokeFunction", "arn:aws:lambda:eu-west-1:210987654321:function:fraud-check:live"),
            ("dynamodb:PutItem", f"arn:aws:dynamodb:{A}:table/<Orders>"),
            ("sns:Publish", f"arn:aws:sns:{A}:<Desk>"),
            ("sqs:SendMessage", f"arn:aws:sqs:{A}:<Refusals>"),
            *TRACING,
        },
        "AcceptBatch": {
            ("states:StartExecution", f"arn:aws:states:{A}:stateMachine:<AcceptOrder>"),
            ("states:DescribeExecution", f"arn:aws:states:{A}:execution:<AcceptOrder>:*"),
            ("states:StopExecution", f"arn:aws:states:{A}:execution:<AcceptOrder>:*"),
            ("events:PutTargets", RULE),
            ("events:PutRule", RULE),
            ("events:DescribeRule", RULE),
            ("events:PutEvents", f"arn:aws:events:{A}:event-bus/default"),
        },
    },
    "sam-definition-uri/template.yaml": {
        "HolidayRequest": {
            ("lambda:InvokeFunction", f"arn:aws:lambda:{A}:function:<AskManager>:live"),
            ("lambda:InvokeFunction", f"arn:aws:lambda:{A}:function:<BookHoliday>"),
            ("sqs:SendMessage", f"arn:aws:sqs:{A}:reminders"),
            ("dynamodb:UpdateItem", f"arn:aws:dynamodb:{A}:table/<Requests>"),
            ("events:PutEvents", f"arn:aws:events:{A}:event-bus/example-people"),
        },
    },
    "sam-transformed/template.json": {
        "Welcome": {
            ("lambda:InvokeFunction", f"arn:aws:lambda:{A}:function:<Greet>"),
            ("dynamodb:PutItem", f"arn:aws:dynamodb:{A}:table/mails"),
            ("sns:Publish", f"arn:aws:sns:{A}:<Welcomed>"),
            *TRACING,
        },
    },
}


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("example", EXPECTED)
def test_the_roles_of_an_example_grant_exactly_what_its_definitions_need(example: str) -> None:
    assert granted(example) == EXPECTED[example]
