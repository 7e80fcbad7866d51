"""Calls that public data does not explain by itself: other actions, several of them, or resources that must be told.

Each rests on the AWS page beside it, or on the operation's own page in the service's API reference.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from proving.demand import ACCOUNT, REGION, Demand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

HERE = f"{REGION}:{ACCOUNT}"
_DG = "https://docs.aws.amazon.com/step-functions/latest/dg"


def _invoke(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    name, qualifier = parameters["FunctionName"], parameters.get("Qualifier")
    fields = name.split(":")
    if name.startswith("arn:"):
        arn = name
    elif len(fields) > 2 and fields[0].isdigit():
        arn = f"arn:aws:lambda:{REGION}:{fields[0]}:{':'.join(fields[1:])}"
    else:
        arn = f"arn:aws:lambda:{HERE}:function:{name}"
    yield Demand(
        "lambda:InvokeFunction",
        f"{arn}:{qualifier}" if qualifier else arn,
        source="https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html",
    )


def _start(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        fields = parameters["stateMachineArn"].split(":")
        context = (("states:StateMachineQualifier", fields[7]),) if len(fields) > 7 else ()
        # https://docs.aws.amazon.com/step-functions/latest/dg/auth-version-alias.html
        yield Demand(action, ":".join(fields[:7]), context, source=f"{_DG}/auth-version-alias.html")

    return demands


def _execution(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        yield Demand(action, parameters["executionArn"])

    return demands


def _queue(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        host, account, name = parameters["QueueUrl"].removeprefix("https://").split("/")
        yield Demand(f"sqs:{action}", f"arn:aws:sqs:{host.split('.')[1]}:{account}:{name}")

    return demands


def _publish(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html: a phone number is no topic.
    target = parameters.get("TopicArn") or parameters.get("TargetArn") or parameters["PhoneNumber"]
    yield Demand("sns:Publish", target)


def _put_events(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    for name in sorted({entry.get("EventBusName", "default") for entry in parameters["Entries"]}):
        yield Demand("events:PutEvents", name if name.startswith("arn:") else f"arn:aws:events:{HERE}:event-bus/{name}")


def _table(name: str) -> str:
    return name if name.startswith("arn:") else f"arn:aws:dynamodb:{HERE}:table/{name}"


def _read(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        index = parameters.get("IndexName")
        table = _table(parameters["TableName"])
        yield Demand(f"dynamodb:{action}", f"{table}/index/{index}" if index else table)

    return demands


def _batch_items(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        for name in parameters["RequestItems"]:
            yield Demand(f"dynamodb:{action}", _table(name))

    return demands


def _transaction(actions: Mapping[str, str]) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        for item in parameters["TransactItems"]:
            for kind, request in item.items():
                yield Demand(f"dynamodb:{actions[kind]}", _table(request["TableName"]))

    return demands


def _copy(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html: tags are copied along, where there are any.
    source = f"arn:aws:s3:::{parameters['CopySource'].lstrip('/')}"
    target = f"arn:aws:s3:::{parameters['Bucket']}/{parameters['Key']}"
    yield Demand("s3:GetObject", source)
    yield Demand("s3:PutObject", target)
    if parameters.get("TaggingDirective", "COPY") == "COPY":
        yield Demand("s3:GetObjectTagging", source)
        yield Demand("s3:PutObjectTagging", target)


def _send_email(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/ses/latest/dg/verify-addresses-and-domains.html: the sender is an identity by its
    # address or by its domain, whichever has been verified.
    sender = parameters["FromEmailAddress"]
    for identity in (sender, sender.partition("@")[2]):
        yield Demand("ses:SendEmail", f"arn:aws:ses:{HERE}:identity/{identity}")


def _get_table(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html: a table needs its database and
    # the catalogue as well.
    database, table = parameters["DatabaseName"], parameters["Name"]
    for resource in ("catalog", f"database/{database}", f"table/{database}/{table}"):
        yield Demand("glue:GetTable", f"arn:aws:glue:{HERE}:{resource}")


def _delete_objects(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
    for each in parameters["Delete"]["Objects"]:
        yield Demand("s3:DeleteObject", f"arn:aws:s3:::{parameters['Bucket']}/{each['Key']}")


def _run_task(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    definition = parameters["TaskDefinition" if "TaskDefinition" in parameters else "taskDefinition"]
    if not definition.startswith("arn:"):
        definition = f"arn:aws:ecs:{HERE}:task-definition/{definition}"
    if ":" not in definition.partition("/")[2]:
        # Without a revision the latest one runs, and IAM sees its number.
        definition += ":7"
    cluster = parameters.get("cluster", "default")
    cluster = cluster if cluster.startswith("arn:") else f"arn:aws:ecs:{HERE}:cluster/{cluster}"
    yield Demand("ecs:RunTask", definition, (("ecs:cluster", cluster),))


def _task(action: str, parameter: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        tasks = parameters[parameter]
        for task in tasks if isinstance(tasks, list) else [tasks]:
            yield Demand(f"ecs:{action}", task)

    return demands


def _submit_job(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbatch.html
    for kind, parameter in (("job-definition", "jobDefinition"), ("job-queue", "jobQueue")):
        name = parameters[parameter]
        yield Demand("batch:SubmitJob", name if name.startswith("arn:") else f"arn:aws:batch:{HERE}:{kind}/{name}")


def _job(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    yield Demand("batch:TerminateJob", f"arn:aws:batch:{HERE}:job/{parameters['jobId']}")


def _parameter(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    name = parameters["Name"]
    yield Demand("ssm:GetParameter", f"arn:aws:ssm:{HERE}:parameter/{name.lstrip('/')}")


def _secret(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        name = parameters["SecretId"]
        # Secrets Manager puts six characters of its own behind a name: its page on ARNs says so.
        arn = name if name.startswith("arn:") else f"arn:aws:secretsmanager:{HERE}:secret:{name}-a1B2c3"
        yield Demand(f"secretsmanager:{action}", arn)

    return demands


def _key(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        key, alias = parameters["KeyId"], parameters.get("RequestAlias")
        # https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-request-alias
        context = (("kms:RequestAlias", alias),) if alias else ()
        yield Demand(f"kms:{action}", key if key.startswith("arn:") else f"arn:aws:kms:{HERE}:key/{key}", context)

    return demands


def _log_events(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    group, stream = parameters["logGroupName"], parameters["logStreamName"]
    yield Demand("logs:PutLogEvents", f"arn:aws:logs:{HERE}:log-group:{group}:log-stream:{stream}")


def _assume_role(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    yield Demand("sts:AssumeRole", parameters["RoleArn"], source=f"{_DG}/concepts-access-cross-acct-resources.html")


def _list_objects(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/list_amazons3.html: the prefix is what a condition sees.
    context = (("s3:prefix", parameters["Prefix"]),) if parameters.get("Prefix") else ()
    yield Demand("s3:ListBucket", f"arn:aws:s3:::{parameters['Bucket']}", context)


def _run_on_virtual_cluster(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    yield Demand(
        "emr-containers:StartJobRun",
        f"arn:aws:emr-containers:{HERE}:/virtualclusters/{parameters['virtualClusterId']}",
        (("emr-containers:ExecutionRoleArn", parameters["executionRoleArn"]),),
        f"{_DG}/emr-eks-iam.html",
    )


def _query_results(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html: the caller must be able to read
    # the result's object as well. Which group and place that is, only Athena knows: any will do.
    query = parameters["QueryExecutionId"]
    yield Demand("athena:GetQueryResults", f"arn:aws:athena:{HERE}:workgroup/any")
    yield Demand("s3:GetObject", f"arn:aws:s3:::any-results/{query}.csv")


def _instances(action: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        for each in parameters["InstanceIds"]:
            yield Demand(f"ec2:{action}", f"arn:aws:ec2:{HERE}:instance/{each}")

    return demands


def _update_service(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    cluster, service = parameters.get("cluster", "default"), parameters["service"]
    yield Demand("ecs:UpdateService", f"arn:aws:ecs:{HERE}:service/{cluster}/{service}")


def _put_targets(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    yield Demand("events:PutTargets", f"arn:aws:events:{HERE}:rule/{parameters['Rule']}")


def _alarms(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    for name in parameters["AlarmNames"]:
        yield Demand("cloudwatch:DescribeAlarms", f"arn:aws:cloudwatch:{HERE}:alarm:{name}")


def _stacks(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # A stack's ARN ends in an id that is made up: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/
    name = parameters["StackName"]
    yield Demand("cloudformation:DescribeStacks", f"arn:aws:cloudformation:{HERE}:stack/{name}/0a1b2c3d")


def _statement(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
    verb, *_ = parameters["Statement"].split()
    table = re.search(r'(?:FROM|INTO|UPDATE)\s+"?([\w.-]+)"?', parameters["Statement"], re.IGNORECASE)
    assert table is not None, parameters["Statement"]
    yield Demand(f"dynamodb:PartiQL{verb.capitalize()}", _table(table[1]))


def _parameters_named(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    for name in parameters["Names"]:
        yield Demand("ssm:GetParameters", f"arn:aws:ssm:{HERE}:parameter/{name.lstrip('/')}")


def _parameters_below(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    # https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html: the path is asked.
    yield Demand("ssm:GetParametersByPath", f"arn:aws:ssm:{HERE}:parameter/{parameters['Path'].strip('/')}")


def _snapshot(parameters: Mapping[str, Any]) -> Iterator[Demand]:
    for kind, member in (("db", "DBInstanceIdentifier"), ("snapshot", "DBSnapshotIdentifier")):
        yield Demand("rds:CreateDBSnapshot", f"arn:aws:rds:{HERE}:{kind}:{parameters[member]}")


def _on(action: str, template: str) -> Callable[[Mapping[str, Any]], Iterator[Demand]]:
    """An action on one resource that is made of the parameters."""

    def demands(parameters: Mapping[str, Any]) -> Iterator[Demand]:
        yield Demand(action, template.format_map(parameters))

    return demands


SPECIAL: dict[tuple[str, str], Callable[[Mapping[str, Any]], Iterator[Demand]]] = {
    ("athena", "GetQueryResults"): _query_results,
    ("backup", "StartBackupJob"): _on(
        "backup:StartBackupJob", f"arn:aws:backup:{HERE}:backup-vault:{{BackupVaultName}}"
    ),
    ("batch", "SubmitJob"): _submit_job,
    ("batch", "TerminateJob"): _job,
    ("bedrock-agent-runtime", "Retrieve"): _on(
        "bedrock:Retrieve", f"arn:aws:bedrock:{HERE}:knowledge-base/{{knowledgeBaseId}}"
    ),
    # https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html
    ("bedrock-runtime", "Converse"): _on(
        "bedrock:InvokeModel", f"arn:aws:bedrock:{REGION}::foundation-model/{{modelId}}"
    ),
    ("cloudformation", "DescribeStacks"): _stacks,
    ("cloudwatch", "DescribeAlarms"): _alarms,
    ("dynamodb", "BatchGetItem"): _batch_items("BatchGetItem"),
    ("dynamodb", "BatchWriteItem"): _batch_items("BatchWriteItem"),
    ("dynamodb", "ExecuteStatement"): _statement,
    ("dynamodb", "Query"): _read("Query"),
    ("dynamodb", "Scan"): _read("Scan"),
    ("dynamodb", "TransactGetItems"): _transaction({"Get": "GetItem"}),
    ("dynamodb", "TransactWriteItems"): _transaction(
        {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
    ),
    ("ec2", "StartInstances"): _instances("StartInstances"),
    ("ec2", "StopInstances"): _instances("StopInstances"),
    ("ecs", "DescribeTasks"): _task("DescribeTasks", "tasks"),
    ("ecs", "RunTask"): _run_task,
    ("ecs", "StopTask"): _task("StopTask", "task"),
    ("ecs", "UpdateService"): _update_service,
    ("emr-containers", "StartJobRun"): _run_on_virtual_cluster,
    ("events", "PutEvents"): _put_events,
    ("events", "PutTargets"): _put_targets,
    ("glue", "GetTable"): _get_table,
    ("iot-data", "Publish"): _on("iot:Publish", f"arn:aws:iot:{HERE}:topic/{{topic}}"),
    ("kms", "Decrypt"): _key("Decrypt"),
    ("kms", "Encrypt"): _key("Encrypt"),
    ("kms", "GenerateDataKey"): _key("GenerateDataKey"),
    ("kms", "Sign"): _key("Sign"),
    ("lambda", "Invoke"): _invoke,
    ("logs", "PutLogEvents"): _log_events,
    ("rds", "CreateDBSnapshot"): _snapshot,
    ("route53", "ChangeResourceRecordSets"): _on(
        "route53:ChangeResourceRecordSets", "arn:aws:route53:::hostedzone/{HostedZoneId}"
    ),
    ("s3", "CopyObject"): _copy,
    ("s3", "DeleteObjects"): _delete_objects,
    ("s3", "ListObjectsV2"): _list_objects,
    ("sagemaker-runtime", "InvokeEndpoint"): _on(
        "sagemaker:InvokeEndpoint", f"arn:aws:sagemaker:{HERE}:endpoint/{{EndpointName}}"
    ),
    ("secretsmanager", "DescribeSecret"): _secret("DescribeSecret"),
    ("secretsmanager", "GetSecretValue"): _secret("GetSecretValue"),
    ("sesv2", "SendEmail"): _send_email,
    ("sns", "Publish"): _publish,
    # https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
    ("sns", "PublishBatch"): _publish,
    ("sqs", "ChangeMessageVisibility"): _queue("ChangeMessageVisibility"),
    ("sqs", "DeleteMessage"): _queue("DeleteMessage"),
    ("sqs", "DeleteMessageBatch"): _queue("DeleteMessage"),
    ("sqs", "GetQueueAttributes"): _queue("GetQueueAttributes"),
    ("sqs", "PurgeQueue"): _queue("PurgeQueue"),
    ("sqs", "ReceiveMessage"): _queue("ReceiveMessage"),
    ("sqs", "SendMessage"): _queue("SendMessage"),
    ("sqs", "SendMessageBatch"): _queue("SendMessage"),
    ("ssm", "GetParameter"): _parameter,
    ("ssm", "GetParameters"): _parameters_named,
    ("ssm", "GetParametersByPath"): _parameters_below,
    ("stepfunctions", "DescribeExecution"): _execution("states:DescribeExecution"),
    ("stepfunctions", "StartExecution"): _start("states:StartExecution"),
    ("stepfunctions", "StartSyncExecution"): _start("states:StartSyncExecution"),
    ("stepfunctions", "StopExecution"): _execution("states:StopExecution"),
    ("sts", "AssumeRole"): _assume_role,
}
