"""Roles put into a template, and nothing else touched."""

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from sfn_least_privilege import __version__
from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.findings import Location, finding
from sfn_least_privilege.policy.iam.placement import Placement
from sfn_least_privilege.policy.iam.statement import Statement
from sfn_least_privilege.policy.needs.need import Reason
from sfn_least_privilege.policy.needs.rules import RESOURCE_WIDE
from sfn_least_privilege.policy.options.options import Options
from sfn_least_privilege.policy.template.machine import (
    PLAIN_TYPE,
    SERVERLESS_TYPE,
    Definition,
    EmptySamRole,
    NoRole,
    OwnRole,
    RoleSituation,
    StateMachine,
)
from sfn_least_privilege.policy.template.role_situation import role_situation, role_users
from sfn_least_privilege.policy.text import Kind, Reference, Text, unknown
from sfn_least_privilege.policy.value import MISSING, Conditional, Value
from sfn_least_privilege.policy.weave.granted import Granted
from sfn_least_privilege.policy.weave.weaving import weave

DEPLOYMENT = template_deployment("eu-west-1", "111122223333")
REASON = Reason(("Send",), "sqs:sendMessage", "https://docs.aws.amazon.com/sqs", Basis.DOCUMENTED)
QUEUE = Text.of(Reference("Fn::GetAtt", "Queue.Arn", Kind.ARN))
STATEMENT = Statement("SqsSendMessage", ("sqs:SendMessage",), (QUEUE,), (REASON,))
ROLE_ARN = {"Fn::GetAtt": ["MachineRole", "Arn"]}
SAM_ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
        "Path": "/orders/",
        "ManagedPolicyArns": ["arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"],
        "Tags": [{"Key": "stateMachine:createdBy", "Value": "SAM"}],
    },
}


def machine(
    logical_id: str = "Machine",
    resource_type: str = PLAIN_TYPE,
    role: RoleSituation | None = None,
    name: Value = MISSING,
    condition: str | None = None,
) -> StateMachine:
    return StateMachine(logical_id, resource_type, (Definition({}),), role or NoRole(), name, condition=condition)


def template(resource_type: str = PLAIN_TYPE, **resources: Any) -> dict[str, Any]:
    return {
        "Description": "orders",
        "Resources": {
            "Queue": {"Type": "AWS::SQS::Queue"},
            "Machine": {"Type": resource_type, "Properties": {"Tags": {"a": "b"}}},
            "Table": {"Type": "AWS::DynamoDB::Table"},
            **resources,
        },
        "Outputs": {"Arn": {"Value": {"Ref": "Machine"}}},
    }


def woven(fragment: dict[str, Any], *granted: StateMachine, statements: tuple[Statement, ...] = (STATEMENT,)) -> Any:
    result, _ = weave(fragment, [Granted(each, Placement(statements)) for each in granted], DEPLOYMENT)
    return result


class TestNewRole:
    def test_the_machine_refers_to_it(self) -> None:
        resources = woven(template(), machine())["Resources"]
        assert resources["Machine"] == {"Type": PLAIN_TYPE, "Properties": {"Tags": {"a": "b"}, "RoleArn": ROLE_ARN}}

    def test_a_serverless_machine_refers_to_it_by_its_own_property(self) -> None:
        resources = woven(template(SERVERLESS_TYPE), machine(resource_type=SERVERLESS_TYPE))["Resources"]
        assert resources["Machine"]["Properties"]["Role"] == ROLE_ARN

    def test_it_grants_the_statements_inline(self) -> None:
        role = woven(template(), machine())["Resources"]["MachineRole"]
        assert role["Type"] == "AWS::IAM::Role"
        assert role["Properties"]["Policies"] == [
            {
                "PolicyName": "Workflow",
                "PolicyDocument": {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Sid": "SqsSendMessage",
                            "Effect": "Allow",
                            "Action": "sqs:SendMessage",
                            "Resource": {"Fn::GetAtt": ["Queue", "Arn"]},
                        }
                    ],
                },
            }
        ]

    def test_a_workflow_that_calls_nothing_has_a_role_without_policies(self) -> None:
        role = woven(template(), machine(), statements=())["Resources"]["MachineRole"]
        assert "Policies" not in role["Properties"]

    def test_a_statement_under_a_condition_makes_a_policy_under_it(self) -> None:
        guarded = Statement("Sid", ("a:A",), (QUEUE,), (REASON,), (("IsProd", True),))
        role = woven(template(), machine(), statements=(guarded,))["Resources"]["MachineRole"]
        (policy,) = role["Properties"]["Policies"]
        condition, then, otherwise = policy["Fn::If"]
        assert (condition, then["PolicyName"], otherwise) == ("IsProd", "Workflow-IfIsProd", {"Ref": "AWS::NoValue"})

    def test_it_carries_the_condition_of_the_machine(self) -> None:
        role = woven(template(), machine(condition="IsProd"))["Resources"]["MachineRole"]
        assert role["Condition"] == "IsProd"

    def test_without_a_condition_it_has_none(self) -> None:
        assert "Condition" not in woven(template(), machine())["Resources"]["MachineRole"]

    def test_its_metadata_explain_each_statement(self) -> None:
        role = woven(template(), machine())["Resources"]["MachineRole"]
        assert role["Metadata"]["SfnLeastPrivilege"] == {
            "Version": __version__,
            "StateMachine": "Machine",
            "Statements": {
                "SqsSendMessage": [
                    {
                        "Rule": "sqs:sendMessage",
                        "States": ["Send"],
                        "Source": "https://docs.aws.amazon.com/sqs",
                        "Basis": "documented",
                    }
                ]
            },
        }

    @pytest.mark.parametrize(
        ("taken", "role_id"),
        [(("MachineRole",), "MachineRole2"), (("MachineRole", "MachineRole2"), "MachineRole3")],
    )
    def test_its_logical_id_is_one_that_is_free(self, taken: tuple[str, ...], role_id: str) -> None:
        others = {each: {"Type": "AWS::IAM::Role"} for each in taken}
        result, roles = weave(template(**others), [Granted(machine(), Placement(()))], DEPLOYMENT)
        assert roles == {"Machine": role_id}
        assert result["Resources"]["Machine"]["Properties"]["RoleArn"] == {"Fn::GetAtt": [role_id, "Arn"]}
        assert all(result["Resources"][each] is others[each] for each in taken)

    def test_no_new_role_takes_the_logical_id_of_another(self) -> None:
        fragment = template(MachineRole={"Type": PLAIN_TYPE, "Properties": {}})
        _, roles = weave(
            fragment, [Granted(machine(), Placement(())), Granted(machine("MachineRole"), Placement(()))], DEPLOYMENT
        )
        assert roles == {"Machine": "MachineRole2", "MachineRole": "MachineRoleRole"}

    def test_a_machine_without_properties_gets_them(self) -> None:
        fragment = {"Resources": {"Machine": {"Type": PLAIN_TYPE}}}
        assert woven(fragment, machine())["Resources"]["Machine"]["Properties"] == {"RoleArn": ROLE_ARN}

    def test_it_is_as_the_options_want_it(self) -> None:
        options = Options(
            role_path="/x/",
            permissions_boundary={"Ref": "Boundary"},
            role_name="orders",
            tags=({"Key": "team", "Value": "shop"},),
            managed_policy_arns=("arn:aws:iam::aws:policy/ReadOnlyAccess",),
            explain=False,
        )
        role = woven(template(), replace(machine(), options=options))["Resources"]["MachineRole"]
        properties = role["Properties"]
        assert (properties["Path"], properties["PermissionsBoundary"]) == ("/x/", {"Ref": "Boundary"})
        assert (properties["RoleName"], properties["Tags"]) == ("orders", [{"Key": "team", "Value": "shop"}])
        assert properties["ManagedPolicyArns"] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
        assert role["Metadata"]["SfnLeastPrivilege"] == {"StateMachine": "Machine"}

    @pytest.mark.parametrize("logical_id", ["Machine", "M" * 255])
    def test_a_prefix_makes_a_name_that_is_no_longer_than_iam_allows(self, logical_id: str) -> None:
        fragment = {"Resources": {logical_id: {"Type": PLAIN_TYPE}}}
        named = replace(machine(logical_id), options=Options(role_name_prefix="p" * 30))
        name = woven(fragment, named)["Resources"][f"{logical_id}Role"]["Properties"]["RoleName"]
        stem, mark = name["Fn::Join"][1]
        assert stem.startswith("p" * 30 + "M")
        assert len(stem) + len("1a2b3c4d") <= 64
        assert mark["Fn::Select"][0] == 0

    def test_what_does_not_fit_stands_in_managed_policies_that_the_role_names(self) -> None:
        placement = Placement((), managed=((STATEMENT,), (STATEMENT,)))
        result, _ = weave(template(), [Granted(machine(), placement)], DEPLOYMENT)
        resources = result["Resources"]
        assert resources["MachineRole"]["Properties"]["ManagedPolicyArns"] == [
            {"Ref": "MachineRolePolicy1"},
            {"Ref": "MachineRolePolicy2"},
        ]
        assert resources["MachineRolePolicy2"]["Type"] == "AWS::IAM::ManagedPolicy"

    def test_it_stays_as_long_as_the_machine_does(self) -> None:
        fragment = template()
        fragment["Resources"]["Machine"]["DeletionPolicy"] = "Retain"
        assert woven(fragment, machine())["Resources"]["MachineRole"]["DeletionPolicy"] == "Retain"

    def test_warnings_stand_in_its_metadata(self) -> None:
        wide = finding(
            RESOURCE_WIDE, Location("Machine", ("Send",)), actions="a:B", pattern="*", argument="Q", reason="why"
        )
        result, _ = weave(template(), [Granted(machine(), Placement((STATEMENT,)), (wide,))], DEPLOYMENT)
        told = result["Resources"]["MachineRole"]["Metadata"]["SfnLeastPrivilege"]["Findings"]
        assert told == [f"SLP304 Send: {wide.detail}"]


class TestTrust:
    @pytest.mark.parametrize(
        ("name", "machine_name"),
        [
            (MISSING, "*"),
            (Text.of("orders"), "orders"),
            (Text.of("orders-", Reference("Ref", "Stage", sample="prod")), "orders-${Stage}"),
            (unknown("why"), "*"),
            (Conditional("IsProd", Text.of("a"), MISSING), "*"),
        ],
    )
    def test_the_name_of_the_machine_is_in_it_where_it_is_known(self, name: Value, machine_name: str) -> None:
        role = woven(template(), machine(name=name))["Resources"]["MachineRole"]
        (statement,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        source = statement["Condition"]["ArnLike"]["aws:SourceArn"]["Fn::Sub"]
        assert source.partition(":stateMachine:")[2] == machine_name


class TestBesideTheRole:
    """What refers to the machine itself cannot stand in the role that the machine refers to."""

    def resources(self, fragment: dict[str, Any], granted: StateMachine) -> Any:
        placement = Placement((), (STATEMENT,))
        return weave(fragment, [Granted(granted, placement)], DEPLOYMENT)[0]["Resources"]

    def test_it_is_a_policy_attached_to_the_role(self) -> None:
        policy = self.resources(template(), machine())["MachineRolePolicy"]
        assert policy["Type"] == "AWS::IAM::Policy"
        assert policy["Properties"]["Roles"] == [{"Ref": "MachineRole"}]
        (statement,) = policy["Properties"]["PolicyDocument"]["Statement"]
        assert statement["Action"] == "sqs:SendMessage"

    def test_it_stands_behind_the_role(self) -> None:
        resources = self.resources(template(), machine())
        assert list(resources) == ["Queue", "Machine", "MachineRole", "MachineRolePolicy", "Table"]
        assert "Policies" not in resources["MachineRole"]["Properties"]

    def test_it_carries_the_condition_of_the_machine(self) -> None:
        assert self.resources(template(), machine(condition="IsProd"))["MachineRolePolicy"]["Condition"] == "IsProd"

    def test_its_logical_id_is_one_that_is_free(self) -> None:
        resources = self.resources(template(MachineRolePolicy={"Type": "AWS::SQS::Queue"}), machine())
        assert resources["MachineRolePolicy2"]["Type"] == "AWS::IAM::Policy"

    def test_beside_a_filled_role_a_second_run_adds_nothing(self) -> None:
        filled = machine(role=EmptySamRole("MachineRole"))
        once = self.resources(template(MachineRole=SAM_ROLE), filled)
        properties = once["Machine"]["Properties"] | {"RoleArn": ROLE_ARN}
        situation = role_situation("Machine", once["Machine"], properties, once, role_users(once))
        again = self.resources({"Resources": once}, filled) if isinstance(situation, EmptySamRole) else once
        assert list(again) == list(once)


class TestEmptySamRole:
    def filled(self, role: dict[str, Any], statements: tuple[Statement, ...] = (STATEMENT,)) -> Any:
        fragment = template(MachineRole=role)
        fragment["Resources"]["Machine"]["Properties"]["RoleArn"] = ROLE_ARN
        return woven(fragment, machine(role=EmptySamRole("MachineRole")), statements=statements)

    def test_it_gets_the_statements_and_the_trust(self) -> None:
        properties = self.filled(SAM_ROLE)["Resources"]["MachineRole"]["Properties"]
        assert [policy["PolicyName"] for policy in properties["Policies"]] == ["Workflow"]
        assert properties["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]

    def test_path_and_tags_stay(self) -> None:
        properties = self.filled(SAM_ROLE)["Resources"]["MachineRole"]["Properties"]
        assert (properties["Path"], properties["Tags"]) == ("/orders/", SAM_ROLE["Properties"]["Tags"])  # type: ignore[index] # a literal

    def test_the_broad_tracing_policy_goes(self) -> None:
        assert "ManagedPolicyArns" not in self.filled(SAM_ROLE)["Resources"]["MachineRole"]["Properties"]

    def test_condition_and_metadata_stay(self) -> None:
        role = {**SAM_ROLE, "Condition": "IsProd", "Metadata": {"Own": 1}}
        result = self.filled(role)["Resources"]["MachineRole"]
        assert (result["Condition"], result["Metadata"]["Own"]) == ("IsProd", 1)
        assert "SfnLeastPrivilege" in result["Metadata"]

    def test_the_machine_stays_the_same_object(self) -> None:
        fragment = template(MachineRole=SAM_ROLE)
        before = fragment["Resources"]["Machine"]
        assert woven(fragment, machine(role=EmptySamRole("MachineRole")))["Resources"]["Machine"] is before

    def test_no_resource_is_added(self) -> None:
        assert list(self.filled(SAM_ROLE)["Resources"]) == ["Queue", "Machine", "Table", "MachineRole"]


class TestNothingElse:
    def test_every_other_part_is_the_same_object(self) -> None:
        fragment = template()
        result = woven(fragment, machine())
        assert all(result[section] is fragment[section] for section in fragment if section != "Resources")
        assert all(result["Resources"][each] is fragment["Resources"][each] for each in ("Queue", "Table"))

    def test_the_order_stays_and_a_role_follows_its_machine(self) -> None:
        assert list(woven(template(), machine())["Resources"]) == ["Queue", "Machine", "MachineRole", "Table"]

    def test_the_fragment_itself_is_not_changed(self) -> None:
        fragment = template(MachineRole=SAM_ROLE, Other={"Type": PLAIN_TYPE, "Properties": {}})
        before = copy.deepcopy(fragment)
        woven(fragment, machine(role=EmptySamRole("MachineRole")), machine("Other"))
        assert fragment == before

    def test_without_machines_the_template_comes_back(self) -> None:
        fragment = template()
        result, roles = weave(fragment, [], DEPLOYMENT)
        assert (result, roles) == (fragment, {})

    def test_a_template_without_resources_comes_back(self) -> None:
        assert weave({"Description": "x"}, [], DEPLOYMENT) == ({"Description": "x"}, {})

    def test_the_same_input_gives_the_same_output(self) -> None:
        one, other = (json.dumps(woven(template(), machine())) for _ in range(2))
        assert one == other

    @pytest.mark.parametrize("resource_type", [PLAIN_TYPE, SERVERLESS_TYPE])
    def test_the_next_run_finds_the_role_given(self, resource_type: str) -> None:
        resources = woven(template(resource_type), machine(resource_type=resource_type))["Resources"]
        resource = resources["Machine"]
        assert isinstance(
            role_situation("Machine", resource, resource["Properties"], resources, role_users(resources)), OwnRole
        )

    def test_filling_a_role_with_nothing_twice_changes_nothing_more(self) -> None:
        empty = TestEmptySamRole()
        once = empty.filled(SAM_ROLE, ())
        again = empty.filled(once["Resources"]["MachineRole"], ())
        assert json.dumps(again) == json.dumps(once)
