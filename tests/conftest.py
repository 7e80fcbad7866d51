"""What has to hold of every template that comes out of a transform."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from sfn_least_privilege.policy.template.dependencies import Dependencies

if TYPE_CHECKING:
    from collections.abc import Callable

# How long an example takes depends on the machine and on what else it does.
settings.register_profile("without deadlines", deadline=None)
settings.load_profile("without deadlines")

MACHINES = {"AWS::StepFunctions::StateMachine", "AWS::Serverless::StateMachine"}
ROLE_PROPERTIES = {"RoleArn", "Role", "Policies"}
POLICIES = {"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}


@pytest.fixture(scope="session")
def check_output() -> Callable[[Any, Any], None]:
    """A function that holds the template after a transform against the one before."""
    return _check


def _check(before: Any, after: Any) -> None:
    assert {name: section for name, section in after.items() if name != "Resources"} == {
        name: section for name, section in before.items() if name != "Resources"
    }
    given, made = before.get("Resources", {}), after.get("Resources", {})
    assert [name for name in made if name in given] == list(given)
    for name, resource in given.items():
        _check_kept(name, resource, made)
    for name, resource in made.items():
        if name not in given:
            assert resource["Type"] in {"AWS::IAM::Role", *POLICIES}
    _check_statements(made, [name for name in made if made[name] != given.get(name)])
    if not _circles(given):
        assert not _circles(made)


def _check_kept(name: str, before: Any, made: Any) -> None:
    """Of a machine only its reference to a role changes, of SAM's empty role only what makes it ours."""
    after = made[name]
    if after == before:
        return
    if before["Type"] == "AWS::IAM::Role":
        assert {key: value for key, value in before.items() if key not in {"Metadata", "Properties"}} == {
            key: value for key, value in after.items() if key not in {"Metadata", "Properties"}
        }
        return
    assert before["Type"] in MACHINES
    for key in {*before, *after} - {"Properties", "DependsOn"}:
        assert before[key] == after[key]
    properties, changed = before.get("Properties", {}), after["Properties"]
    assert {key: value for key, value in properties.items() if key not in ROLE_PROPERTIES} == {
        key: value for key, value in changed.items() if key not in ROLE_PROPERTIES
    }


def _check_statements(resources: Any, changed: list[str]) -> None:
    for name in changed:
        properties = resources[name].get("Properties", {})
        for document in _documents(properties):
            statements = [_under_condition(each) for each in document["Statement"]]
            assert statements, f"{name} has a policy without statements, which IAM refuses"
            sids = [each["Sid"] for each in statements if "Sid" in each]
            assert len(set(sids)) == len(sids)
            for statement in statements:
                assert statement.get("Resource") or statement["NotResource"]
                assert "*" not in json.dumps(statement["Action"])


def _under_condition(statement: Any) -> Any:
    """The statement inside ``Fn::If``, which one of ours has only with nothing in its other branch."""
    while "Fn::If" in statement:
        (statement,) = (each for each in statement["Fn::If"][1:] if each != {"Ref": "AWS::NoValue"})
    return statement


def _documents(properties: Any) -> list[Any]:
    found = [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
    waiting = list(properties.get("Policies") or [])
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict) and "Fn::If" in each:
            waiting.extend(each["Fn::If"][1:])
        elif isinstance(each, dict) and each.get("PolicyName") not in {None, "Additional"}:
            found.append(each["PolicyDocument"])
    return found


def _circles(resources: Any) -> bool:
    """Whether some resource waits for itself."""
    dependencies = Dependencies(resources)
    done: set[str] = set()
    for origin in resources:
        path: dict[str, Any] = {}
        waiting = [(origin, iter(dependencies.certain(origin)))] if origin not in done else []
        if waiting:
            path[origin] = None
        while waiting:
            current, following = waiting[-1]
            for each in following:
                if each in path:
                    return True
                if each not in done:
                    path[each] = None
                    waiting.append((each, iter(dependencies.certain(each))))
                    break
            else:
                waiting.pop()
                path.pop(current)
                done.add(current)
    return False
