"""Calls of AWS SDK integrations, made up and asked for their needs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.asl.task_resource import ServiceCall, task_call
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.findings import Finding, Location
from sfn_least_privilege.policy.needs.need import Need
from sfn_least_privilege.policy.needs.sdk import sdk_needs
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.template.definition_text import from_text
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.value import Value

DEPLOYMENT = literal_deployment("aws", "eu-west-1", "111122223333")


@dataclass(frozen=True)
class Answer:
    """What a call needs, and what there is to tell about it."""

    needs: tuple[Need, ...]
    findings: tuple[Finding, ...]

    @property
    def granted(self) -> list[tuple[str, str]]:
        return [(action, spell(need.resource.text)) for need in self.needs for action in need.actions]

    def resources(self, action: str) -> list[str]:
        return [resource for granted, resource in self.granted if granted == action]

    def conditions(self, action: str) -> dict[str, list[str]]:
        return {
            condition.key: [spell(value) for value in condition.values]
            for need in self.needs
            if action in need.actions
            for condition in need.conditions
        }

    @property
    def told(self) -> list[str]:
        return [finding.rule.id for finding in self.findings]

    def detail(self, rule_id: str) -> str:
        return next(finding.detail for finding in self.findings if finding.rule.id == rule_id)

    def details(self, rule_id: str) -> str:
        return "\n".join(finding.detail for finding in self.findings if finding.rule.id == rule_id)


def ask(api: str, parameters: Any = None, substitutions: Mapping[str, Value] | None = None, **fields: Any) -> Answer:
    """The answer for a task that calls ``aws-sdk:{api}`` with these ``Parameters``; ``fields`` are further fields."""
    state = {"Type": "Task", "Resource": f"arn:aws:states:::aws-sdk:{api}", "End": True} | fields
    if parameters is not None:
        state["Parameters"] = parameters
    definition = from_text(json.dumps({"StartAt": "Call", "States": {"Call": state}}), substitutions or {})
    [task] = understand(definition, "Machine").tasks
    call = task_call(task.resources[0].text)
    assert isinstance(call, ServiceCall)
    surroundings = Surroundings("Machine", DEPLOYMENT, Text.of("arn"), Text.of("name"))
    answers = list(sdk_needs(call, task, Location("Machine", task.path), surroundings))
    return Answer(
        tuple(each for each in answers if isinstance(each, Need)),
        tuple(each for each in answers if isinstance(each, Finding)),
    )
