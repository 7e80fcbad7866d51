"""The policies of org/: written as AWS wants them, and stopping what they are there to stop."""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cfnlint import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

ORG = Path(__file__).parents[2] / "org"
POLICIES = {path.stem: json.loads(path.read_text()) for path in sorted((ORG / "policies").glob("*.json"))}
ACTIONS = json.loads(files("cfnlint.data").joinpath("AdditionalSpecs/Policies.json").read_text(encoding="utf-8"))
ELEMENTS = {"Sid", "Effect", "Principal", "Action", "Resource", "NotResource", "Condition"}
CONTROL = [*POLICIES["scp-workflow-roles"]["Statement"]]
ONLY = [*POLICIES["scp-only-workflow-roles"]["Statement"]]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def boundary() -> list[dict[str, Any]]:
    decoded, _ = decode.decode(str(ORG / "boundary.yaml"))
    found: list[dict[str, Any]] = json.loads(
        json.dumps(decoded["Resources"]["Boundary"]["Properties"]["PolicyDocument"]["Statement"])
    )
    return found


def every_statement() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, policy in POLICIES.items():
        for statement in policy["Statement"]:
            yield f"{name}: {statement['Sid']}", statement
    for statement in boundary():
        yield f"boundary: {statement['Sid']}", statement


STATEMENTS = dict(every_statement())


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_has_the_elements_that_iam_knows(name: str) -> None:
    statement = STATEMENTS[name]

    assert statement.keys() <= ELEMENTS
    assert statement["Effect"] in {"Allow", "Deny"}
    assert ("Resource" in statement) != ("NotResource" in statement)
    assert re.fullmatch("[A-Za-z0-9]+", statement["Sid"])


@pytest.mark.parametrize("name", STATEMENTS)
def test_every_action_exists_and_none_has_a_star(name: str) -> None:
    for action in listed(STATEMENTS[name]["Action"]):
        service, _, operation = action.partition(":")
        assert operation.lower() in ACTIONS[service]["Actions"], action


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_names_its_version(name: str) -> None:
    assert POLICIES[name].keys() == {"Version", "Statement"}
    assert POLICIES[name]["Version"] == "2012-10-17"


# https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
@pytest.mark.parametrize("name", [name for name in POLICIES if name.startswith("scp-")])
def test_a_service_control_policy_is_small_enough_and_only_denies(name: str) -> None:
    assert len(json.dumps(POLICIES[name])) <= 5_120
    assert {statement["Effect"] for statement in POLICIES[name]["Statement"]} == {"Deny"}
    assert not any("Principal" in statement for statement in POLICIES[name]["Statement"])


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
def test_the_boundary_is_small_enough() -> None:
    assert len(re.sub(r"\s", "", json.dumps(boundary()))) <= 6_144


@pytest.mark.parametrize(
    "action",
    [
        "iam:CreateRole",
        "iam:AttachRolePolicy",
        "iam:PutRolePolicy",
        "iam:DeleteRolePermissionsBoundary",
        "iam:PassRole",
    ],
)
def test_inside_the_boundary_no_workflow_raises_itself(action: str) -> None:
    allowed = [
        statement for statement in boundary() if action in listed(statement["Action"]) and statement["Resource"] == "*"
    ]

    assert allowed == []


TEAM = "arn:aws:iam::222233334444:role/team/deployer"
PLATFORM = "arn:aws:iam::222233334444:role/platform/pipeline"
STACK_SETS = "arn:aws:iam::222233334444:role/stacksets-exec-0a1b2c3d4e5f"
WORKFLOW_ROLE = "arn:aws:iam::222233334444:role/workflows/Orders"
OTHER_ROLE = "arn:aws:iam::222233334444:role/Orders"
BOUNDARY = "arn:aws:iam::222233334444:policy/boundaries/WorkflowBoundary"
FUNCTION = "arn:aws:lambda:eu-west-1:222233334444:function:SfnLeastPrivilege"
MACROS_STACK = "arn:aws:cloudformation:eu-west-1:222233334444:stack/StackSet-sfn-least-privilege-0a1b-2c3d/4e5f"
TO_STATES = {"iam:PassedToService": "states.amazonaws.com"}
TO_LAMBDA = {"iam:PassedToService": "lambda.amazonaws.com"}
BOUNDED = {"iam:PermissionsBoundary": BOUNDARY}
WIDER = {"iam:PermissionsBoundary": "arn:aws:iam::aws:policy/AdministratorAccess"}


def denied(statements: list[dict[str, Any]], action: str, resource: str, principal: str, **context: str) -> set[str]:
    """Which statements deny a call; a condition with Not holds where its key is missing.

    Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    known = {"aws:PrincipalArn": principal, **context}
    return {
        statement["Sid"]
        for statement in statements
        if action in listed(statement["Action"])
        and names(statement, resource)
        and all(
            holds(operator, listed(values), known.get(key))
            for operator, keys in statement.get("Condition", {}).items()
            for key, values in keys.items()
        )
    }


def names(statement: dict[str, Any], resource: str) -> bool:
    if "NotResource" in statement:
        return not any(fnmatchcase(resource, pattern) for pattern in listed(statement["NotResource"]))
    return any(fnmatchcase(resource, pattern) for pattern in listed(statement["Resource"]))


def holds(operator: str, values: list[str], actual: str | None) -> bool:
    if operator == "StringEquals":
        return actual in values
    assert operator == "ArnNotLike"
    return actual is None or not any(fnmatchcase(actual, value) for value in values)


@pytest.mark.parametrize(
    ("action", "resource", "principal", "context", "by"),
    [
        ("iam:CreateRole", WORKFLOW_ROLE, TEAM, BOUNDED, set()),
        ("iam:CreateRole", WORKFLOW_ROLE, TEAM, {}, {"RolesOfWorkflowsKeepTheBoundary"}),
        ("iam:CreateRole", WORKFLOW_ROLE, TEAM, WIDER, {"RolesOfWorkflowsKeepTheBoundary"}),
        ("iam:CreateRole", OTHER_ROLE, TEAM, {}, set()),
        ("iam:PutRolePolicy", WORKFLOW_ROLE, TEAM, BOUNDED, set()),
        ("iam:PutRolePolicy", WORKFLOW_ROLE, TEAM, {}, {"RolesOfWorkflowsKeepTheBoundary"}),
        ("iam:AttachRolePolicy", WORKFLOW_ROLE, TEAM, {}, {"RolesOfWorkflowsKeepTheBoundary"}),
        ("iam:PutRolePermissionsBoundary", WORKFLOW_ROLE, TEAM, WIDER, {"RolesOfWorkflowsKeepTheBoundary"}),
        ("iam:DeleteRolePermissionsBoundary", WORKFLOW_ROLE, TEAM, BOUNDED, {"NobodyTakesTheBoundaryOff"}),
        ("iam:DeleteRolePermissionsBoundary", WORKFLOW_ROLE, PLATFORM, BOUNDED, set()),
        ("iam:PassRole", WORKFLOW_ROLE, TEAM, TO_STATES, set()),
        ("iam:PassRole", OTHER_ROLE, TEAM, TO_STATES, {"StateMachinesGetOnlyRolesOfWorkflows"}),
        ("iam:PassRole", OTHER_ROLE, TEAM, TO_LAMBDA, set()),
        ("iam:PassRole", OTHER_ROLE, PLATFORM, TO_STATES, set()),
        ("iam:CreatePolicyVersion", BOUNDARY, TEAM, {}, {"NobodyChangesTheBoundary"}),
        ("iam:DeletePolicy", BOUNDARY, STACK_SETS, {}, set()),
        ("iam:CreatePolicy", BOUNDARY, STACK_SETS, {}, set()),
        ("iam:CreateRole", STACK_SETS, TEAM, {}, {"NobodyPretendsToBeThePlatform"}),
        ("iam:CreateRole", PLATFORM, TEAM, BOUNDED, {"NobodyPretendsToBeThePlatform"}),
        ("iam:UpdateAssumeRolePolicy", PLATFORM, TEAM, {}, {"NobodyPretendsToBeThePlatform"}),
        ("iam:PutRolePolicy", PLATFORM, TEAM, {}, {"NobodyPretendsToBeThePlatform"}),
        ("iam:AttachRolePolicy", STACK_SETS, TEAM, {}, {"NobodyPretendsToBeThePlatform"}),
        ("iam:PassRole", PLATFORM, TEAM, TO_LAMBDA, {"NobodyPretendsToBeThePlatform"}),
        ("iam:PassRole", PLATFORM, STACK_SETS, TO_LAMBDA, set()),
        ("lambda:UpdateFunctionCode", FUNCTION, TEAM, {}, {"NobodyReplacesTheMacro"}),
        ("lambda:PutFunctionConcurrency", FUNCTION, TEAM, {}, {"NobodyReplacesTheMacro"}),
        ("cloudformation:DeleteStack", MACROS_STACK, TEAM, {}, {"NobodyTouchesTheMacrosStacks"}),
        ("cloudformation:UpdateStack", MACROS_STACK, STACK_SETS, {}, set()),
        ("cloudformation:DeleteStack", MACROS_STACK.replace("StackSet-", ""), TEAM, {}, set()),
        ("lambda:UpdateAlias", FUNCTION, STACK_SETS, {}, set()),
        ("lambda:UpdateFunctionCode", FUNCTION.replace("SfnLeast", "Other"), TEAM, {}, set()),
    ],
)
def test_who_may_do_what_under_the_service_control_policy(
    action: str, resource: str, principal: str, context: dict[str, str], by: set[str]
) -> None:
    assert denied(CONTROL, action, resource, principal, **context) == by


@pytest.mark.parametrize(
    ("resource", "principal", "by"),
    [
        (OTHER_ROLE, TEAM, {"NoRolesButThoseOfWorkflows"}),
        (WORKFLOW_ROLE, TEAM, set()),
        (OTHER_ROLE, PLATFORM, set()),
    ],
)
def test_who_may_make_roles_where_there_are_only_workflows(resource: str, principal: str, by: set[str]) -> None:
    assert denied(ONLY, "iam:CreateRole", resource, principal) == by


def test_the_callers_policy_names_the_alias_that_macros_refer_to() -> None:
    [statement] = POLICIES["caller"]["Statement"]

    assert statement["Action"] == "lambda:InvokeFunction"
    assert statement["Resource"].endswith(":function:SfnLeastPrivilege:live")


def test_boundary_path_and_name_are_the_same_everywhere() -> None:
    decoded, _ = decode.decode(str(ORG / "boundary.yaml"))
    properties = decoded["Resources"]["Boundary"]["Properties"]
    name = f"{properties['Path'].lstrip('/')}{properties['ManagedPolicyName']}"
    page = (ORG.parent / "docs" / "organisation-guard-rails.md").read_text()

    assert decoded["Outputs"]["PermissionsBoundary"]["Value"] == name
    assert f"BOUNDARY={name} " in page
    assert f"policy/{name}" in json.dumps(CONTROL)
    assert decoded["Parameters"]["RolePath"]["Default"] == "/workflows/"
    assert "role/workflows/*" in json.dumps(CONTROL)
