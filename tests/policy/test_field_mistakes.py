"""What other generators of roles get wrong, each mistake as a case that must come out right.

They were met in issues and in the source of the serverless plugin, CDK, the terraform module and the console.
"""

from __future__ import annotations

import fnmatch
import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.pipeline import Outcome, Request, policy_for, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")
HERE = "eu-west-1:123456789012"
PASS = {"Type": "Pass", "End": True}
FUNCTION = f"arn:aws:lambda:{HERE}:function:charge"


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def statements(state: dict[str, Any], language: str = "JSONPath") -> list[dict[str, Any]]:
    definition = {"QueryLanguage": language, "StartAt": "Only", "States": {"Only": {**state, "End": True}}}
    document = policy_for(json.dumps(definition), DEPLOYMENT, "shop").document
    return document["Statement"] if document else []


def call(api: str, /, **arguments: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{api}", "Parameters": arguments}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def granted(state: dict[str, Any], language: str = "JSONPath") -> dict[str, list[str]]:
    """The resources of each action."""
    found: dict[str, list[str]] = {}
    for statement in statements(state, language):
        for action in listed(statement["Action"]):
            found.setdefault(action, []).extend(listed(statement["Resource"]))
    return found


def deployed(state: dict[str, Any], resources: dict[str, Any] | None = None, **properties: Any) -> Outcome:
    """A template with one machine that runs the state."""
    definition = {"StartAt": "Only", "States": {"Only": {**state, "End": True}}}
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": {"Definition": definition, **properties}}
    template = {"Resources": {**(resources or {}), "Machine": machine}}
    return transform(template, Request(NothingOutside(), "eu-west-1", "123456789012"))


def in_role(outcome: Outcome) -> list[dict[str, Any]]:
    policies = outcome.fragment["Resources"]["MachineRole"]["Properties"].get("Policies", [])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


# Names --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "state"),
    [
        ("JSONPath", call("dynamodb:getItem", **{"TableName.$": "$.name"})),
        (
            "JSONata",
            {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Arguments": {"TableName": "{% $n %}"}},
        ),
    ],
)
def test_a_path_or_an_expression_is_not_copied_into_an_arn(language: str, state: dict[str, Any]) -> None:
    (resource,) = granted(state, language)["dynamodb:GetItem"]
    assert resource == "arn:aws:dynamodb:eu-west-1:*:table/*"


def test_a_reference_stays_the_reference_it_is() -> None:
    queue = {"OrderDesk": {"Type": "AWS::SQS::Queue"}}
    (statement,) = in_role(deployed(call("sqs:sendMessage", QueueUrl={"Ref": "OrderDesk"}), queue))
    assert statement["Resource"] == {"Fn::GetAtt": ["OrderDesk", "Arn"]}


# Nested executions --------------------------------------------------------------------------------------------------

CHILD = f"arn:aws:states:{HERE}:stateMachine:orders"


def test_executions_are_described_and_stopped_not_state_machines() -> None:
    found = granted(call("states:startExecution.sync:2", StateMachineArn=CHILD))
    assert found["states:StartExecution"] == [CHILD]
    assert found["states:DescribeExecution"] == [f"arn:aws:states:{HERE}:execution:orders:*"]
    assert found["states:StopExecution"] == found["states:DescribeExecution"]


def test_executions_of_a_machine_with_a_longer_name_are_not_covered() -> None:
    (pattern,) = granted(call("states:startExecution.sync", StateMachineArn=CHILD))["states:StopExecution"]
    assert fnmatch.fnmatchcase(f"arn:aws:states:{HERE}:execution:orders:1", pattern)
    assert not fnmatch.fnmatchcase(f"arn:aws:states:{HERE}:execution:orders-old:1", pattern)


@pytest.mark.parametrize("qualifier", ["live", "7"])
def test_a_child_named_by_alias_or_version_is_authorised_without_it(qualifier: str) -> None:
    found = granted(call("states:startExecution.sync:2", StateMachineArn=f"{CHILD}:{qualifier}"))
    assert found["states:StartExecution"] == [CHILD]
    assert found["states:DescribeExecution"] == [f"arn:aws:states:{HERE}:execution:orders:*"]


def test_a_child_in_another_account_is_that_accounts() -> None:
    theirs = "arn:aws:states:eu-west-1:210987654321"
    found = granted(call("states:startExecution.sync", StateMachineArn=f"{theirs}:stateMachine:orders"))
    assert found["states:StartExecution"] == [f"{theirs}:stateMachine:orders"]
    assert found["states:StopExecution"] == [f"{theirs}:execution:orders:*"]


def test_a_child_behind_another_role_is_that_roles_affair() -> None:
    role = "arn:aws:iam::210987654321:role/theirs"
    state = {**call("states:startExecution.sync", StateMachineArn=CHILD), "Credentials": {"RoleArn": role}}
    assert granted(state) == {"sts:AssumeRole": [role]}


# Endpoints ----------------------------------------------------------------------------------------------------------


def endpoints(url: str, language: str = "JSONPath") -> list[str]:
    field = "Arguments" if language == "JSONata" else "Parameters"
    arguments = {"ApiEndpoint": url, "Method": "GET"}
    state = {"Type": "Task", "Resource": "arn:aws:states:::http:invoke", field: arguments}
    (statement,) = [each for each in statements(state, language) if each["Action"] == "states:InvokeHTTPEndpoint"]
    return listed(statement["Condition"]["StringLike"]["states:HTTPEndpoint"])


@pytest.mark.parametrize(
    ("language", "url"),
    [
        ("JSONPath", "https://api.example.com"),
        ("JSONPath", "https://api.example.com/orders"),
        ("JSONata", "{% 'https://api.example.com/orders/' & $states.input.id %}"),
    ],
)
def test_an_endpoint_covers_no_longer_host(language: str, url: str) -> None:
    for pattern in endpoints(url, language):
        assert not fnmatch.fnmatchcase("https://api.example.com.evil.org/orders/1", pattern)


@pytest.mark.parametrize("kind", [{}, {"AuthType": "NO_AUTH"}])
def test_an_api_without_authorisation_needs_nothing(kind: dict[str, str]) -> None:
    endpoint = "abc.execute-api.eu-west-1.amazonaws.com"
    assert granted(call("apigateway:invoke", ApiEndpoint=endpoint, Method="GET", **kind)) == {}


def test_the_path_of_an_api_is_part_of_its_arn() -> None:
    state = call(
        "apigateway:invoke",
        ApiEndpoint="abc.execute-api.eu-west-1.amazonaws.com",
        Method="GET",
        Stage="live",
        Path="orders/open",
        AuthType="IAM_ROLE",
    )
    assert granted(state) == {"execute-api:Invoke": [f"arn:aws:execute-api:{HERE}:abc/live/GET/orders/open"]}


# Roles that are passed on -------------------------------------------------------------------------------------------


def test_a_revision_of_a_task_definition_is_not_widened_to_others() -> None:
    arn = f"arn:aws:ecs:{HERE}:task-definition/pack:7"
    found = granted(call("ecs:runTask", TaskDefinition="pack:7", Cluster="c", LaunchType="FARGATE"))
    assert found["ecs:RunTask"] == [arn]


ROLE = "arn:aws:iam::123456789012:role/worker"


@pytest.mark.parametrize(
    "state",
    [
        call("ecs:runTask.sync", TaskDefinition="pack", Cluster="c", Overrides={"TaskRoleArn": ROLE}),
        call("sagemaker:createTrainingJob.sync", TrainingJobName="t", RoleArn=ROLE),
        call("sagemaker:createTrainingJob.sync", **{"TrainingJobName": "t", "RoleArn.$": "$.role"}),
        call("eks:createCluster.sync", Name="c", RoleArn=ROLE, ResourcesVpcConfig={}),
    ],
    ids=lambda state: str(state["Resource"]),
)
def test_no_role_is_passed_to_just_anyone(state: dict[str, Any]) -> None:
    passing = [each for each in statements(state) if "iam:PassRole" in listed(each["Action"])]
    assert passing
    for statement in passing:
        assert any("iam:PassedToService" in keys for keys in statement["Condition"].values())
        assert all(resource.startswith("arn:aws:iam::123456789012:role/") for resource in listed(statement["Resource"]))


# Settings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [
        {"LoggingConfiguration": {"Level": "OFF", "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "a"}}]}},
        {"LoggingConfiguration": {"Level": "ALL"}},
        {"TracingConfiguration": {"Enabled": False}},
        {"TracingConfiguration": {"Enabled": "false"}},
        {"EncryptionConfiguration": {"Type": "AWS_OWNED_KEY"}},
    ],
)
def test_a_setting_that_is_off_needs_nothing(settings: dict[str, Any]) -> None:
    assert in_role(deployed(PASS, **settings)) == []


@pytest.mark.parametrize("name", [{"StateMachineName": "shop"}, {}])
def test_the_condition_on_a_machines_key_always_names_a_machine(name: dict[str, str]) -> None:
    key = {"Key": {"Type": "AWS::KMS::Key"}}
    encryption = {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": {"Ref": "Key"}}
    resources = deployed(PASS, key, EncryptionConfiguration=encryption, **name).fragment["Resources"]
    documents = [policy["PolicyDocument"] for policy in resources["MachineRole"]["Properties"].get("Policies", [])]
    if "MachineRolePolicy" in resources:
        documents.append(resources["MachineRolePolicy"]["Properties"]["PolicyDocument"])
    ((statement,),) = [document["Statement"] for document in documents]
    (named,) = statement["Condition"]["StringEquals"].values()
    assert named == {"Ref": "Machine"} or named["Fn::Sub"].endswith(":stateMachine:shop")


def test_a_machine_that_needs_nothing_has_no_policy() -> None:
    assert "Policies" not in deployed(PASS).fragment["Resources"]["MachineRole"]["Properties"]


@pytest.mark.parametrize(
    "state",
    [
        {"Type": "Wait", "Seconds": 1},
        {"Type": "Task", "Resource": f"arn:aws:states:{HERE}:activity:review"},
        {"Type": "Map", "ItemProcessor": {"StartAt": "In", "States": {"In": PASS}}},
    ],
)
def test_states_that_call_nobody_need_nothing(state: dict[str, Any]) -> None:
    assert statements(state) == []


# Distributed maps ---------------------------------------------------------------------------------------------------


def distributed(**fields: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    inner = {"ProcessorConfig": config, "StartAt": "In", "States": {"In": PASS}}
    return {"Type": "Map", "ItemProcessor": inner, **fields}


def test_a_reader_with_a_dynamic_bucket_may_read_objects() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket.$": "$.bucket", "Key": "in.csv"}}
    assert granted(distributed(ItemReader=reader))["s3:GetObject"] == ["arn:aws:s3:::*/in.csv"]


def test_a_map_inside_a_parallel_state_starts_its_children_too() -> None:
    branch = {"StartAt": "Each", "States": {"Each": {**distributed(), "End": True}}}
    found = granted({"Type": "Parallel", "Branches": [branch]})
    assert found["states:StartExecution"] == [f"arn:aws:states:{HERE}:stateMachine:shop"]


def test_a_map_redrives_executions_not_state_machines() -> None:
    assert granted(distributed())["states:RedriveExecution"] == [f"arn:aws:states:{HERE}:execution:shop/*:*"]


def test_a_map_closes_no_circle_between_a_machine_and_its_role() -> None:
    resources = deployed(distributed()).fragment["Resources"]
    assert '"Machine"' not in json.dumps(resources["MachineRole"]["Properties"])
    assert '"Machine"' in json.dumps(resources["MachineRolePolicy"]["Properties"])


# Amounts ------------------------------------------------------------------------------------------------------------


def test_states_that_need_the_same_are_granted_it_once() -> None:
    task = {"Type": "Task", "Resource": FUNCTION, "End": True}
    branches = [{"StartAt": "Call", "States": {"Call": task}}] * 40
    assert granted({"Type": "Parallel", "Branches": branches}) == {"lambda:InvokeFunction": [FUNCTION]}
