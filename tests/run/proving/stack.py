"""A template deployed: what each intrinsic function gives, told from the template alone."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from proving.demand import ACCOUNT, REGION
from proving.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PSEUDO = {
    "AWS::Partition": "aws",
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "proof",
    "AWS::StackId": f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/proof/1",
}
MACHINE = "AWS::StepFunctions::StateMachine"
_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")
NO_VALUE = object()


class Stack:
    """A template with every name that CloudFormation would make up; nothing of it comes from the macro."""

    def __init__(self, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
        self._template = template
        self._parameters = {
            **{name: each.get("Default") for name, each in template.get("Parameters", {}).items()},
            **parameters,
        }

    @cached_property
    def resources(self) -> dict[str, Any]:
        """The resources whose condition holds."""
        return {
            logical_id: resource
            for logical_id, resource in self._template["Resources"].items()
            if "Condition" not in resource or self.condition(resource["Condition"])
        }

    def of_type(self, *types: str) -> dict[str, dict[str, Any]]:
        """The properties, resolved, of all resources of a type, by logical id."""
        return {
            logical_id: self.properties(logical_id)
            for logical_id, resource in self.resources.items()
            if resource["Type"] in types
        }

    def properties(self, logical_id: str) -> dict[str, Any]:
        """A resource's properties with all intrinsic functions evaluated."""
        resolved: dict[str, Any] = self.value(self.resources[logical_id].get("Properties", {}))
        return resolved

    def attribute(self, logical_id: str, attribute: str | None) -> Any:
        """What ``Ref`` (with None) or ``Fn::GetAtt`` gives for a resource."""
        resource = self.resources[logical_id]
        if resource["Type"] in _DEPENDENT:
            return _DEPENDENT[resource["Type"]](self, logical_id, resource["Properties"], attribute)
        kind = KINDS[resource["Type"]]
        template = kind.ref if attribute is None else kind.attributes[attribute]
        return template.format(**self._made_up(logical_id))

    def _made_up(self, logical_id: str) -> dict[str, str]:
        resource = self.resources[logical_id]
        properties = resource.get("Properties", {})
        given: Any = properties
        for key in (KINDS[resource["Type"]].named_by or "").split("."):
            given = given.get(key) if given else None
        number = hashlib.sha256(f"{resource['Type']} {logical_id}".encode()).hexdigest()
        name = self.value(given) if given else f"proof-{logical_id}-{number[:12].upper()}"
        if resource["Type"] == "AWS::S3::Bucket":
            name = name.lower()
        return {
            "name": name,
            "lower": name.lower(),
            "id": number[:10],
            "uuid": f"{number[:8]}-{number[8:12]}-4{number[13:16]}-8{number[17:20]}-{number[20:32]}",
            "region": REGION,
            "account": ACCOUNT,
            "here": f"{REGION}:{ACCOUNT}",
            "path": self.value(properties.get("Path", "/")),
        }

    def definition(self, logical_id: str) -> dict[str, Any]:
        """The definition of a state machine as Step Functions gets it."""
        properties = self.properties(logical_id)
        given = properties.get("DefinitionString", properties.get("Definition"))
        written = given if isinstance(given, str) else json.dumps(given)
        for name, value in (properties.get("DefinitionSubstitutions") or {}).items():
            written = written.replace(f"${{{name}}}", str(value))
        parsed: dict[str, Any] = json.loads(written)
        return parsed

    def condition(self, condition: Any) -> bool:
        """Whether a condition, by name or written out, holds."""
        if isinstance(condition, str):
            return self.condition(self._template["Conditions"][condition])
        ((function, argument),) = condition.items()
        if function == "Fn::Equals":
            left, right = self.value(argument)
            return bool(left == right)
        if function == "Condition":
            return self.condition(argument)
        held = [self.condition(each) for each in argument]
        return {"Fn::And": all, "Fn::Or": any, "Fn::Not": lambda each: not each[0]}[function](held)

    def value(self, node: Any) -> Any:
        """A node of the template with all intrinsic functions evaluated."""
        if isinstance(node, list):
            values = [self.value(each) for each in node]
            return [each for each in values if each is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            ((name, argument),) = node.items()
            if name == "Ref":
                return self._referred(argument)
            if name in _FUNCTIONS:
                return _FUNCTIONS[name](self, argument)
        values = {key: self.value(each) for key, each in node.items()}
        return {key: each for key, each in values.items() if each is not NO_VALUE}

    def _referred(self, name: str) -> Any:
        if name == "AWS::NoValue":
            return NO_VALUE
        if name in PSEUDO:
            return PSEUDO[name]
        return self._parameters[name] if name in self._parameters else self.attribute(name, None)

    def _sub(self, argument: Any) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument

        def replaced(match: re.Match[str]) -> str:
            escaped, name = match.groups()
            if escaped:
                return f"${{{name}}}"
            if name in variables:
                return str(self.value(variables[name]))
            logical_id, _, attribute = name.partition(".")
            return str(self.attribute(logical_id, attribute) if attribute else self._referred(name))

        return _SUBSTITUTION.sub(replaced, text)

    def _get_att(self, argument: Any) -> Any:
        logical_id, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self.attribute(logical_id, attribute)

    def _if(self, argument: list[Any]) -> Any:
        condition, then, otherwise = argument
        return self.value(then if self.condition(condition) else otherwise)

    def _find_in_map(self, argument: list[Any]) -> Any:
        name, first, second = (self.value(each) for each in argument)
        return self._template["Mappings"][name][first][second]

    def _import(self, argument: Any) -> str:
        return str(self._parameters[f"import {self.value(argument)}"])


_FUNCTIONS: dict[str, Callable[[Stack, Any], Any]] = {
    "Fn::Sub": Stack._sub,  # noqa: SLF001 -- a table of the class's own methods
    "Fn::GetAtt": Stack._get_att,  # noqa: SLF001 -- as above
    "Fn::If": Stack._if,  # noqa: SLF001 -- as above
    "Fn::FindInMap": Stack._find_in_map,  # noqa: SLF001 -- as above
    "Fn::ImportValue": Stack._import,  # noqa: SLF001 -- as above
    "Fn::Join": lambda stack, argument: argument[0].join(str(each) for each in stack.value(argument[1])),
    "Fn::Select": lambda stack, argument: stack.value(argument[1])[int(stack.value(argument[0]))],
    "Fn::Split": lambda stack, argument: stack.value(argument[1]).split(argument[0]),
}


def _qualified_function(stack: Stack, logical_id: str, properties: Mapping[str, Any], attribute: str | None) -> str:
    name = stack.value(properties["FunctionName"])
    qualifier = stack.value(properties["Name"]) if "Name" in properties else "1"
    if attribute == "Version":
        return qualifier
    assert attribute in {None, "AliasArn", "FunctionArn"}, f"{logical_id}.{attribute}"
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name.rpartition(':')[2]}:{qualifier}"


def _qualified_machine(stack: Stack, logical_id: str, properties: Mapping[str, Any], attribute: str | None) -> str:
    assert attribute in {None, "Arn"}, f"{logical_id}.{attribute}"
    if "StateMachineArn" in properties:
        return f"{stack.value(properties['StateMachineArn'])}:1"
    version = stack.value(properties["RoutingConfiguration"])[0]["StateMachineVersionArn"]
    return f"{version.rpartition(':')[0]}:{stack.value(properties['Name'])}"


# Types whose Ref is made of another resource's.
_DEPENDENT: dict[str, Callable[[Stack, str, Mapping[str, Any], str | None], str]] = {
    "AWS::Lambda::Alias": _qualified_function,
    "AWS::Lambda::Version": _qualified_function,
    "AWS::StepFunctions::StateMachineAlias": _qualified_machine,
    "AWS::StepFunctions::StateMachineVersion": _qualified_machine,
}
