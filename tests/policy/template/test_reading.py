from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.errors import DefinitionUnavailableError
from sfn_least_privilege.policy.template.definitions import LocalFile, S3Object
from sfn_least_privilege.policy.template.machine import EmptySamRole, NoRole
from sfn_least_privilege.policy.template.reading import ReadTemplate, read_template
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Conditional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

PLAIN = "AWS::StepFunctions::StateMachine"
SERVERLESS = "AWS::Serverless::StateMachine"
REST = {"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}}
NO_VALUE = {"Ref": "AWS::NoValue"}
REST_TEXT = '{"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}}'


class Store:
    """Definitions by location; remembers what it was asked for."""

    def __init__(self, definitions: Mapping[DefinitionLocation, FetchedDefinition] | None = None) -> None:
        self.definitions = definitions or {}
        self.asked: list[DefinitionLocation] = []

    def fetch(self, locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        self.asked.extend(locations)
        return {location: self.definitions[location] for location in locations}


def read(
    properties: Any,
    *,
    kind: str = PLAIN,
    store: Store | None = None,
    parameters: Mapping[str, Any] | None = None,
    **attributes: Any,
) -> ReadTemplate:
    fragment = {
        "Parameters": {name: {"Type": "String", "Default": value} for name, value in (parameters or {}).items()},
        "Resources": {"Machine": {"Type": kind, "Properties": properties, **attributes}},
    }
    return read_template(fragment, {}, template_deployment("eu-west-1", "123456789012"), store or Store())


def messages(read: ReadTemplate) -> list[str]:
    return [str(finding) for finding in read.findings]


@pytest.mark.parametrize(
    "properties",
    [
        {"Definition": REST},
        {"DefinitionString": REST_TEXT},
        {"DefinitionString": {"Fn::Sub": REST_TEXT}},
        {"DefinitionString": {"Fn::Join": ["", [REST_TEXT[:20], REST_TEXT[20:]]]}},
        {"DefinitionString": {"Fn::Join": ["\n", REST_TEXT.split(" ")]}},
        {"DefinitionString": {"Fn::ToJsonString": REST}},
        {"DefinitionString": {"Fn::Sub": [REST_TEXT.replace("Rest", "${Name}"), {"Name": "Rest"}]}},
    ],
)
def test_a_definition_in_the_template_is_read_in_every_form(properties: dict[str, Any]) -> None:
    (machine,) = read(properties).machines
    assert machine.definitions[0].document == REST


@pytest.mark.parametrize(
    ("kind", "properties", "location"),
    [
        (PLAIN, {"DefinitionS3Location": {"Bucket": "b", "Key": "k"}}, S3Object("b", "k")),
        (PLAIN, {"DefinitionS3Location": {"Bucket": "b", "Key": "k", "Version": 3}}, S3Object("b", "k", "3")),
        (PLAIN, {"DefinitionS3Location": "machine.asl.json"}, LocalFile("machine.asl.json")),
        (SERVERLESS, {"DefinitionUri": "s3://b/folder/k"}, S3Object("b", "folder/k")),
        (SERVERLESS, {"DefinitionUri": "s3://b/k?versionId=v1"}, S3Object("b", "k", "v1")),
        (SERVERLESS, {"DefinitionUri": {"Bucket": "b", "Key": "k", "Version": "v"}}, S3Object("b", "k", "v")),
        (SERVERLESS, {"DefinitionUri": "state/machine.asl.yaml"}, LocalFile("state/machine.asl.yaml")),
        (
            PLAIN,
            {"DefinitionS3Location": {"Bucket": {"Fn::Sub": "cdk-${AWS::AccountId}-${AWS::Region}"}, "Key": "k"}},
            S3Object("cdk-123456789012-eu-west-1", "k"),
        ),
        (
            PLAIN,
            {"DefinitionS3Location": {"Bucket": {"Ref": "Artifacts"}, "Key": "k"}},
            S3Object("artifacts", "k"),
        ),
    ],
)
def test_a_definition_outside_the_template_is_fetched_from_its_place(
    kind: str,
    properties: dict[str, Any],
    location: DefinitionLocation,
) -> None:
    result = read(properties, kind=kind, store=Store({location: REST_TEXT}), parameters={"Artifacts": "artifacts"})
    assert [machine.definitions[0].document for machine in result.machines] == [REST]


def test_a_choice_inside_a_definition_string_stays_a_choice() -> None:
    text = ['{"StartAt": "Rest", "States": {"Rest": {"Type": "Pass", "Result": "', {"Fn::If": ["C", "a", "b"]}, '"}}}']
    (machine,) = read({"DefinitionString": {"Fn::Join": ["", text]}}).machines
    result = machine.definitions[0].document["States"]["Rest"]["Result"]
    assert machine.definitions[0].tokens.literal(result) == Conditional("C", Text.of("a"), Text.of("b"))


def test_a_definition_that_several_machines_share_is_fetched_once() -> None:
    machine = {"Type": SERVERLESS, "Properties": {"DefinitionUri": "shared.asl.json"}}
    store = Store({LocalFile("shared.asl.json"): REST_TEXT})
    result = read_template({"Resources": {"One": machine, "Two": machine}}, {}, template_deployment(), store)
    assert store.asked == [LocalFile("shared.asl.json")]
    assert len(result.machines) == 2


def test_each_definition_gets_the_substitutions_of_its_own_machine() -> None:
    text = '{"StartAt": "${First}", "States": {"${First}": {"Type": "Succeed"}}}'
    result = read(
        {"DefinitionUri": "m.json", "DefinitionSubstitutions": {"First": "Rest"}},
        kind=SERVERLESS,
        store=Store({LocalFile("m.json"): text}),
    )
    assert result.machines[0].definitions[0].document == REST


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({}, "SLP102 Machine: no definition was found"),
        ({"Definition": REST, "DefinitionString": "{}"}, "SLP103 Machine: Definition and DefinitionString are given"),
        ({"DefinitionString": '{"StartAt": }'}, "SLP104 Machine: the definition in DefinitionString cannot be parsed"),
        ({"DefinitionString": '{"StartAt": }'}, "line 1, column 13"),
        ({"DefinitionString": "- a\n b: ["}, "SLP104 Machine"),
        ({"DefinitionS3Location": {"Bucket": {"Fn::ImportValue": "b"}, "Key": "k"}}, "`Bucket` is not known"),
        ({"DefinitionUri": "s3://bucket-only"}, "lacks its bucket or its key"),
        ({"DefinitionString": {"Ref": "Text"}}, "SLP107 Machine: DefinitionString is not known when the macro runs"),
        ({"DefinitionString": {"Fn::If": ["C", "{}", {"Ref": "Text"}]}}, "it is the value of `Ref Text`"),
        ({"DefinitionString": {"Fn::If": ["C", REST_TEXT, NO_VALUE]}}, "it is `AWS::NoValue`, where `C` does not hold"),
        ({"DefinitionString": {"Fn::If": ["C", REST_TEXT, "{,}"]}}, "line 1, column 2, where `C` does not hold"),
        ({"Definition": ["a"]}, "SLP107 Machine: Definition is not known when the macro runs: it is not an object"),
        ({"Definition": REST, "DefinitionSubstitutions": "x"}, "SLP111 Machine: DefinitionSubstitutions is a string"),
        ({"Fn::If": ["C", {}, {}]}, "SLP110 Machine: Properties is `Fn::If`"),
        ("x", "SLP110 Machine: Properties is a string"),
    ],
)
def test_a_definition_that_cannot_be_read_is_an_error_that_says_why(properties: Any, message: str) -> None:
    found = read(properties)
    assert any(message in each for each in messages(found)), messages(found)
    assert any(finding.is_error for finding in found.findings)


def test_a_definition_that_cannot_be_fetched_is_an_error_with_the_reason_of_whoever_fetched_it() -> None:
    store = Store({S3Object("b", "k"): DefinitionUnavailableError("s3://b/k: the role may not s3:GetObject it")})
    found = read({"DefinitionS3Location": {"Bucket": "b", "Key": "k"}}, store=store)
    assert messages(found) == [
        "SLP105 Machine: the definition cannot be read: s3://b/k: the role may not s3:GetObject it",
    ]


def test_problems_of_several_machines_are_reported_together() -> None:
    broken = {"Type": PLAIN, "Properties": {}}
    found = read_template({"Resources": {"One": broken, "Two": broken}}, {}, template_deployment(), Store())
    assert [str(finding.location) for finding in found.findings] == ["One", "Two"]


@pytest.mark.parametrize("section", ["Resources", "Parameters", "Mappings", "Conditions"])
def test_a_section_that_is_no_object_is_an_error(section: str) -> None:
    found = read_template({section: ["x"]}, {}, template_deployment(), Store())
    assert messages(found) == [f"SLP101 `{section}` is a list, not an object"]


def test_a_machine_without_a_role_is_read_and_one_with_its_own_is_left() -> None:
    assert isinstance(read({"Definition": REST}).machines[0].role, NoRole)
    kept = read({"Definition": REST, "RoleArn": "arn:aws:iam::123456789012:role/r"})
    assert (kept.machines, kept.count) == ((), 1)
    assert messages(kept) == ["SLP109 Machine: `RoleArn` is given, so the role is left as it is"]


def test_the_empty_role_that_sam_has_made_is_recognised() -> None:
    sam_tag = {"Key": "stateMachine:createdBy", "Value": "SAM"}
    fragment = {
        "Resources": {
            "Machine": {
                "Type": PLAIN,
                "Properties": {"Definition": REST, "RoleArn": {"Fn::GetAtt": ["MachineRole", "Arn"]}},
            },
            "MachineRole": {"Type": "AWS::IAM::Role", "Properties": {"Tags": [sam_tag]}},
        },
    }
    (machine,) = read_template(fragment, {}, template_deployment(), Store()).machines
    assert machine.role == EmptySamRole("MachineRole")


def test_name_settings_and_condition_are_read_in_both_spellings() -> None:
    plain = read(
        {"Definition": REST, "StateMachineName": "m", "TracingConfiguration": {"Enabled": True}},
        Condition="Wanted",
    ).machines[0]
    serverless = read(
        {"Definition": REST, "Name": "m", "Tracing": {"Enabled": True}},
        kind=SERVERLESS,
        Condition="Wanted",
    ).machines[0]
    assert plain.name == serverless.name
    assert plain.settings == serverless.settings != {}
    assert plain.condition == serverless.condition == "Wanted"


def test_a_dynamic_reference_in_a_definition_object_is_no_name() -> None:
    result = "{{resolve:ssm:/orders/table}}"
    definition = {"StartAt": "Rest", "States": {"Rest": {"Type": "Pass", "Result": result, "End": True}}}
    (machine,) = read({"Definition": definition}).machines
    written = machine.definitions[0].document["States"]["Rest"]["Result"]
    assert written != result
    value = machine.definitions[0].tokens.literal(written)
    assert isinstance(value, Text)
    assert value.reference is not None


def test_machines_in_a_loop_that_is_not_unrolled_are_an_error() -> None:
    loop = ["Name", ["A", "B"], {"${Name}Machine": {"Type": PLAIN, "Properties": {"Definition": REST}}}]
    found = read_template({"Resources": {"Fn::ForEach::Machines": loop}}, {}, template_deployment(), Store())
    assert "AWS::LanguageExtensions" in found.findings[0].rule.help
    assert [finding.rule.id for finding in found.findings] == ["SLP113"]


def test_a_role_that_a_condition_may_leave_out_is_a_warning() -> None:
    role = {"Fn::If": ["C", "arn:aws:iam::123456789012:role/r", NO_VALUE]}
    assert [finding.rule.id for finding in read({"Definition": REST, "RoleArn": role}).findings] == ["SLP114"]
