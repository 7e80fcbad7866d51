"""The table of customers' keys, held against what cfn-lint knows of IAM and of CloudFormation."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import cfnlint.data.AdditionalSpecs
import pytest
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

from sfn_least_privilege.policy.catalog.keys import (
    ACTIVITY_TASK,
    ENCRYPTED_LOGS,
    ENCRYPTED_TYPES,
    ENCRYPTION,
    KEY_USES,
    EncryptedType,
    KeyUse,
    Via,
)

KNOWN_ACTIONS = json.loads((resources.files(cfnlint.data.AdditionalSpecs) / "Policies.json").read_text())
PLAIN_TYPES = {name: each for name, each in ENCRYPTED_TYPES.items() if not name.startswith("AWS::Serverless::")}


def exists(action: str) -> bool:
    service, _, verb = action.partition(":")
    return verb.lower() in KNOWN_ACTIONS[service]["Actions"]


def property_of(resource_type: str, path: str) -> bool:
    """Whether the resource type has the property, by its schema."""
    schema: Any = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", resource_type).schema
    node = schema
    for step in path.split("."):
        node = resolved(schema, resolved(schema, node).get("properties", {}).get(step.removesuffix("[]"), {}))
        if step.endswith("[]"):
            node = node.get("items", {})
    return bool(resolved(schema, node))


def resolved(schema: Any, node: Any) -> Any:
    while "$ref" in node:
        node = schema["definitions"][node["$ref"].rpartition("/")[2]]
    return node


@pytest.mark.parametrize("use", KEY_USES, ids=lambda use: f"{use.actions[0]} {use.rule}".strip())
class TestKeyUse:
    def test_every_action_exists(self, use: KeyUse) -> None:
        assert all(exists(action) for action in use.actions if action != ACTIVITY_TASK)
        assert all(exists(action) for action in use.key_actions)

    def test_its_resources_can_have_a_key(self, use: KeyUse) -> None:
        assert set(use.types) <= ENCRYPTED_TYPES.keys()

    def test_it_is_limited_to_a_service_or_to_the_resource(self, use: KeyUse) -> None:
        name = use.condition.service if isinstance(use.condition, Via) else use.condition.key
        assert name in KNOWN_ACTIONS or name.startswith("kms:EncryptionContext:aws:states:")

    def test_it_says_where_it_comes_from(self, use: KeyUse) -> None:
        assert use.documentation.startswith("https://docs.aws.amazon.com/")


@pytest.mark.parametrize("rule", [ENCRYPTION, ENCRYPTED_LOGS], ids=lambda rule: str(rule.name))
def test_the_actions_on_a_machines_key_exist(rule: Any) -> None:
    assert all(exists(action) for action in rule.actions)
    assert rule.context.startswith("kms:EncryptionContext:")


@pytest.mark.parametrize(("name", "described"), PLAIN_TYPES.items(), ids=PLAIN_TYPES)
class TestEncryptedType:
    def test_it_has_the_properties_of_the_key_and_of_the_name(self, name: str, described: EncryptedType) -> None:
        assert property_of(name, described.key)
        assert property_of(name, described.name)

    def test_it_has_the_switch(self, name: str, described: EncryptedType) -> None:
        assert described.switch is None or property_of(name, described.switch.property)

    def test_some_call_of_it_needs_the_key(self, name: str, described: EncryptedType) -> None:
        assert any(name in use.types for use in KEY_USES)
        assert all(arn.startswith("arn:{Partition}:") for arn in described.arns)
