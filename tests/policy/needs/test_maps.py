"""What a distributed map needs: for its children, for its items and for its results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import PolicyOutcome, Request, policy_for, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")
STATES = "arn:aws:states:eu-west-1:123456789012"
CHILDREN = {
    ("states:StartExecution", f"{STATES}:stateMachine:shop"),
    ("states:DescribeExecution", f"{STATES}:execution:shop:*"),
    ("states:StopExecution", f"{STATES}:execution:shop:*"),
    ("states:RedriveExecution", f"{STATES}:execution:shop/*:*"),
}


def policy(processor: dict[str, Any] | None = None, name: str | None = "shop", **fields: Any) -> PolicyOutcome:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"} if processor is None else processor
    inner = {"ProcessorConfig": config, "StartAt": "In", "States": {"In": {"Type": "Pass", "End": True}}}
    each = {"Type": "Map", "ItemProcessor": inner, **fields, "End": True}
    return policy_for(json.dumps({"StartAt": "Each", "States": {"Each": each}}), DEPLOYMENT, name)


def statements(outcome: PolicyOutcome) -> list[dict[str, Any]]:
    return outcome.document["Statement"] if outcome.document else []


def listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def granted(outcome: PolicyOutcome) -> set[tuple[str, str]]:
    return {
        (action, resource)
        for statement in statements(outcome)
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    }


def read(api: str, parameters: dict[str, Any], **config: Any) -> set[tuple[str, str]]:
    """What a reader needs beyond the children."""
    reader = {"Resource": f"arn:aws:states:::s3:{api}", "Parameters": parameters, "ReaderConfig": config}
    return granted(policy(ItemReader=reader)) - CHILDREN


def written(parameters: dict[str, Any]) -> set[str]:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": parameters}
    return {resource for _, resource in granted(policy(ResultWriter=writer)) - CHILDREN}


def errors(**fields: Any) -> list[str]:
    with pytest.raises(TransformFailedError) as failure:
        policy(**fields)
    return [str(finding) for finding in failure.value.findings]


# Children -----------------------------------------------------------------------------------------------------------


def test_a_map_starts_watches_stops_and_redrives_executions_of_its_own_machine() -> None:
    assert granted(policy()) == CHILDREN


def test_a_label_tells_the_children_of_a_map_from_those_of_others() -> None:
    assert ("states:RedriveExecution", f"{STATES}:execution:shop/orders:*") in granted(policy(Label="orders"))


def test_a_label_that_is_null_is_none() -> None:
    assert granted(policy(Label=None)) == CHILDREN


def test_express_children_are_started_again_and_never_redriven() -> None:
    outcome = policy({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"})
    assert "states:RedriveExecution" not in {action for action, _ in granted(outcome)}


def test_children_of_a_type_that_is_not_said_may_be_redriven() -> None:
    assert granted(policy({"Mode": "DISTRIBUTED"})) == CHILDREN


def test_a_map_needs_no_rule_in_event_bridge() -> None:
    assert not {action for action, _ in granted(policy()) if action.startswith("events:")}


def test_executions_of_a_machine_whose_name_nobody_knows_are_wide_and_told() -> None:
    outcome = policy(name=None)
    assert ("states:StartExecution", f"{STATES}:stateMachine:*") in granted(outcome)
    assert {finding.rule.id for finding in outcome.findings} == {"SLP304"}


# Items --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["CSV", "JSON", "JSONL", "PARQUET"])
def test_an_object_is_read_by_its_key(kind: str) -> None:
    needed = read("getObject", {"Bucket": "data", "Key": "in/ratings"}, InputType=kind)
    assert needed == {("s3:GetObject", "arn:aws:s3:::data/in/ratings")}


def test_a_version_of_an_object_needs_the_permission_for_versions_as_well() -> None:
    needed = read("getObject", {"Bucket": "data", "Key": "in.csv", "VersionId": "v1"}, InputType="CSV")
    assert needed == {
        ("s3:GetObject", "arn:aws:s3:::data/in.csv"),
        ("s3:GetObjectVersion", "arn:aws:s3:::data/in.csv"),
    }


@pytest.mark.parametrize(
    ("parameters", "resource"),
    [
        ({"Bucket": "data", "Key.$": "$.key"}, "arn:aws:s3:::data/*"),
        ({"Bucket.$": "$.bucket", "Key": "in.csv"}, "arn:aws:s3:::*/in.csv"),
        ({"Bucket.$": "$.bucket", "Key.$": "$.key"}, "arn:aws:s3:::*/*"),
        ({"Bucket": "data", "Key.$": "States.Format('in/{}.csv', $.day)"}, "arn:aws:s3:::data/in/*.csv"),
    ],
)
def test_what_is_known_of_a_dynamic_object_stays(parameters: dict[str, Any], resource: str) -> None:
    assert read("getObject", parameters, InputType="CSV") == {("s3:GetObject", resource)}


@pytest.mark.parametrize("config", [{"InputType": "MANIFEST"}, {"ManifestType": "S3_INVENTORY"}])
@pytest.mark.parametrize(
    ("key", "objects"),
    [
        (
            {"Key": "all/shop/daily/2025-01-31T01-00Z/manifest.json"},
            {"all/shop/daily/2025-01-31T01-00Z/manifest.json", "all/shop/daily/data/*"},
        ),
        (
            {"Key.$": "States.Format('all/shop/daily/{}/manifest.json', $.day)"},
            {"all/shop/daily/*/manifest.json", "all/shop/daily/*data/*"},
        ),
        ({"Key": "manifest.json"}, {"manifest.json", "*data/*"}),
        ({"Key.$": "$.key"}, {"*"}),
    ],
)
def test_an_inventory_is_its_manifest_and_the_data_beside_it(
    config: dict[str, str], key: dict[str, str], objects: set[str]
) -> None:
    needed = read("getObject", {"Bucket": "lists", **key}, **config)
    assert needed == {("s3:GetObject", f"arn:aws:s3:::lists/{each}") for each in objects}


def test_the_data_of_an_athena_manifest_may_be_anywhere_which_is_told() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": {"Bucket": "queries", "Key": "1-manifest.csv"},
        "ReaderConfig": {"ManifestType": "ATHENA_DATA", "InputType": "CSV"},
    }
    outcome = policy(ItemReader=reader)
    assert granted(outcome) - CHILDREN == {("s3:GetObject", "arn:aws:s3:::*/*")}
    assert "only the manifest says where its data files are" in outcome.findings[0].detail


@pytest.mark.parametrize(
    ("parameters", "condition"),
    [
        ({"Bucket": "data", "Prefix": "in/"}, {"StringLike": {"s3:prefix": "in/"}}),
        ({"Bucket": "data", "Prefix": "/in"}, {"StringLike": {"s3:prefix": "/in"}}),
        ({"Bucket": "data", "Prefix": "in*"}, {"StringLike": {"s3:prefix": "in${*}"}}),
        ({"Bucket": "data", "Prefix.$": "States.Format('in/{}/', $.day)"}, {"StringLike": {"s3:prefix": "in/*/"}}),
        ({"Bucket": "data", "Prefix.$": "$.prefix"}, None),
        ({"Bucket": "data", "Prefix": ""}, None),
        ({"Bucket": "data"}, None),
    ],
)
def test_a_list_is_limited_to_the_prefix_as_it_is_given(
    parameters: dict[str, Any], condition: dict[str, Any] | None
) -> None:
    outcome = policy(ItemReader={"Resource": "arn:aws:states:::s3:listObjectsV2", "Parameters": parameters})
    (statement,) = [each for each in statements(outcome) if each["Action"] == "s3:ListBucket"]
    assert statement["Resource"] == "arn:aws:s3:::data"
    assert statement.get("Condition") == condition


def test_a_list_alone_reads_no_object() -> None:
    assert read("listObjectsV2", {"Bucket": "data"}) == {("s3:ListBucket", "arn:aws:s3:::data")}


@pytest.mark.parametrize(
    ("parameters", "objects"),
    [
        ({"Bucket": "data", "Prefix": "in/"}, "arn:aws:s3:::data/in/*"),
        ({"Bucket": "data"}, "arn:aws:s3:::data/*"),
    ],
)
def test_a_list_that_is_loaded_reads_the_objects_behind_the_prefix(parameters: dict[str, Any], objects: str) -> None:
    needed = read("listObjectsV2", parameters, Transformation="LOAD_AND_FLATTEN", InputType="CSV")
    assert needed == {("s3:ListBucket", "arn:aws:s3:::data"), ("s3:GetObject", objects)}


def test_a_reader_in_jsonata_is_read_as_well() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "MANIFEST"},
        "Arguments": {"Bucket": "lists", "Key": "{% 'all/' & $states.input.day & '/manifest.json' %}"},
    }
    outcome = policy(QueryLanguage="JSONata", ItemReader=reader)
    assert granted(outcome) - CHILDREN == {
        ("s3:GetObject", "arn:aws:s3:::lists/all/*/manifest.json"),
        ("s3:GetObject", "arn:aws:s3:::lists/all/*data/*"),
    }


def test_arguments_that_one_expression_makes_keep_the_settings_of_the_reader() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": {"InputType": "MANIFEST"},
        "Arguments": "{% {'Bucket': 'lists', 'Key': 'a/b/manifest.json'} %}",
    }
    outcome = policy(QueryLanguage="JSONata", ItemReader=reader)
    assert granted(outcome) - CHILDREN == {
        ("s3:GetObject", "arn:aws:s3:::lists/a/b/manifest.json"),
        ("s3:GetObject", "arn:aws:s3:::lists/a/data/*"),
    }


# Results ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "resource"),
    [
        ({"Bucket": "out", "Prefix": "jobs"}, "arn:aws:s3:::out/jobs/*"),
        ({"Bucket": "out", "Prefix": "jobs/"}, "arn:aws:s3:::out/jobs/*"),
        ({"Bucket": "out"}, "arn:aws:s3:::out/*"),
        ({"Bucket": "out", "Prefix": ""}, "arn:aws:s3:::out/*"),
        ({"Bucket": "out", "Prefix.$": "$.prefix"}, "arn:aws:s3:::out/*/*"),
        ({"Bucket.$": "$.bucket", "Prefix": "jobs"}, "arn:aws:s3:::*/jobs/*"),
    ],
)
def test_results_are_written_below_the_prefix(parameters: dict[str, Any], resource: str) -> None:
    assert written(parameters) == {resource}


def test_results_are_written_in_parts() -> None:
    writer = {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "out"}}
    assert {action for action, _ in granted(policy(ResultWriter=writer)) - CHILDREN} == {
        "s3:PutObject",
        "s3:GetObject",
        "s3:ListMultipartUploadParts",
        "s3:AbortMultipartUpload",
    }


def test_a_writer_that_only_forms_the_results_needs_nothing() -> None:
    assert granted(policy(ResultWriter={"WriterConfig": {"Transformation": "FLATTEN"}})) == CHILDREN


# Mistakes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "resource", "problem"),
    [
        ("ItemReader", "s3:getobject", "SLP301 shop / Each: `s3:getobject` is not known; did you mean `s3:getObject`?"),
        (
            "ResultWriter",
            "dynamodb:putItem",
            (
                "SLP301 shop / Each: `dynamodb:putItem` is not known here; a map's data are under "
                "`arn:aws:states:::s3:putObject`"
            ),
        ),
        (
            "ItemReader",
            "s3:listObjectsV2.sync",
            "SLP301 shop / Each: `s3:listObjectsV2.sync` is not known; did you mean `s3:listObjectsV2`?",
        ),
    ],
)
def test_an_integration_that_reads_or_writes_no_map_is_an_error(field: str, resource: str, problem: str) -> None:
    access = {"Resource": f"arn:aws:states:::{resource}", "Parameters": {"Bucket": "data"}}
    assert errors(**{field: access}) == [problem]


@pytest.mark.parametrize("resource", ["arn:aws:lambda:eu-west-1:123456789012:function:f", "nonsense"])
def test_a_reader_that_is_no_integration_is_an_error(resource: str) -> None:
    (error,) = errors(ItemReader={"Resource": resource})
    assert error.startswith("SLP203 shop / Each")


def test_a_reader_without_a_bucket_is_an_error() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Key": "in.csv"}}
    assert errors(ItemReader=reader) == ["SLP303 shop / Each: `s3:getObject` needs `Bucket`"]


def test_an_expression_that_cannot_be_read_is_an_error() -> None:
    reader = {"Resource": "arn:aws:states:::s3:getObject", "Parameters": {"Bucket.$": "$.["}}
    (error,) = errors(ItemReader=reader)
    assert error.startswith("SLP202 shop / Each")


# In a template ------------------------------------------------------------------------------------------------------


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def woven(each: dict[str, Any], **values: str) -> dict[str, Any]:
    """The resources of a template with one machine of this map, without a name of its own."""
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "In",
        "States": {"In": {"Type": "Pass", "End": True}},
    }
    states = {"Each": {"Type": "Map", "ItemProcessor": processor, **each, "End": True}}
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"Definition": {"StartAt": "Each", "States": states}},
    }
    template = {
        "Parameters": {name: {"Type": "String"} for name in values},
        "Conditions": {"Listed": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}},
        "Resources": {"Data": {"Type": "AWS::S3::Bucket"}, "Machine": machine},
    }
    request = Request(NothingOutside(), "eu-west-1", "123456789012", values)
    resources: dict[str, Any] = transform(template, request).fragment["Resources"]
    return resources


def on_objects(resources: dict[str, Any]) -> list[Any]:
    policies = resources["MachineRole"]["Properties"]["Policies"]
    found = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    return [resource for statement in found for resource in listed(statement["Resource"])]


def test_a_bucket_of_the_template_is_named_by_reference() -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "Parameters": {"Bucket": {"Ref": "Data"}, "Key": {"Fn::Sub": "days/${Day}.csv"}},
    }
    assert on_objects(woven({"ItemReader": reader}, Day="2025-01-31")) == [
        {"Fn::Sub": "${Data.Arn}/days/${Day}.csv"},
    ]


def test_children_of_a_machine_without_a_name_stand_beside_its_role() -> None:
    resources = woven({"Label": "orders"})
    assert "Policies" not in resources["MachineRole"]["Properties"]
    statements = resources["MachineRolePolicy"]["Properties"]["PolicyDocument"]["Statement"]
    executions = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Machine.Name}"
    assert [statement["Resource"] for statement in statements] == [
        {"Ref": "Machine"},
        {"Fn::Sub": f"{executions}:*"},
        {"Fn::Sub": f"{executions}/orders:*"},
    ]


@pytest.mark.parametrize(
    ("config", "count"),
    [
        ({"InputType": {"Ref": "Kind"}}, 2),
        ({"InputType": {"Fn::If": ["Listed", "MANIFEST", "CSV"]}}, 2),
        ({"InputType": {"Fn::If": ["Listed", "JSON", "CSV"]}}, 1),
        ({"Fn::Transform": {"Name": "Config", "Parameters": {}}}, 2),
    ],
)
def test_a_reader_whose_form_only_deployment_knows_is_read_in_every_form(config: Any, count: int) -> None:
    reader = {
        "Resource": "arn:aws:states:::s3:getObject",
        "ReaderConfig": config,
        "Parameters": {"Bucket": "lists", "Key": "a/b/manifest.json"},
    }
    resources = woven({"ItemReader": reader}, Kind="MANIFEST")
    policies = resources["MachineRole"]["Properties"]["Policies"]
    documents = [policy.get("Fn::If", [None, policy])[1]["PolicyDocument"] for policy in policies]
    found = {str(each) for document in documents for one in document["Statement"] for each in listed(one["Resource"])}
    assert len(found) == count
