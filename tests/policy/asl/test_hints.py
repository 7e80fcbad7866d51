from __future__ import annotations

import json
from typing import Any

import pytest

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import Request, transform


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def task(api: str, parameters: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": f"arn:aws:states:::dynamodb:{api}", "Parameters": parameters, **fields}


# Each task calls another action, so that no wider permission makes another one superfluous.
STATES = {
    "Read": task("getItem", {"TableName.$": "$.tenant.table", "Key": {}}, Next="Both", ResultPath=None),
    "Both": {
        "Type": "Parallel",
        "Branches": [
            {"StartAt": "Twin", "States": {"Twin": task("putItem", {"TableName.$": "$.left"}, End=True)}},
            {
                "StartAt": "Inner",
                "States": {
                    "Inner": {
                        "Type": "Parallel",
                        "Branches": [
                            {
                                "StartAt": "Twin",
                                "States": {"Twin": task("deleteItem", {"TableName": "known"}, End=True)},
                            }
                        ],
                        "End": True,
                    },
                },
            },
        ],
        "Next": "Each",
    },
    "Each": {
        "Type": "Map",
        "ItemReader": {
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "CSV"},
            "Parameters": {"Bucket.$": "$$.Execution.Input.bucket", "Key.$": "$$.Execution.Input.key"},
        },
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": "DISTRIBUTED"},
            "StartAt": "In",
            "States": {"In": {"Type": "Pass", "End": True}},
        },
        "ResultWriter": {
            "Resource": "arn:aws:states:::s3:putObject",
            "Parameters": {"Bucket.$": "$$.Execution.Input.results", "Prefix": "out"},
        },
        "End": True,
    },
}


def transformed(values: Any) -> Any:
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Metadata": {"SfnLeastPrivilege": {"Values": values}},
        "Properties": {"StateMachineName": "Shop", "Definition": {"StartAt": "Read", "States": STATES}},
    }
    outcome = transform({"Resources": {"Machine": machine}}, Request(NothingOutside()))
    return json.dumps(outcome.fragment["Resources"]["MachineRole"]["Properties"]["Policies"])


def problem(values: Any) -> str:
    with pytest.raises(TransformFailedError) as failure:
        transformed(values)
    return str(failure.value)


def test_a_hint_for_a_path_of_the_input_is_known_wherever_the_path_is_read() -> None:
    assert "table/orders" in transformed({"$.tenant.table": "orders"})


def test_a_hint_for_an_argument_is_known_in_that_task() -> None:
    assert "table/orders" in transformed({"Read": {"TableName": "orders"}})


def test_an_argument_is_named_in_any_letter_case() -> None:
    assert "table/orders" in transformed({"Read": {"tablename": "orders"}})


def test_a_task_among_others_of_its_name_is_named_with_its_path() -> None:
    assert "table/left" in transformed({"Both > Twin": {"TableName": "left"}})


def test_a_list_is_a_choice() -> None:
    policies = transformed({"Read": {"TableName": ["a", "b"]}})
    assert "table/a" in policies
    assert "table/b" in policies


def test_a_star_leaves_that_part_open_and_nothing_more() -> None:
    assert "table/tenant-*-orders" in transformed({"Read": {"TableName": "tenant-*-orders"}})


def test_a_hint_may_be_a_reference() -> None:
    assert '{"Fn::GetAtt": ["Elsewhere", "Arn"]}' in transformed(
        {"Read": {"TableName": {"Fn::GetAtt": ["Elsewhere", "Arn"]}}},
    )


def test_a_map_is_told_what_it_reads_and_writes() -> None:
    policies = transformed({"Each": {"Key": "in/orders.csv", "ItemReader.Bucket": "in", "ResultWriter.Bucket": "out"}})
    assert "s3:::in/in/orders.csv" in policies
    assert "s3:::out/out/*" in policies


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"Raed": {"TableName": "t"}},
            "a hint for `Raed`, which is no task, and no map that reads or writes data; did you mean `Read`?",
        ),
        (
            {"Twin": {"TableName": "t"}},
            "can mean several states: name it as one of `Both > Twin`, `Both > Inner > Twin`",
        ),
        ({"Read": {"Table": "t"}}, "there is a hint for `Table`, but the state gives no such argument"),
        ({"Both > Inner > Twin": {"TableName": "t"}}, "a hint for `TableName`, whose value the definition shows"),
        (
            {"Each": {"Bucket": "in"}},
            "the hint for `Bucket` can mean two: name it `ItemReader.Bucket` or `ResultWriter.Bucket`",
        ),
        ({"Each": {"ItemReader.Prefix": "in"}}, "a hint for `ItemReader.Prefix`, but the state gives no such argument"),
        ({"Each": {"Prefix": "in"}}, "a hint for `Prefix`, whose value the definition shows"),
        ({"Read": "orders"}, "the values for the state `Read` are not an object of arguments"),
        ({"$.tenant[": "t"}, "`$.tenant[` is not a path of the execution's input"),
        ("orders", "`Values` is not an object"),
    ],
)
def test_a_hint_that_names_nothing_is_an_error(values: Any, message: str) -> None:
    said = problem(values)
    assert message in said
    assert "SLP112 Machine" in said


def test_an_unknown_key_of_the_metadata_is_an_error_that_lists_the_known_ones() -> None:
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Metadata": {"SfnLeastPrivilege": {"Value": {}}},
        "Properties": {"Definition": {"StartAt": "Read", "States": STATES}},
    }
    with pytest.raises(TransformFailedError, match=r"`Value` is no option: .* and `Values`"):
        transform({"Resources": {"Machine": machine}}, Request(NothingOutside()))
