"""A template made into resources of the emulated account, with what the workflow file puts into them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from proving.stack import MACHINE

if TYPE_CHECKING:
    import boto3

    from proving.documents import Workflow
    from proving.stack import Stack


def deploy(stack: Stack, workflow: Workflow, session: boto3.Session) -> None:
    """Create what calls really reach in the emulation: the other services only answer."""
    for logical_id, properties in stack.of_type("AWS::S3::Bucket").items():
        _bucket(session, stack.attribute(logical_id, None), workflow.seeds.get(logical_id, {}))
        del properties
    for logical_id, properties in stack.of_type("AWS::DynamoDB::Table").items():
        _table(session, stack.attribute(logical_id, None), properties, workflow.seeds.get(logical_id, []))
    for logical_id, properties in stack.of_type("AWS::SQS::Queue").items():
        attributes = {"FifoQueue": "true", "ContentBasedDeduplication": "true"} if properties.get("FifoQueue") else {}
        name = stack.attribute(logical_id, "QueueName")
        session.client("sqs").create_queue(QueueName=name, Attributes=attributes)
    for logical_id in stack.of_type("AWS::SNS::Topic"):
        session.client("sns").create_topic(Name=stack.attribute(logical_id, "TopicName"))
    for logical_id in stack.of_type("AWS::Events::EventBus"):
        session.client("events").create_event_bus(Name=stack.attribute(logical_id, None))
    for logical_id, properties in stack.of_type(MACHINE).items():
        session.client("stepfunctions").create_state_machine(
            name=stack.attribute(logical_id, "Name"),
            definition=json.dumps(_known_to_the_emulation(stack.definition(logical_id))),
            roleArn=properties["RoleArn"],
            # The emulation runs express machines only synchronously.
            type="STANDARD",
        )


def _known_to_the_emulation(node: Any) -> Any:
    """A definition without batches and express children, which are authorised like single items and standard ones."""
    if isinstance(node, list):
        return [_known_to_the_emulation(each) for each in node]
    if not isinstance(node, dict):
        return node
    known = {key: _known_to_the_emulation(each) for key, each in node.items() if key != "ItemBatcher"}
    if known.get("ExecutionType") == "EXPRESS":
        known["ExecutionType"] = "STANDARD"
    return known


def _bucket(session: boto3.Session, name: str, objects: dict[str, Any]) -> None:
    s3 = session.client("s3")
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    for key, content in objects.items():
        s3.put_object(Bucket=name, Key=key, Body=content if isinstance(content, str) else json.dumps(content))


def _table(session: boto3.Session, name: str, properties: dict[str, Any], items: list[dict[str, Any]]) -> None:
    dynamodb = session.client("dynamodb")
    kept = {
        key: properties[key]
        for key in ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")
        if properties.get(key)
    }
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **kept)
    for item in items:
        dynamodb.put_item(TableName=name, Item=item)
