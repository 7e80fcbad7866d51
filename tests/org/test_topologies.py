"""Both ways to share the macro, rolled out over an emulated organisation: three accounts and two regions at least."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from emulation.lambda_runtime import emulated, s3_of_events

if TYPE_CHECKING:
    from emulation.organisation import Function, Organisation

ROOT = Path(__file__).parents[2]
ORG = ROOT / "org"
EVENTS = {path.stem: json.loads(path.read_text()) for path in sorted(ROOT.glob("events/*.json"))}
REGIONS = ["eu-west-1", "us-east-1"]
MEMBERS = ["pilot", "orders", "people"]
PREFIX = "example-macro-code"


def parameters(**values: str) -> list[dict[str, str]]:
    return [{"ParameterKey": name, "ParameterValue": value} for name, value in values.items()]


def sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def deploy(org: Organisation, account: str, region: str, name: str, template: str, **values: str) -> dict[str, str]:
    """Create a stack; what it puts out."""
    client = org.client("cloudformation", account, region)
    client.create_stack(
        StackName=name,
        TemplateBody=(ORG / template).read_text(),
        Parameters=parameters(**values),
        Capabilities=["CAPABILITY_IAM"],
    )
    [stack] = client.describe_stacks(StackName=name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def roll_out(org: Organisation, name: str, template: str, **values: str) -> None:
    """Create a stack set for the pilot's and the teams' accounts, in every region."""
    client = org.client("cloudformation")
    client.create_stack_set(
        StackSetName=name,
        TemplateBody=(ORG / template).read_text(),
        Parameters=parameters(**values),
        PermissionModel="SERVICE_MANAGED",
        AutoDeployment={"Enabled": True, "RetainStacksOnAccountRemoval": False},
        Capabilities=["CAPABILITY_IAM"],
    )
    units = [org.units["pilot"], org.units["teams"]]
    client.create_stack_instances(
        StackSetName=name, DeploymentTargets={"OrganizationalUnitIds": units}, Regions=REGIONS
    )


def upload(org: Organisation, package: Path) -> dict[str, str]:
    """Put a package into a bucket in each region; the parameters that say so."""
    for region in REGIONS:
        deploy(org, "tooling", region, "code", "code-buckets.yaml", CodeBucketPrefix=PREFIX, OrganizationId=org.id)
        s3 = org.client("s3", "tooling", region)
        s3.put_object(Bucket=f"{PREFIX}-{region}", Key=package.name, Body=package.read_bytes())
    return {"CodeBucketPrefix": PREFIX, "CodeKey": package.name, "CodeSha256": sha256(package.read_bytes())}


@pytest.fixture
def code(org: Organisation, small_package: Path) -> dict[str, str]:
    return upload(org, small_package)


def everywhere(org: Organisation, macro: str) -> dict[tuple[str, str], Function]:
    return {(account, region): org.function_of(account, region, macro) for account in MEMBERS for region in REGIONS}


def test_per_account_every_account_and_region_has_a_function_of_its_own(
    org: Organisation, code: dict[str, str]
) -> None:
    roll_out(org, "macro", "per-account.yaml", **code)

    functions = everywhere(org, "SfnLeastPrivilege")

    assert {function.arn for function in functions.values()} == {
        f"arn:aws:lambda:{region}:{org.accounts[account]}:function:SfnLeastPrivilege:live"
        for account in MEMBERS
        for region in REGIONS
    }
    assert {function.sha256 for function in functions.values()} == {code["CodeSha256"]}


def test_central_every_account_uses_the_function_of_its_region(org: Organisation, code: dict[str, str]) -> None:
    for region in REGIONS:
        deploy(org, "tooling", region, "macro", "central.yaml", OrganizationId=org.id, **code)
    roll_out(org, "macro", "member.yaml", FunctionAccountId=org.accounts["tooling"])

    functions = everywhere(org, "SfnLeastPrivilege")

    for (_, region), function in functions.items():
        assert function.arn == f"arn:aws:lambda:{region}:{org.accounts['tooling']}:function:SfnLeastPrivilege:live"
        assert function.sha256 == code["CodeSha256"]
    assert org.function_of("tooling", "eu-west-1", "SfnLeastPrivilege") == functions["orders", "eu-west-1"]


def test_central_only_the_organisation_may_use_the_function_and_only_by_its_alias(
    org: Organisation, code: dict[str, str]
) -> None:
    deploy(org, "tooling", "eu-west-1", "macro", "central.yaml", OrganizationId=org.id, **code)

    policy = org.client("lambda", "tooling").get_policy(FunctionName="SfnLeastPrivilege")["Policy"]

    [statement] = json.loads(policy)["Statement"]
    assert {name: value for name, value in statement.items() if name != "Sid"} == {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "lambda:InvokeFunction",
        "Resource": f"arn:aws:lambda:eu-west-1:{org.accounts['tooling']}:function:SfnLeastPrivilege:live",
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": org.id}},
    }


def test_per_account_nobody_else_may_use_the_function(org: Organisation, code: dict[str, str]) -> None:
    roll_out(org, "macro", "per-account.yaml", **code)

    client = org.client("lambda", "orders")

    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_policy(FunctionName="SfnLeastPrivilege")


def test_a_member_cannot_use_a_function_that_another_organisation_shares(
    org: Organisation, code: dict[str, str]
) -> None:
    deploy(org, "tooling", "eu-west-1", "macro", "central.yaml", OrganizationId="o-0000000000", **code)
    deploy(org, "orders", "eu-west-1", "macro", "member.yaml", FunctionAccountId=org.accounts["tooling"])

    with pytest.raises(AssertionError, match="policy forbids"):
        org.function_of("orders", "eu-west-1", "SfnLeastPrivilege")


def test_two_names_stand_side_by_side_from_one_template(org: Organisation, code: dict[str, str]) -> None:
    for name in ("SfnLeastPrivilege", "SfnLeastPrivilegeCanary"):
        roll_out(org, name, "per-account.yaml", **code, MacroName=name, OnWildcard="Fail" if "Canary" in name else "")

    stable = org.function_of("orders", "us-east-1", "SfnLeastPrivilege")
    canary = org.function_of("orders", "us-east-1", "SfnLeastPrivilegeCanary")

    assert (stable.variables["OPTION_ON_WILDCARD"], canary.variables["OPTION_ON_WILDCARD"]) == ("", "Fail")


def test_one_account_can_try_the_canary_under_the_usual_name(org: Organisation, code: dict[str, str]) -> None:
    for name in ("SfnLeastPrivilege", "SfnLeastPrivilegeCanary"):
        deploy(org, "tooling", "eu-west-1", name, "central.yaml", OrganizationId=org.id, MacroName=name, **code)

    tooling = org.accounts["tooling"]
    canary = "SfnLeastPrivilegeCanary"
    deploy(org, "pilot", "eu-west-1", "macro", "member.yaml", FunctionAccountId=tooling, FunctionName=canary)
    deploy(org, "orders", "eu-west-1", "macro", "member.yaml", FunctionAccountId=tooling)

    assert canary in org.function_of("pilot", "eu-west-1", "SfnLeastPrivilege").arn
    assert canary not in org.function_of("orders", "eu-west-1", "SfnLeastPrivilege").arn


DEFAULTS = {
    "Mode": "Generate",
    "OnWildcard": "Fail",
    "OnUnknown": "Warn",
    "PermissionsBoundary": "boundaries/WorkflowBoundary",
    "RolePath": "/workflows/",
    "RoleNamePrefix": "wf-",
    "Explain": "true",
    "LockedOptions": "OnWildcard,OnUnknown,PermissionsBoundary,RolePath",
}


def test_the_organisations_defaults_reach_the_function(org: Organisation, code: dict[str, str]) -> None:
    roll_out(org, "macro", "per-account.yaml", **code, **DEFAULTS)

    for (account, region), function in everywhere(org, "SfnLeastPrivilege").items():
        number = org.accounts[account]
        role = function.variables["FUNCTION_ROLE_ARN"]
        assert role.startswith(f"arn:aws:iam::{number}:role/"), (account, region)
        assert {name: value for name, value in function.variables.items() if name != "FUNCTION_ROLE_ARN"} == {
            "OPTION_MODE": "Generate",
            "OPTION_ON_WILDCARD": "Fail",
            "OPTION_ON_UNKNOWN": "Warn",
            "OPTION_PERMISSIONS_BOUNDARY": f"arn:aws:iam::{number}:policy/boundaries/WorkflowBoundary",
            "OPTION_ROLE_PATH": "/workflows/",
            "OPTION_ROLE_NAME_PREFIX": "wf-",
            "OPTION_EXPLAIN": "true",
            "LOCKED_OPTIONS": "OnWildcard,OnUnknown,PermissionsBoundary,RolePath",
        }


def test_central_the_boundary_is_a_policy_of_the_account_that_gets_the_role(
    org: Organisation, code: dict[str, str]
) -> None:
    deploy(org, "tooling", "eu-west-1", "macro", "central.yaml", OrganizationId=org.id, **code, **DEFAULTS)

    boundary = org.function_of("tooling", "eu-west-1", "SfnLeastPrivilege").variables["OPTION_PERMISSIONS_BOUNDARY"]

    assert boundary == "arn:aws:iam::${AWS::AccountId}:policy/boundaries/WorkflowBoundary"


@pytest.mark.parametrize("template", ["per-account.yaml", "central.yaml"])
def test_a_boundary_given_as_an_arn_stays_as_it_is(org: Organisation, code: dict[str, str], template: str) -> None:
    arn = "arn:aws:iam::aws:policy/PowerUserAccess"
    shared = {"OrganizationId": org.id} if template == "central.yaml" else {}
    deploy(org, "tooling", "eu-west-1", "macro", template, PermissionsBoundary=arn, **shared, **code)

    function = org.function_of("tooling", "eu-west-1", "SfnLeastPrivilege")

    assert function.variables["OPTION_PERMISSIONS_BOUNDARY"] == arn


def test_another_default_is_another_version_behind_the_alias_and_the_former_stays(
    org: Organisation, code: dict[str, str]
) -> None:
    roll_out(org, "macro", "per-account.yaml", **code)
    client = org.client("lambda", "orders")
    before = client.get_alias(FunctionName="SfnLeastPrivilege", Name="live")["FunctionVersion"]

    org.client("cloudformation").update_stack_set(
        StackSetName="macro",
        TemplateBody=(ORG / "per-account.yaml").read_text(),
        Parameters=parameters(**code, OnWildcard="Fail"),
    )

    after = client.get_alias(FunctionName="SfnLeastPrivilege", Name="live")["FunctionVersion"]
    versions = client.list_versions_by_function(FunctionName="SfnLeastPrivilege")["Versions"]
    assert org.function_of("orders", "eu-west-1", "SfnLeastPrivilege").variables["OPTION_ON_WILDCARD"] == "Fail"
    assert after != before
    assert {before, after} <= {version["Version"] for version in versions}


def test_code_that_is_not_what_its_hash_says_is_never_published(org: Organisation, code: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="CodeSha256"):
        roll_out(org, "macro", "per-account.yaml", **{**code, "CodeSha256": sha256(b"other")})


def test_alarms_tell_the_topic_of_each_region(org: Organisation, code: dict[str, str]) -> None:
    roll_out(org, "macro", "per-account.yaml", **code, AlarmTopic="123456789012:platform-alarms")

    alarms = org.client("cloudwatch", "people", "us-east-1").describe_alarms()["MetricAlarms"]

    assert {alarm["MetricName"] for alarm in alarms} == {"Errors", "Throttles", "Duration", "InternalErrors"}
    assert {action for alarm in alarms for action in alarm["AlarmActions"]} == {
        "arn:aws:sns:us-east-1:123456789012:platform-alarms"
    }


def test_dashboards_of_two_regions_have_two_names(org: Organisation, code: dict[str, str]) -> None:
    for region in REGIONS:
        deploy(org, "tooling", region, "macro", "central.yaml", OrganizationId=org.id, **code)

    for region in REGIONS:
        client = org.client("cloudwatch", "tooling", region)
        body = json.loads(client.get_dashboard(DashboardName=f"SfnLeastPrivilege-{region}")["DashboardBody"])
        assert {widget["type"] for widget in body["widgets"]} == {"metric", "log"}
        assert "${" not in json.dumps(body)


@pytest.fixture(params=["per-account.yaml", "central.yaml"])
def registered(request: pytest.FixtureRequest, org: Organisation, package: Path) -> Function:
    """The function that a template of the orders account in us-east-1 reaches by the macro's name."""
    code = upload(org, package)
    if request.param == "per-account.yaml":
        roll_out(org, "macro", "per-account.yaml", **code)
    else:
        for region in REGIONS:
            deploy(org, "tooling", region, "macro", "central.yaml", OrganizationId=org.id, **code)
        roll_out(org, "macro", "member.yaml", FunctionAccountId=org.accounts["tooling"])
    return org.function_of("orders", "us-east-1", "SfnLeastPrivilege")


def test_the_registered_function_answers_every_event(
    registered: Function, sam_environment: Path, tmp_path: Path
) -> None:
    unpacked = tmp_path / "task"
    zipfile.ZipFile(io.BytesIO(registered.code)).extractall(unpacked)
    (tmp_path / "workings").mkdir()

    with (
        s3_of_events() as aws,
        emulated(unpacked, tmp_path / "workings", sam_environment, {**aws, **registered.variables}) as emulator,
    ):
        answers: dict[str, Any] = {name: emulator.invoke(event) for name, event in EVENTS.items()}

    assert {name: answer["requestId"] for name, answer in answers.items()} == {
        name: event["requestId"] for name, event in EVENTS.items()
    }
    assert {name for name, answer in answers.items() if answer["status"] == "failure"} == {
        "broken-definitions",
        "local-definition-uri",
        "snippet",
    }
    generated = [
        resource
        for resource in answers["plain-cloudformation"]["fragment"]["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role" and "states.amazonaws.com" in json.dumps(resource)
    ]
    assert generated
