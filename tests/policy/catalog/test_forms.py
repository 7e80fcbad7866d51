"""How arguments name their resources."""

from typing import Any

import pytest

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.function import FUNCTION_TEMPLATE, function_arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import (
    arn_only,
    is_arn,
    name_or_arn,
    qualified_name_or_arn,
)
from sfn_least_privilege.policy.catalog.forms.own_account import own_account_arn
from sfn_least_privilege.policy.catalog.forms.queue import queue_arn
from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn
from sfn_least_privilege.policy.catalog.forms.state_machine import execution_arns, state_machine_arn
from sfn_least_privilege.policy.catalog.forms.topic import topic_arn
from sfn_least_privilege.policy.catalog.integration import Form
from sfn_least_privilege.policy.deployment import literal_deployment, template_deployment
from sfn_least_privilege.policy.rendering import Json, render_pattern
from sfn_least_privilege.policy.text import EMPTY, Kind, Reference, Text, Unknown, unknown

WRITTEN_OUT = literal_deployment("aws", "eu-west-1", "111122223333")
TEMPLATE = template_deployment("eu-west-1", "111122223333")
REGION, ACCOUNT = TEMPLATE.region, TEMPLATE.account_id

HOLE = Unknown("why")
IMPORTED = Reference("Fn::ImportValue", '"shared"')
MACHINE = Reference("Ref", "Machine", Kind.ARN, logical_id="Machine", resource_type="AWS::StepFunctions::StateMachine")
ALIAS = Reference("Ref", "Live", Kind.ARN, logical_id="Live", resource_type="AWS::StepFunctions::StateMachineAlias")


TABLE_TEMPLATE = "arn:{Partition}:dynamodb:{Region}:{AccountId}:table/{}"
QUEUE_TEMPLATE = "arn:{Partition}:sqs:{Region}:{AccountId}:{}"
MACHINE_TEMPLATE = "arn:{Partition}:states:{Region}:{AccountId}:stateMachine:{}"
EXECUTION_TEMPLATE = "arn:{Partition}:states:{Region}:{AccountId}:execution:{}:*"

TABLE_ARN = Reference("Fn::GetAtt", "Table.Arn", Kind.ARN)
TABLE = Reference("Ref", "Table", Kind.NAME)
ARN_PARAMETER = Reference("Ref", "Parameter", Kind.ARN, sample="arn:aws:dynamodb:eu-west-1:111122223333:table/orders")
NAME_PARAMETER = Reference("Ref", "Parameter", Kind.NAME, sample="orders")


def written(text: Text) -> Json:
    return render_pattern(text)


class TestIsArn:
    @pytest.mark.parametrize(
        "text",
        [
            Text.of("arn:aws:s3:::bucket"),
            Text.of("arn:", HOLE),
            Text.of("arn:", TEMPLATE.partition, ":s3:::bucket"),
            Text.of(TABLE_ARN),
            Text.of(TABLE_ARN, "/index/", HOLE),
            Text.of(ARN_PARAMETER),
            Text.of(ARN_PARAMETER, "/index/x"),
        ],
    )
    def test_an_arn(self, text: Text) -> None:
        assert is_arn(text) is True

    @pytest.mark.parametrize(
        "text",
        [
            EMPTY,
            Text.of("orders"),
            Text.of("arn"),
            Text.of("orders-", HOLE),
            Text.of("qa", HOLE),
            Text.of("db-", HOLE),
            Text.of("x-", TABLE),
            Text.of(TABLE),
            Text.of(TABLE, "-x"),
            Text.of(NAME_PARAMETER),
            Text.of(NAME_PARAMETER, ":live"),
        ],
    )
    def test_no_arn(self, text: Text) -> None:
        assert is_arn(text) is False

    @pytest.mark.parametrize(
        "text",
        [
            unknown("why"),
            Text.of(HOLE, ":live"),
            Text.of("a", HOLE),
            Text.of("arn", HOLE),
            Text.of(IMPORTED),
            Text.of(IMPORTED, ":live"),
            Text.of(IMPORTED, "-", HOLE),
        ],
    )
    def test_what_may_be_one_or_not(self, text: Text) -> None:
        assert is_arn(text) is None


def deployed(pattern: Text, imported: str) -> str:
    """What CloudFormation makes of a pattern, where the imported value is ``imported``."""
    return str(_resolved(render_pattern(pattern), imported))


def _resolved(node: Any, imported: str) -> Any:
    if not isinstance(node, dict):
        return node
    ((function, argument),) = node.items()
    if function == "Fn::ImportValue":
        return imported
    if function == "Fn::Join":
        return argument[0].join(_resolved(piece, imported) for piece in argument[1])
    if function == "Fn::Split":
        return _resolved(argument[1], imported).split(argument[0])
    if function == "Fn::Select":
        return _resolved(argument[1], imported)[argument[0]]
    template, values = argument
    for name, value in values.items():
        template = template.replace(f"${{{name}}}", _resolved(value, imported))
    return template


class TestNameOrArn:
    @pytest.mark.parametrize(
        "arn",
        [
            Text.of("arn:aws:dynamodb:eu-west-1:999988887777:table/orders"),
            Text.of("arn:aws:dynamodb:eu-west-1:999988887777:table/", HOLE),
            Text.of("arn:aws:dynamodb:eu-west-1:999988887777:", HOLE),
            Text.of("arn:aws:dynamodb:", HOLE, ":999988887777:table/orders"),
            Text.of(TABLE_ARN),
            Text.of(TABLE_ARN, "/index/", HOLE),
            Text.of(ARN_PARAMETER, "/index/", HOLE),
        ],
    )
    def test_an_arn_with_all_its_fields_is_kept(self, arn: Text) -> None:
        assert name_or_arn(arn, TABLE_TEMPLATE, WRITTEN_OUT) == arn

    @pytest.mark.parametrize("arn", [Text.of("arn:", HOLE), Text.of("arn:aws:dynamodb:", HOLE, "/orders")])
    def test_an_arn_that_lacks_fields_is_as_wide_as_the_template(self, arn: Text) -> None:
        assert written(name_or_arn(arn, TABLE_TEMPLATE, WRITTEN_OUT)) == "arn:aws:dynamodb:eu-west-1:*:table/*"

    @pytest.mark.parametrize(
        ("name", "pattern"),
        [
            (Text.of("orders"), "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"),
            (Text.of("orders-", HOLE), "arn:aws:dynamodb:eu-west-1:111122223333:table/orders-*"),
            (Text.of("qa-", HOLE), "arn:aws:dynamodb:eu-west-1:111122223333:table/qa-*"),
            (Text.of(HOLE, "-orders"), "arn:aws:dynamodb:eu-west-1:*:table/*-orders"),
            (unknown("why"), "arn:aws:dynamodb:eu-west-1:*:table/*"),
        ],
    )
    def test_a_name_is_put_into_the_template(self, name: Text, pattern: str) -> None:
        assert written(name_or_arn(name, TABLE_TEMPLATE, WRITTEN_OUT)) == pattern

    def test_a_reference_that_knows_its_arn_is_that(self) -> None:
        table = Reference("Ref", "Table", Kind.NAME, arn=Text.of(TABLE_ARN))
        assert name_or_arn(Text.of(table), TABLE_TEMPLATE, TEMPLATE) == Text.of(TABLE_ARN)

    @pytest.mark.parametrize("form", [name_or_arn, own_account_arn, passed_role_arn])
    @pytest.mark.parametrize(
        ("template", "name"),
        [
            (TABLE_TEMPLATE, "orders"),
            ("arn:{Partition}:iam::{AccountId}:role/{}", "batch/worker"),
            ("arn:{Partition}:sns:{Region}:{AccountId}:{}", "desk"),
        ],
    )
    def test_of_a_reference_that_may_be_either_cloudformation_makes_the_arn(
        self, form: Form, template: str, name: str
    ) -> None:
        head = template.replace("{Partition}", "aws").replace("{Region}", "eu-west-1")
        theirs = head.replace("{AccountId}", "999988887777").format(name)
        pattern = form(Text.of(IMPORTED), template, WRITTEN_OUT)
        assert deployed(pattern, name) == written(arn.build(template, WRITTEN_OUT, Text.of(name)))
        assert deployed(pattern, theirs) == theirs

    def test_a_dynamic_reference_cannot_be_taken_apart(self) -> None:
        pattern = name_or_arn(Text.of(Reference("Fn::Sub", '"{{resolve:ssm:/t}}"')), TABLE_TEMPLATE, WRITTEN_OUT)
        assert written(pattern) == "arn:aws:dynamodb:eu-west-1:*:table/*"

    def test_a_name_that_may_hold_a_colon_is_not_told_from_an_arn(self) -> None:
        definitions = "arn:{Partition}:ecs:{Region}:{AccountId}:task-definition/{}"
        pattern = qualified_name_or_arn(Text.of(IMPORTED), definitions, WRITTEN_OUT)
        assert written(pattern) == "arn:aws:ecs:eu-west-1:*:task-definition/*"

    def test_a_reference_for_an_argument_that_takes_arns_only_is_one(self) -> None:
        assert arn_only(Text.of(IMPORTED), TABLE_TEMPLATE, WRITTEN_OUT) == Text.of(IMPORTED)

    @pytest.mark.parametrize("end", ["-x", "/index/x"])
    def test_a_reference_that_may_be_either_is_not_put_into_the_template(self, end: str) -> None:
        pattern = name_or_arn(Text.of(IMPORTED, end), TABLE_TEMPLATE, WRITTEN_OUT)
        assert written(pattern) == f"arn:aws:dynamodb:eu-west-1:*:table/*{end}"
        assert "Fn::ImportValue" in pattern.unknowns[0].reason


class TestFunction:
    @pytest.mark.parametrize(
        ("function", "arn"),
        [
            ("999988887777:function:orders", "arn:aws:lambda:eu-west-1:999988887777:function:orders"),
            ("999988887777:function:orders:live", "arn:aws:lambda:eu-west-1:999988887777:function:orders:live"),
            ("999988887777:function:orders:$LATEST", "arn:aws:lambda:eu-west-1:999988887777:function:orders:$LATEST"),
        ],
    )
    def test_a_partial_arn_is_completed(self, function: str, arn: str) -> None:
        assert written(function_arn(Text.of(function), FUNCTION_TEMPLATE, WRITTEN_OUT)) == arn

    def test_a_partial_arn_made_of_references_is_completed(self) -> None:
        function = Reference("Ref", "Orders", Kind.NAME, logical_id="Orders", resource_type="AWS::Lambda::Function")
        assert written(function_arn(Text.of(ACCOUNT, ":function:", function), FUNCTION_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:${Orders}"
        }

    def test_a_partial_arn_keeps_what_is_known_of_its_name(self) -> None:
        assert written(
            function_arn(Text.of("999988887777:function:orders-", HOLE), FUNCTION_TEMPLATE, WRITTEN_OUT)
        ) == ("arn:aws:lambda:eu-west-1:999988887777:function:orders-*")

    # The pattern of FunctionName allows these as well:
    # https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    @pytest.mark.parametrize(
        ("function", "arn"),
        [
            ("function:orders", "arn:aws:lambda:eu-west-1:111122223333:function:orders"),
            ("eu-west-1:999988887777:function:orders", "arn:aws:lambda:eu-west-1:999988887777:function:orders"),
        ],
    )
    def test_a_rarer_partial_arn_is_completed(self, function: str, arn: str) -> None:
        assert written(function_arn(Text.of(function), FUNCTION_TEMPLATE, WRITTEN_OUT)) == arn

    @pytest.mark.parametrize("name", ["orders", "orders:live", "orders:7", "orders:$LATEST"])
    def test_a_name_with_or_without_qualifier(self, name: str) -> None:
        arn = f"arn:aws:lambda:eu-west-1:111122223333:function:{name}"
        assert written(function_arn(Text.of(name), FUNCTION_TEMPLATE, WRITTEN_OUT)) == arn

    @pytest.mark.parametrize("end", ["", ":live"])
    def test_an_arn_is_kept(self, end: str) -> None:
        arn = f"arn:aws:lambda:us-east-1:999988887777:function:orders{end}"
        assert written(function_arn(Text.of(arn), FUNCTION_TEMPLATE, WRITTEN_OUT)) == arn


class TestQueue:
    @pytest.mark.parametrize(
        ("host", "region", "partition"),
        [
            ("sqs.us-east-2.amazonaws.com", "us-east-2", "aws"),
            ("us-east-2.queue.amazonaws.com", "us-east-2", "aws"),
            ("queue.amazonaws.com", "us-east-1", "aws"),
            ("sqs-fips.us-east-2.amazonaws.com", "us-east-2", "aws"),
            ("sqs.us-east-2.api.aws", "us-east-2", "aws"),
            ("vpce-0a1b-2c3d.sqs.us-east-2.vpce.amazonaws.com", "us-east-2", "aws"),
            ("sqs.cn-north-1.amazonaws.com.cn", "cn-north-1", "aws-cn"),
            ("cn-northwest-1.queue.amazonaws.com.cn", "cn-northwest-1", "aws-cn"),
            ("sqs.us-gov-west-1.amazonaws.com", "us-gov-west-1", "aws-us-gov"),
            ("sqs.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1", "aws-iso-b"),
            ("sqs.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1", "aws-eusc"),
        ],
    )
    def test_every_host_in_its_own_region(self, host: str, region: str, partition: str) -> None:
        deployment = literal_deployment(None, region, "111122223333")
        url = Text.of(f"https://{host}/999988887777/orders")
        assert (
            written(queue_arn(url, QUEUE_TEMPLATE, deployment)) == f"arn:{partition}:sqs:{region}:999988887777:orders"
        )

    @pytest.mark.parametrize(
        ("host", "region"),
        [
            ("sqs.us-east-2.amazonaws.com", "us-east-2"),
            ("us-east-2.queue.amazonaws.com", "us-east-2"),
            ("sqs.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
            ("sqs.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ],
    )
    def test_the_host_tells_the_region_where_none_was_given(self, host: str, region: str) -> None:
        arn = queue_arn(
            Text.of(f"https://{host}/999988887777/orders"), QUEUE_TEMPLATE, literal_deployment("aws", None, None)
        )
        assert written(arn) == f"arn:aws:sqs:{region}:999988887777:orders"

    @pytest.mark.parametrize("name", ["orders", "orders.fifo", "Orders_1-x"])
    def test_every_name(self, name: str) -> None:
        url = Text.of(f"https://sqs.eu-west-1.amazonaws.com/111122223333/{name}")
        assert written(queue_arn(url, QUEUE_TEMPLATE, WRITTEN_OUT)) == f"arn:aws:sqs:eu-west-1:111122223333:{name}"

    @pytest.mark.parametrize(
        ("name", "placeholder"),
        [
            ("orders", "orders"),
            (Reference("Fn::GetAtt", "Queue.QueueName", Kind.NAME), "${Queue.QueueName}"),
            (Reference("Ref", "QueueName", Kind.NAME, sample="orders"), "${QueueName}"),
            (Reference("Ref", "QueueName"), "${QueueName}"),
        ],
    )
    def test_a_url_built_by_sub(self, name: Reference | str, placeholder: str) -> None:
        url = Text.of("https://sqs.", REGION, ".amazonaws.com/", ACCOUNT, "/", name)
        assert written(queue_arn(url, QUEUE_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": f"arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:{placeholder}"
        }

    def test_a_url_built_by_sub_with_the_suffix_of_the_partition(self) -> None:
        suffix = Reference("Ref", "AWS::URLSuffix", Kind.NAME)
        url = Text.of("https://sqs.", REGION, ".", suffix, "/", ACCOUNT, "/orders")
        assert written(queue_arn(url, QUEUE_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:orders"
        }

    def test_the_url_of_a_queue_in_the_template_is_its_arn(self) -> None:
        arn = Text.of(Reference("Fn::GetAtt", "Queue.Arn", Kind.ARN))
        queue = Reference("Ref", "Queue", Kind.URL, resource_type="AWS::SQS::Queue", arn=arn)
        assert queue_arn(Text.of(queue), QUEUE_TEMPLATE, TEMPLATE) == arn

    @pytest.mark.parametrize("value", [None, "https://sqs.eu-west-1.amazonaws.com/111122223333/orders"])
    def test_a_url_in_a_parameter_is_taken_apart_at_deployment(self, value: str | None) -> None:
        parameter = Reference("Ref", "Url", Kind.URL, sample=value)

        def part(index: int) -> Json:
            return {"Fn::Select": [index, {"Fn::Split": ["/", {"Ref": "Url"}]}]}

        assert written(queue_arn(Text.of(parameter), QUEUE_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": [
                "arn:${AWS::Partition}:sqs:${AWS::Region}:${Value1}:${Value2}",
                {"Value1": part(3), "Value2": part(4)},
            ]
        }

    @pytest.mark.parametrize("scheme", ["https", "http"])
    def test_an_unknown_end_of_the_name_keeps_its_beginning(self, scheme: str) -> None:
        url = Text.of(f"{scheme}://sqs.eu-west-1.amazonaws.com/999988887777/orders-", HOLE)
        assert written(queue_arn(url, QUEUE_TEMPLATE, WRITTEN_OUT)) == "arn:aws:sqs:eu-west-1:999988887777:orders-*"

    def test_an_unknown_name_in_a_url_built_by_sub_keeps_its_beginning(self) -> None:
        stage = Reference("Ref", "Stage", Kind.NAME)
        url = Text.of("https://sqs.", REGION, ".amazonaws.com/", ACCOUNT, "/", stage, "-", HOLE)
        assert written(queue_arn(url, QUEUE_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${Stage}-*"
        }

    def test_an_unknown_account_leaves_every_account(self) -> None:
        url = Text.of("https://sqs.eu-west-1.amazonaws.com/", HOLE)
        assert written(queue_arn(url, QUEUE_TEMPLATE, WRITTEN_OUT)) == "arn:aws:sqs:eu-west-1:*:*"

    def test_an_unknown_host_keeps_account_and_name(self) -> None:
        url = Text.of("https://sqs.", HOLE, ".amazonaws.com/999988887777/orders")
        assert written(queue_arn(url, QUEUE_TEMPLATE, WRITTEN_OUT)) == "arn:aws:sqs:eu-west-1:999988887777:orders"

    @pytest.mark.parametrize("url", ["orders", "https://example.com/orders", "a/b/c/d/e", ""])
    def test_what_is_no_url_of_a_queue_may_be_any_and_says_so(self, url: str) -> None:
        arn = queue_arn(Text.of(url), QUEUE_TEMPLATE, WRITTEN_OUT)
        assert written(arn) == "arn:aws:sqs:eu-west-1:*:*"
        assert arn.unknowns[0].reason


class TestTopic:
    @pytest.mark.parametrize(
        "target",
        [
            Text.of("arn:aws:sns:eu-west-1:111122223333:orders"),
            Text.of("arn:aws:sns:eu-west-1:111122223333:orders.fifo"),
            Text.of("arn:aws:sns:", REGION, ":", ACCOUNT, ":orders"),
            Text.of(Reference("Ref", "Topic", Kind.ARN, resource_type="AWS::SNS::Topic")),
        ],
    )
    def test_a_topic_is_the_resource(self, target: Text) -> None:
        assert topic_arn(target, "{}", TEMPLATE) == target

    @pytest.mark.parametrize(
        "target",
        [
            Text.of("arn:aws:sns:eu-west-1:111122223333:endpoint/GCM/app/1"),
            Text.of("arn:aws:sns:eu-west-1:111122223333:", HOLE),
            Text.of("orders"),
            Text.of(IMPORTED),
            Text.of(HOLE),
        ],
    )
    def test_anything_else_may_be_the_endpoint_of_a_device_and_says_so(self, target: Text) -> None:
        topic = topic_arn(target, "{}", TEMPLATE)
        assert written(topic) == "*"
        assert topic.unknowns[0].reason


class TestStateMachine:
    @pytest.mark.parametrize("end", ["", ":live", ":7"])
    @pytest.mark.parametrize("partition", ["aws", "aws-cn"])
    def test_an_arn_loses_version_and_alias_and_nothing_else(self, partition: str, end: str) -> None:
        machine = Text.of(f"arn:{partition}:states:eu-west-1:999988887777:stateMachine:orders{end}")
        assert written(state_machine_arn(machine, MACHINE_TEMPLATE, WRITTEN_OUT)) == (
            f"arn:{partition}:states:eu-west-1:999988887777:stateMachine:orders"
        )
        assert written(execution_arns(machine, EXECUTION_TEMPLATE, WRITTEN_OUT)) == (
            f"arn:{partition}:states:eu-west-1:999988887777:execution:orders:*"
        )

    def test_a_machine_of_the_template_is_named_by_its_reference(self) -> None:
        assert written(state_machine_arn(Text.of(MACHINE), MACHINE_TEMPLATE, TEMPLATE)) == {"Ref": "Machine"}
        assert written(execution_arns(Text.of(MACHINE), EXECUTION_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Machine.Name}:*"
        }

    def test_a_qualified_machine_of_the_template_is_its_reference(self) -> None:
        assert written(state_machine_arn(Text.of(MACHINE, ":live"), MACHINE_TEMPLATE, TEMPLATE)) == {"Ref": "Machine"}
        assert written(execution_arns(Text.of(MACHINE, ":live"), EXECUTION_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Machine.Name}:*"
        }

    @pytest.mark.parametrize("reference", [ALIAS, Reference("Ref", "ChildArn", Kind.ARN), IMPORTED])
    def test_an_arn_that_is_known_at_deployment_is_taken_apart_there(self, reference: Reference) -> None:
        argument = written(Text.of(reference))

        def part(index: int) -> Json:
            return {"Fn::Select": [index, {"Fn::Split": [":", argument]}]}

        assert written(execution_arns(Text.of(reference), EXECUTION_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": [
                "arn:${AWS::Partition}:states:${Value1}:${Value2}:execution:${Value3}:*",
                {"Value1": part(3), "Value2": part(4), "Value3": part(6)},
            ]
        }

    def test_an_arn_built_by_sub(self) -> None:
        machine = Text.of("arn:", TEMPLATE.partition, ":states:", REGION, ":", ACCOUNT, ":stateMachine:orders:live")
        prefix = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:"
        assert written(state_machine_arn(machine, MACHINE_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": prefix + "stateMachine:orders"
        }
        assert written(execution_arns(machine, EXECUTION_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": prefix + "execution:orders:*"
        }

    def test_a_parameter_whose_value_is_an_unqualified_arn_is_kept(self) -> None:
        value = "arn:aws:states:eu-west-1:111122223333:stateMachine:orders"
        parameter = Text.of(Reference("Ref", "Child", Kind.ARN, sample=value))
        assert written(state_machine_arn(parameter, MACHINE_TEMPLATE, TEMPLATE)) == {"Ref": "Child"}

    def test_a_name_that_is_known_at_deployment_leaves_the_account_as_it_is(self) -> None:
        prefix = Text.of("arn:", TEMPLATE.partition, ":states:", REGION, ":", ACCOUNT, ":stateMachine:")
        machine = Text.of(prefix, Reference("Ref", "Name"))
        assert written(execution_arns(machine, EXECUTION_TEMPLATE, TEMPLATE)) == {
            "Fn::Sub": "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Name}:*"
        }

    @pytest.mark.parametrize("machine", [Text.of("orders"), Text.of(HOLE), Text()])
    def test_what_is_no_arn_may_be_any_machine_and_says_so(self, machine: Text) -> None:
        arns = state_machine_arn(machine, MACHINE_TEMPLATE, WRITTEN_OUT)
        assert written(arns) == "arn:aws:states:eu-west-1:*:stateMachine:*"
        assert arns.unknowns[0].reason


ROLE_TEMPLATE = "arn:{Partition}:iam::{AccountId}:role/{}"


@pytest.mark.parametrize(
    ("text", "template", "pattern"),
    [
        (Text.of(HOLE, ":role/worker"), ROLE_TEMPLATE, "arn:aws:iam::*:role/*worker"),
        (Text.of(HOLE, "role/worker"), ROLE_TEMPLATE, "arn:aws:iam::*:role/*worker"),
        (Text.of(HOLE, ":111122223333:table/orders"), TABLE_TEMPLATE, "arn:aws:dynamodb:eu-west-1:*:table/*orders"),
        (Text.of(HOLE, "-orders-", HOLE), TABLE_TEMPLATE, "arn:aws:dynamodb:eu-west-1:*:table/*-orders-*"),
    ],
)
def test_an_unknown_beginning_may_be_that_of_an_arn_up_to_its_name(text: Text, template: str, pattern: str) -> None:
    assert written(name_or_arn(text, template, WRITTEN_OUT)) == pattern
