"""What a call needs besides its own action, because of what stands behind its resource: keys, roles, data.

Written by hand from AWS's documents; the emulation demands none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proving.demand import ACCOUNT, REGION, Demand
from proving.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from proving.calls import Call
    from proving.stack import Stack

_SQS = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
_SNS = "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html"
_S3 = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"

_DISTRIBUTED = "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html"
_ECS = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html"
_PICTURES = "https://docs.aws.amazon.com/rekognition/latest/dg/images-s3.html"
_SPEECH = "https://docs.aws.amazon.com/polly/latest/dg/asynchronous-iam.html"
_RECORDINGS = "https://docs.aws.amazon.com/transcribe/latest/dg/security_iam_id-based-policy-examples.html"
_DATA_API = "https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/data-api.access.html"
_EKS = "https://docs.aws.amazon.com/eks/latest/userguide/using-service-linked-roles.html"
_ATHENA = "https://docs.aws.amazon.com/step-functions/latest/dg/connect-athena.html"
_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html"

READER, WRITER = "reader of a map", "writer of a map"

_DATA_KEY = ("kms:GenerateDataKey", "kms:Decrypt")
# The page of SNS has kms:GenerateDataKey*, which takes in the form without plaintext.
_TOPIC_ACTIONS = (*_DATA_KEY, "kms:GenerateDataKeyWithoutPlaintext")
_QUEUE_ACTIONS = {"SendMessage": _DATA_KEY, "SendMessageBatch": _DATA_KEY, "ReceiveMessage": ("kms:Decrypt",)}
_BUCKET_ACTIONS = {"GetObject": ("kms:Decrypt",), "PutObject": ("kms:GenerateDataKey",)}


def demands_behind(call: Call, stack: Stack, purpose: str) -> Iterator[Demand]:
    """What a call demands beyond its own action, by what the template says of its resource."""
    found = _BY_SERVICE.get(call.service)
    if found is not None:
        yield from found(call, stack, purpose)


def _queue(call: Call, stack: Stack, _: str) -> Iterator[Demand]:
    for properties in _named(stack, "AWS::SQS::Queue", call.parameters.get("QueueUrl")):
        actions = _QUEUE_ACTIONS.get(call.operation, ())
        yield from _on_key(properties.get("KmsMasterKeyId"), actions, "sqs", stack, _SQS)


def _topic(call: Call, stack: Stack, _: str) -> Iterator[Demand]:
    for target in (call.parameters.get("TopicArn"), call.parameters.get("TargetArn")):
        for properties in _named(stack, "AWS::SNS::Topic", target):
            yield from _on_key(properties.get("KmsMasterKeyId"), _TOPIC_ACTIONS, "sns", stack, _SNS)


def _table(call: Call, stack: Stack, _: str) -> Iterator[Demand]:
    for properties in _named(stack, "AWS::DynamoDB::Table", call.parameters.get("TableName")):
        key = (properties.get("SSESpecification") or {}).get("KMSMasterKeyId")
        yield from _on_key(key, ("kms:Decrypt",), "dynamodb", stack, _DYNAMODB)


def _object(call: Call, stack: Stack, purpose: str) -> Iterator[Demand]:
    actions = _BUCKET_ACTIONS.get(call.operation, ())
    if purpose == WRITER:
        # The results are written by uploads in parts.
        for action in ("s3:GetObject", "s3:ListMultipartUploadParts", "s3:AbortMultipartUpload"):
            resource = f"arn:aws:s3:::{call.parameters['Bucket']}/{call.parameters['Key']}"
            yield Demand(action, resource, (), _DISTRIBUTED)
        actions = ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey")
    for properties in _named(stack, "AWS::S3::Bucket", call.parameters.get("Bucket")):
        yield from _on_key(_bucket_key(properties), actions, "s3", stack, _DISTRIBUTED if purpose else _S3)


def _task(call: Call, stack: Stack, _: str) -> Iterator[Demand]:
    """Whoever runs a task hands on the roles of its definition."""
    if call.operation != "RunTask":
        return
    definitions = list(_named(stack, "AWS::ECS::TaskDefinition", call.parameters["taskDefinition"]))
    if not definitions:
        # Nobody sees here which roles a definition outside of the template has: it may be any.
        yield Demand("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/any", _TO_TASKS, _ECS)
    for properties in definitions:
        for member in ("TaskRoleArn", "ExecutionRoleArn"):
            if properties.get(member):
                yield Demand("iam:PassRole", properties[member], _TO_TASKS, _ECS)


_TO_TASKS = (("iam:PassedToService", "ecs-tasks.amazonaws.com"),)


def _cluster(call: Call, _stack: Stack, _: str) -> Iterator[Demand]:
    """The first cluster of an account makes EKS's service-linked role, in the caller's name."""
    if call.operation == "CreateCluster":
        service = "eks.amazonaws.com"
        role = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/{service}/AWSServiceRoleForAmazonEKS"
        yield Demand("iam:CreateServiceLinkedRole", role, (("iam:AWSServiceName", service),), _EKS)


def _query(call: Call, stack: Stack, _: str) -> Iterator[Demand]:
    """Athena reads data and catalogue as its caller: each action that the page has for a query that only reads.

    Which tables a query reads stands in its text; made-up ones stand for them here.
    """
    if call.operation != "StartQueryExecution":
        return
    here = f"arn:aws:glue:{REGION}:{ACCOUNT}"
    yield Demand("athena:GetDataCatalog", f"arn:aws:athena:{REGION}:{ACCOUNT}:datacatalog/any", (), _ATHENA)
    for action in ("GetDatabase", "GetDatabases", "GetTable", "GetTables", "GetPartition", "GetPartitions"):
        resources = [f"{here}:catalog", f"{here}:database/any"]
        resources += [] if action.startswith("GetDatabase") else [f"{here}:table/any/any"]
        for resource in resources:
            yield Demand(f"glue:{action}", resource, (), _ATHENA)
    for resource in (f"{here}:catalog", f"{here}:database/any", f"{here}:table/any/any"):
        yield Demand("glue:BatchGetPartition", resource, (), _ATHENA)
    yield Demand("lakeformation:GetDataAccess", "*", (), _ATHENA)
    for action, resource in (("GetBucketLocation", ""), ("ListBucket", ""), ("GetObject", "/any")):
        yield Demand(f"s3:{action}", f"arn:aws:s3:::any-data{resource}", (), _ATHENA)
    for properties in _named(stack, "AWS::Athena::WorkGroup", call.parameters.get("WorkGroup")):
        place = properties["WorkGroupConfiguration"]["ResultConfiguration"]["OutputLocation"].removeprefix("s3://")
        for action in ("PutObject", "AbortMultipartUpload", "ListMultipartUploadParts"):
            yield Demand(f"s3:{action}", f"arn:aws:s3:::{place}any.csv", (), _ATHENA)
        for action in ("CreateBucket", "ListBucketMultipartUploads"):
            yield Demand(f"s3:{action}", f"arn:aws:s3:::{place.partition('/')[0]}", (), _ATHENA)


def _picture(call: Call, _stack: Stack, _: str) -> Iterator[Demand]:
    """Rekognition and Textract read the object that they are shown as their caller."""
    shown = call.parameters.get("Image") or call.parameters.get("Document") or {}
    if "S3Object" in shown:
        place = shown["S3Object"]
        yield Demand("s3:GetObject", f"arn:aws:s3:::{place['Bucket']}/{place['Name']}", (), _PICTURES)


def _speech(call: Call, _stack: Stack, _: str) -> Iterator[Demand]:
    """Polly writes what it has spoken as its caller."""
    if "OutputS3BucketName" in call.parameters:
        yield Demand("s3:PutObject", f"arn:aws:s3:::{call.parameters['OutputS3BucketName']}/any.mp3", (), _SPEECH)


def _recording(call: Call, _stack: Stack, _: str) -> Iterator[Demand]:
    """Transcribe reads what it is to write down as its caller."""
    media = call.parameters.get("Media", {}).get("MediaFileUri", "")
    if media.startswith("s3://"):
        yield Demand("s3:GetObject", f"arn:aws:s3:::{media.removeprefix('s3://')}", (), _RECORDINGS)


def _statement(call: Call, _stack: Stack, _: str) -> Iterator[Demand]:
    """The data API signs in with the secret that its caller may read."""
    if "secretArn" in call.parameters:
        yield Demand("secretsmanager:GetSecretValue", call.parameters["secretArn"], (), _DATA_API)


_BY_SERVICE: dict[str, Callable[[Call, Stack, str], Iterator[Demand]]] = {
    "athena": _query,
    "dynamodb": _table,
    "ecs": _task,
    "eks": _cluster,
    "polly": _speech,
    "rds-data": _statement,
    "rekognition": _picture,
    "s3": _object,
    "sns": _topic,
    "sqs": _queue,
    "textract": _picture,
    "transcribe": _recording,
}


def _named(stack: Stack, kind: str, name: Any) -> Iterator[dict[str, Any]]:
    """The properties of the template's resource that a parameter names, by its name or its ARN."""
    for logical_id, properties in stack.of_type(kind).items():
        names = {stack.attribute(logical_id, None)}
        if "Arn" in KINDS[kind].attributes:
            names.add(stack.attribute(logical_id, "Arn"))
        if name in names:
            yield properties


def _bucket_key(properties: dict[str, Any]) -> Any:
    rules = (properties.get("BucketEncryption") or {}).get("ServerSideEncryptionConfiguration", [])
    return next((rule["ServerSideEncryptionByDefault"].get("KMSMasterKeyID") for rule in rules), None)


def _on_key(key: Any, actions: tuple[str, ...], service: str, stack: Stack, source: str) -> Iterator[Demand]:
    if not key or str(key).startswith("alias/aws/"):
        return
    for action in actions:
        yield Demand(
            action, key_arn(str(key), stack), (("kms:ViaService", f"{service}.{REGION}.amazonaws.com"),), source
        )


def key_arn(key: str, stack: Stack) -> str:
    """The ARN of the key that an ARN, an id or an alias names."""
    if key.startswith("alias/"):
        key = next(
            each["TargetKeyId"] for each in stack.of_type("AWS::KMS::Alias").values() if each["AliasName"] == key
        )
    if key.startswith("arn:"):
        return key
    return next(
        stack.attribute(logical_id, "Arn")
        for logical_id in stack.of_type("AWS::KMS::Key")
        if stack.attribute(logical_id, None) == key
    )
