"""What AWS documents for the settings of a machine and for the distributed map, held against what is generated.

``integrations.json`` holds the facts under ``features``; a case here says which template each is tried with and what
the facts' placeholders come to in it. Deliberate differences are in ``differences.json``, under ``features``: what is
``added`` or ``left out``, and ``conditions`` where others are granted than the facts print.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from sfn_least_privilege.policy.pipeline import Request, transform

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

HERE = Path(__file__).parent
FEATURES = {
    feature["id"]: feature
    for feature in json.loads((HERE / "integrations.json").read_text(encoding="utf-8"))["features"]
}
DIFFERENCES = {
    difference["feature"]: difference
    for difference in json.loads((HERE / "differences.json").read_text(encoding="utf-8"))["features"]
}
ENVIRONMENT = {
    "Partition": "aws",
    "Region": "eu-west-1",
    "AccountId": "123456789012",
    "StateMachineName": "shop",
    "AWS::Partition": "aws",
    "AWS::Region": "eu-west-1",
    "AWS::AccountId": "123456789012",
}
OUTSIDE = {
    "credentials-target-trust": "it belongs to the role that is assumed",
    "credentials-target-sync": "it belongs to the role that is assumed",
    "trust-policy": "tests/policy/iam/test_trust.py",
    "activities-or-no-tasks": "a deny of everything is no permission: such a role has no policy",
    "aws-sdk": "the tests of AWS SDK integrations",
    "sfn-start-sync-execution": "the tests of AWS SDK integrations",
    "apigateway-resource-policy": "it belongs to the API",
}
"""Features that ask nothing of the role, or that other tests hold against it."""

KEY = "arn:aws:kms:eu-west-1:123456789012:key/k"
STATES = "arn:aws:states:eu-west-1:123456789012"
ENCRYPTION = {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": KEY}
LOGGING = {"Level": "ALL", "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn"}}]}
PASS = {"Type": "Pass", "End": True}
DYNAMIC = {"Bucket.$": "$.bucket", "Key.$": "$.key", "Prefix.$": "$.prefix"}


@dataclass(frozen=True)
class Case:
    """A state machine and what stands around it; ``dynamic`` is the same state with nothing literal in it."""

    state: dict[str, Any] = field(default_factory=lambda: PASS)
    settings: dict[str, Any] = field(default_factory=dict)
    resources: dict[str, Any] = field(default_factory=dict)
    placeholders: dict[str, str] = field(default_factory=dict)
    dynamic: dict[str, Any] | None = None


def distributed(**fields: Any) -> dict[str, Any]:
    config = {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    inner = {"ProcessorConfig": config, "StartAt": "In", "States": {"In": PASS}}
    return {"Type": "Map", "Label": "each", "ItemProcessor": inner, **fields, "End": True}


def reading(api: str, parameters: dict[str, Any], **config: Any) -> dict[str, Any]:
    reader = {"Resource": f"arn:aws:states:::s3:{api}", "Parameters": parameters, "ReaderConfig": config}
    return distributed(ItemReader=reader)


def writing(parameters: dict[str, Any]) -> dict[str, Any]:
    return distributed(ResultWriter={"Resource": "arn:aws:states:::s3:putObject", "Parameters": parameters})


def task(resource: str, **fields: Any) -> dict[str, Any]:
    return {"Type": "Task", "Resource": resource, **fields, "End": True}


def file(kind: str) -> Case:
    at = {"Bucket": "data", "Key": "in/all"}
    return Case(
        reading("getObject", at, InputType=kind), placeholders=at, dynamic=reading("getObject", DYNAMIC, InputType=kind)
    )


def encrypted_bucket() -> dict[str, Any]:
    default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    encryption = {"ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": default}]}
    properties = {"BucketName": "data", "BucketEncryption": encryption}
    return {"Data": {"Type": "AWS::S3::Bucket", "Properties": properties}}


LISTED = {"Bucket": "data", "Prefix": "in/"}
INVENTORY = {"Bucket": "lists", "Key": "all/shop/daily/2025-01-31T01-00Z/manifest.json"}
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:charge"
OTHER_ROLE = "arn:aws:iam::210987654321:role/theirs"

CASES = {
    "xray-tracing": Case(settings={"TracingConfiguration": {"Enabled": True}}),
    "logging": Case(settings={"LoggingConfiguration": LOGGING}),
    "encryption-state-machine": Case(
        settings={"EncryptionConfiguration": ENCRYPTION}, placeholders={"encryptionConfiguration.kmsKeyId|keyArn": KEY}
    ),
    "encryption-sync-express": Case(
        settings={"EncryptionConfiguration": ENCRYPTION, "StateMachineType": "EXPRESS"},
        placeholders={"encryptionConfiguration.kmsKeyId|keyArn": KEY},
    ),
    "encryption-with-logging": Case(
        settings={"EncryptionConfiguration": ENCRYPTION, "LoggingConfiguration": LOGGING},
        placeholders={"encryptionConfiguration.kmsKeyId|keyArn": KEY},
    ),
    "encryption-activity": Case(
        task("${Review}"),
        {"DefinitionSubstitutions": {"Review": {"Ref": "Review"}}},
        {
            "Review": {
                "Type": "AWS::StepFunctions::Activity",
                "Properties": {"Name": "review", "EncryptionConfiguration": ENCRYPTION},
            }
        },
        {
            "ActivityKmsKey|keyArn": KEY,
            "ActivityArn": f"{STATES}:activity:review",
            "Review": f"{STATES}:activity:review",
        },
    ),
    "encryption-child-execution": Case(
        task("arn:aws:states:::states:startExecution.sync:2", Parameters={"StateMachineArn": "${Child}"}),
        {"DefinitionSubstitutions": {"Child": {"Ref": "Child"}}},
        {
            "Child": {
                "Type": "AWS::StepFunctions::StateMachine",
                "Properties": {
                    "StateMachineName": "child",
                    "Definition": {"StartAt": "P", "States": {"P": PASS}},
                    "RoleArn": OTHER_ROLE,
                    "EncryptionConfiguration": ENCRYPTION,
                },
            }
        },
        {
            "ChildKmsKey|keyArn": KEY,
            "StateMachineArn": f"{STATES}:stateMachine:child",
            "Child": f"{STATES}:stateMachine:child",
            "Child.Name": "child",
        },
    ),
    "distributed-map-run": Case(distributed()),
    "distributed-map-redrive": Case(distributed(), placeholders={"MapRunLabel": "each"}),
    "item-reader-list-objects": Case(
        reading("listObjectsV2", LISTED), placeholders=LISTED, dynamic=reading("listObjectsV2", DYNAMIC)
    ),
    "item-reader-load-and-flatten": Case(
        reading("listObjectsV2", LISTED, Transformation="LOAD_AND_FLATTEN", InputType="JSON"),
        placeholders=LISTED,
        dynamic=reading("listObjectsV2", DYNAMIC, Transformation="LOAD_AND_FLATTEN", InputType="JSON"),
    ),
    "item-reader-csv": file("CSV"),
    "item-reader-json": file("JSON"),
    "item-reader-jsonl": file("JSONL"),
    "item-reader-parquet": file("PARQUET"),
    "item-reader-s3-inventory": Case(
        reading("getObject", INVENTORY, InputType="MANIFEST"),
        placeholders={**INVENTORY, "Key|inventoryDataPrefix": "all/shop/daily"},
        dynamic=reading("getObject", DYNAMIC, InputType="MANIFEST"),
    ),
    "item-reader-athena-manifest": Case(
        reading("getObject", {"Bucket": "queries", "Key": "1-manifest.csv"}, ManifestType="ATHENA_DATA"),
        placeholders={
            "Bucket": "queries",
            "Key": "1-manifest.csv",
            "AthenaUnloadDataLocation": "arn:{Partition}:s3:::*",
        },
    ),
    "item-reader-kms": Case(
        reading("getObject", {"Bucket": "data", "Key": "in.csv"}),
        resources=encrypted_bucket(),
        placeholders={"BucketKmsKey|keyArn": KEY},
    ),
    "result-writer": Case(
        writing({"Bucket": "out", "Prefix": "jobs"}),
        placeholders={"Bucket": "out", "Prefix": "jobs"},
        dynamic=writing(DYNAMIC),
    ),
    "result-writer-kms": Case(
        writing({"Bucket": "data"}), resources=encrypted_bucket(), placeholders={"BucketKmsKey|keyArn": KEY}
    ),
    "credentials-assume-role": Case(
        task(FUNCTION, Credentials={"RoleArn": OTHER_ROLE}), placeholders={"Credentials.RoleArn": OTHER_ROLE}
    ),
    "activity-task": Case(task(f"{STATES}:activity:review")),
    "lambda-direct": Case(task(FUNCTION), placeholders={"Resource": FUNCTION}),
    "wait-for-task-token": Case(distributed()),
}

Conditions: TypeAlias = frozenset[tuple[str, str, tuple[str, ...]]]
Grant: TypeAlias = tuple[str, str, Conditions]


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def grants(statements: Iterable[Any], names: tuple[str, str, str], values: dict[str, str]) -> set[Grant]:
    action, resource, condition = names
    return {
        (verb.lower(), said(place, values), conditions(statement.get(condition, {}), values))
        for statement in statements
        for verb in listed(statement[action])
        for place in listed(statement[resource])
    }


def conditions(block: dict[str, Any], values: dict[str, str]) -> Conditions:
    return frozenset(
        (operator, key, tuple(sorted(said(each, values) for each in listed(wanted))))
        for operator, keys in block.items()
        for key, wanted in keys.items()
    )


def said(node: Any, values: dict[str, str]) -> str:
    """A string of the facts, or an intrinsic function of a template, with everything filled in."""
    if isinstance(node, str):
        return re.sub(r"\{([^{}]+)\}", lambda match: said(values[match[1]], values), node)
    ((function, argument),) = node.items()
    if function == "Fn::Sub":
        return re.sub(r"\$\{([^{}]+)\}", lambda match: values[match[1]], argument)
    return values[argument if function == "Ref" else ".".join(argument)]


def generated(case: Case, state: dict[str, Any]) -> set[Grant]:
    """What the role of the case's machine allows, with what stands beside it."""
    properties = {"StateMachineName": "shop", "Definition": {"StartAt": "S", "States": {"S": state}}, **case.settings}
    machine = {"Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}}
    request = Request(NothingOutside(), "eu-west-1", "123456789012")
    resources = transform({"Resources": {**case.resources, **machine}}, request).fragment["Resources"]
    policies = resources["MachineRole"]["Properties"].get("Policies", [])
    statements = [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]
    return grants(statements, ("Action", "Resource", "Condition"), {**ENVIRONMENT, **case.placeholders})


def expected(feature: str, case: Case) -> set[Grant]:
    values = {**ENVIRONMENT, **case.placeholders}
    names = ("actions", "resources", "conditions")
    difference = DIFFERENCES.get(feature, {})
    wanted = grants(FEATURES[feature]["static"], names, values)
    if "conditions" in difference:
        wanted = {(action, resource, conditions(difference["conditions"], values)) for action, resource, _ in wanted}
    return (wanted | grants(difference.get("added", []), names, values)) - grants(
        difference.get("left out", []), names, values
    )


BASE = generated(CASES["distributed-map-run"], distributed())


@pytest.mark.parametrize("feature", CASES)
def test_a_feature_gets_what_is_documented_for_it(feature: str) -> None:
    case = CASES[feature]
    actual = generated(case, case.state)
    assert expected(feature, case) <= actual


ALONE = [
    feature
    for feature in CASES
    if feature not in {"encryption-with-logging", "encryption-child-execution", "item-reader-kms", "result-writer-kms"}
]
"""The features that come without another one, whose needs are its own."""


@pytest.mark.parametrize("feature", ALONE)
def test_a_feature_gets_nothing_else(feature: str) -> None:
    case = CASES[feature]
    beyond = generated(case, case.state) - expected(feature, case)
    assert beyond <= (BASE if case.state["Type"] == "Map" else set())


@pytest.mark.parametrize("feature", [feature for feature, case in CASES.items() if case.dynamic is not None])
def test_dynamic_arguments_get_what_is_documented_as_far_as_it_is_known(feature: str) -> None:
    case = CASES[feature]
    assert case.dynamic is not None
    actual = generated(case, case.dynamic) - BASE
    documented = {verb.lower() for statement in FEATURES[feature]["dynamic"] for verb in statement["actions"]}
    assert {action for action, _, _ in actual} == documented
    assert all(resource.startswith("arn:aws:s3:::*") for _, resource, _ in actual)


def test_every_feature_is_tried_or_belongs_elsewhere() -> None:
    assert CASES.keys() | OUTSIDE.keys() == FEATURES.keys()
    assert not CASES.keys() & OUTSIDE.keys()


@pytest.mark.parametrize("feature", DIFFERENCES)
class TestDifference:
    def test_it_makes_a_difference(self, feature: str) -> None:
        case = CASES[feature]
        documented = grants(
            FEATURES[feature]["static"],
            ("actions", "resources", "conditions"),
            {**ENVIRONMENT, **case.placeholders},
        )
        assert expected(feature, case) != documented

    def test_it_says_why(self, feature: str) -> None:
        assert " " in DIFFERENCES[feature]["reason"]
