"""The read stage: from a template to its state machines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.errors import DefinitionUnavailableError
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.options import rules as option_rules
from sfn_least_privilege.policy.options.options import Mode
from sfn_least_privilege.policy.options.wishes import NO_WISHES, Wishes, machine_options
from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.template.definition_source import (
    DefinitionProblem,
    Outside,
    find_definition,
)
from sfn_least_privilege.policy.template.definition_text import DefinitionSyntaxError, from_text
from sfn_least_privilege.policy.template.hints import read_hints
from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.template.machine import (
    PLAIN_TYPE,
    SERVERLESS_TYPE,
    EmptySamRole,
    StateMachine,
)
from sfn_least_privilege.policy.template.parameters import read_parameters
from sfn_least_privilege.policy.template.resources import TemplateResources
from sfn_least_privilege.policy.template.role_situation import role_situation, role_users
from sfn_least_privilege.policy.template.scope import Scope
from sfn_least_privilege.policy.template.variants import TooManyVariantsError, read_variants, settled_substitutions
from sfn_least_privilege.policy.template.wanted_role import remaining_mode, wanted_role
from sfn_least_privilege.policy.value import MISSING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.template.definitions import DefinitionLocation, DefinitionSource
    from sfn_least_privilege.policy.template.machine import Definition, RoleSituation
    from sfn_least_privilege.policy.value import Value

# The properties, in either spelling, that ask something of the role: the plain type's name first.
_SETTINGS = {
    "LoggingConfiguration": ("LoggingConfiguration", "Logging"),
    "TracingConfiguration": ("TracingConfiguration", "Tracing"),
    "EncryptionConfiguration": ("EncryptionConfiguration",),
    "StateMachineType": ("StateMachineType", "Type"),
}
_NAMES = ("StateMachineName", "Name")


@dataclass(frozen=True, slots=True)
class ReadTemplate:
    """The state machines that want a role, how many there are in all, and what reading them brought up.

    ``resources`` are all of the template's, for what a state machine names; ``scope`` is all that it is read in.
    """

    machines: tuple[StateMachine, ...]
    count: int
    findings: tuple[Finding, ...]
    resources: TemplateResources
    scope: Scope


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A machine whose definition is outside the template and has not been fetched yet."""

    machine: StateMachine
    outside: Outside


@dataclass(frozen=True, slots=True)
class _Around:
    """What reading one machine depends on: the template, how many machines use each role, and the options."""

    scope: Scope
    role_users: Mapping[str, int]
    wishes: Wishes


def read_template(
    fragment: Mapping[str, Any],
    parameter_values: Mapping[str, Any],
    deployment: Deployment,
    definitions: DefinitionSource,
    wishes: Wishes = NO_WISHES,
) -> ReadTemplate:
    """Find and read every state machine of a template. Problems become findings; reading goes on."""
    sections, findings = _sections(fragment)
    scope = Scope(
        deployment=deployment,
        resources=sections["Resources"],
        parameters=read_parameters(sections["Parameters"], parameter_values),
        mappings=sections["Mappings"],
        conditions=sections["Conditions"],
    )
    read: list[StateMachine | _Waiting] = []
    around = _Around(scope, role_users(scope.resources), wishes)
    count = 0
    for logical_id, resource in scope.resources.items():
        if logical_id.startswith("Fn::ForEach::") and _holds_machine(resource):
            findings.append(finding(rules.LOOP_LEFT, Location(), loop=logical_id))
        if logical_id == _TRANSFORM:
            findings.append(finding(rules.TRANSFORM_LEFT, Location(), macro=_macro(resource)))
        if not isinstance(resource, dict) or resource.get("Type") not in (PLAIN_TYPE, SERVERLESS_TYPE):
            continue
        count += 1
        machine = _read_machine(logical_id, resource, around, findings)
        if machine is not None:
            read.append(machine)
    machines = _fetch_definitions(read, definitions, scope.conditions, findings)
    return ReadTemplate(machines, count, tuple(findings), TemplateResources(scope), scope)


def _sections(fragment: Mapping[str, Any]) -> tuple[dict[str, Mapping[str, Any]], list[Finding]]:
    sections: dict[str, Mapping[str, Any]] = {}
    findings: list[Finding] = []
    for name in ("Resources", "Parameters", "Mappings", "Conditions"):
        section = fragment.get(name)
        if section is not None and not isinstance(section, dict):
            findings.append(
                finding(rules.TEMPLATE_MALFORMED, Location(), problem=f"`{name}` is {_shape(section)}, not an object")
            )
        sections[name] = section if isinstance(section, dict) else {}
    return sections, findings


def _read_machine(
    logical_id: str,
    resource: Mapping[str, Any],
    around: _Around,
    findings: list[Finding],
) -> StateMachine | _Waiting | None:
    location, scope = Location(logical_id), around.scope
    properties = resource.get("Properties", {})
    if not isinstance(properties, dict) or _is_intrinsic(properties) or _TRANSFORM in properties:
        options, problems = machine_options(resource, {}, around.wishes, location)
        findings.extend(problems)
        is_ignored = options.mode is Mode.IGNORE
        findings.append(
            finding(option_rules.MACHINE_IGNORED, location)
            if is_ignored
            else finding(rules.PROPERTIES_UNKNOWN, location, shape=_shape(properties))
        )
        return None
    role = role_situation(logical_id, resource, properties, scope.resources, around.role_users)
    options, problems = machine_options(resource, _given(properties, role, scope), around.wishes, location)
    findings.extend(problems)
    mode = options.mode
    if "Mode" not in around.wishes.locked:
        mode = remaining_mode(mode, resource, scope, logical_id)
    wanted = wanted_role(role, mode, resource, scope, location)
    if isinstance(wanted, Finding):
        findings.append(wanted)
        return None
    substitutions = _substitutions(properties, scope, location, findings)
    found = find_definition(properties, substitutions, scope)
    if isinstance(found, DefinitionProblem):
        findings.append(finding(found.rule, location, **found.values))
        return None
    hints, problems = read_hints(resource, scope, location)
    findings.extend(problems)
    condition = resource.get("Condition")
    machine = StateMachine(
        logical_id=logical_id,
        resource_type=str(resource["Type"]),
        definitions=() if isinstance(found, Outside) else found,
        role=wanted,
        name=_first(properties, _NAMES, scope),
        settings={
            setting: value
            for setting, names in _SETTINGS.items()
            if (value := _first(properties, names, scope)) is not MISSING
        },
        condition=condition if isinstance(condition, str) else None,
        hints=hints,
        options=options,
    )
    return _Waiting(machine, found) if isinstance(found, Outside) else machine


def _given(properties: Mapping[str, Any], role: RoleSituation, scope: Scope) -> Mapping[str, Any]:
    """The options that the machine's properties, or those of the role that SAM made of them, say already."""
    if isinstance(role, EmptySamRole):
        made = scope.resources[role.logical_id]["Properties"]
        return {"RolePath": made.get("Path"), "PermissionsBoundary": made.get("PermissionsBoundary")}
    return {name: properties.get(name) for name in ("RolePath", "PermissionsBoundary")}


def _substitutions(
    properties: Mapping[str, Any],
    scope: Scope,
    location: Location,
    findings: list[Finding],
) -> dict[str, Value]:
    given = properties.get("DefinitionSubstitutions")
    if given is None:
        return {}
    if not isinstance(given, dict) or _is_intrinsic(given):
        findings.append(finding(rules.SUBSTITUTION_INVALID, location, shape=_shape(given)))
        return {}
    return {str(name): resolve(value, scope) for name, value in given.items()}


def _first(properties: Mapping[str, Any], names: tuple[str, ...], scope: Scope) -> Value:
    return next((resolve(properties[name], scope) for name in names if properties.get(name) is not None), MISSING)


def _fetch_definitions(
    read: list[StateMachine | _Waiting],
    definitions: DefinitionSource,
    conditions: Mapping[str, Any],
    findings: list[Finding],
) -> tuple[StateMachine, ...]:
    locations: dict[DefinitionLocation, None] = {
        each.outside.location: None for each in read if isinstance(each, _Waiting)
    }
    fetched = definitions.fetch(tuple(locations)) if locations else {}
    machines: list[StateMachine] = []
    for each in read:
        if isinstance(each, StateMachine):
            machines.append(each)
            continue
        location = Location(each.machine.logical_id)
        place = each.outside.location
        text = fetched[place]
        if isinstance(text, DefinitionUnavailableError):
            findings.append(finding(rules.DEFINITION_UNAVAILABLE, location, problem=text))
            continue
        try:
            variants = _read_text(text, each.outside.substitutions, conditions)
        except DefinitionSyntaxError as error:
            findings.append(finding(rules.DEFINITION_UNREADABLE, location, origin=f"at {place}", problem=error))
        except TooManyVariantsError as error:
            findings.append(finding(rules.DEFINITION_VARIANTS, location, conditions=error))
        else:
            machines.append(replace(each.machine, definitions=variants))
    return tuple(machines)


def _read_text(
    text: str,
    substitutions: Mapping[str, Value],
    conditions: Mapping[str, Any],
) -> tuple[Definition, ...]:
    return read_variants(lambda truths: from_text(text, settled_substitutions(substitutions, truths)), conditions)


def _holds_machine(loop: Any) -> bool:
    waiting = [loop]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            if node.get("Type") in (PLAIN_TYPE, SERVERLESS_TYPE):
                return True
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)
    return False


_TRANSFORM = "Fn::Transform"


def _macro(call: Any) -> str:
    name = call.get("Name") if isinstance(call, dict) else None
    return f"`{name}`" if isinstance(name, str) else "a macro"


def _is_intrinsic(node: Mapping[str, Any]) -> bool:
    return len(node) == 1 and any(key == "Ref" or str(key).startswith("Fn::") for key in node)


def _shape(node: object) -> str:
    if isinstance(node, dict):
        if _TRANSFORM in node:
            return f"`{_TRANSFORM}`"
        return f"`{next(iter(node))}`" if _is_intrinsic(node) else "an object"
    if isinstance(node, list):
        return "a list"
    return "null" if node is None else "a string" if isinstance(node, str) else f"the value {node}"
