"""Whether a state machine has a role, and whose it is."""

from typing import Any

import pytest

from sfn_least_privilege.policy.template.machine import (
    PLAIN_TYPE,
    SERVERLESS_TYPE,
    EmptySamRole,
    NoRole,
    OwnRole,
    RoleSituation,
)
from sfn_least_privilege.policy.template.role_situation import is_sam_tracing_policy, role_situation, role_users

NO_VALUE = {"Ref": "AWS::NoValue"}
SAM_TAGS = [{"Key": "stateMachine:createdBy", "Value": "SAM"}]
TRACING_POLICY = "arn:aws:iam::aws:policy/AWSXrayWriteOnlyAccess"


def serverless(**properties: Any) -> RoleSituation:
    return role_situation("Machine", {"Type": SERVERLESS_TYPE}, properties, {}, {})


def plain(role_arn: Any = None, **resources: Any) -> RoleSituation:
    properties = {} if role_arn is None else {"RoleArn": role_arn}
    machine = {"Type": PLAIN_TYPE, "Properties": properties}
    users = role_users({"Machine": machine, **resources})
    return role_situation("Machine", machine, properties, resources, users)


def sam_role(**properties: Any) -> dict[str, Any]:
    return {"Type": "AWS::IAM::Role", "Properties": {"Tags": SAM_TAGS, "ManagedPolicyArns": [], **properties}}


class TestServerless:
    @pytest.mark.parametrize("properties", [{}, {"Role": None}, {"Policies": None}, {"Name": "orders"}])
    def test_without_role_and_policies_it_gets_one(self, properties: dict[str, Any]) -> None:
        assert serverless(**properties) == NoRole()

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Role", {"Fn::GetAtt": ["Own", "Arn"]}),
            ("Role", "arn:aws:iam::111122223333:role/own"),
            ("Policies", ["AWSLambdaRole"]),
            ("Policies", []),
            ("Policies", "AWSLambdaRole"),
        ],
    )
    def test_role_or_policies_are_the_authors_own(self, name: str, value: Any) -> None:
        assert serverless(**{name: value}) == OwnRole(f"`{name}`")

    @pytest.mark.parametrize("name", ["Role", "Policies"])
    def test_no_value_is_none(self, name: str) -> None:
        assert serverless(**{name: NO_VALUE}) == NoRole()


class TestPlain:
    @pytest.mark.parametrize("role_arn", [None, NO_VALUE])
    def test_without_a_role_it_gets_one(self, role_arn: Any) -> None:
        assert plain(role_arn) == NoRole()

    @pytest.mark.parametrize(
        "role_arn",
        ["arn:aws:iam::111122223333:role/own", {"Ref": "RoleArn"}, {"Fn::GetAtt": ["Own", "Arn"]}, 5],
    )
    def test_a_role_is_the_authors_own(self, role_arn: Any) -> None:
        assert plain(role_arn) == OwnRole("`RoleArn`")


class TestAfterSam:
    @pytest.mark.parametrize("role_arn", [{"Fn::GetAtt": ["MachineRole", "Arn"]}, {"Fn::GetAtt": "MachineRole.Arn"}])
    def test_the_role_that_sam_left_empty_is_filled(self, role_arn: Any) -> None:
        assert plain(role_arn, MachineRole=sam_role()) == EmptySamRole("MachineRole")

    @pytest.mark.parametrize("policy", ["AWSXrayWriteOnlyAccess", "AWSXRayDaemonWriteAccess"])
    def test_a_role_that_only_traces_is_empty(self, policy: str) -> None:
        role = sam_role(ManagedPolicyArns=[f"arn:aws-us-gov:iam::aws:policy/{policy}"])
        assert plain({"Fn::GetAtt": ["MachineRole", "Arn"]}, MachineRole=role) == EmptySamRole("MachineRole")

    @pytest.mark.parametrize(
        "role",
        [
            sam_role(Policies=[{"PolicyName": "x"}]),
            sam_role(ManagedPolicyArns=[TRACING_POLICY, "arn:aws:iam::aws:policy/AdministratorAccess"]),
            sam_role(ManagedPolicyArns=[{"Ref": "Policy"}]),
            sam_role(ManagedPolicyArns={"Ref": "Policies"}),
            sam_role(ManagedPolicyArns=5),
            sam_role(Tags=[]),
            sam_role(Tags={"stateMachine:createdBy": "SAM"}),
            {**sam_role(), "Type": "AWS::IAM::User"},
            {"Type": "AWS::IAM::Role"},
            {"Type": "AWS::IAM::Role", "Properties": []},
            "malformed",
        ],
    )
    def test_any_other_role_is_the_authors_own(self, role: Any) -> None:
        assert plain({"Fn::GetAtt": ["MachineRole", "Arn"]}, MachineRole=role) == OwnRole("`RoleArn`")

    def test_a_role_that_machines_share_is_the_authors_own(self) -> None:
        arn = {"Fn::GetAtt": ["MachineRole", "Arn"]}
        other = {"Type": PLAIN_TYPE, "Properties": {"RoleArn": arn}}
        assert plain(arn, MachineRole=sam_role(), Other=other) == OwnRole("`RoleArn`")

    def test_a_role_of_another_machine_is_the_authors_own(self) -> None:
        assert plain({"Fn::GetAtt": ["OtherRole", "Arn"]}, OtherRole=sam_role()) == OwnRole("`RoleArn`")


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (TRACING_POLICY, True),
        ("arn:aws-cn:iam::aws:policy/AWSXRayDaemonWriteAccess", True),
        ("arn:aws:iam::aws:policy/AWSXrayFullAccess", False),
        ("arn:aws:iam::111122223333:policy/AWSXrayWriteOnlyAccess", False),
        ({"Ref": "Policy"}, False),
    ],
)
def test_the_policies_that_sam_attaches_to_trace(arn: Any, expected: object) -> None:
    assert is_sam_tracing_policy(arn) is expected
