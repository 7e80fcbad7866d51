"""Keys of customers behind the resources that a workflow calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

KEY = {"Key": {"Type": "AWS::KMS::Key"}}
KEY_ARN = {"Fn::GetAtt": ["Key", "Arn"]}
HERE = "${AWS::Region}:${AWS::AccountId}"


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def made(tasks: list[dict[str, Any]] | dict[str, Any], resources: dict[str, Any], **sections: Any) -> Outcome:
    """A template with `resources`, a key and a machine that runs `tasks` one after the other."""
    several = tasks if isinstance(tasks, list) else [tasks]
    states = {
        f"S{number}": {**task, "Next": f"S{number + 1}"} if number < len(several) else {**task, "End": True}
        for number, task in enumerate(several, 1)
    }
    properties = {"Definition": {"StartAt": "S1", "States": states}}
    machine = {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}
    template = {"Resources": {**KEY, **resources, **machine}, **sections}
    return transform(template, Request(NothingOutside(), "eu-west-1", "123456789012"))


def call(api: str, /, **parameters: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::{api}", "Parameters": parameters}


def on_keys(outcome: Outcome) -> list[dict[str, Any]]:
    """The statements on keys, in the role and beside it, without their names."""
    role = outcome.fragment["Resources"]["MachineRole"]["Properties"].get("Policies", [])
    documents = [policy["PolicyDocument"] for policy in role if "PolicyDocument" in policy]
    aside = outcome.fragment["Resources"].get("MachineRolePolicy")
    documents += [aside["Properties"]["PolicyDocument"]] if aside else []
    return [
        {name: value for name, value in statement.items() if name not in {"Sid", "Effect"}}
        for document in documents
        for statement in document["Statement"]
        if str(statement["Action"]).startswith(("kms:", "['kms:"))
    ]


def via(service: str) -> dict[str, Any]:
    return {"StringEquals": {"kms:ViaService": {"Fn::Sub": f"{service}.${{AWS::Region}}.amazonaws.com"}}}


def queue(**properties: Any) -> dict[str, Any]:
    return {"Queue": {"Type": "AWS::SQS::Queue", "Properties": properties}}


def table(**properties: Any) -> dict[str, Any]:
    return {"Table": {"Type": "AWS::DynamoDB::Table", "Properties": properties}}


SEND = call("sqs:sendMessage", QueueUrl={"Ref": "Queue"}, MessageBody="x")
ENCRYPTED = {"SSESpecification": {"SSEEnabled": True, "KMSMasterKeyId": {"Ref": "Key"}}}
THROUGH_DYNAMODB = {
    "Action": "kms:Decrypt",
    "Resource": KEY_ARN,
    "Condition": {"StringLike": {"kms:ViaService": "dynamodb.*.amazonaws.com"}},
}


# By service ---------------------------------------------------------------------------------------------------------


def test_a_message_to_an_encrypted_queue() -> None:
    assert on_keys(made(SEND, queue(KmsMasterKeyId={"Ref": "Key"}))) == [
        {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": KEY_ARN, "Condition": via("sqs")}
    ]


def test_a_message_to_an_encrypted_topic() -> None:
    topic = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": KEY_ARN}}}
    assert on_keys(made(call("sns:publish", TopicArn={"Ref": "Topic"}), topic)) == [
        {
            "Action": ["kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext"],
            "Resource": KEY_ARN,
            "Condition": via("sns"),
        }
    ]


@pytest.mark.parametrize("api", ["getItem", "putItem", "updateItem", "deleteItem"])
def test_an_item_of_an_encrypted_table(api: str) -> None:
    task = call(f"dynamodb:{api}", TableName={"Ref": "Table"}, Key={})
    assert on_keys(made(task, table(**ENCRYPTED))) == [THROUGH_DYNAMODB]


def test_the_replica_of_a_table_in_this_region_is_the_one_that_counts() -> None:
    replicas = [
        {"Region": "eu-west-1", "SSESpecification": {"KMSMasterKeyId": {"Ref": "Key"}}},
        {"Region": "us-east-1", "SSESpecification": {"KMSMasterKeyId": "arn:aws:kms:us-east-1:123456789012:key/k"}},
    ]
    properties = {"Replicas": replicas, "SSESpecification": {"SSEEnabled": True}}
    everywhere = {"Table": {"Type": "AWS::DynamoDB::GlobalTable", "Properties": properties}}
    assert on_keys(made(call("dynamodb:getItem", TableName={"Ref": "Table"}), everywhere)) == [THROUGH_DYNAMODB]


def bucket(**default: Any) -> dict[str, Any]:
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}
    return {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"BucketEncryption": encryption}}}


def distributed(**fields: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    inner = {"ProcessorConfig": config, "StartAt": "In", "States": {"In": {"Type": "Pass", "End": True}}}
    return {"Type": "Map", "ItemProcessor": inner, **fields}


OBJECT = {"Bucket": {"Ref": "Bucket"}, "Key": "in.csv"}
READ = distributed(ItemReader={"Resource": "arn:aws:states:::s3:getObject", "Parameters": OBJECT})
WRITE = distributed(
    ResultWriter={"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": {"Ref": "Bucket"}}}
)
OWN_KEY = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": {"Ref": "Key"}}


def test_an_object_of_an_encrypted_bucket_is_decrypted() -> None:
    assert on_keys(made(READ, bucket(**OWN_KEY))) == [
        {"Action": "kms:Decrypt", "Resource": KEY_ARN, "Condition": via("s3")}
    ]


def test_results_in_an_encrypted_bucket_are_encrypted_in_parts() -> None:
    assert on_keys(made(WRITE, bucket(**OWN_KEY))) == [
        {"Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"], "Resource": KEY_ARN, "Condition": via("s3")}
    ]


def child(**properties: Any) -> dict[str, Any]:
    definition = {"StartAt": "P", "States": {"P": {"Type": "Pass", "End": True}}}
    encryption = {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": {"Ref": "Key"}}
    given = {"Definition": definition, "RoleArn": "arn:aws:iam::123456789012:role/r"}
    return {
        "Child": {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {**given, "EncryptionConfiguration": encryption, **properties},
        }
    }


def in_the_name_of(machine: Any, operator: str = "StringEquals") -> dict[str, Any]:
    return {operator: {"kms:EncryptionContext:aws:states:stateMachineArn": machine}}


def test_the_result_of_an_encrypted_child_is_decrypted() -> None:
    task = call("states:startExecution.sync:2", StateMachineArn={"Ref": "Child"})
    assert on_keys(made(task, child())) == [
        {"Action": "kms:Decrypt", "Resource": KEY_ARN, "Condition": in_the_name_of({"Ref": "Child"})}
    ]


def test_a_child_that_is_only_started_needs_no_key() -> None:
    assert on_keys(made(call("states:startExecution", StateMachineArn={"Ref": "Child"}), child())) == []


def test_a_child_named_by_its_alias_is_the_machine_behind_it() -> None:
    aliases = {
        "Version": {
            "Type": "AWS::StepFunctions::StateMachineVersion",
            "Properties": {"StateMachineArn": {"Ref": "Child"}},
        },
        "Live": {
            "Type": "AWS::StepFunctions::StateMachineAlias",
            "Properties": {"RoutingConfiguration": [{"StateMachineVersionArn": {"Ref": "Version"}, "Weight": 100}]},
        },
    }
    task = call("states:startExecution.sync", StateMachineArn={"Ref": "Live"})
    (statement,) = on_keys(made(task, {**child(), **aliases}))
    assert statement["Condition"] == in_the_name_of({"Ref": "Child"})


def test_a_child_named_literally_is_named_so_in_the_condition() -> None:
    task = call(
        "states:startExecution.sync", StateMachineArn="arn:aws:states:eu-west-1:123456789012:stateMachine:child"
    )
    (statement,) = on_keys(made(task, child(StateMachineName="child")))
    named = {"Fn::Sub": f"arn:${{AWS::Partition}}:states:{HERE}:stateMachine:child"}
    assert statement["Condition"] == in_the_name_of(named, "StringLike")


def test_a_child_whose_key_aws_owns_needs_none() -> None:
    task = call("states:startExecution.sync", StateMachineArn={"Ref": "Child"})
    owned = {"Type": "AWS_OWNED_KEY", "KmsKeyId": {"Ref": "Key"}}
    assert on_keys(made(task, child(EncryptionConfiguration=owned))) == []


def test_an_activity_has_a_key_of_its_own() -> None:
    encryption = {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": {"Ref": "Key"}}
    properties = {"Name": "review", "EncryptionConfiguration": encryption}
    activity = {"Review": {"Type": "AWS::StepFunctions::Activity", "Properties": properties}}
    task = {"Type": "Task", "Resource": {"Ref": "Review"}}
    assert on_keys(made(task, activity)) == [
        {
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": KEY_ARN,
            "Condition": {"StringEquals": {"kms:EncryptionContext:aws:states:activityArn": {"Ref": "Review"}}},
        }
    ]


def test_the_key_of_an_event_bus_is_the_services_affair() -> None:
    bus = {"Bus": {"Type": "AWS::Events::EventBus", "Properties": {"Name": "shop", "KmsKeyIdentifier": KEY_ARN}}}
    task = call("events:putEvents", Entries=[{"EventBusName": {"Ref": "Bus"}, "Detail": {}}])
    assert on_keys(made(task, bus)) == []


def test_the_credentials_of_a_connection_are_decrypted_in_secrets_manager() -> None:
    connection = {"Api": {"Type": "AWS::Events::Connection", "Properties": {"KmsKeyIdentifier": KEY_ARN}}}
    arn = {"Fn::GetAtt": ["Api", "Arn"]}
    task = call("http:invoke", ApiEndpoint="https://a.example", Method="GET", Authentication={"ConnectionArn": arn})
    assert on_keys(made(task, connection)) == [
        {"Action": "kms:Decrypt", "Resource": KEY_ARN, "Condition": via("secretsmanager")}
    ]


@pytest.mark.parametrize(
    ("api", "parameters", "resource", "action", "service"),
    [
        (
            "kinesis:putRecord",
            {"StreamName": {"Ref": "It"}, "Data": "x", "PartitionKey": "p"},
            {"Type": "AWS::Kinesis::Stream", "Properties": {"StreamEncryption": {"KeyId": {"Ref": "Key"}}}},
            "kms:GenerateDataKey",
            "kinesis",
        ),
        (
            "secretsmanager:getSecretValue",
            {"SecretId": {"Ref": "It"}},
            {"Type": "AWS::SecretsManager::Secret", "Properties": {"KmsKeyId": {"Ref": "Key"}}},
            "kms:Decrypt",
            "secretsmanager",
        ),
        (
            "sqs:receiveMessage",
            {"QueueUrl": {"Ref": "It"}},
            {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
            "kms:Decrypt",
            "sqs",
        ),
    ],
)
def test_calls_by_the_aws_sdk_need_the_key_as_well(
    api: str, parameters: dict[str, Any], resource: dict[str, Any], action: str, service: str
) -> None:
    assert on_keys(made(call(f"aws-sdk:{api}", **parameters), {"It": resource})) == [
        {"Action": action, "Resource": KEY_ARN, "Condition": via(service)}
    ]


# Which key ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "properties",
    [
        {},
        {"KmsMasterKeyId": "alias/aws/sqs"},
        {"SqsManagedSseEnabled": True},
        {"KmsMasterKeyId": {"Ref": "AWS::NoValue"}},
    ],
)
def test_the_services_own_key_needs_nothing(properties: dict[str, Any]) -> None:
    assert on_keys(made(SEND, queue(**properties))) == []


@pytest.mark.parametrize("specification", [{"SSEEnabled": True}, {"SSEEnabled": False, "KMSMasterKeyId": "k"}])
def test_a_table_without_a_key_of_its_own_needs_nothing(specification: dict[str, Any]) -> None:
    task = call("dynamodb:getItem", TableName={"Ref": "Table"})
    assert on_keys(made(task, table(SSESpecification=specification))) == []


def test_an_empty_name_of_a_key_is_none() -> None:
    assert on_keys(made(SEND, queue(KmsMasterKeyId=""))) == []


def test_a_bucket_encrypted_by_s3_needs_nothing() -> None:
    assert on_keys(made(READ, bucket(SSEAlgorithm="AES256"))) == []


@pytest.mark.parametrize(
    "arn",
    ["arn:aws:kms:eu-west-1:123456789012:key/k", "arn:aws:kms:eu-west-1:210987654321:key/theirs"],
)
def test_a_key_given_by_its_arn_stands_as_it_is(arn: str) -> None:
    (statement,) = on_keys(made(SEND, queue(KmsMasterKeyId=arn)))
    assert statement["Resource"] == arn


def test_a_key_under_a_condition_is_needed_under_it() -> None:
    key = {"Fn::If": ["Own", {"Ref": "Key"}, {"Ref": "AWS::NoValue"}]}
    conditions = {"Own": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}
    outcome = made(SEND, queue(KmsMasterKeyId=key), Conditions=conditions)
    policies = outcome.fragment["Resources"]["MachineRole"]["Properties"]["Policies"]
    assert [policy["Fn::If"][0] for policy in policies if "Fn::If" in policy] == ["Own"]


def test_an_alias_of_an_alias_is_no_key() -> None:
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/a", "TargetKeyId": "alias/a"}}
    assert on_keys(made(SEND, {**queue(KmsMasterKeyId="alias/a"), "Alias": alias})) == []


# Which resource -----------------------------------------------------------------------------------------------------


def test_a_resource_that_is_not_in_the_template_needs_nothing() -> None:
    assert on_keys(made(call("dynamodb:getItem", TableName="elsewhere"), table(TableName="orders", **ENCRYPTED))) == []


@pytest.mark.parametrize(
    "name",
    ["orders", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"],
)
def test_a_resource_named_literally_is_recognised_by_its_name(name: str) -> None:
    task = call("dynamodb:getItem", TableName=name)
    assert on_keys(made(task, table(TableName="orders", **ENCRYPTED))) == [THROUGH_DYNAMODB]


def test_a_queue_is_recognised_by_its_url() -> None:
    task = call("sqs:sendMessage", QueueUrl="https://sqs.eu-west-1.amazonaws.com/123456789012/orders")
    assert len(on_keys(made(task, queue(QueueName="orders", KmsMasterKeyId={"Ref": "Key"})))) == 1


def test_a_resource_of_the_same_name_in_another_account_is_another_one() -> None:
    task = call("dynamodb:getItem", TableName="arn:aws:dynamodb:eu-west-1:210987654321:table/orders")
    assert on_keys(made(task, table(TableName="orders", **ENCRYPTED))) == []


def test_a_resource_that_only_a_run_knows_can_be_any_of_the_template() -> None:
    task = call("dynamodb:getItem", **{"TableName.$": "$.table"})
    assert on_keys(made(task, table(**ENCRYPTED))) == [THROUGH_DYNAMODB]


@pytest.mark.parametrize(("name", "count"), [("orders-blue", 1), ("customers", 0)])
def test_what_is_known_of_a_dynamic_name_tells_which_it_can_be(name: str, count: int) -> None:
    task = call("dynamodb:getItem", **{"TableName.$": "States.Format('orders-{}', $.colour)"})
    assert len(on_keys(made(task, table(TableName=name, **ENCRYPTED)))) == count


def test_a_resource_under_a_condition_of_its_own_is_needed_under_it() -> None:
    resource = {"Table": {**table(**ENCRYPTED)["Table"], "Condition": "Own"}}
    conditions = {"Own": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}
    outcome = made(call("dynamodb:getItem", **{"TableName.$": "$.table"}), resource, Conditions=conditions)
    policies = outcome.fragment["Resources"]["MachineRole"]["Properties"]["Policies"]
    assert [policy["Fn::If"][0] for policy in policies if "Fn::If" in policy] == ["Own"]


def test_a_phone_number_is_no_topic_of_the_template() -> None:
    topic = {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"KmsMasterKeyId": KEY_ARN}}}
    assert on_keys(made(call("sns:publish", PhoneNumber="+31612345678"), topic)) == []


def test_the_reference_to_one_resource_is_no_other() -> None:
    other = {"Other": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}}}
    assert on_keys(made(SEND, {**queue(), **other})) == []


def test_a_key_that_waits_for_the_machine_is_named_beside_its_role() -> None:
    policy = {"Statement": [{"Resource": {"Ref": "Machine"}}]}
    waiting = {"Key": {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": policy}}}
    task = call("dynamodb:getItem", TableName="orders")
    outcome = made(task, {**waiting, **table(TableName="orders", **ENCRYPTED)})
    assert "MachineRolePolicy" in outcome.fragment["Resources"]
    assert on_keys(outcome) == [THROUGH_DYNAMODB]


def test_several_states_that_use_a_key_share_one_statement() -> None:
    assert len(on_keys(made([SEND, SEND], queue(KmsMasterKeyId={"Ref": "Key"})))) == 1


def test_the_role_says_whose_key_it_is_and_where_that_is_written() -> None:
    outcome = made(SEND, queue(KmsMasterKeyId={"Ref": "Key"}))
    metadata = outcome.fragment["Resources"]["MachineRole"]["Metadata"]["SfnLeastPrivilege"]["Statements"]
    (reason,) = metadata["KmsDecryptGenerateDataKey"]
    assert reason["Rule"] == "the key of Queue"
    assert reason["States"] == ["S1"]
    assert reason["Source"].endswith("/sqs-key-management.html")
