"""A machine that is encrypted with a customer's key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
CONTEXT = "kms:EncryptionContext:aws:states:stateMachineArn"
NAMED = {"Fn::Sub": "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:stateMachine:shop"}
EVERY_KEY = {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/*"}
KEY = {"Key": {"Type": "AWS::KMS::Key"}}
KEY_ARN = {"Fn::GetAtt": ["Key", "Arn"]}
PASS = {"StartAt": "Only", "States": {"Only": {"Type": "Pass", "End": True}}}
MAP = {
    "StartAt": "Each",
    "States": {
        "Each": {
            "Type": "Map",
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, **PASS},
            "End": True,
        }
    },
}


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


def made(encryption: Any, others: dict[str, Any] | None = None, **properties: Any) -> Outcome:
    """A template with a machine called `shop` that is encrypted as it is said."""
    machine = {"StateMachineName": "shop", "Definition": PASS, "EncryptionConfiguration": encryption, **properties}
    machine = {name: value for name, value in machine.items() if value is not None}
    resources = {**(others or KEY), "Machine": {"Type": "AWS::StepFunctions::StateMachine", "Properties": machine}}
    template = {"Resources": resources, "Conditions": {"Own": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]}}}
    return transform(template, Request(NothingOutside(), "eu-west-1", "123456789012"))


def customer(key: Any) -> dict[str, Any]:
    return {"Type": "CUSTOMER_MANAGED_KMS_KEY", "KmsKeyId": key}


def in_role(outcome: Outcome) -> list[dict[str, Any]]:
    policies = outcome.fragment["Resources"]["MachineRole"]["Properties"].get("Policies", [])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def beside(outcome: Outcome) -> list[dict[str, Any]]:
    statements: list[dict[str, Any]] = outcome.fragment["Resources"]["MachineRolePolicy"]["Properties"][
        "PolicyDocument"
    ]["Statement"]
    return statements


def ids(outcome: Outcome) -> list[str]:
    return [finding.rule.id for finding in outcome.findings]


def test_executions_use_the_machines_key_in_the_machines_name() -> None:
    (statement,) = in_role(made(customer({"Ref": "Key"})))
    assert statement == {
        "Sid": "Encryption",
        "Effect": "Allow",
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": KEY_ARN,
        "Condition": {"StringEquals": {CONTEXT: NAMED}},
    }


def test_an_express_machine_may_be_started_in_either_way() -> None:
    (statement,) = in_role(made(customer({"Ref": "Key"}), StateMachineType="EXPRESS"))
    assert statement["Action"] == ["kms:Decrypt", "kms:GenerateDataKey"]


@pytest.mark.parametrize("encryption", [None, {"Type": "AWS_OWNED_KEY"}, {"Type": "AWS_OWNED_KEY", "KmsKeyId": ID}])
def test_a_key_that_aws_owns_needs_nothing(encryption: Any) -> None:
    assert in_role(made(encryption)) == []


@pytest.mark.parametrize(
    ("named", "resource"),
    [
        ({"Ref": "Key"}, KEY_ARN),
        (KEY_ARN, KEY_ARN),
        ("arn:aws:kms:eu-west-1:123456789012:key/" + ID, "arn:aws:kms:eu-west-1:123456789012:key/" + ID),
        (ID, {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:${AWS::AccountId}:key/" + ID}),
        ({"Ref": "Alias"}, KEY_ARN),
        ("alias/shop", KEY_ARN),
        ({"Fn::Sub": "arn:aws:kms:${AWS::Region}:${AWS::AccountId}:alias/shop"}, KEY_ARN),
    ],
)
def test_a_key_is_known_by_each_of_its_names(named: Any, resource: Any) -> None:
    alias = {"Type": "AWS::KMS::Alias", "Properties": {"AliasName": "alias/shop", "TargetKeyId": {"Ref": "Key"}}}
    outcome = made(customer(named), {**KEY, "Alias": alias})
    assert [statement["Resource"] for statement in in_role(outcome)] == [resource]
    assert ids(outcome) == []


def test_an_alias_that_the_template_does_not_make_stands_in_a_condition() -> None:
    outcome = made(customer("alias/elsewhere"))
    (statement,) = in_role(outcome)
    assert statement["Resource"] == EVERY_KEY
    assert statement["Condition"] == {
        "StringEquals": {CONTEXT: NAMED},
        "ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/elsewhere"},
    }
    assert ids(outcome) == ["SLP312"]


def value(node: Any, imported: str) -> Any:
    """What CloudFormation makes of an intrinsic function, when what is imported is this."""
    if isinstance(node, str | int):
        return node
    if isinstance(node, list):
        return [value(each, imported) for each in node]
    ((function, argument),) = node.items()
    if function == "Fn::ImportValue":
        return imported
    if function == "Ref":
        return {"AWS::AccountId": "123456789012", "AWS::Partition": "aws", "AWS::Region": "eu-west-1"}[argument]
    if function == "Fn::Join":
        return argument[0].join(value(argument[1], imported))
    if function == "Fn::Split":
        return value(argument[1], imported).split(argument[0])
    if function == "Fn::Select":
        return value(argument[1], imported)[argument[0]]
    template, variables = argument if isinstance(argument, list) else (argument, {})
    for name, each in {**{f"AWS::{n}": {"Ref": f"AWS::{n}"} for n in PSEUDO}, **variables}.items():
        template = template.replace(f"${{{name}}}", value(each, imported))
    return template


PSEUDO = ("AccountId", "Partition", "Region")
HERE = "arn:aws:kms:eu-west-1:123456789012"
THEIRS = "arn:aws:kms:eu-west-1:210987654321"


@pytest.mark.parametrize(
    ("imported", "resource", "every", "alias"),
    [
        (ID, f"{HERE}:key/{ID}", f"{HERE}:key/*", None),
        (f"{THEIRS}:key/{ID}", f"{THEIRS}:key/{ID}", f"{THEIRS}:key/*", None),
        ("alias/shared", None, f"{HERE}:key/*", "alias/shared"),
        (f"{THEIRS}:alias/shared", None, f"{THEIRS}:key/*", "alias/shared"),
    ],
)
def test_a_key_that_another_stack_exports_is_exact_whatever_the_export_holds(
    imported: str, resource: str | None, every: str, alias: str | None
) -> None:
    exact, by_alias = in_role(made(customer({"Fn::ImportValue": "shared-key"})))
    assert resource is None or value(exact["Resource"], imported) == resource
    assert value(by_alias["Resource"], imported) == every
    named = value(by_alias["Condition"]["ForAnyValue:StringEquals"]["kms:ResourceAliases"], imported)
    assert {each for each in named if each.startswith("alias/")} == ({alias} if alias else set())
    assert exact["Condition"] == {"StringEquals": {CONTEXT: NAMED}}


def test_a_key_of_which_nothing_is_known_is_wide_and_told() -> None:
    outcome = made(customer("{{resolve:ssm:/shared/key}}"))
    (statement,) = in_role(outcome)
    assert statement["Resource"] == {"Fn::Sub": "arn:${AWS::Partition}:kms:${AWS::Region}:*:key/*"}
    assert statement["Condition"] == {"StringEquals": {CONTEXT: NAMED}}
    assert ids(outcome) == ["SLP311"]


def test_a_key_that_is_not_named_is_an_error() -> None:
    with pytest.raises(TransformFailedError, match="SLP313 Machine"):
        made({"Type": "CUSTOMER_MANAGED_KMS_KEY"})


def test_a_machine_without_a_name_is_named_in_a_policy_beside_the_role() -> None:
    outcome = made(customer({"Ref": "Key"}), StateMachineName=None)
    assert in_role(outcome) == []
    (statement,) = beside(outcome)
    assert statement["Condition"] == {"StringEquals": {CONTEXT: {"Ref": "Machine"}}}


def test_a_key_under_a_condition_is_needed_under_it() -> None:
    role = made({"Fn::If": ["Own", customer({"Ref": "Key"}), {"Ref": "AWS::NoValue"}]}).fragment["Resources"]
    (policy,) = role["MachineRole"]["Properties"]["Policies"]
    assert policy["Fn::If"][0] == "Own"
    assert policy["Fn::If"][2] == {"Ref": "AWS::NoValue"}


def test_a_key_under_a_condition_of_a_machine_without_a_name_is_needed_under_it_too() -> None:
    encryption = {"Fn::If": ["Own", customer({"Ref": "Key"}), {"Ref": "AWS::NoValue"}]}
    guarded, *_ = beside(made(encryption, StateMachineName=None))
    condition, statement, otherwise = guarded["Fn::If"]
    assert condition == "Own"
    assert statement["Condition"] == {"StringEquals": {CONTEXT: {"Ref": "Machine"}}}
    assert otherwise == {"Ref": "AWS::NoValue"}


def test_the_children_of_a_distributed_map_may_use_the_key_in_their_own_name() -> None:
    outcome = made(customer({"Ref": "Key"}), Definition=MAP)
    (statement,) = [each for each in in_role(outcome) if each["Sid"] == "Encryption"]
    assert statement["Condition"] == {"StringLike": {CONTEXT: [NAMED, {"Fn::Sub": NAMED["Fn::Sub"] + "/*"}]}}


# Logs ---------------------------------------------------------------------------------------------------------------

LOGGED = {"Level": "ALL", "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn"}}]}


def test_logs_of_an_encrypted_machine_are_encrypted_with_its_key_too() -> None:
    outcome = made(customer({"Ref": "Key"}), LoggingConfiguration=LOGGED)
    (statement,) = [each for each in in_role(outcome) if each["Sid"] == "EncryptionOfLogs"]
    source = {"Fn::Sub": "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:*"}
    assert statement["Action"] == "kms:GenerateDataKey"
    assert statement["Resource"] == KEY_ARN
    assert statement["Condition"] == {"StringEquals": {"kms:EncryptionContext:SourceArn": source}}


def test_the_logs_of_a_machine_without_a_name_stay_in_its_role() -> None:
    outcome = made(customer({"Ref": "Key"}), StateMachineName=None, LoggingConfiguration=LOGGED)
    assert {statement["Sid"] for statement in in_role(outcome)} == {"Logging", "EncryptionOfLogs"}


@pytest.mark.parametrize("logging", [None, {**LOGGED, "Level": "OFF"}])
def test_a_machine_that_is_not_logged_needs_no_key_for_logs(logging: Any) -> None:
    assert len(in_role(made(customer({"Ref": "Key"}), LoggingConfiguration=logging))) == 1


def test_a_log_group_encrypted_with_a_key_is_the_services_affair() -> None:
    group = {"Group": {"Type": "AWS::Logs::LogGroup", "Properties": {"KmsKeyId": KEY_ARN}}, **KEY}
    destination = {"CloudWatchLogsLogGroup": {"LogGroupArn": {"Fn::GetAtt": ["Group", "Arn"]}}}
    outcome = made(None, group, LoggingConfiguration={"Level": "ALL", "Destinations": [destination]})
    assert [statement["Sid"] for statement in in_role(outcome)] == ["Logging"]


def test_a_name_that_is_no_value_leaves_no_condition_empty() -> None:
    (statement,) = beside(made(customer({"Ref": "Key"}), StateMachineName={"Ref": "AWS::NoValue"}))
    assert statement["Condition"] == {"StringEquals": {CONTEXT: {"Ref": "Machine"}}}
