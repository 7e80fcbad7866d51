"""Random templates: a role that keeps every promise, or one clear failure; never an exception."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_least_privilege.policy.catalog.integrations import SERVICES, service_integrations
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.options.layers import Organisation
from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.findings import Finding


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


# Each call with an argument that it needs, in every pattern that there is for it.
CALLS = [
    (f"arn:aws:states:::{service}:{row.api}{pattern if pattern.startswith('.') else ''}", row.requires[:1])
    for service in SERVICES
    for row in service_integrations(service).values()
    for pattern in row.patterns
]
SDK = [
    "s3:getObject",
    "secretsmanager:getSecretValue",
    "dynamodb:query",
    "sfn:startSyncExecution",
    "ec2:describeInstances",
    "iam:createRole",
    "kms:decrypt",
]
FUNCTIONS = ["arn:aws:lambda:eu-west-1:123456789012:function:f", "${Function}"]
NONSENSE = ["arn:aws:states:::x", "", 7, "arn:aws:states:::lambda:invoke.sync", "arn:aws:states:::lambda:invok"]
NODES: st.SearchStrategy[Any] = st.sampled_from(
    [
        {"Ref": "Table"},
        {"Ref": "Machine"},
        {"Ref": "Stage"},
        {"Fn::GetAtt": ["Queue", "Arn"]},
        {"Fn::GetAtt": ["Machine", "Name"]},
        {"Fn::Sub": "${Stage}-${AWS::StackName}"},
        {"Fn::If": ["IsProd", "a", {"Ref": "AWS::NoValue"}]},
        {"Fn::If": ["IsProd", {"Ref": "Table"}, {"Ref": "Queue"}]},
        {"Fn::ImportValue": "shared"},
        {"Fn::FindInMap": ["Map", {"Ref": "AWS::Region"}, "Key"]},
    ]
)
STRINGS = st.sampled_from(
    ["orders", "a*b", "${Substituted}", "$.x", "{% $states.input.y %}", "arn:aws:s3:::b/*", "ü", ""]
)
NAMES = (
    *("TableName", "QueueUrl", "TopicArn", "FunctionName", "StateMachineArn", "Cluster", "TaskDefinition", "JobName"),
    *("Bucket", "Key", "SecretId", "RoleArn", "ApiEndpoint", "Method", "Entries", "ClusterId", "ModelId", "Name"),
    *("JobQueue", "JobDefinition", "WorkGroup", "TableName.$"),
)
ARGUMENTS = st.dictionaries(
    st.sampled_from(NAMES),
    st.one_of(STRINGS, NODES, st.just([{"EventBusName": "b"}]), st.just({"Deep": {"Ref": "Table"}}), st.none()),
    max_size=5,
)


def task(called: tuple[Any, tuple[str, ...]], arguments: Any, language: str, extra: Any) -> dict[str, Any]:
    resource, needed = called
    field = "Arguments" if language == "JSONata" else "Parameters"
    given = {**dict.fromkeys(needed, "given"), **arguments}
    return {"Type": "Task", "Resource": resource, field: given, "QueryLanguage": language, **extra}


def sometimes(usual: st.SearchStrategy[Any], rare: list[Any]) -> st.SearchStrategy[Any]:
    """Something wrong once in a while: a template with many errors says no more than one with one."""
    return st.integers(0, 24).flatmap(lambda number: usual if number else st.sampled_from(rare))


TASKS = st.builds(
    task,
    sometimes(
        st.one_of(
            st.sampled_from(CALLS),
            st.sampled_from(SDK).map(lambda api: (f"arn:aws:states:::aws-sdk:{api}", ())),
            st.sampled_from(FUNCTIONS).map(lambda function: (function, ())),
        ),
        [(each, ()) for each in NONSENSE],
    ),
    ARGUMENTS,
    st.sampled_from(["JSONPath", "JSONata"]),
    st.sampled_from([{}, {"Credentials": {"RoleArn": "arn:aws:iam::210987654321:role/r"}}, {"ResultPath": None}]),
)
MAPS = st.builds(
    lambda inner, mode, reader: {
        "Type": "Map",
        "ItemProcessor": {
            "ProcessorConfig": {"Mode": mode, "ExecutionType": "STANDARD"},
            "StartAt": "Inner",
            "States": {"Inner": {**inner, "End": True}},
        },
        **reader,
    },
    TASKS,
    sometimes(st.sampled_from(["INLINE", "DISTRIBUTED"]), [3]),
    st.sampled_from(
        [
            {},
            {
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "Parameters": {"Bucket": "b", "Key.$": "$.k"},
                }
            },
        ]
    ),
)
STATES = st.lists(
    sometimes(st.one_of(TASKS, MAPS, st.just({"Type": "Pass"})), ["no state", {}]), min_size=1, max_size=4
)


def definition(states: list[Any]) -> dict[str, Any]:
    named = {
        f"S{index}": {**state, **({"Next": f"S{index + 1}"} if index + 1 < len(states) else {"End": True})}
        if isinstance(state, dict)
        else state
        for index, state in enumerate(states)
    }
    return {"StartAt": "S0", "States": named}


OPTIONS = sometimes(
    st.sampled_from(
        [
            None,
            {"Mode": "Replace", "RoleNamePrefix": "x"},
            {"Mode": "Ignore"},
            {"RolePath": "/x/", "Explain": False, "RemoveActions": ["s3:*"]},
            {"Tags": [{"Key": "team", "Value": {"Ref": "Stage"}}], "TrustPolicy": "Account"},
        ]
    ),
    [{"Mode": "Augment"}, {"Mode": "Audit"}, {"OnWildcard": "Fail"}, {"Nonsense": 1}],
)
OWN_ROLE = {"RoleArn": {"Fn::GetAtt": ["Own", "Arn"]}}
KEY = {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": {"Fn::GetAtt": ["Key", "Arn"]}}
SETTINGS = sometimes(
    st.sampled_from(
        [
            {},
            {"StateMachineName": "orders"},
            {"StateMachineName": {"Fn::If": ["IsProd", "a", "b"]}},
            {"TracingConfiguration": {"Enabled": {"Fn::If": ["IsProd", True, False]}}},
            {"LoggingConfiguration": {"Level": "ALL", "Destinations": [{}]}},
            {"EncryptionConfiguration": KEY},
        ]
    ),
    [{"DefinitionSubstitutions": []}, {"RoleArn": "arn:aws:iam::123456789012:role/r"}, {"StateMachineType": "EXPRESS"}],
)
SUBSTITUTIONS = {"Substituted": {"Ref": "Table"}, "Function": {"Fn::GetAtt": ["Own", "Arn"]}}
ROLES = st.sampled_from([({}, None), (OWN_ROLE, {"Mode": "Augment"}), (OWN_ROLE, {"Mode": "Audit"}), (OWN_ROLE, None)])
GIVEN = st.one_of(
    st.tuples(SETTINGS, OPTIONS),
    st.tuples(SETTINGS, ROLES).map(lambda both: ({**both[0], **both[1][0]}, both[1][1])),
)


def machine(states: list[Any], given_: Any, kind: str, around: Any, *, as_text: bool) -> dict[str, Any]:
    written = definition(states)
    text = (
        {"DefinitionString": json.dumps(written)} if as_text and "Serverless" not in kind else {"Definition": written}
    )
    properties, options = given_
    resource = {
        "Type": kind,
        "Properties": {**text, "DefinitionSubstitutions": SUBSTITUTIONS, **properties},
        **around,
    }
    return resource if options is None else {**resource, "Metadata": {"SfnLeastPrivilege": options}}


MACHINES = st.builds(
    machine,
    STATES,
    GIVEN,
    st.sampled_from(["AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"]),
    st.sampled_from([{}, {"Condition": "IsProd"}, {"DeletionPolicy": "Retain"}, {"DependsOn": "Table"}]),
    as_text=st.booleans(),
)
OWN_STATEMENTS = st.fixed_dictionaries(
    {
        "Effect": st.sampled_from(["Allow", "Allow", "Deny"]),
        "Action": st.sampled_from(
            ["*", "sqs:*", ["dynamodb:Put?tem"], [{"Fn::If": ["IsProd", "s3:*", "sns:Publish"]}]]
        ),
        "Resource": st.one_of(st.sampled_from(["*", "arn:aws:*:table/o?ders"]), NODES, st.lists(NODES, min_size=1)),
    },
    optional={"Condition": st.sampled_from([{"StringLike": {"aws:PrincipalTag/a": ["b*"]}}, {"Ref": "Stage"}])},
)
OWN_POLICIES = st.lists(
    OWN_STATEMENTS.map(lambda each: {"PolicyName": "Own", "PolicyDocument": {"Statement": each}}), max_size=2
)
TEMPLATES = st.builds(
    lambda machines, policies: {
        "Parameters": {"Stage": {"Type": "String", "Default": "test"}},
        "Conditions": {"IsProd": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}},
        "Mappings": {"Map": {"eu-west-1": {"Key": "value"}}},
        "Resources": {
            "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}},
            "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
            "Own": {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies}},
            **machines,
        },
        "Outputs": {"Machine": {"Value": {"Ref": "Machine"}}},
    },
    st.dictionaries(st.sampled_from(["Machine", "MachineRole", "Other"]), MACHINES, min_size=1),
    OWN_POLICIES,
)
REQUEST = Request(NothingOutside(), "eu-west-1", "123456789012", {"Stage": "test"}, {}, Organisation())


def transformed(template: dict[str, Any]) -> Outcome | tuple[Finding, ...]:
    try:
        return transform(template, REQUEST)
    except TransformFailedError as failure:
        return failure.findings


@settings(max_examples=200, deadline=None)
@given(TEMPLATES)
def test_a_template_keeps_every_promise_or_fails_clearly(
    check_output: Callable[[Any, Any], None],
    template: dict[str, Any],
) -> None:
    before = copy.deepcopy(template)
    outcome = transformed(template)
    assert template == before
    if not isinstance(outcome, Outcome):
        assert outcome
        assert all(str(each) and each.is_error for each in outcome)
        return
    check_output(before, outcome.fragment)
    assert json.dumps(transform(before, REQUEST).fragment) == json.dumps(outcome.fragment)
    assert transform(outcome.fragment, REQUEST).fragment == outcome.fragment
