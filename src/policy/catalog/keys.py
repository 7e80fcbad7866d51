"""Customers' keys: which resources can have one, and what a call of such a resource requires of its caller.

Encrypted with the service's own key (``alias/aws/sqs``, SSE-SQS, SSE-S3, a key that AWS owns), a resource requires
nothing: the policy of such a key lets in whoever may use the service.
EventBridge is not here: with a customer's key for an event bus, the service itself uses the key when events are put
(https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html). Nor is Lambda, which
decrypts a function's variables under the function's role.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.catalog.basis import Basis

if TYPE_CHECKING:
    from collections.abc import Mapping

KEY_TYPES = frozenset({"AWS::KMS::Key", "AWS::KMS::ReplicaKey"})
ALIAS_TYPE = "AWS::KMS::Alias"


@dataclass(frozen=True, slots=True)
class Switch:
    """A property beside the key, and the value with which the key is certainly not in use."""

    property: str
    off: str


@dataclass(frozen=True, slots=True)
class EncryptedType:
    """A resource type that can be encrypted with a customer's key.

    ``key`` is the path of the property that names the key. ``name`` is the property that holds the resource's name,
    and ``arns`` are the ARNs that calls of a resource of this name are authorised on. ``region`` is the property
    beside the key's that says for which region it is, where a resource has one in each.
    """

    key: str
    name: str
    arns: tuple[str, ...]
    switch: Switch | None = None
    region: str = ""


_MACHINE = EncryptedType(
    "EncryptionConfiguration.KmsKeyId",
    "StateMachineName",
    (
        "arn:{Partition}:states:{Region}:{AccountId}:stateMachine:{}",
        "arn:{Partition}:states:{Region}:{AccountId}:execution:{}:*",
    ),
    Switch("EncryptionConfiguration.Type", "AWS_OWNED_KEY"),
)
_TABLE_ARNS = (
    "arn:{Partition}:dynamodb:{Region}:{AccountId}:table/{}",
    "arn:{Partition}:dynamodb:{Region}:{AccountId}:table/{}/*",
)
_SSE_ENABLED = Switch("SSESpecification.SSEEnabled", "false")

ENCRYPTED_TYPES: Mapping[str, EncryptedType] = {
    "AWS::SQS::Queue": EncryptedType("KmsMasterKeyId", "QueueName", ("arn:{Partition}:sqs:{Region}:{AccountId}:{}",)),
    "AWS::SNS::Topic": EncryptedType("KmsMasterKeyId", "TopicName", ("arn:{Partition}:sns:{Region}:{AccountId}:{}",)),
    "AWS::DynamoDB::Table": EncryptedType("SSESpecification.KMSMasterKeyId", "TableName", _TABLE_ARNS, _SSE_ENABLED),
    "AWS::DynamoDB::GlobalTable": EncryptedType(
        "Replicas[].SSESpecification.KMSMasterKeyId", "TableName", _TABLE_ARNS, _SSE_ENABLED, region="Region"
    ),
    "AWS::Serverless::SimpleTable": EncryptedType(
        "SSESpecification.KMSMasterKeyId", "TableName", _TABLE_ARNS, _SSE_ENABLED
    ),
    "AWS::S3::Bucket": EncryptedType(
        "BucketEncryption.ServerSideEncryptionConfiguration[].ServerSideEncryptionByDefault.KMSMasterKeyID",
        "BucketName",
        ("arn:{Partition}:s3:::{}/*",),
    ),
    "AWS::Kinesis::Stream": EncryptedType(
        "StreamEncryption.KeyId", "Name", ("arn:{Partition}:kinesis:{Region}:{AccountId}:stream/{}",)
    ),
    "AWS::SecretsManager::Secret": EncryptedType(
        "KmsKeyId", "Name", ("arn:{Partition}:secretsmanager:{Region}:{AccountId}:secret:{}*",)
    ),
    "AWS::Logs::LogGroup": EncryptedType(
        "KmsKeyId", "LogGroupName", ("arn:{Partition}:logs:{Region}:{AccountId}:log-group:{}*",)
    ),
    "AWS::Events::Connection": EncryptedType(
        "KmsKeyIdentifier", "Name", ("arn:{Partition}:events:{Region}:{AccountId}:connection/{}/*",)
    ),
    "AWS::StepFunctions::StateMachine": _MACHINE,
    "AWS::Serverless::StateMachine": EncryptedType(_MACHINE.key, "Name", _MACHINE.arns, _MACHINE.switch),
    "AWS::StepFunctions::Activity": EncryptedType(
        "EncryptionConfiguration.KmsKeyId",
        "Name",
        ("arn:{Partition}:states:{Region}:{AccountId}:activity:{}",),
        _MACHINE.switch,
    ),
}


@dataclass(frozen=True, slots=True)
class Via:
    """The key may be used through this service only, which calls KMS with its caller's permissions.

    The host names end in ``.amazonaws.com`` in every partition:
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
    """

    service: str
    any_region: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """The key may be used for this resource only: its ARN is what the encryption context says under ``key``."""

    key: str


KeyCondition: TypeAlias = Via | Context


@dataclass(frozen=True, slots=True)
class KeyUse:
    """What calls (``actions``) of a resource of ``types`` require of their caller on the resource's key.

    ``rule`` limits it to the needs of one rule; empty is any.
    """

    actions: tuple[str, ...]
    types: tuple[str, ...]
    key_actions: tuple[str, ...]
    condition: KeyCondition
    documentation: str
    basis: Basis = Basis.DOCUMENTED
    note: str = ""
    rule: str = ""


ACTIVITY_TASK = "activity task"
"""Stands for an action where a task waits for an activity's worker, which calls no API."""

_DECRYPT = ("kms:Decrypt",)
_DATA_KEY = ("kms:GenerateDataKey",)
_DECRYPT_AND_DATA_KEY = ("kms:Decrypt", "kms:GenerateDataKey")
_WITHOUT_PLAINTEXT = "kms:GenerateDataKeyWithoutPlaintext"

_STATES_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html"
_SQS_PAGE = "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html"
_S3_PAGE = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html"
_KINESIS_PAGE = "https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html"
_SECRETS_PAGE = "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html"

_QUEUES = ("AWS::SQS::Queue",)
_BUCKETS = ("AWS::S3::Bucket",)
_STREAMS = ("AWS::Kinesis::Stream",)
_SECRETS = ("AWS::SecretsManager::Secret",)
_MACHINES = ("AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine")
_ACTIVITIES = ("AWS::StepFunctions::Activity",)
_ACTIVITY_CONTEXT = Context("kms:EncryptionContext:aws:states:activityArn")

KEY_USES: tuple[KeyUse, ...] = (
    KeyUse(("sqs:SendMessage",), _QUEUES, _DECRYPT_AND_DATA_KEY, Via("sqs"), _SQS_PAGE),
    KeyUse(("sqs:ReceiveMessage",), _QUEUES, _DECRYPT, Via("sqs"), _SQS_PAGE),
    KeyUse(
        ("sns:Publish",),
        ("AWS::SNS::Topic",),
        (*_DECRYPT_AND_DATA_KEY, _WITHOUT_PLAINTEXT),
        Via("sns"),
        "https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
        note="The page has kms:GenerateDataKey*; of what it covers, SNS can use the two for symmetric keys.",
    ),
    KeyUse(
        (
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:PartiQLSelect",
            "dynamodb:PartiQLInsert",
            "dynamodb:PartiQLUpdate",
            "dynamodb:PartiQLDelete",
            "dynamodb:GetRecords",
        ),
        ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Serverless::SimpleTable"),
        _DECRYPT,
        Via("dynamodb", any_region=True),
        "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html",
        Basis.DERIVED,
        note="The page lists six actions for whoever chooses a table's key. Whoever reads or writes items makes "
        "DynamoDB decrypt the table's own key in the caller's name; that writes need it too is seen in "
        "https://github.com/aws/aws-cdk/issues/10010.",
    ),
    KeyUse(("s3:GetObject", "s3:GetObjectVersion"), _BUCKETS, _DECRYPT, Via("s3"), _S3_PAGE),
    KeyUse(("s3:PutObject",), _BUCKETS, _DATA_KEY, Via("s3"), _S3_PAGE),
    KeyUse(
        ("s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"),
        _BUCKETS,
        _DECRYPT_AND_DATA_KEY,
        Via("s3"),
        _S3_PAGE,
        note="Whoever may abort an upload in parts makes one, for which S3 reads the parts that it has encrypted.",
    ),
    KeyUse(
        ("s3:PutObject",),
        _BUCKETS,
        ("kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"),
        Via("s3"),
        "https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html",
        note="S3's own page asks for no kms:Encrypt; that of the distributed map does, for its results.",
        rule="s3:putObject",
    ),
    KeyUse(("kinesis:PutRecord", "kinesis:PutRecords"), _STREAMS, _DATA_KEY, Via("kinesis"), _KINESIS_PAGE),
    KeyUse(("kinesis:GetRecords", "kinesis:SubscribeToShard"), _STREAMS, _DECRYPT, Via("kinesis"), _KINESIS_PAGE),
    KeyUse(
        ("secretsmanager:GetSecretValue", "secretsmanager:BatchGetSecretValue"),
        _SECRETS,
        _DECRYPT,
        Via("secretsmanager"),
        _SECRETS_PAGE,
    ),
    KeyUse(
        ("secretsmanager:PutSecretValue", "secretsmanager:UpdateSecret"),
        _SECRETS,
        _DECRYPT_AND_DATA_KEY,
        Via("secretsmanager"),
        _SECRETS_PAGE,
    ),
    KeyUse(
        ("events:RetrieveConnectionCredentials",),
        ("AWS::Events::Connection",),
        _DECRYPT,
        Via("secretsmanager"),
        "https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-connections.html",
        Basis.DERIVED,
        note="An HTTP task reads the connection's secret under the machine's role; its key is the connection's.",
    ),
    KeyUse(
        ("logs:PutLogEvents", "logs:GetLogEvents", "logs:FilterLogEvents", "logs:StartQuery"),
        ("AWS::Logs::LogGroup",),
        (
            "kms:Decrypt",
            "kms:DescribeKey",
            "kms:Encrypt",
            "kms:GenerateDataKey",
            _WITHOUT_PLAINTEXT,
            "kms:ReEncryptFrom",
            "kms:ReEncryptTo",
        ),
        Via("logs"),
        "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html",
        note="The page has kms:ReEncrypt*, kms:GenerateDataKey* and kms:Describe*: these are what they cover for a "
        "symmetric key. A machine's own log is written by the service under its own permissions.",
    ),
    KeyUse(
        (
            "states:DescribeExecution",
            "states:DescribeStateMachine",
            "states:DescribeStateMachineForExecution",
            "states:GetExecutionHistory",
            "states:StartSyncExecution",
        ),
        _MACHINES,
        _DECRYPT,
        Context("kms:EncryptionContext:aws:states:stateMachineArn"),
        _STATES_PAGE,
        Basis.DERIVED,
        note="The table of callers' permissions names the action and no condition; the context is the one that Step "
        "Functions uses in all operations. StartExecution and StopExecution need none.",
    ),
    KeyUse(("states:GetActivityTask",), _ACTIVITIES, _DECRYPT, _ACTIVITY_CONTEXT, _STATES_PAGE, Basis.DERIVED),
    KeyUse((ACTIVITY_TASK,), _ACTIVITIES, _DECRYPT_AND_DATA_KEY, _ACTIVITY_CONTEXT, _STATES_PAGE),
)


@dataclass(frozen=True, slots=True)
class MachineKeyRule:
    """What a machine's own key requires of its role; ``context`` is the condition key that limits it."""

    name: str
    actions: tuple[str, ...]
    context: str
    documentation: str
    basis: Basis
    note: str = ""


ENCRYPTION = MachineKeyRule(
    name="encryption",
    actions=_DECRYPT_AND_DATA_KEY,
    context="kms:EncryptionContext:aws:states:stateMachineArn",
    documentation=_STATES_PAGE,
    basis=Basis.DOCUMENTED,
    note="Synchronous Express executions need kms:Decrypt only, but whoever starts one chooses how. Checked when an "
    "execution starts; creating the machine asks for its caller's permissions. No kms:ViaService: the page warns that "
    "executions fail with it.",
)
ENCRYPTED_LOGS = MachineKeyRule(
    name="encryption of logs",
    actions=_DATA_KEY,
    context="kms:EncryptionContext:SourceArn",
    documentation=_STATES_PAGE,
    basis=Basis.DOCUMENTED,
    note="On the machine's key. The key of a log group is used by CloudWatch Logs itself, which its policy lets in.",
)
