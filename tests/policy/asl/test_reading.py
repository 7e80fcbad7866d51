"""From a definition to its tasks, with what is known of their arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.template.tokens import TokenWriter
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ObjectValue,
    from_json,
    guarded_texts,
    one_of,
)

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.workflow import Task, Workflow

GET_ITEM = "arn:aws:states:::dynamodb:getItem"
END = {"Type": "Succeed"}


def read(definition: Any, **given: Any) -> Workflow:
    return understand(Definition(definition), "Machine", **given)


def task(name: str, **fields: Any) -> dict[str, Any]:
    return {name: {"Type": "Task", "Resource": GET_ITEM, **fields}}


def only_task(definition: Any, **given: Any) -> Task:
    workflow = read(definition, **given)
    assert not workflow.findings
    (found,) = workflow.tasks
    return found


def tables(workflow: Workflow) -> dict[str, list[str | None]]:
    """The names of the tables that each task can use; None where one is not known in full."""
    return {
        each.path[-1]: [guarded.text.literal for guarded in guarded_texts(each.arguments.get("TableName"))]
        for each in workflow.tasks
    }


IN_JSONPATH = {
    "StartAt": "Configure",
    "States": {
        "Configure": {
            "Type": "Pass",
            "Assign": {"audit": "audit-log", "stage.$": "States.ArrayGetItem(States.Array('dev', 'prod'), 1)"},
            "Result": {"orders": "orders-table", "archives": [{"name": "by-day"}, {"name": "by-month"}]},
            "ResultPath": "$.tables",
            "Next": "Read",
        },
        **task("Read", Parameters={"TableName.$": "$.tables.orders"}, ResultPath="$.order", Next="Which"),
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.region", "StringEquals": "eu", "Next": "ReadRegional"}],
            "Default": "Archive",
        },
        **task(
            "ReadRegional",
            Parameters={"TableName.$": "States.Format('orders-{}-{}', $.region, $stage)"},
            ResultPath=None,
            Next="Archive",
        ),
        "Archive": {
            "Type": "Map",
            "ItemsPath": "$.tables.archives",
            "ItemSelector": {"table.$": "States.Format('archive-{}', $$.Map.Item.Value.name)"},
            "ItemProcessor": {"StartAt": "Write", "States": task("Write", Parameters={"TableName.$": "$.table"})},
            "ResultPath": None,
            "Next": "Audit",
        },
        **task("Audit", Parameters={"TableName.$": "$audit"}, End=True),
    },
}
IN_JSONATA = {
    "QueryLanguage": "JSONata",
    "StartAt": "Configure",
    "States": {
        "Configure": {
            "Type": "Pass",
            "Assign": {"audit": "audit-log", "stage": "{% ['dev', 'prod'][1] %}", "region": "{% $states.input.r %}"},
            "Output": {"orders": "orders-table", "archives": [{"name": "by-day"}, {"name": "by-month"}]},
            "Next": "Read",
        },
        **task(
            "Read", Arguments={"TableName": "{% $states.input.orders %}"}, Output="{% $states.input %}", Next="Which"
        ),
        "Which": {
            "Type": "Choice",
            "Choices": [{"Condition": "{% $region = 'eu' %}", "Next": "ReadRegional"}],
            "Default": "Archive",
        },
        **task(
            "ReadRegional",
            Arguments={"TableName": "{% 'orders-' & $region & '-' & $stage %}"},
            Output="{% $states.input %}",
            Next="Archive",
        ),
        "Archive": {
            "Type": "Map",
            "Items": "{% $states.input.archives %}",
            "ItemSelector": {"table": "{% 'archive-' & $states.context.Map.Item.Value.name %}"},
            "ItemProcessor": {
                "StartAt": "Write",
                "States": task("Write", Arguments={"TableName": "{% $states.input.table %}"}, End=True),
            },
            "Next": "Audit",
        },
        **task("Audit", Arguments={"TableName": "{% $audit %}"}, End=True),
    },
}


@pytest.mark.parametrize("definition", [IN_JSONPATH, IN_JSONATA], ids=["JSONPath", "JSONata"])
def test_no_table_stays_unknown_that_the_definition_names(definition: Any) -> None:
    workflow = read(definition)
    assert not workflow.findings
    assert tables(workflow) == {
        "Read": ["orders-table"],
        "ReadRegional": ["orders-eu-prod"],
        "Write": ["archive-by-day", "archive-by-month"],
        "Audit": ["audit-log"],
    }


def test_tasks_come_in_the_order_of_the_definition() -> None:
    inner = {"StartAt": "b", "States": task("b", End=True)}
    states = {
        **task("a", Next="p"),
        "p": {"Type": "Parallel", "Branches": [inner], "Next": "c"},
        **task("c", End=True),
    }
    workflow = read({"StartAt": "a", "States": states})
    assert [each.path for each in workflow.tasks] == [("a",), ("p", "b"), ("c",)]


def test_arguments_are_those_after_input_path() -> None:
    states = {
        "Set": {"Type": "Pass", "Result": {"in": {"t": "orders"}}, "Next": "Get"},
        **task("Get", InputPath="$.in", Parameters={"TableName.$": "$.t"}, End=True),
    }
    assert only_task({"StartAt": "Set", "States": states}).arguments.get("TableName") == from_json("orders")


def test_without_parameters_the_input_goes_to_the_service() -> None:
    states = {"Set": {"Type": "Pass", "Result": {"TableName": "orders"}, "Next": "Get"}, **task("Get", End=True)}
    assert only_task({"StartAt": "Set", "States": states}).arguments.whole() == from_json({"TableName": "orders"})


def test_arguments_that_are_one_expression() -> None:
    arguments = "{% $merge([{'TableName': 'orders'}, {'Key': $states.input.key}]) %}"
    definition = {"QueryLanguage": "JSONata", "StartAt": "Get", "States": task("Get", Arguments=arguments, End=True)}
    assert only_task(definition).arguments.get("TableName") == from_json("orders")


def test_an_argument_that_must_be_there_is_there() -> None:
    states = {
        "Fork": {"Type": "Choice", "Choices": [{"Variable": "$.x", "IsNull": True, "Next": "Set"}], "Default": "Get"},
        "Set": {"Type": "Pass", "Assign": {"table": "orders"}, "Next": "Get"},
        **task("Get", Parameters={"TableName.$": "$table"}, End=True),
    }
    assert only_task({"StartAt": "Fork", "States": states}).arguments.get("TableName") == from_json("orders")


def test_the_machine_knows_itself() -> None:
    own = Text.of(Reference("Ref", "Machine", Kind.ARN))
    parameters = {"StateMachineArn.$": "$$.StateMachine.Id", "Name.$": "$$.StateMachine.Name"}
    definition = {"StartAt": "Again", "States": task("Again", Parameters=parameters, End=True)}
    found = only_task(definition, own_arn=own, own_name=from_json("own"))
    assert found.arguments.get("StateMachineArn") == own
    assert found.arguments.get("Name") == from_json("own")


@pytest.mark.parametrize(
    ("fields", "role"),
    [
        ({}, MISSING),
        ({"Credentials": {"RoleArn": "arn:aws:iam::210987654321:role/other"}}, "arn:aws:iam::210987654321:role/other"),
        ({"Credentials": {"RoleArn.$": "$role"}}, "arn:aws:iam::123456789012:role/set"),
        ({"Credentials": {"RoleArn.$": "$.role"}}, Anything("`$.role` comes from the execution's input")),
    ],
)
def test_credentials(fields: dict[str, Any], role: Any) -> None:
    states = {
        "Set": {"Type": "Pass", "Assign": {"role": "arn:aws:iam::123456789012:role/set"}, "Next": "Get"},
        **task("Get", **fields, End=True),
    }
    expected = from_json(role) if isinstance(role, str) else role
    assert only_task({"StartAt": "Set", "States": states}).credentials_role == expected


def test_resources_may_be_put_in_at_deployment() -> None:
    writer = TokenWriter()
    one, other = Text.of(Reference("Ref", "One", Kind.ARN)), Text.of(Reference("Ref", "Other", Kind.ARN))
    states = task("Call", Resource=writer.token(one_of([one, other])), End=True)
    workflow = understand(Definition({"StartAt": "Call", "States": states}, writer.tokens()), "Machine")
    assert [each.text for each in workflow.tasks[0].resources] == [one, other]


def test_whole_arguments_may_be_put_in_at_deployment() -> None:
    writer = TokenWriter()
    token = writer.token(ObjectValue({"TableName": from_json("orders")}))
    states = task("Get", Parameters=token, End=True)
    workflow = understand(Definition({"StartAt": "Get", "States": states}, writer.tokens()), "Machine")
    assert workflow.tasks[0].arguments.get("TableName") == from_json("orders")


def test_a_distributed_map_reads_and_writes_itself() -> None:
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"},
        "StartAt": "In",
        "States": {"In": END},
    }
    each = {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "Parameters": {"Bucket.$": "$bucket", "Key.$": "$.key"},
        },
        "ItemProcessor": processor,
        "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "results"}},
        "End": True,
    }
    states = {"Set": {"Type": "Pass", "Assign": {"bucket": "data"}, "Next": "Each"}, "Each": each}
    workflow = read({"StartAt": "Set", "States": states})
    (found,) = workflow.distributed_maps
    assert found.path == ("Each",)
    assert found.reader is not None
    assert found.writer is not None
    assert found.reader.resources[0].text.literal == "arn:aws:states:::s3:getObject"
    assert found.reader.arguments.get("Bucket") == from_json("data")
    assert found.reader.arguments.get("Key") == Anything("`$.key` comes from the execution's input")
    assert found.writer.arguments.get("Bucket") == from_json("results")


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"ItemReader": {}}, "`ItemReader` needs `Resource`, a string: it is missing"),
        ({"ItemReader": {"Resource": 1}}, "`ItemReader` needs `Resource`, a string: it is `a int`"),
        ({"ResultWriter": "there"}, "`ResultWriter` needs `Resource`, a string: it is missing"),
        (
            {"ItemReader": {"Resource": "arn:aws:states:::s3:getObject", "Arguments": {"Bucket": "b"}}},
            "`Arguments` does not belong to JSONPath; use `Parameters`",
        ),
        ({"ResultWriter": {"WriterConfig": {"Transformation": "FLATTEN"}}}, None),
    ],
)
def test_readers_and_writers_that_are_none(fields: dict[str, Any], problem: str | None) -> None:
    processor = {"ProcessorConfig": {"Mode": "DISTRIBUTED"}, "StartAt": "In", "States": {"In": END}}
    each = {"Type": "Map", "ItemProcessor": processor, **fields, "End": True}
    workflow = read({"StartAt": "Each", "States": {"Each": each}})
    assert told(workflow) == ([] if problem is None else [f"SLP201 Machine / Each: {problem}"])


def test_an_inline_map_is_not_distributed() -> None:
    processor = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": "In", "States": {"In": END}}
    assert not read({"StartAt": "E", "States": {"E": {"Type": "Map", "ItemProcessor": processor}}}).distributed_maps


def told(workflow: Workflow) -> list[str]:
    return [str(each) for each in workflow.findings]


def test_what_nothing_leads_to_is_granted_nothing() -> None:
    lost = {"Type": "Parallel", "Branches": [{"StartAt": "In", "States": task("In", End=True)}], "End": True}
    workflow = read({"StartAt": "a", "States": {**task("a", End=True), "Lost": lost}})
    assert [each.path for each in workflow.tasks] == [("a",)]
    assert told(workflow) == ["SLP205 Machine / Lost: nothing leads from `a` to this state: it is granted nothing"]


def test_where_the_start_is_not_known_everything_may_be() -> None:
    workflow = read({"StartAt": "gone", "States": {**task("a", End=True), **task("b", End=True)}})
    assert len(workflow.tasks) == 2
    assert told(workflow) == ["SLP201 Machine: `StartAt` names no state: `gone`"]


def test_an_expression_that_cannot_be_read_is_told_once_and_stops_nothing() -> None:
    states = {
        "Set": {"Type": "Pass", "Parameters": {"a.$": "$.["}, "Next": "Get"},
        **task("Get", Parameters={"TableName": "orders"}, ResultPath="$.r", Next="Set"),
    }
    workflow = read({"StartAt": "Set", "States": states})
    (only,) = told(workflow)
    assert only.startswith("SLP202 Machine / Set: `Parameters` holds an expression that cannot be read: `$.[`")
    assert tables(workflow) == {"Get": ["orders"]}


@pytest.mark.parametrize(
    ("states", "problem"),
    [
        (task("a", Resource=None), "SLP201 Machine / a: a Task state needs `Resource`, a string: it is missing"),
        (task("a", Credentials={}), "SLP201 Machine / a: `Credentials` needs `RoleArn`"),
        ({"a": {"Type": "Pass", "Assign": "$.x"}}, "`Assign` is no object that names the variables"),
        ({"a": {"Type": "Pass", "InputPath": 1}}, "SLP202 Machine / a: `InputPath` holds an expression"),
        ({"a": {"Type": "Pass", "ResultPath": "$..x"}}, "SLP202 Machine / a: `ResultPath` holds an expression"),
    ],
)
def test_problems_in_states(states: dict[str, Any], problem: str) -> None:
    assert any(problem in each for each in told(read({"StartAt": "a", "States": states})))


@pytest.mark.parametrize("definition", [None, 1, "x", [], {}, {"States": 1}, {"States": {"a": None}}])
def test_what_is_no_definition_is_told(definition: Any) -> None:
    workflow = read(definition)
    assert workflow.tasks == ()
    assert workflow.findings
