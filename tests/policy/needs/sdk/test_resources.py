"""The resources of calls: what arguments name, and what is left open."""

from __future__ import annotations

from typing import Any

import pytest
from sdk_calls import ask

from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import Conditional

HERE = "eu-west-1:111122223333"


def reference(logical_id: str, resource_type: str, kind: Kind, attribute: str = "Arn") -> Text:
    """What a template's `Ref` to a resource is."""
    own_arn = Text.of(Reference("Fn::GetAtt", f"{logical_id}.{attribute}", Kind.ARN, logical_id, resource_type))
    return Text.of(Reference("Ref", logical_id, kind, logical_id, resource_type, None if kind is Kind.ARN else own_arn))


class TestNames:
    @pytest.mark.parametrize(
        ("api", "parameters", "action", "resources"),
        [
            ("dynamodb:describeTable", {"TableName": "t"}, "dynamodb:DescribeTable", [f"dynamodb:{HERE}:table/t"]),
            ("ecs:describeServices", {"Cluster": "c", "Services": ["a", "b"]}, "ecs:DescribeServices",
             [f"ecs:{HERE}:service/c/a", f"ecs:{HERE}:service/c/b"]),
            ("ecs:describeServices", {"Services": ["a"]}, "ecs:DescribeServices", [f"ecs:{HERE}:service/default/a"]),
            ("ecs:runTask", {"TaskDefinition": "web"}, "ecs:RunTask", [f"ecs:{HERE}:task-definition/web:*"]),
            ("ecs:runTask", {"TaskDefinition": "web:3"}, "ecs:RunTask", [f"ecs:{HERE}:task-definition/web:3"]),
            ("lambda:getFunction", {"FunctionName": "f"}, "lambda:GetFunction", [f"lambda:{HERE}:function:f"]),
            ("lambda:invoke", {"FunctionName": "f"}, "lambda:InvokeFunction", [f"lambda:{HERE}:function:f"]),
            ("lambda:invoke", {"FunctionName": "f", "Qualifier": "live"}, "lambda:InvokeFunction",
             [f"lambda:{HERE}:function:f:live"]),
            ("lambda:invoke", {"FunctionName": "111122223333:function:f"}, "lambda:InvokeFunction",
             [f"lambda:{HERE}:function:f"]),
            ("dynamodb:query", {"TableName": "t"}, "dynamodb:Query", [f"dynamodb:{HERE}:table/t"]),
            ("dynamodb:query", {"TableName": "t", "IndexName": "i"}, "dynamodb:Query",
             [f"dynamodb:{HERE}:table/t/index/i"]),
            ("dynamodb:batchGetItem", {"RequestItems": {"a": {}, "b": {}}}, "dynamodb:BatchGetItem",
             [f"dynamodb:{HERE}:table/a", f"dynamodb:{HERE}:table/b"]),
            ("dynamodb:executeStatement", {"Statement": 'select * from "t"."i"'}, "dynamodb:PartiQLSelect",
             [f"dynamodb:{HERE}:table/t/index/i"]),
            ("eventbridge:putEvents", {"Entries": [{"EventBusName": "bus"}, {}]}, "events:PutEvents",
             [f"events:{HERE}:event-bus/bus", f"events:{HERE}:event-bus/default"]),
            ("eventbridge:putRule", {"Name": "r"}, "events:PutRule", [f"events:{HERE}:rule/r"]),
            ("eventbridge:putRule", {"Name": "r", "EventBusName": "default"}, "events:PutRule",
             [f"events:{HERE}:rule/r"]),
            ("eventbridge:putRule", {"Name": "r", "EventBusName": "b"}, "events:PutRule", [f"events:{HERE}:rule/b/r"]),
            ("scheduler:deleteSchedule", {"Name": "s"}, "scheduler:DeleteSchedule",
             [f"scheduler:{HERE}:schedule/default/s"]),
            ("secretsmanager:getSecretValue", {"SecretId": "db"}, "secretsmanager:GetSecretValue",
             [f"secretsmanager:{HERE}:secret:db-??????"]),
            ("secretsmanager:getSecretValue", {"SecretId": f"arn:aws:secretsmanager:{HERE}:secret:db-AbC123"},
             "secretsmanager:GetSecretValue", [f"secretsmanager:{HERE}:secret:db-AbC123"]),
            ("ssm:getParameter", {"Name": "/app/key"}, "ssm:GetParameter", [f"ssm:{HERE}:parameter/app/key"]),
            ("ssm:getParametersByPath", {"Path": "/app/"}, "ssm:GetParametersByPath",
             [f"ssm:{HERE}:parameter/app", f"ssm:{HERE}:parameter/app/"]),
            ("cloudwatchlogs:filterLogEvents", {"LogGroupName": "/g"}, "logs:FilterLogEvents",
             [f"logs:{HERE}:log-group:/g:*"]),
            ("s3:listObjectsV2", {"Bucket": "b"}, "s3:ListBucket", ["s3:::b"]),
            ("s3:deleteObjects", {"Bucket": "b", "Delete": {"Objects": [{"Key": "x"}, {"Key": "y"}]}},
             "s3:DeleteObject", ["s3:::b/x", "s3:::b/y"]),
            ("s3:copyObject", {"Bucket": "b", "Key": "k", "CopySource": "/from/a%20b"}, "s3:GetObject",
             ["s3:::from/a b"]),
            ("ec2:copyVolumes", {"SourceVolumeId": "vol-1"}, "ec2:CopyVolumes",
             [f"ec2:{HERE}:volume/vol-1", f"ec2:{HERE}:volume/*"]),
            ("cloudformation:describeStacks", {"StackName": "s"}, "cloudformation:DescribeStacks",
             [f"cloudformation:{HERE}:stack/s/*"]),
            ("glue:getTable", {"DatabaseName": "d", "Name": "t"}, "glue:GetTable",
             [f"glue:{HERE}:catalog", f"glue:{HERE}:database/d", f"glue:{HERE}:table/d/t"]),
        ],
    )  # fmt: skip
    def test_a_name_is_put_into_the_arn_of_its_resource(
        self, api: str, parameters: dict[str, Any], action: str, resources: list[str]
    ) -> None:
        answer = ask(api, parameters)

        assert sorted(answer.resources(action)) == sorted(f"arn:aws:{each}" for each in resources)
        assert action not in answer.details("SLP304")

    def test_values_of_the_same_list_item_stay_together(self) -> None:
        pages = [{"S3Object": {"Bucket": "a", "Name": "1"}}, {"S3Object": {"Bucket": "b", "Name": "2"}}]
        answer = ask("textract:analyzeID", {"DocumentPages": pages})

        assert answer.resources("s3:GetObject") == ["arn:aws:s3:::a/1", "arn:aws:s3:::b/2"]


class TestArns:
    def test_an_arn_is_taken_as_it_is(self) -> None:
        arn = "arn:aws:sns:us-east-1:444455556666:news"

        assert ask("sns:publish", {"TopicArn": arn, "Message": "m"}).resources("sns:Publish") == [arn]

    def test_an_arn_in_the_place_of_a_name_is_taken_as_it_is(self) -> None:
        arn = "arn:aws:dynamodb:eu-west-1:444455556666:table/t"

        assert ask("dynamodb:describeTable", {"TableName": arn}).resources("dynamodb:DescribeTable") == [arn]

    def test_what_belongs_to_a_resource_follows_its_arn(self) -> None:
        arn = "arn:aws:dynamodb:eu-west-1:444455556666:table/t"
        answer = ask("dynamodb:query", {"TableName": arn, "IndexName": "i"})

        assert answer.resources("dynamodb:Query") == [f"{arn}/index/i"]

    def test_of_another_resource_s_arn_only_the_name_is_used(self) -> None:
        answer = ask("ecs:describeTasks", {"Cluster": f"arn:aws:ecs:{HERE}:cluster/c", "Tasks": ["t"]})

        assert answer.resources("ecs:DescribeTasks") == [f"arn:aws:ecs:{HERE}:task/c/t"]

    def test_an_object_of_an_access_point_has_the_access_point_in_its_arn(self) -> None:
        point = f"arn:aws:s3:{HERE}:accesspoint/p"

        assert ask("s3:getObject", {"Bucket": point, "Key": "k"}).resources("s3:GetObject") == [f"{point}/object/k"]


class TestReferences:
    def test_a_reference_to_the_resource_itself_becomes_its_arn(self) -> None:
        table = reference("Orders", "AWS::DynamoDB::Table", Kind.NAME)
        answer = ask("dynamodb:describeTable", {"TableName": "${Orders}"}, {"Orders": table})

        assert answer.resources("dynamodb:DescribeTable") == ["${Orders.Arn}"]

    def test_what_belongs_to_the_resource_follows_the_arn_of_its_name(self) -> None:
        table = reference("Orders", "AWS::DynamoDB::Table", Kind.NAME)
        answer = ask("dynamodb:query", {"TableName": "${Orders}", "IndexName": "i"}, {"Orders": table})

        assert answer.resources("dynamodb:Query") == [f"arn:aws:dynamodb:{HERE}:table/${{Orders}}/index/i"]

    def test_a_key_of_a_map_may_be_a_reference(self) -> None:
        table = reference("Orders", "AWS::DynamoDB::Table", Kind.NAME)
        answer = ask("dynamodb:batchGetItem", {"RequestItems": {"${Orders}": {}}}, {"Orders": table})

        assert answer.resources("dynamodb:BatchGetItem") == ["${Orders.Arn}"]

    def test_a_bucket_s_name_stands_in_the_arn_of_its_object(self) -> None:
        bucket = reference("Bucket", "AWS::S3::Bucket", Kind.NAME)
        answer = ask("s3:getObject", {"Bucket": "${Bucket}", "Key": "k"}, {"Bucket": bucket})

        assert answer.resources("s3:GetObject") == ["arn:aws:s3:::${Bucket}/k"]

    def test_a_log_group_s_arn_ends_in_its_streams_already(self) -> None:
        group = reference("Group", "AWS::Logs::LogGroup", Kind.NAME)
        answer = ask("cloudwatchlogs:filterLogEvents", {"LogGroupName": "${Group}"}, {"Group": group})

        assert answer.resources("logs:FilterLogEvents") == [f"arn:aws:logs:{HERE}:log-group:${{Group}}:*"]

    def test_a_task_definition_of_the_template_has_its_revision(self) -> None:
        task = reference("Web", "AWS::ECS::TaskDefinition", Kind.ARN)
        answer = ask("ecs:runTask", {"TaskDefinition": "${Web}"}, {"Web": task})

        assert answer.resources("ecs:RunTask") == ["${Web}"]

    def test_the_cluster_s_name_is_picked_out_of_its_arn(self) -> None:
        cluster = Text.of(Reference("Fn::GetAtt", "C.Arn", Kind.ARN, "C", "AWS::ECS::Cluster"))
        answer = ask("ecs:describeTasks", {"Cluster": "${C}", "Tasks": ["t"]}, {"C": cluster})

        assert answer.resources("ecs:DescribeTasks") == [f"arn:aws:ecs:{HERE}:task/${{Select}}/t"]

    def test_a_choice_of_the_template_stays_one(self) -> None:
        either = Conditional("IsProd", Text.of("prod"), Text.of("test"))
        answer = ask("dynamodb:describeTable", {"TableName": "${Name}"}, {"Name": either})

        assert [
            (need.resource.guards, resource) for need, (_, resource) in zip(answer.needs, answer.granted, strict=True)
        ] == [
            ((("IsProd", True),), f"arn:aws:dynamodb:{HERE}:table/prod"),
            ((("IsProd", False),), f"arn:aws:dynamodb:{HERE}:table/test"),
        ]


class TestOpen:
    def test_a_value_of_the_run_is_open_for_its_part_of_the_arn_alone_and_told(self) -> None:
        answer = ask("s3:getObject", {"Bucket": "b", "Key.$": "$.key"})

        assert answer.resources("s3:GetObject") == ["arn:aws:s3:::b/*"]
        assert "because `Key` is not fully known: `$.key` comes from the execution's input" in answer.detail("SLP304")

    def test_what_the_run_adds_to_a_beginning_stays_behind_it(self) -> None:
        answer = ask("s3:getObject", {"Bucket": "b", "Key.$": "States.Format('in/{}.csv', $.day)"})

        assert answer.resources("s3:GetObject") == ["arn:aws:s3:::b/in/*.csv"]

    def test_an_argument_that_takes_arns_may_name_another_account(self) -> None:
        answer = ask("dynamodb:describeTable", {"TableName.$": "$.table"})

        assert answer.resources("dynamodb:DescribeTable") == ["arn:aws:dynamodb:eu-west-1:*:table/*"]

    def test_any_arn_is_at_least_one_of_the_service(self) -> None:
        answer = ask("ecs:tagResource", {"ResourceArn.$": "$.arn", "Tags": []})

        assert answer.resources("ecs:TagResource") == ["arn:aws:ecs:eu-west-1:*:*"]
        assert answer.told == ["SLP304"]

    def test_a_resource_that_no_argument_names_is_open_and_explained(self) -> None:
        answer = ask("athena:batchGetQueryExecution", {"QueryExecutionIds": ["q1"]})

        assert answer.resources("athena:BatchGetQueryExecution") == [f"arn:aws:athena:{HERE}:workgroup/*"]
        assert answer.told == ["SLP329"]

    def test_an_argument_that_could_name_the_resource_and_is_not_given_is_told(self) -> None:
        answer = ask("kms:decrypt", {"CiphertextBlob": "x"})

        assert answer.resources("kms:Decrypt") == [f"arn:aws:kms:{HERE}:key/*"]
        assert answer.told == ["SLP334"]
        assert "the task does not give `KeyId`" in answer.detail("SLP334")

    def test_from_too_many_combinations_on_values_are_not_told_apart(self) -> None:
        keys = [{"Key": f"k{number}"} for number in range(300)]
        answer = ask("s3:deleteObjects", {"Bucket": "b", "Delete": {"Objects": keys}})

        assert answer.resources("s3:DeleteObject") == ["arn:aws:s3:::*/*"]
        assert "SLP304" in answer.told


class TestTypes:
    def test_a_type_that_a_call_may_have_is_one_when_its_argument_is_given(self) -> None:
        with_volume = ask("ec2:detachVolume", {"VolumeId": "vol-1", "InstanceId": "i-1"})
        without = ask("ec2:detachVolume", {"VolumeId": "vol-1"})

        assert sorted(with_volume.resources("ec2:DetachVolume")) == [
            f"arn:aws:ec2:{HERE}:instance/i-1",
            f"arn:aws:ec2:{HERE}:volume/vol-1",
        ]
        assert without.resources("ec2:DetachVolume") == [f"arn:aws:ec2:{HERE}:volume/vol-1"]

    def test_what_an_operation_makes_is_a_resource_of_it(self) -> None:
        answer = ask("ec2:runInstances", {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1, "SubnetId": "subnet-1"})

        assert {
            "arn:aws:ec2:eu-west-1::image/ami-1",
            f"arn:aws:ec2:{HERE}:instance/*",
            f"arn:aws:ec2:{HERE}:subnet/subnet-1",
            f"arn:aws:ec2:{HERE}:volume/*",
        } <= set(answer.resources("ec2:RunInstances"))
