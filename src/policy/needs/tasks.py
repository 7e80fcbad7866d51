"""What a task state requires of the role."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl import rules as asl_rules
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError
from sfn_least_privilege.policy.asl.task_resource import (
    ActivityCall,
    FunctionCall,
    ServiceCall,
    UnknownCall,
    task_call,
)
from sfn_least_privilege.policy.catalog.integration import ArgumentArn, EveryResource
from sfn_least_privilege.policy.catalog.integrations import SERVICES, service_integrations
from sfn_least_privilege.policy.catalog.task_rules import ASSUMED_ROLE, FUNCTION_ARN
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.needs import rules
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.needs.resources import touched, touched_resources
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.value import MISSING, Guarded, guarded_texts, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.workflow import Task
    from sfn_least_privilege.policy.catalog.integration import Grant, Integration
    from sfn_least_privilege.policy.catalog.task_rules import TaskRule
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.needs.resources import TouchedResource


def task_needs(task: Task, logical_id: str, deployment: Deployment) -> Iterator[Need | Finding]:
    """The needs of one task, and what there is to tell about them."""
    location = Location(logical_id, task.path)
    try:
        if task.credentials_role is not MISSING:
            for role in guarded_texts(task.credentials_role):
                yield from _argument_need(ASSUMED_ROLE, role, location, deployment)
            return
        for resource in task.resources:
            yield from _call_needs(resource, task, location, deployment)
    except ExpressionSyntaxError as error:
        yield finding(asl_rules.EXPRESSION_UNREADABLE, location, field="an argument", problem=error)


def _call_needs(
    resource: Guarded,
    task: Task,
    location: Location,
    deployment: Deployment,
) -> Iterator[Need | Finding]:
    call = task_call(resource.text)
    if isinstance(call, UnknownCall):
        yield finding(asl_rules.RESOURCE_UNKNOWN, location, problem=call.problem)
    elif isinstance(call, FunctionCall):
        if call.assumed:
            yield finding(asl_rules.RESOURCE_ASSUMED, location, what=f"`{spell(call.arn)}`")
        yield from _argument_need(FUNCTION_ARN, Guarded(call.arn, resource.guards), location, deployment)
    elif isinstance(call, ServiceCall):
        integration = _find(call, location)
        if isinstance(integration, Finding):
            yield integration
            return
        for told in _integration_needs(call, integration, task, location, deployment):
            guarded = _guard(told, resource) if isinstance(told, Need) else told
            if guarded is not None:
                yield guarded
    elif not isinstance(call, ActivityCall):  # pragma: no cover -- the four kinds of call are all there are
        raise TypeError(call)


def _guard(need: Need, resource: Guarded) -> Need | None:
    """The need under the conditions of the task's resource as well; None where they contradict each other."""
    guards = merge_guards(resource.guards, need.resource.guards)
    if guards is None:
        return None
    return Need(need.actions, Guarded(need.resource.text, guards), need.phase, need.reason)


def _argument_need(
    rule: TaskRule,
    value: Guarded,
    location: Location,
    deployment: Deployment,
) -> Iterator[Need | Finding]:
    """The need for what a field of the state itself names: a function or a role."""
    # The field must hold an ARN: a reference of unknown kind stands for one.
    row = rule.resource
    pattern = row.form(value.text, row.template, deployment) if value.text.unknowns else value.text
    found = touched(pattern, value.guards)
    reason = Reason(location.state, rule.name, rule.documentation, rule.basis)
    yield Need(rule.actions, found.resource, Phase.RUN, reason)
    if found.breadth:
        yield _wide(location, rule.actions, found, row.argument)


def _find(call: ServiceCall, location: Location) -> Integration | Finding:
    apis = service_integrations(call.service)
    integration = apis.get(call.api)
    if integration is None:
        known = [f"{call.service}:{api}" for api in apis] or [f"{service}:{call.api}" for service in SERVICES]
        near = get_close_matches(call.name, known, n=1, cutoff=0.8)
        hint = f"; did you mean `{near[0]}`?" if near else ""
        return finding(rules.INTEGRATION_UNKNOWN, location, integration=call.name, hint=hint)
    if call.pattern not in integration.patterns:
        return finding(
            rules.PATTERN_UNSUPPORTED,
            location,
            integration=call.name,
            pattern=call.pattern,
            supported=", ".join(integration.patterns),
        )
    return integration


def _integration_needs(
    call: ServiceCall,
    integration: Integration,
    task: Task,
    location: Location,
    deployment: Deployment,
) -> Iterator[Need | Finding]:
    if all(task.arguments.get(name) is MISSING for name in integration.requires):
        names = " or ".join(f"`{name}`" for name in integration.requires)
        yield finding(rules.ARGUMENT_MISSING, location, integration=call.name, arguments=names)
        return
    reason = Reason(location.state, f"{call.name}{_suffix(call)}", integration.documentation, integration.basis)
    for grant in integration.grants:
        if grant.patterns and call.pattern not in grant.patterns:
            continue
        if grant.given is not None and task.arguments.get(grant.given) is MISSING:
            continue
        yield from _grant_needs(grant, task, reason, location, deployment)


def _suffix(call: ServiceCall) -> str:
    return call.pattern if call.pattern.startswith(".") else ""


def _grant_needs(
    grant: Grant,
    task: Task,
    reason: Reason,
    location: Location,
    deployment: Deployment,
) -> Iterator[Need | Finding]:
    phase = Phase.CREATION if grant.at_creation else Phase.RUN
    if isinstance(grant.resource, EveryResource):
        actions = ", ".join(grant.actions)
        yield finding(rules.RESOURCE_FORCED, location, actions=actions, reason=grant.resource.reason)
    for found in touched_resources(grant.resource, task.arguments, deployment):
        yield Need(grant.actions, found.resource, phase, reason)
        if found.breadth and isinstance(grant.resource, ArgumentArn):
            yield _wide(location, grant.actions, found, grant.resource.argument)


def _wide(location: Location, actions: tuple[str, ...], found: TouchedResource, argument: str) -> Finding:
    return finding(
        rules.RESOURCE_WIDE,
        location,
        actions=", ".join(actions),
        pattern=spell(found.resource.text),
        argument=argument,
        reason=found.breadth,
    )
