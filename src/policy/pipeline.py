"""The way through the engine: read → understand → need → grant → write."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.reading import understand, understand_variants
from sfn_least_privilege.policy.audit.comparison import audit, denied, lacking
from sfn_least_privilege.policy.audit.own_policies import own_policies
from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.findings import Finding, Location, errors_in, finding
from sfn_least_privilege.policy.iam.contents import coming_role, role_contents
from sfn_least_privilege.policy.iam.document import document
from sfn_least_privilege.policy.iam.placement import Placement
from sfn_least_privilege.policy.iam.statement import synthesise
from sfn_least_privilege.policy.identity import arn_of, own_arn, own_name
from sfn_least_privilege.policy.needs.variants import NeedsOfVariant, combined
from sfn_least_privilege.policy.needs.workflow import workflow_needs
from sfn_least_privilege.policy.options.layers import NOBODY, Organisation
from sfn_least_privilege.policy.options.options import Mode
from sfn_least_privilege.policy.options.reactions import reacted
from sfn_least_privilege.policy.options.removal import without_actions
from sfn_least_privilege.policy.options.secrets import secrets_in
from sfn_least_privilege.policy.options.wishes import read_wishes
from sfn_least_privilege.policy.surroundings import Surroundings
from sfn_least_privilege.policy.template import rules as read_rules
from sfn_least_privilege.policy.template.definition_text import DefinitionSyntaxError, from_text
from sfn_least_privilege.policy.template.dependencies import Dependencies
from sfn_least_privilege.policy.template.machine import OwnRole
from sfn_least_privilege.policy.template.reading import read_template
from sfn_least_privilege.policy.template.tokens import placeholders
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import MISSING
from sfn_least_privilege.policy.weave.granted import Granted
from sfn_least_privilege.policy.weave.weaving import weave

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.template.definitions import DefinitionSource
    from sfn_least_privilege.policy.template.machine import StateMachine
    from sfn_least_privilege.policy.template.reading import ReadTemplate


@dataclass(frozen=True, slots=True)
class Request:
    """What comes with a template.

    ``parameter_values`` are the template parameters' present values (strings, or lists of strings);
    ``options`` are the macro's own parameters. Both may hold secrets and are never written out or logged.
    ``organisation`` is what whoever runs the engine wants of every template.
    """

    definitions: DefinitionSource
    region: str | None = None
    account_id: str | None = None
    parameter_values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    organisation: Organisation = NOBODY


@dataclass(frozen=True, slots=True)
class Outcome:
    """The processed template, what there is to tell, and what was done.

    ``roles`` maps the logical id of each state machine that got a role to the logical id of that role.
    """

    fragment: dict[str, Any]
    findings: tuple[Finding, ...]
    machines: int
    roles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PolicyOutcome:
    """The policy document for one definition; None when the definition calls nothing."""

    document: dict[str, Any] | None
    findings: tuple[Finding, ...]


def transform(fragment: Mapping[str, Any], request: Request) -> Outcome:
    """Give every state machine of a template that has no role its least-privilege role.

    Raises TransformFailedError with every reason found when there is one.
    """
    deployment = template_deployment(request.region, request.account_id)
    wishes, told = read_wishes(request.organisation, request.options)
    read = read_template(fragment, request.parameter_values, deployment, request.definitions, wishes)
    findings = [*told, *read.findings, *secrets_in(request.options, read.scope.parameters)]
    granted: list[Granted] = []
    coming = filter(None, (coming_role(each.logical_id, read.scope) for each in read.machines))
    dependencies = Dependencies(read.scope.resources, coming)
    for machine in read.machines:
        each, told = _grant(machine, deployment, read, dependencies)
        findings.extend(told)
        granted.extend([each] if each is not None else [])
    _fail_on_errors(findings)
    woven, roles = weave(fragment, granted, deployment)
    return Outcome(woven, tuple(findings), read.count, roles)


def _grant(
    machine: StateMachine,
    deployment: Deployment,
    read: ReadTemplate,
    dependencies: Dependencies,
) -> tuple[Granted | None, tuple[Finding, ...]]:
    """One machine's way through understand, need and grant; nothing to write where that cannot be done."""
    logical_id = machine.logical_id
    surroundings = Surroundings(
        logical_id,
        deployment,
        own_arn(machine, deployment),
        own_name(machine),
        read.resources,
        machine.settings.get("StateMachineType", MISSING),
    )
    workflows = understand_variants(
        machine.definitions, logical_id, surroundings.own_arn, surroundings.own_name, machine.hints
    )
    variants: list[NeedsOfVariant] = []
    for definition, workflow in zip(machine.definitions, workflows, strict=True):
        needs, told = workflow_needs(workflow, machine.settings, surroundings)
        variants.append(NeedsOfVariant(definition.guards, needs, (*workflow.findings, *told)))
    needs, told = combined(variants)
    needs, removed = without_actions(needs, machine.options.remove_actions, logical_id)
    findings = reacted((*told, *removed), machine.options)
    taken = None
    if isinstance(machine.role, OwnRole):
        own = own_policies(logical_id, read.scope.resources[logical_id], read.scope)
        if machine.options.mode is Mode.AUDIT:
            return None, (*findings, *audit(needs, own, logical_id, machine.condition))
        findings = (*findings, *denied(needs, own, logical_id, machine.condition))
        needs, taken = lacking(needs, own, machine.condition), own.taken
    contents = role_contents(needs, machine, taken, read.scope, dependencies)
    if not isinstance(contents, Placement):
        return None, (*findings, *contents)
    return Granted(machine, contents, findings), findings


def policy_for(definition: str, deployment: Deployment, machine_name: str | None = None) -> PolicyOutcome:
    """The policy one definition (ASL as JSON or YAML) needs. Raises TransformFailedError."""
    name = machine_name or "definition"
    # What a template puts into the definition is not here; as a literal it would make an ARN that names nothing.
    missing = {
        each: unknown(f"what the template puts in for `{each}` is not known") for each in placeholders(definition)
    }
    try:
        parsed = from_text(definition, missing)
    except DefinitionSyntaxError as error:
        unreadable = finding(read_rules.DEFINITION_UNREADABLE, Location(name), origin="given", problem=error)
        raise TransformFailedError((unreadable,)) from None
    own = unknown("the machine's name was not given") if machine_name is None else Text.of(machine_name)
    surroundings = Surroundings(name, deployment, arn_of(own, deployment), own)
    workflow = understand(parsed, name, own_arn=surroundings.own_arn, own_name=own)
    needs, told = workflow_needs(workflow, {}, surroundings)
    findings = (*workflow.findings, *told)
    _fail_on_errors(findings)
    statements = synthesise(needs)
    return PolicyOutcome(document(statements) if statements else None, findings)


def _fail_on_errors(findings: Sequence[Finding]) -> None:
    errors = errors_in(tuple(findings))
    if errors:
        raise TransformFailedError(errors)
