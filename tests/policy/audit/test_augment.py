"""A role that somebody wrote by hand gets what it lacks, and stays as it is."""

from __future__ import annotations

import copy
import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.pipeline import Outcome, Request, transform

if TYPE_CHECKING:
    from collections.abc import Callable

OWN = {"RoleArn": {"Fn::GetAtt": ["Own", "Arn"]}}
LOGGING = {"Level": "ALL", "Destinations": [{"CloudWatchLogsLogGroup": {"LogGroupArn": "arn:aws:logs:x"}}]}
DISTRIBUTED = {
    "Type": "Map",
    "ItemProcessor": {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Nothing",
        "States": {"Nothing": {"Type": "Pass", "End": True}},
    },
}


class NothingOutside:
    def fetch(self, _locations: Any) -> dict[Any, Any]:
        return {}


def put_item(table: Any = "orders") -> dict[str, Any]:
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:putItem",
        "Parameters": {"TableName": table, "Item": {}},
    }


def machine(*states: dict[str, Any], kind: str = "AWS::StepFunctions::StateMachine", **properties: Any) -> Any:
    named = {
        f"S{index}": {**state, **({"End": True} if index == len(states) - 1 else {"Next": f"S{index + 1}"})}
        for index, state in enumerate(states)
    }
    return {
        "Type": kind,
        "Metadata": {"SfnLeastPrivilege": {"Mode": "Augment"}},
        "Properties": {"Definition": {"StartAt": "S0", "States": named}, **properties},
    }


def allow(action: Any, resource: Any, **fields: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **fields}


def role(*statements: Any) -> dict[str, Any]:
    policies = [{"PolicyName": "Own", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}]
    return {"Type": "AWS::IAM::Role", "Properties": {"Policies": policies if statements else []}}


@pytest.fixture
def augmented(check_output: Callable[[Any, Any], None]) -> Callable[..., dict[str, Any]]:
    """The resources afterwards, where everything holds that has to, and a second run changes nothing."""

    def run(own: dict[str, Any] | None = None, **resources: Any) -> dict[str, Any]:
        given = {"Own": own} if own is not None else {}
        fragment = {
            "Conditions": {"IsProd": {"Fn::Equals": ["a", "b"]}},
            "Resources": {"Orders": {"Type": "AWS::DynamoDB::Table"}, **given, **resources},
        }
        before = copy.deepcopy(fragment)
        once = _transformed(fragment)
        check_output(before, once.fragment)
        assert _transformed(once.fragment).fragment == once.fragment
        made: dict[str, Any] = once.fragment["Resources"]
        return made

    return run


def _transformed(fragment: Any) -> Outcome:
    return transform(fragment, Request(NothingOutside(), "eu-west-1", "123456789012"))


def granted(resource: Any) -> list[tuple[Any, Any]]:
    return [(each["Action"], each["Resource"]) for each in resource["Properties"]["PolicyDocument"]["Statement"]]


def test_what_the_role_lacks_stands_in_a_policy_of_its_own(augmented: Callable[..., Any]) -> None:
    own = role(allow("s3:GetObject", "*"))
    resources = augmented(own, Machine=machine(put_item({"Ref": "Orders"}), **OWN))
    assert resources["Own"] == own
    assert resources["MachinePolicy"]["Properties"]["Roles"] == [{"Ref": "Own"}]
    assert granted(resources["MachinePolicy"]) == [("dynamodb:PutItem", {"Fn::GetAtt": ["Orders", "Arn"]})]


def test_a_role_that_lacks_nothing_gets_no_policy(augmented: Callable[..., Any]) -> None:
    assert "MachinePolicy" not in augmented(role(allow("dynamodb:*", "*")), Machine=machine(put_item(), **OWN))


@pytest.mark.parametrize(
    "task",
    [
        {"Resource": "arn:aws:states:::aws-sdk:secretsmanager:getSecretValue", "Parameters": {"SecretId": "x"}},
        {"Resource": "arn:aws:states:::aws-sdk:s3:getObject", "Parameters": {"Bucket": "b", "Key": "a*b?${c}"}},
    ],
    ids=["wildcards of known length", "characters that IAM would read as wildcards"],
)
def test_what_was_added_is_found_again(augmented: Callable[..., Any], task: Any) -> None:
    resources = augmented(role(), Machine=machine({"Type": "Task", **task}, **OWN))
    assert [name for name in resources if "Policy" in name] == ["MachinePolicy"]


@pytest.mark.parametrize(
    "table",
    [
        {"Fn::ImportValue": "TableArn"},
        {"Fn::Select": [0, {"Fn::Split": [",", {"Fn::ImportValue": "Tables"}]}]},
        {"Fn::Join": ["", [{"Ref": "Orders"}, "::::", {"Ref": "AWS::AccountId"}, ":table/", {"Ref": "Orders"}]]},
        {"Fn::Sub": "${Orders}-${AWS::StackName}"},
        {"Fn::FindInMap": ["M", {"Ref": "AWS::Region"}, "Table"]},
    ],
)
def test_what_was_written_in_other_words_is_found_again(augmented: Callable[..., Any], table: Any) -> None:
    assert "MachinePolicy2" not in augmented(role(), Machine=machine(put_item(table), **OWN))


def test_what_was_added_under_the_machines_condition_is_found_again(augmented: Callable[..., Any]) -> None:
    resources = augmented(role(), Machine={**machine(put_item(), **OWN), "Condition": "IsProd"})
    assert resources["MachinePolicy"]["Condition"] == "IsProd"


def test_machines_that_share_a_role_do_not_overwrite_each_others_policies(augmented: Callable[..., Any]) -> None:
    resources = augmented(role(), One=machine(put_item("a"), **OWN), Two=machine(put_item("b"), **OWN))
    names = [resources[each]["Properties"]["PolicyName"] for each in ("OnePolicy", "TwoPolicy")]
    assert len(set(names)) == 2


def test_conditions_that_are_not_the_needs_own_do_not_count_as_granting(augmented: Callable[..., Any]) -> None:
    own = role(allow("dynamodb:PutItem", "*", Condition={"StringEquals": {"aws:PrincipalTag/team": "other"}}))
    assert "MachinePolicy" in augmented(own, Machine=machine(put_item(), **OWN))


def test_what_does_not_fit_stands_in_managed_policies_of_the_role(augmented: Callable[..., Any]) -> None:
    names = [f"a-table-with-a-rather-long-name-{number:05}" for number in range(300)]
    resources = augmented(role(), Machine=machine(*(put_item(each) for each in names), **OWN))
    written = json.dumps(resources)
    assert all(each in json.dumps(resources["Machine"]) and written.count(f"table/{each}") == 1 for each in names)
    managed = [each for each in resources.values() if each["Type"] == "AWS::IAM::ManagedPolicy"]
    assert managed
    assert all(each["Properties"]["Roles"] == [{"Ref": "Own"}] for each in managed)


def test_what_the_role_holds_already_leaves_less_room(augmented: Callable[..., Any]) -> None:
    own = role(*(allow("s3:GetObject", f"arn:aws:s3:::{number:03}-bucket/{'x' * 80}/*") for number in range(60)))
    tables = [f"a-table-with-a-rather-long-name-{number:05}" for number in range(30)]
    resources = augmented(own, Machine=machine(*(put_item(each) for each in tables), **OWN))
    assert "AWS::IAM::ManagedPolicy" in {each["Type"] for each in resources.values()}


def test_what_waits_for_the_machine_does_not_keep_the_machine_waiting(augmented: Callable[..., Any]) -> None:
    resources = augmented(role(), Machine=machine(DISTRIBUTED, LoggingConfiguration=LOGGING, **OWN))
    assert resources["Machine"]["DependsOn"] == ["MachinePolicy"]
    assert ("states:StartExecution", {"Ref": "Machine"}) in granted(resources["MachineItselfPolicy"])
    assert '"Machine"' not in json.dumps(resources["MachinePolicy"]["Properties"])


def test_a_resource_under_a_condition_stays_under_it(augmented: Callable[..., Any]) -> None:
    table = {"Fn::If": ["IsProd", {"Ref": "Orders"}, "orders-of-tests"]}
    policy = augmented(role(), Machine=machine(put_item(table), **OWN))["MachinePolicy"]
    statements = policy["Properties"]["PolicyDocument"]["Statement"]
    assert [each["Fn::If"][0] for each in statements] == ["IsProd", "IsProd"]


def test_a_policy_is_never_empty_whatever_holds(augmented: Callable[..., Any]) -> None:
    table = {"Fn::If": ["IsProd", {"Ref": "Orders"}, "other"]}
    own = role(allow("dynamodb:PutItem", "arn:aws:dynamodb:eu-west-1:123456789012:table/other"))
    own["Properties"]["Policies"][0]["PolicyDocument"]["Statement"][0]["Resource"] = {
        "Fn::Sub": "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/other"
    }
    policy = augmented(own, Machine=machine(put_item(table), **OWN))["MachinePolicy"]
    guarded, nothing = policy["Properties"]["PolicyDocument"]["Statement"]
    assert guarded["Fn::If"][0] == "IsProd"
    # It denies what is matched by no star: nothing at all.
    assert (nothing["Effect"], nothing["NotResource"]) == ("Deny", "*")


def test_a_deny_that_no_allow_helps_against_is_told() -> None:
    own = role({"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"})
    outcome = _transformed({"Resources": {"Own": own, "Machine": machine(put_item(), **OWN)}})
    assert [each.rule.id for each in outcome.findings] == ["SLP416"]


class TestServerless:
    KIND = "AWS::Serverless::StateMachine"

    def test_the_role_that_sam_makes_of_policies_gets_a_policy(self, augmented: Callable[..., Any]) -> None:
        resources = augmented(Machine=machine(put_item(), kind=self.KIND, Policies=["Other"]))
        assert resources["Machine"]["Properties"]["Policies"] == ["Other"]
        assert resources["MachinePolicy"]["Properties"]["Roles"] == [{"Ref": "MachineRole"}]

    @pytest.mark.parametrize(
        "policies",
        [
            [{"Statement": [allow("dynamodb:PutItem", "*")]}],
            {"Version": "2012-10-17", "Statement": allow("dynamodb:PutItem", "*")},
            [{"Ref": "Managed"}],
            {"Fn::If": ["IsProd", [{"Ref": "Managed"}], [{"Ref": "Managed"}]]},
        ],
    )
    def test_policies_that_can_be_read_count(self, augmented: Callable[..., Any], policies: Any) -> None:
        managed = {
            "Type": "AWS::IAM::ManagedPolicy",
            "Properties": {"PolicyDocument": {"Statement": [allow("dynamodb:PutItem", "*")]}},
        }
        resources = augmented(Managed=managed, Machine=machine(put_item(), kind=self.KIND, Policies=policies))
        assert "MachinePolicy" not in resources

    def test_policies_that_are_not_there_do_not_hide_the_role_that_is(self, augmented: Callable[..., Any]) -> None:
        properties = {"Role": OWN["RoleArn"], "Policies": {"Ref": "AWS::NoValue"}}
        resources = augmented(role(), Machine=machine(put_item(), kind=self.KIND, **properties))
        assert resources["MachinePolicy"]["Properties"]["Roles"] == [{"Ref": "Own"}]

    @pytest.mark.parametrize(
        ("around", "others", "shown"),
        [
            ({"Policies": [{"SQSSendMessagePolicy": {"QueueName": "q"}}]}, {}, "`SQSSendMessagePolicy`"),
            ({"Policies": ["AWSXrayWriteOnlyAccess"]}, {}, "`AWSXrayWriteOnlyAccess`"),
            (
                {"Policies": []},
                {
                    "Connected": {
                        "Type": "AWS::Serverless::Connector",
                        "Properties": {"Source": {"Id": "Machine"}, "Destination": {"Id": "Orders"}},
                    }
                },
                "the connector `Connected`",
            ),
        ],
    )
    def test_what_only_sam_can_read_is_named_by_an_audit(
        self, around: dict[str, Any], others: dict[str, Any], shown: str
    ) -> None:
        one = machine(put_item(), kind=self.KIND, **around)
        one["Metadata"]["SfnLeastPrivilege"]["Mode"] = "Audit"
        outcome = _transformed({"Resources": {"Machine": one, **others}})
        assert any(each.rule.id == "SLP413" and shown in each.detail for each in outcome.findings)


def test_what_is_added_never_makes_a_circle_with_what_is_there(augmented: Callable[..., Any]) -> None:
    """A queue's policy names the role: what is added names the queue, and nothing waits for that."""
    queue_policy = {
        "Type": "AWS::SQS::QueuePolicy",
        "Properties": {"Role": OWN["RoleArn"], "Queues": [{"Ref": "Queue"}]},
    }
    send = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage",
        "Parameters": {"QueueUrl": {"Ref": "Queue"}, "MessageBody": "x"},
    }
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"KmsMasterKeyId": {"Ref": "Key"}}}
    key = {"Type": "AWS::KMS::Key", "Properties": {"KeyPolicy": {"Principal": OWN["RoleArn"]}}}
    resources = augmented(role(), Queue=queue, QueuePolicy=queue_policy, Key=key, Machine=machine(send, **OWN))
    actions = itertools.chain.from_iterable(
        each if isinstance(each, list) else [each] for each, _ in granted(resources["MachinePolicy"])
    )
    assert {"sqs:SendMessage", "kms:Decrypt", "kms:GenerateDataKey"} <= set(actions)
