"""Operations whose resources their arguments name in a way of their own."""

from __future__ import annotations

from typing import Any

import pytest
from sdk_calls import ask

from sfn_least_privilege.policy.text import Reference, Text

HERE = "eu-west-1:111122223333"
ELSEWHERE = "eu-west-1:999900001111"
LAUNCH = {"ImageId": "ami-1", "MinCount": 1, "MaxCount": 1}
OWNER = Reference("Ref", "Owner")
TABLE = {"DatabaseName": "d", "Name": "t"}
CODE = {"S3Bucket": "artifacts", "S3Key": "app.zip"}


class TestCodeInS3:
    @pytest.mark.parametrize(
        ("api", "parameters"),
        [
            ("lambda:updateFunctionCode", {"FunctionName": "f"} | CODE),
            ("lambda:createFunction", {"FunctionName": "f", "Role": "r", "Code": CODE}),
            ("lambda:publishLayerVersion", {"LayerName": "l", "Content": CODE}),
        ],
    )
    def test_the_caller_reads_the_object_that_holds_the_code(self, api: str, parameters: dict[str, Any]) -> None:
        answer = ask(api, parameters)

        assert answer.resources("s3:GetObject") == ["arn:aws:s3:::artifacts/app.zip"]
        assert answer.resources("s3:GetObjectVersion") == []

    def test_of_a_version_that_is_given_the_caller_reads_this_version(self) -> None:
        answer = ask("lambda:updateFunctionCode", {"FunctionName": "f", "S3ObjectVersion": "v1"} | CODE)

        assert answer.resources("s3:GetObjectVersion") == ["arn:aws:s3:::artifacts/app.zip"]
        assert answer.resources("s3:GetObject") == []

    def test_an_image_is_no_object(self) -> None:
        answer = ask("lambda:updateFunctionCode", {"FunctionName": "f", "ImageUri": "repository:latest"})

        assert answer.granted == [("lambda:UpdateFunctionCode", f"arn:aws:lambda:{HERE}:function:f")]


class TestLaunches:
    def test_a_key_pair_is_authorised_by_its_name(self) -> None:
        answer = ask("ec2:runInstances", LAUNCH | {"KeyName": "ops"})

        assert f"arn:aws:ec2:{HERE}:key-pair/ops" in answer.resources("ec2:RunInstances")

    def test_a_subnet_is_no_secondary_subnet(self) -> None:
        resources = ask("ec2:runInstances", LAUNCH | {"SubnetId": "subnet-1"}).resources("ec2:RunInstances")

        assert f"arn:aws:ec2:{HERE}:subnet/subnet-1" in resources
        assert not any("secondary-subnet" in each for each in resources)

    @pytest.mark.parametrize(
        ("template", "resource"),
        [({"LaunchTemplateName": "web"}, "*"), ({"LaunchTemplateId": "lt-1"}, "lt-1")],
    )
    def test_a_launch_template_is_authorised_by_its_id_and_with_what_it_may_name(
        self, template: dict[str, str], resource: str
    ) -> None:
        resources = ask("ec2:runInstances", LAUNCH | {"LaunchTemplate": template}).resources("ec2:RunInstances")

        assert [each for each in resources if ":launch-template/" in each] == [
            f"arn:aws:ec2:{HERE}:launch-template/{resource}"
        ]
        assert {f"arn:aws:ec2:{HERE}:key-pair/*", "arn:aws:ec2:eu-west-1::snapshot/*"} <= set(resources)

    def test_a_key_pair_that_is_given_goes_before_that_of_the_template(self) -> None:
        answer = ask("ec2:runInstances", LAUNCH | {"KeyName": "ops", "LaunchTemplate": {"LaunchTemplateId": "lt-1"}})
        key_pairs = [each for each in answer.resources("ec2:RunInstances") if ":key-pair/" in each]

        assert key_pairs == [f"arn:aws:ec2:{HERE}:key-pair/ops"]


class TestScalableTargets:
    def test_the_id_in_the_arn_is_not_the_resource_that_is_scaled(self) -> None:
        scaled = {
            "ServiceNamespace": "ecs",
            "ResourceId": "service/c/s",
            "ScalableDimension": "ecs:service:DesiredCount",
        }
        answer = ask("applicationautoscaling:registerScalableTarget", scaled)

        assert answer.resources("application-autoscaling:RegisterScalableTarget") == [
            f"arn:aws:application-autoscaling:{HERE}:scalable-target/*"
        ]


class TestOriginationIdentities:
    @pytest.mark.parametrize(
        ("identity", "resource"),
        [
            ("pool-1", f"{HERE}:pool/pool-1"),
            ("phone-1", f"{HERE}:phone-number/phone-1"),
            ("+441234567890", f"{HERE}:phone-number/*"),
            ("BRAND", f"{HERE}:sender-id/BRAND/*"),
            (f"arn:aws:sms-voice:{ELSEWHERE}:pool/pool-1", f"{ELSEWHERE}:pool/pool-1"),
            (f"arn:aws:sms-voice:{HERE}:phone-number/phone-1", f"{HERE}:phone-number/phone-1"),
            (f"arn:aws:sms-voice:{HERE}:sender-id/BRAND/GB", f"{HERE}:sender-id/BRAND/GB"),
        ],
    )
    def test_a_message_is_authorised_on_what_it_is_sent_from(self, identity: str, resource: str) -> None:
        message = {"DestinationPhoneNumber": "+12065550100", "OriginationIdentity": identity}
        answer = ask("pinpointsmsvoicev2:sendTextMessage", message)

        assert answer.resources("sms-voice:SendTextMessage") == [f"arn:aws:sms-voice:{resource}"]

    def test_one_that_only_a_run_knows_may_be_of_any_kind(self) -> None:
        message = {"DestinationPhoneNumber": "+12065550100", "OriginationIdentity.$": "$.from"}
        answer = ask("pinpointsmsvoicev2:sendTextMessage", message)

        assert {f"arn:aws:sms-voice:eu-west-1:*:{kind}/*" for kind in ("pool", "phone-number", "sender-id")} <= set(
            answer.resources("sms-voice:SendTextMessage")
        )

    @pytest.mark.parametrize("operation", ["sendTextMessage", "sendMediaMessage", "sendVoiceMessage"])
    def test_the_number_that_a_message_goes_to_is_no_resource(self, operation: str) -> None:
        answer = ask(f"pinpointsmsvoicev2:{operation}", {"DestinationPhoneNumber": "+12065550100"})

        assert {resource for _, resource in answer.granted} == {"*"}

    def test_the_first_version_of_the_api_knows_no_resources(self) -> None:
        message = {"DestinationPhoneNumber": "+12065550100", "OriginationPhoneNumber": "+441234567890"}

        assert ask("pinpointsmsvoice:sendVoiceMessage", message).granted == [("sms-voice:SendVoiceMessage", "*")]


class TestGlueCatalogues:
    @pytest.mark.parametrize(
        ("catalogue", "account"),
        [
            ({"CatalogId": "999900001111"}, "999900001111"),
            ({"CatalogId": "999900001111:lake/sales"}, "999900001111"),
            ({"CatalogId.$": "$.account"}, "*"),
            ({}, "111122223333"),
        ],
    )
    def test_the_account_is_that_of_the_catalogue(self, catalogue: dict[str, str], account: str) -> None:
        answer = ask("glue:getTable", TABLE | catalogue)

        assert sorted(answer.resources("glue:GetTable")) == [
            f"arn:aws:glue:eu-west-1:{account}:{each}" for each in ("catalog", "database/d", "table/d/t")
        ]

    def test_an_account_that_the_template_gives_is_taken_as_it_is(self) -> None:
        answer = ask("glue:getDatabase", {"CatalogId": "${Owner}", "Name": "d"}, {"Owner": Text.of(OWNER)})

        assert "arn:aws:glue:eu-west-1:${Owner}:database/d" in answer.resources("glue:GetDatabase")

    @pytest.mark.parametrize(
        ("api", "parameters", "resource"),
        [
            ("glue:deleteDatabase", {"CatalogId": "999900001111", "Name": "d"}, "userDefinedFunction/d/*"),
            (
                "glue:getUserDefinedFunction",
                {"CatalogId": "999900001111", "DatabaseName": "d", "FunctionName": "f"},
                "userDefinedFunction/d/f",
            ),
            (
                "glue:startColumnStatisticsTaskRun",
                {"CatalogID": "999900001111", "DatabaseName": "d", "TableName": "t", "Role": "r"},
                "table/d/t",
            ),
        ],
    )
    def test_however_an_operation_spells_it(self, api: str, parameters: dict[str, str], resource: str) -> None:
        resources = {each for _, each in ask(api, parameters).granted if each.startswith("arn:aws:glue:")}

        assert f"arn:aws:glue:{ELSEWHERE}:{resource}" in resources
        assert all(each.startswith(f"arn:aws:glue:{ELSEWHERE}:") for each in resources)
