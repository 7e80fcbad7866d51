from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from sfn_least_privilege.cli.main import main
from sfn_least_privilege.policy import pipeline
from sfn_least_privilege.policy.pipeline import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from click.testing import Result

ROLE = {
    "Type": "AWS::IAM::Role",
    "Properties": {
        "AssumeRolePolicyDocument": {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Resource": {"Fn::Sub": "${Table.Arn}/index/*"}}],
        },
    },
}


def _with_roles(fragment: Mapping[str, Any]) -> dict[str, Any]:
    """What the engine makes of a template, in its simplest form."""
    resources: dict[str, Any] = {}
    for logical_id, resource in fragment["Resources"].items():
        resources[logical_id] = resource
        if resource["Type"].endswith("StateMachine"):
            arn = {"Fn::GetAtt": [f"{logical_id}Role", "Arn"]}
            resources[logical_id] = resource | {"Properties": resource["Properties"] | {"RoleArn": arn}}
            resources[f"{logical_id}Role"] = ROLE
    return {**fragment, "Resources": resources}


class Engine:
    """Stands in for the engine: keeps what it was called with, and answers what a test tells it to."""

    def __init__(self) -> None:
        self.requests: list[pipeline.Request] = []
        self.fragments: list[Mapping[str, Any]] = []
        self.answer: Callable[[Mapping[str, Any], pipeline.Request], Outcome] = self.unchanged

    def __call__(self, fragment: Mapping[str, Any], request: pipeline.Request) -> Outcome:
        self.fragments.append(fragment)
        self.requests.append(request)
        return self.answer(fragment, request)

    @staticmethod
    def unchanged(fragment: Mapping[str, Any], request: pipeline.Request) -> Outcome:
        del request
        return Outcome(dict(fragment), (), 0, {})

    @staticmethod
    def one_role_each(fragment: Mapping[str, Any], request: pipeline.Request) -> Outcome:
        del request
        return Outcome(_with_roles(fragment), (), 1, {"Orders": "OrdersRole"})


@pytest.fixture
def with_roles() -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return _with_roles


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    substitute = Engine()
    monkeypatch.setattr(pipeline, "transform", substitute)
    return substitute


@pytest.fixture
def run() -> Callable[..., Result]:
    def invoke(*arguments: object, stdin: bytes | None = None) -> Result:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)

    return invoke
