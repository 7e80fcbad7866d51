"""What ``Ref`` and ``Fn::GetAtt`` give for the resource types that the workflows use.

Written by hand from the pages of https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/, section
Return values, so that the proof shares no data with the macro.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kind:
    """A resource type. ``{name}`` is its name, ``{here}`` stands for ``region:account``, ``{id}`` for a made-up id."""

    named_by: str | None
    ref: str
    attributes: dict[str, str] = field(default_factory=dict)


def _arn(service: str, resource: str) -> dict[str, str]:
    return {"Arn": f"arn:aws:{service}:{{here}}:{resource}"}


KINDS = {
    "AWS::ApiGateway::RestApi": Kind("Name", "{id}", {"RestApiId": "{id}"}),
    "AWS::ApiGatewayV2::Api": Kind("Name", "{id}", {"ApiId": "{id}"}),
    "AWS::Athena::WorkGroup": Kind("Name", "{name}"),
    "AWS::Batch::JobDefinition": Kind("JobDefinitionName", "arn:aws:batch:{here}:job-definition/{name}:1"),
    "AWS::Batch::JobQueue": Kind(
        "JobQueueName",
        "arn:aws:batch:{here}:job-queue/{name}",
        {"JobQueueArn": "arn:aws:batch:{here}:job-queue/{name}"},
    ),
    "AWS::CodeBuild::Project": Kind("Name", "{name}", _arn("codebuild", "project/{name}")),
    "AWS::Cognito::UserPool": Kind(None, "eu-west-1_{id}", _arn("cognito-idp", "userpool/eu-west-1_{id}")),
    "AWS::DataBrew::Job": Kind("Name", "{name}"),
    "AWS::DynamoDB::Table": Kind("TableName", "{name}", _arn("dynamodb", "table/{name}")),
    "AWS::EC2::SecurityGroup": Kind(None, "sg-{id}", {"GroupId": "sg-{id}"}),
    "AWS::EC2::Subnet": Kind(None, "subnet-{id}", {"SubnetId": "subnet-{id}"}),
    "AWS::ECR::Repository": Kind("RepositoryName", "{name}", _arn("ecr", "repository/{name}")),
    "AWS::ECS::Cluster": Kind("ClusterName", "{name}", _arn("ecs", "cluster/{name}")),
    "AWS::ECS::TaskDefinition": Kind(
        "Family",
        "arn:aws:ecs:{here}:task-definition/{name}:1",
        {"TaskDefinitionArn": "arn:aws:ecs:{here}:task-definition/{name}:1"},
    ),
    "AWS::EKS::Cluster": Kind("Name", "{name}", _arn("eks", "cluster/{name}")),
    "AWS::EMR::Cluster": Kind(None, "j-{id}"),
    "AWS::EMRContainers::VirtualCluster": Kind(
        None, "{id}", {"Id": "{id}", "Arn": "arn:aws:emr-containers:{here}:/virtualclusters/{id}"}
    ),
    "AWS::EMRServerless::Application": Kind(
        None, "{id}", {"ApplicationId": "{id}", "Arn": "arn:aws:emr-serverless:{here}:/applications/{id}"}
    ),
    "AWS::Events::Connection": Kind(
        "Name",
        "{name}",
        {
            "Arn": "arn:aws:events:{here}:connection/{name}/{id}",
            "SecretArn": "arn:aws:secretsmanager:{here}:secret:events!connection/{name}/{id}-Xy1Zab",
        },
    ),
    "AWS::Events::EventBus": Kind("Name", "{name}", {"Name": "{name}", **_arn("events", "event-bus/{name}")}),
    "AWS::Glue::Crawler": Kind("Name", "{name}"),
    "AWS::Glue::Database": Kind("DatabaseInput.Name", "{name}"),
    "AWS::Glue::Job": Kind("Name", "{name}"),
    "AWS::IAM::ManagedPolicy": Kind(
        "ManagedPolicyName",
        "arn:aws:iam::{account}:policy/{name}",
        {"PolicyArn": "arn:aws:iam::{account}:policy/{name}"},
    ),
    "AWS::IAM::Policy": Kind("PolicyName", "{id}"),
    "AWS::IAM::Role": Kind("RoleName", "{name}", {"Arn": "arn:aws:iam::{account}:role{path}{name}"}),
    "AWS::KMS::Alias": Kind("AliasName", "{name}"),
    "AWS::KMS::Key": Kind(None, "{uuid}", {"KeyId": "{uuid}", "Arn": "arn:aws:kms:{here}:key/{uuid}"}),
    "AWS::Kinesis::Stream": Kind("Name", "{name}", _arn("kinesis", "stream/{name}")),
    "AWS::KinesisFirehose::DeliveryStream": Kind(
        "DeliveryStreamName", "{name}", _arn("firehose", "deliverystream/{name}")
    ),
    "AWS::Lambda::Function": Kind("FunctionName", "{name}", _arn("lambda", "function:{name}")),
    "AWS::Logs::LogGroup": Kind("LogGroupName", "{name}", {"Arn": "arn:aws:logs:{here}:log-group:{name}:*"}),
    "AWS::MediaConvert::Queue": Kind(
        "Name", "{name}", {"Arn": "arn:aws:mediaconvert:{here}:queues/{name}", "Name": "{name}"}
    ),
    "AWS::RDS::DBCluster": Kind("DBClusterIdentifier", "{name}", {"DBClusterArn": "arn:aws:rds:{here}:cluster:{name}"}),
    "AWS::S3::Bucket": Kind("BucketName", "{name}", {"Arn": "arn:aws:s3:::{name}"}),
    "AWS::SNS::Topic": Kind(
        "TopicName", "arn:aws:sns:{here}:{name}", {"TopicArn": "arn:aws:sns:{here}:{name}", "TopicName": "{name}"}
    ),
    "AWS::SQS::Queue": Kind(
        "QueueName",
        "https://sqs.{region}.amazonaws.com/{account}/{name}",
        {
            "QueueUrl": "https://sqs.{region}.amazonaws.com/{account}/{name}",
            "QueueName": "{name}",
            **_arn("sqs", "{name}"),
        },
    ),
    "AWS::SSM::Parameter": Kind("Name", "{name}"),
    "AWS::SageMaker::Model": Kind("ModelName", "arn:aws:sagemaker:{here}:model/{lower}", {"ModelName": "{name}"}),
    "AWS::Scheduler::ScheduleGroup": Kind("Name", "{name}", _arn("scheduler", "schedule-group/{name}")),
    "AWS::SecretsManager::Secret": Kind("Name", "arn:aws:secretsmanager:{here}:secret:{name}-a1B2c3"),
    "AWS::SES::EmailIdentity": Kind("EmailIdentity", "{name}"),
    "AWS::StepFunctions::Activity": Kind(
        "Name", "arn:aws:states:{here}:activity:{name}", {"Name": "{name}", **_arn("states", "activity:{name}")}
    ),
    "AWS::StepFunctions::StateMachine": Kind(
        "StateMachineName",
        "arn:aws:states:{here}:stateMachine:{name}",
        {"Name": "{name}", **_arn("states", "stateMachine:{name}")},
    ),
}
"""A type that is not here is an error of the workflow file, which says so."""
