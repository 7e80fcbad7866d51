"""One task and the role it gets: alone, or with a template around it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import Request, policy_for, transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, FetchedDefinition

HERE = literal_deployment("aws", "eu-west-1", "123456789012")


class NothingOutside:
    def fetch(self, _locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, FetchedDefinition]:
        return {}


@dataclass(frozen=True)
class Granted:
    """What a role holds, what it holds under conditions of the template, and what there was to tell."""

    statements: list[dict[str, Any]]
    findings: tuple[Finding, ...]
    under: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def on(self, action: str) -> Any:
        """The resources of an action: the only one as it is, several as a list; None where it is not granted."""
        found = [each for statement in self._of(action) for each in listed(statement["Resource"])]
        return found[0] if len(found) == 1 else found or None

    def condition(self, action: str) -> Any:
        """The condition of the only statement that grants an action."""
        (statement,) = self._of(action)
        return statement.get("Condition")

    def passed(self) -> dict[str, Any]:
        """Each role that may be passed, and to whom."""
        return {
            json.dumps(role) if isinstance(role, dict) else role: next(iter(statement["Condition"].values()))[
                "iam:PassedToService"
            ]
            for statement in self._of("iam:PassRole")
            for role in listed(statement["Resource"])
        }

    def told(self) -> list[str]:
        """The ids of what there was to tell."""
        return [finding.rule.id for finding in self.findings]

    @property
    def actions(self) -> set[str]:
        """Every action."""
        return {action for statement in self.statements for action in listed(statement["Action"])}

    def _of(self, action: str) -> list[dict[str, Any]]:
        return [statement for statement in self.statements if action in listed(statement["Action"])]


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.fixture
def granted() -> Callable[..., Granted]:
    """The role of one task: its integration and pattern, its arguments, and the JSON of more fields."""

    def grant(resource: str, arguments: dict[str, Any], **fields: Any) -> Granted:
        field = "Arguments" if fields.get("QueryLanguage") == "JSONata" else "Parameters"
        task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", field: arguments, "End": True, **fields}
        outcome = policy_for(json.dumps({"StartAt": "Only", "States": {"Only": task}}), HERE)
        return Granted(outcome.document["Statement"] if outcome.document else [], outcome.findings)

    return grant


@pytest.fixture
def granted_beside() -> Callable[..., Granted]:
    """The role of one task in a template with other resources; ``more`` are further sections of the template."""

    def grant(resource: str, arguments: dict[str, Any], resources: dict[str, Any], **more: Any) -> Granted:
        task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": arguments, "End": True}
        machine = {
            "Type": "AWS::StepFunctions::StateMachine",
            "Properties": {"Definition": {"StartAt": "Only", "States": {"Only": task}}},
        }
        template = {"Resources": {"Machine": machine, **resources}, **more}
        values = {name: each["Default"] for name, each in more.get("Parameters", {}).items()}
        outcome = transform(template, Request(NothingOutside(), "eu-west-1", "123456789012", values))
        role = outcome.fragment["Resources"][outcome.roles["Machine"]]["Properties"]
        always: list[dict[str, Any]] = []
        under: dict[str, list[dict[str, Any]]] = {}
        for policy in role.get("Policies", []):
            if "Fn::If" in policy:
                condition, branch, _ = policy["Fn::If"]
                under[condition] = branch["PolicyDocument"]["Statement"]
            else:
                always.extend(policy["PolicyDocument"]["Statement"])
        return Granted(always, outcome.findings, under)

    return grant


@pytest.fixture
def refused() -> Callable[[str], str]:
    """Why a task is refused."""

    def refuse(resource: str) -> str:
        task = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}", "Parameters": {}, "End": True}
        with pytest.raises(TransformFailedError) as failure:
            policy_for(json.dumps({"StartAt": "Only", "States": {"Only": task}}), HERE)
        (finding,) = failure.value.findings
        return str(finding)

    return refuse
