"""What the parameters of a deployed stack ask of every template, and what the function makes of it."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from emulation.lambda_runtime import emulated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulation.organisation import Organisation

    Answer = dict[str, Any]
    Invoke = Callable[..., Answer]

ROOT = Path(__file__).parents[2]
OPEN = json.loads((ROOT / "events" / "dynamic-resources.json").read_text())
KNOWN = json.loads((ROOT / "events" / "nested-executions.json").read_text())
GUARDED = {
    "OnWildcard": "Fail",
    "PermissionsBoundary": "boundaries/WorkflowBoundary",
    "RolePath": "/workflows/",
    "RoleNamePrefix": "wf-",
    "Explain": "false",
    "LockedOptions": "OnWildcard,PermissionsBoundary,RolePath",
}


@pytest.fixture
def deployed(
    org: Organisation, small_package: Path, bundle: Path, sam_environment: Path, tmp_path: Path
) -> Callable[..., Any]:
    """Deploy a template with values for its parameters; its function, running."""
    content = small_package.read_bytes()

    @contextmanager
    def running(template: str, **values: str) -> Iterator[Invoke]:
        s3 = org.client("s3", "tooling")
        s3.create_bucket(Bucket="code-eu-west-1", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        s3.put_object(Bucket="code-eu-west-1", Key="code.zip", Body=content)
        given = {
            "CodeBucketPrefix": "code",
            "CodeKey": "code.zip",
            "CodeSha256": base64.b64encode(hashlib.sha256(content).digest()).decode(),
            **({"OrganizationId": org.id} if template == "central.yaml" else {}),
            **values,
        }
        org.client("cloudformation", "tooling").create_stack(
            StackName="macro",
            TemplateBody=(ROOT / "org" / template).read_text(),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in given.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        variables = org.function_of("tooling", "eu-west-1", "SfnLeastPrivilege").variables
        (tmp_path / "workings").mkdir()
        with emulated(bundle, tmp_path / "workings", sam_environment, variables) as emulator:
            yield lambda event, **params: emulator.invoke({**event, "params": params})

    return running


def generated_roles(answer: Answer) -> list[dict[str, Any]]:
    return [
        resource["Properties"]
        for resource in answer["fragment"]["Resources"].values()
        if resource["Type"] == "AWS::IAM::Role" and "states.amazonaws.com" in json.dumps(resource)
    ]


def test_without_parameters_the_macro_does_as_it_does_by_itself(deployed: Callable[..., Any]) -> None:
    with deployed("per-account.yaml") as invoke:
        answer = invoke(OPEN)

    assert answer["status"] == "success"
    assert generated_roles(answer)
    assert not any("PermissionsBoundary" in role or "Path" in role for role in generated_roles(answer))


def test_what_the_organisation_wants_is_done_and_cannot_be_loosened(deployed: Callable[..., Any]) -> None:
    with deployed("per-account.yaml", **GUARDED) as invoke:
        refused, loosened, other_path, roles = (
            invoke(OPEN),
            invoke(OPEN, OnWildcard="Allow"),
            invoke(KNOWN, RolePath="/elsewhere/"),
            invoke(KNOWN),
        )

    assert refused["status"] == "failure"
    for answer, option in ((loosened, "OnWildcard"), (other_path, "RolePath")):
        assert answer["status"] == "failure"
        assert option in answer["errorMessage"]
    assert roles["status"] == "success", roles.get("errorMessage")
    assert generated_roles(roles)
    for role in generated_roles(roles):
        assert role["PermissionsBoundary"].endswith(":policy/boundaries/WorkflowBoundary")
        assert role["Path"] == "/workflows/"
        assert "wf-" in json.dumps(role["RoleName"])


def test_a_boundary_of_many_accounts_is_that_of_the_account_that_gets_the_role(deployed: Callable[..., Any]) -> None:
    with deployed("central.yaml", PermissionsBoundary="boundaries/WorkflowBoundary") as invoke:
        answer = invoke(KNOWN)

    assert answer["status"] == "success", answer.get("errorMessage")
    assert {json.dumps(role["PermissionsBoundary"]) for role in generated_roles(answer)} == {
        json.dumps({"Fn::Sub": "arn:aws:iam::${AWS::AccountId}:policy/boundaries/WorkflowBoundary"})
    }
