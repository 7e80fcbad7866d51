"""Further actions, roles that are handed over, and what is only told."""

from __future__ import annotations

from typing import Any

import pytest
from sdk_calls import ask

ROLE = "arn:aws:iam::111122223333:role/batch"


class TestConditions:
    @pytest.mark.parametrize(
        ("further", "action"),
        [
            ({"Tagging": "a=b"}, "s3:PutObjectTagging"),
            ({"ACL": "private"}, "s3:PutObjectAcl"),
            ({"GrantRead": "x"}, "s3:PutObjectAcl"),
            ({"ObjectLockMode": "COMPLIANCE"}, "s3:PutObjectRetention"),
        ],
    )
    def test_a_further_action_is_granted_when_its_argument_is_given(self, further: dict[str, Any], action: str) -> None:
        arguments = {"Bucket": "b", "Key": "k"}

        assert ask("s3:putObject", arguments).resources(action) == []
        assert ask("s3:putObject", arguments | further).resources(action) == ["arn:aws:s3:::b/k"]

    def test_a_further_action_may_depend_on_a_value(self) -> None:
        arguments = {"Name": "p", "Value": "v", "KeyId": "1234abcd"}

        assert ask("ssm:putParameter", arguments | {"Type": "String"}).resources("kms:Encrypt") == []
        assert ask("ssm:putParameter", arguments | {"Type": "SecureString"}).resources("kms:Encrypt") == [
            "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
        ]

    def test_a_value_that_only_a_run_knows_may_be_the_one(self) -> None:
        arguments = {"Name": "p", "Value": "v", "KeyId": "1234abcd", "Type.$": "$.type"}

        assert ask("ssm:putParameter", arguments).resources("kms:Encrypt") != []

    def test_a_further_action_may_depend_on_what_is_not_given(self) -> None:
        arguments = {"Database": "d", "Sql": "select 1", "ClusterIdentifier": "c"}
        with_secret = arguments | {"SecretArn": "arn:aws:secretsmanager:eu-west-1:111122223333:secret:s-AbC123"}

        assert ask("redshiftdata:executeStatement", arguments).resources("redshift:GetClusterCredentialsWithIAM") == [
            "arn:aws:redshift:eu-west-1:111122223333:dbname:c/d"
        ]
        assert (
            ask("redshiftdata:executeStatement", with_secret).resources("redshift:GetClusterCredentialsWithIAM") == []
        )

    @pytest.mark.parametrize(
        ("statement", "action"),
        [
            ("SELECT * FROM orders", "dynamodb:PartiQLSelect"),
            ("  insert into orders value {}", "dynamodb:PartiQLInsert"),
            ("UPDATE orders SET a=1", "dynamodb:PartiQLUpdate"),
            ("Delete from orders", "dynamodb:PartiQLDelete"),
        ],
    )
    def test_a_statement_is_authorised_by_its_kind(self, statement: str, action: str) -> None:
        assert ask("dynamodb:executeStatement", {"Statement": statement}).granted == [
            (action, "arn:aws:dynamodb:eu-west-1:111122223333:table/orders")
        ]

    def test_a_statement_that_only_a_run_knows_may_be_of_any_kind(self) -> None:
        actions = [action for action, _ in ask("dynamodb:executeStatement", {"Statement.$": "$.sql"}).granted]

        assert actions == [f"dynamodb:PartiQL{kind}" for kind in ("Select", "Insert", "Update", "Delete")]

    def test_what_is_known_of_its_beginning_rules_kinds_out(self) -> None:
        arguments = {"Statement.$": "States.Format('SELECT * FROM {}', $.table)"}

        assert [action for action, _ in ask("dynamodb:executeStatement", arguments).granted] == [
            "dynamodb:PartiQLSelect"
        ]


class TestRoles:
    def test_a_role_that_is_given_is_passed_to_the_service_that_takes_it(self) -> None:
        answer = ask("lambda:createFunction", {"FunctionName": "f", "Role": ROLE, "Code": {}})

        assert answer.resources("iam:PassRole") == [ROLE]
        assert answer.conditions("iam:PassRole") == {"iam:PassedToService": ["lambda.amazonaws.com"]}

    def test_each_role_that_is_given_is_passed(self) -> None:
        roles = {"TaskRoleArn": ROLE, "ExecutionRoleArn": f"{ROLE}-2"}

        assert sorted(ask("ecs:runTask", {"TaskDefinition": "web", "Overrides": roles}).resources("iam:PassRole")) == [
            ROLE,
            f"{ROLE}-2",
        ]

    def test_no_role_is_passed_when_none_is_given(self) -> None:
        assert ask("lambda:updateFunctionConfiguration", {"FunctionName": "f"}).resources("iam:PassRole") == []

    def test_the_roles_of_a_task_definition_that_is_not_in_the_template_may_be_any(self) -> None:
        answer = ask("ecs:runTask", {"TaskDefinition": "web"})

        assert set(answer.resources("iam:PassRole")) == {"arn:aws:iam::111122223333:role/*"}
        assert answer.conditions("iam:PassRole") == {"iam:PassedToService": ["ecs-tasks.amazonaws.com"]}

    def test_a_role_that_only_a_run_knows_may_be_any_and_is_told(self) -> None:
        answer = ask("lambda:createFunction", {"FunctionName": "f", "Role.$": "$.role", "Code": {}})

        assert answer.conditions("iam:PassRole") == {"iam:PassedToService": ["lambda.amazonaws.com"]}
        assert "because `Role` is not fully known" in answer.details("SLP304")

    def test_the_role_of_an_instance_profile_is_not_to_be_seen(self) -> None:
        answer = ask("ec2:runInstances", {"MinCount": 1, "MaxCount": 1, "IamInstanceProfile": {"Name": "web"}})

        assert answer.resources("iam:PassRole") == ["arn:aws:iam::111122223333:role/*"]
        assert answer.conditions("iam:PassRole") == {"iam:PassedToService": ["ec2.amazonaws.com"]}


class TestTags:
    def test_tags_that_a_call_gives_need_the_right_to_tag_what_it_makes(self) -> None:
        assert ask("sqs:createQueue", {"QueueName": "q", "tags": {"a": "b"}}).granted == [
            ("sqs:CreateQueue", "arn:aws:sqs:eu-west-1:111122223333:q"),
            ("sqs:TagQueue", "arn:aws:sqs:eu-west-1:111122223333:q"),
        ]

    def test_without_tags_they_need_none(self) -> None:
        assert [action for action, _ in ask("sqs:createQueue", {"QueueName": "q"}).granted] == ["sqs:CreateQueue"]


class TestNone:
    def test_a_call_that_names_none_of_the_resources_that_it_could_is_authorised_on_everything(self) -> None:
        arguments = {"Text": "x", "OutputFormat": "mp3", "VoiceId": "Joanna"}

        assert ask("polly:synthesizeSpeech", arguments).granted == [("polly:SynthesizeSpeech", "*")]

    def test_a_call_that_names_one_is_not(self) -> None:
        arguments = {"Text": "x", "OutputFormat": "mp3", "VoiceId": "Joanna", "LexiconNames": ["w3c"]}

        assert ask("polly:synthesizeSpeech", arguments).granted == [
            ("polly:SynthesizeSpeech", "arn:aws:polly:eu-west-1:111122223333:lexicon/w3c")
        ]


class TestOptimised:
    def test_a_call_that_has_an_optimised_integration_needs_what_its_row_says(self) -> None:
        actions = {action for action, _ in ask("athena:startQueryExecution", {"QueryString": "select 1"}).granted}

        assert {"athena:StartQueryExecution", "s3:PutObject", "glue:GetTable"} <= actions


class TestTold:
    def test_what_a_situation_may_need_that_the_definition_does_not_show_is_told(self) -> None:
        detail = ask("s3:getObject", {"Bucket": "b", "Key": "k"}).detail("SLP331")

        assert "kms:Decrypt if the object is encrypted with a key of the customer" in detail

    def test_it_is_not_told_where_the_arguments_rule_it_out(self) -> None:
        assert "SLP331" in ask("ssm:getParameter", {"Name": "p", "WithDecryption": True}).told
        assert "SLP331" not in ask("ssm:getParameter", {"Name": "p"}).told


class TestKeys:
    def test_an_alias_is_granted_as_any_key_that_the_call_names_by_this_alias(self) -> None:
        answer = ask("kms:encrypt", {"KeyId": "alias/orders", "Plaintext": "x"})

        assert answer.resources("kms:Encrypt") == ["arn:aws:kms:eu-west-1:111122223333:key/*"]
        assert answer.conditions("kms:Encrypt") == {"kms:RequestAlias": ["alias/orders"]}

    def test_a_key_that_another_service_uses_has_no_such_condition(self) -> None:
        answer = ask("s3:putObject", {"Bucket": "b", "Key": "k", "SSEKMSKeyId": "alias/orders"})

        assert answer.conditions("kms:GenerateDataKey") == {}
        assert "SLP304" in answer.told


class TestModels:
    def test_a_foundation_model_belongs_to_aws(self) -> None:
        answer = ask("bedrockruntime:converse", {"ModelId": "anthropic.claude-3-haiku-20240307-v1:0"})

        assert answer.granted == [
            (
                "bedrock:InvokeModel",
                "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
            )
        ]

    def test_an_inference_profile_needs_itself_and_its_model_in_every_region(self) -> None:
        answer = ask("bedrockruntime:converse", {"ModelId": "eu.anthropic.claude-3-haiku-20240307-v1:0"})
        profile = "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0"

        assert answer.granted == [
            ("bedrock:InvokeModel", profile),
            ("bedrock:InvokeModel", "arn:aws:bedrock:*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0"),
        ]
