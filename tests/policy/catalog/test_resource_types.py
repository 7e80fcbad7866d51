"""What Ref and Fn::GetAtt give, against the pages of AWS; and the data against the tool that makes it."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.catalog import resource_types
from sfn_least_privilege.policy.catalog.resource_types import attribute_kind, describe, known_types
from sfn_least_privilege.policy.text import Kind

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).parents[3]
ARN, NAME, URL, ID, UNKNOWN = Kind.ARN, Kind.NAME, Kind.URL, Kind.ID, Kind.UNKNOWN


# Read off https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/, Return values of each type.
@pytest.mark.parametrize(
    ("resource_type", "ref", "arn_attribute"),
    [
        ("AWS::ApiGateway::RestApi", ID, None),
        ("AWS::ApiGatewayV2::Api", ID, None),
        ("AWS::AppSync::GraphQLApi", ARN, "Arn"),
        ("AWS::Athena::WorkGroup", NAME, None),
        ("AWS::AutoScaling::AutoScalingGroup", NAME, "AutoScalingGroupARN"),
        ("AWS::Batch::ComputeEnvironment", ARN, "ComputeEnvironmentArn"),
        ("AWS::Batch::JobDefinition", ARN, "JobDefinitionArn"),
        ("AWS::Batch::JobQueue", ARN, "JobQueueArn"),
        ("AWS::Bedrock::Agent", ID, "AgentArn"),
        ("AWS::Bedrock::KnowledgeBase", ID, "KnowledgeBaseArn"),
        ("AWS::CloudFormation::Stack", ARN, None),
        ("AWS::CloudFormation::WaitConditionHandle", URL, None),
        ("AWS::CloudFront::Distribution", ID, None),
        ("AWS::CloudWatch::Alarm", NAME, "Arn"),
        ("AWS::CodeBuild::Project", NAME, "Arn"),
        ("AWS::Cognito::UserPool", ID, "Arn"),
        ("AWS::DynamoDB::GlobalTable", NAME, "Arn"),
        ("AWS::DynamoDB::Table", NAME, "Arn"),
        ("AWS::EC2::Instance", ID, None),
        ("AWS::EC2::SecurityGroup", UNKNOWN, None),
        ("AWS::EC2::Subnet", ID, None),
        ("AWS::ECR::Repository", NAME, "Arn"),
        ("AWS::ECS::Cluster", NAME, "Arn"),
        ("AWS::ECS::Service", ARN, "ServiceArn"),
        ("AWS::ECS::TaskDefinition", ARN, "TaskDefinitionArn"),
        ("AWS::EFS::FileSystem", ID, "Arn"),
        ("AWS::EKS::Cluster", NAME, "Arn"),
        ("AWS::EMR::Cluster", ID, None),
        ("AWS::EMRContainers::VirtualCluster", ID, "Arn"),
        ("AWS::EMRServerless::Application", ID, "Arn"),
        ("AWS::ElasticLoadBalancingV2::TargetGroup", ARN, "TargetGroupArn"),
        ("AWS::Events::Connection", NAME, "Arn"),
        ("AWS::Events::EventBus", NAME, "Arn"),
        ("AWS::Events::Rule", UNKNOWN, "Arn"),
        ("AWS::Glue::Crawler", NAME, None),
        ("AWS::Glue::Database", NAME, None),
        ("AWS::Glue::Job", NAME, None),
        ("AWS::Glue::Table", NAME, None),
        ("AWS::IAM::ManagedPolicy", ARN, "PolicyArn"),
        ("AWS::IAM::Role", NAME, "Arn"),
        ("AWS::KMS::Alias", NAME, None),
        ("AWS::KMS::Key", ID, "Arn"),
        ("AWS::Kinesis::Stream", NAME, "Arn"),
        ("AWS::KinesisFirehose::DeliveryStream", NAME, "Arn"),
        ("AWS::Lambda::Alias", ARN, "AliasArn"),
        ("AWS::Lambda::Function", NAME, "Arn"),
        ("AWS::Lambda::LayerVersion", ARN, "LayerVersionArn"),
        ("AWS::Lambda::Version", ARN, "FunctionArn"),
        ("AWS::Logs::LogGroup", NAME, "Arn"),
        ("AWS::MSK::Cluster", ARN, "Arn"),
        ("AWS::OpenSearchService::Domain", NAME, "Arn"),
        ("AWS::RDS::DBCluster", ID, "DBClusterArn"),
        ("AWS::RDS::DBInstance", ID, "DBInstanceArn"),
        ("AWS::Redshift::Cluster", ID, None),
        ("AWS::RedshiftServerless::Workgroup", NAME, "Workgroup.WorkgroupArn"),
        ("AWS::S3::AccessPoint", NAME, "Arn"),
        ("AWS::S3::Bucket", NAME, "Arn"),
        ("AWS::SNS::Topic", ARN, "TopicArn"),
        ("AWS::SQS::Queue", URL, "Arn"),
        ("AWS::SSM::Document", NAME, None),
        ("AWS::SSM::Parameter", NAME, "Arn"),
        ("AWS::SageMaker::Endpoint", ARN, "EndpointArn"),
        ("AWS::SageMaker::EndpointConfig", ARN, "EndpointConfigArn"),
        ("AWS::SageMaker::Model", ARN, "ModelArn"),
        ("AWS::SageMaker::Pipeline", NAME, None),
        ("AWS::Scheduler::Schedule", NAME, "Arn"),
        ("AWS::SecretsManager::Secret", ARN, None),
        ("AWS::StepFunctions::Activity", ARN, "Arn"),
        ("AWS::StepFunctions::StateMachine", ARN, "Arn"),
        ("AWS::StepFunctions::StateMachineAlias", ARN, "Arn"),
        ("AWS::StepFunctions::StateMachineVersion", ARN, "Arn"),
    ],
)
def test_aws_documents_it_so(resource_type: str, ref: Kind, arn_attribute: str | None) -> None:
    described = describe(resource_type)

    assert (described.ref, described.arn_attribute) == (ref, arn_attribute)


# Source: https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html
@pytest.mark.parametrize(
    ("sam", "becomes"),
    [
        ("AWS::Serverless::Api", "AWS::ApiGateway::RestApi"),
        ("AWS::Serverless::Application", "AWS::CloudFormation::Stack"),
        ("AWS::Serverless::Function", "AWS::Lambda::Function"),
        ("AWS::Serverless::HttpApi", "AWS::ApiGatewayV2::Api"),
        ("AWS::Serverless::LayerVersion", "AWS::Lambda::LayerVersion"),
        ("AWS::Serverless::SimpleTable", "AWS::DynamoDB::Table"),
        ("AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"),
    ],
)
def test_a_sam_type_is_what_it_becomes(sam: str, becomes: str) -> None:
    assert describe(sam) == describe(becomes)


# Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
@pytest.mark.parametrize(
    ("resource_type", "template"),
    [
        ("AWS::Athena::WorkGroup", "arn:${Partition}:athena:${Region}:${Account}:workgroup/${Ref}"),
        ("AWS::ApiGateway::RestApi", "arn:${Partition}:apigateway:${Region}::/restapis/${Ref}"),
        ("AWS::CloudFront::Distribution", "arn:${Partition}:cloudfront::${Account}:distribution/${Ref}"),
        ("AWS::DataBrew::Job", "arn:${Partition}:databrew:${Region}:${Account}:job/${Ref}"),
        ("AWS::EC2::EIP", "arn:${Partition}:ec2:${Region}:${Account}:elastic-ip/${AllocationId}"),
        ("AWS::EC2::Subnet", "arn:${Partition}:ec2:${Region}:${Account}:subnet/${Ref}"),
        ("AWS::EMR::Cluster", "arn:${Partition}:elasticmapreduce:${Region}:${Account}:cluster/${Ref}"),
        ("AWS::Glue::Job", "arn:${Partition}:glue:${Region}:${Account}:job/${Ref}"),
        ("AWS::KMS::Alias", "arn:${Partition}:kms:${Region}:${Account}:${Ref}"),
        ("AWS::RDS::GlobalCluster", "arn:${Partition}:rds::${Account}:global-cluster:${Ref}"),
        ("AWS::Redshift::Cluster", "arn:${Partition}:redshift:${Region}:${Account}:cluster:${Ref}"),
        ("AWS::Route53::HostedZone", "arn:${Partition}:route53:::hostedzone/${Ref}"),
        ("AWS::SES::EmailIdentity", "arn:${Partition}:ses:${Region}:${Account}:identity/${Ref}"),
        ("AWS::SSM::Document", "arn:${Partition}:ssm:${Region}:${Account}:document/${Ref}"),
    ],
)
def test_the_arn_of_a_type_that_has_no_attribute_for_it(resource_type: str, template: str) -> None:
    assert describe(resource_type).arn_template == template


# The service lower-cases names in its ARNs, the table and the rule need what Ref does not give.
@pytest.mark.parametrize("resource_type", ["AWS::SageMaker::Pipeline", "AWS::Glue::Table", "AWS::SES::ReceiptRule"])
def test_an_arn_that_ref_does_not_make_is_not_made(resource_type: str) -> None:
    assert describe(resource_type).arn_template is None


@pytest.mark.parametrize(
    ("resource_type", "attribute", "kind"),
    [
        ("AWS::SQS::Queue", "Arn", ARN),
        ("AWS::SQS::Queue", "QueueName", NAME),
        ("AWS::SQS::Queue", "QueueUrl", URL),
        ("AWS::SNS::Topic", "TopicName", NAME),
        ("AWS::DynamoDB::Table", "StreamArn", ARN),
        ("AWS::StepFunctions::StateMachine", "Name", NAME),
        ("AWS::KMS::Key", "KeyId", ID),
        ("AWS::EC2::SecurityGroup", "GroupId", ID),
        ("AWS::RDS::DBInstance", "MasterUserSecret.SecretArn", ARN),
        ("AWS::RDS::DBInstance", "Endpoint.Address", UNKNOWN),
        ("AWS::S3::Bucket", "DomainName", UNKNOWN),
        ("AWS::Lambda::Url", "FunctionUrl", URL),
        ("AWS::EKS::Nodegroup", "ClusterName", UNKNOWN),
        ("AWS::CloudFormation::Stack", "Outputs.QueueArn", UNKNOWN),
        ("AWS::Serverless::Application", "Outputs.QueueArn", UNKNOWN),
        ("AWS::CloudFormation::CustomResource", "Arn", UNKNOWN),
        ("Custom::Lookup", "Arn", UNKNOWN),
        ("Acme::Widgets::Widget", "Arn", UNKNOWN),
        ("AWS::NotYet::Known", "Arn", ARN),
        ("AWS::NotYet::Known", "Name", UNKNOWN),
    ],
)
def test_what_an_attribute_is(resource_type: str, attribute: str, kind: Kind) -> None:
    assert attribute_kind(resource_type, attribute) is kind


def test_a_log_groups_arn_ends_in_what_is_not_part_of_it() -> None:
    assert describe("AWS::Logs::LogGroup").arn_suffix == ":*"
    assert describe("AWS::SQS::Queue").arn_suffix == ""


@pytest.mark.parametrize("resource_type", ["", "Custom::Lookup", "AWS::NotYet::Known", "nonsense"])
def test_of_an_unknown_type_nothing_is_claimed(resource_type: str) -> None:
    described = describe(resource_type)

    assert (described.ref, described.arn_attribute, described.arn_template) == (UNKNOWN, None, None)
    assert not described.attributes


@pytest.mark.parametrize("resource_type", sorted(known_types()))
def test_every_type_can_be_described(resource_type: str) -> None:
    described = describe(resource_type)
    variables = re.findall(r"\$\{(\w+)\}", described.arn_template or "")

    assert described.arn_attribute is None or described.arn_template is None
    assert set(variables) <= {"Partition", "Region", "Account", "Ref", *described.attributes, "Alias"}
    # Ref inside a template has to be a name or an id, not an ARN in an ARN.
    assert "Ref" not in variables or described.ref in {NAME, ID}


def tool() -> ModuleType:
    path = ROOT / "tools" / "build_resource_types.py"
    specification = importlib.util.spec_from_file_location("build_resource_types", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    content: dict[str, Any] = tool().build()
    return content


@pytest.fixture(scope="module")
def recorded() -> dict[str, Any]:
    content: dict[str, Any] = json.loads(Path(resource_types.__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return content


def test_the_data_is_what_the_tool_makes(made: dict[str, Any], recorded: dict[str, Any]) -> None:
    # Another cfn-lint has newer schemas: then the data may lag, but not by much, or it wants building anew.
    is_same_input = made["sources"]["cfn-lint schemas"] == recorded["sources"]["cfn-lint schemas"]
    changed = [name for name, row in recorded["types"].items() if made["types"].get(name) != row]

    assert len(changed) <= (0 if is_same_input else len(recorded["types"]) // 20), changed


def test_the_file_is_written_as_the_tool_writes_it(recorded: dict[str, Any]) -> None:
    text = Path(resource_types.__file__).with_suffix(".json").read_text(encoding="utf-8")

    assert tool().render(recorded) == text


def test_what_is_said_by_hand_is_in_the_data(recorded: dict[str, Any]) -> None:
    hand = json.loads((ROOT / "tools" / "resource_types_by_hand.json").read_text(encoding="utf-8"))
    said = {name: kind for kind in ("arn", "url", "name", "id", "unknown") for name in hand["ref"][kind]}

    assert {name: recorded["types"][name][0] for name in said} == said
    assert recorded["arn_suffixes"] == {name: each for name, each in hand["arn_suffix"].items() if "::" in name}


def test_the_data_says_where_it_comes_from() -> None:
    sources = resource_types.sources()

    assert re.fullmatch(r"\d+\.\d+\.\d+", sources["cfn-lint"])
    assert sources["cfn-lint schemas"].startswith("20")
    assert all("https://docs.aws.amazon.com/" in page for page in sources["by hand"].values())
