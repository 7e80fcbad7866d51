"""What a task state requires of the role."""

from __future__ import annotations

from dataclasses import dataclass, replace
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
from sfn_least_privilege.policy.catalog.forms.name_or_arn import is_arn
from sfn_least_privilege.policy.catalog.integration import Call, EveryResource, FixedArn
from sfn_least_privilege.policy.catalog.integrations import SERVICES, service_integrations
from sfn_least_privilege.policy.catalog.task_rules import ASSUMED_ROLE, FUNCTION_ARN
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.needs import rules
from sfn_least_privilege.policy.needs.grants import permissions
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.needs.resources import touched
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.value import MISSING, Guarded, Scalar, guarded_texts, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.asl.workflow import Task
    from sfn_least_privilege.policy.catalog.integration import Grant, Integration
    from sfn_least_privilege.policy.catalog.task_rules import TaskRule
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Guards


def task_needs(task: Task, surroundings: Surroundings) -> Iterator[Need | Finding]:
    """The needs of one task, and what there is to tell about them."""
    location = Location(surroundings.logical_id, task.path)
    try:
        if task.credentials_role is not MISSING:
            for role in guarded_texts(task.credentials_role):
                if is_arn(role.text) is False and not _may_change(role.text):
                    problem = f"`Credentials.RoleArn` is `{spell(role.text)}`, which is not the ARN of a role"
                    yield finding(asl_rules.STATES_LANGUAGE, location, problem=problem)
                    continue
                yield from _field_need(ASSUMED_ROLE, role, location, surroundings)
            return
        for resource in task.resources:
            for told in _call_needs(resource, task, location, surroundings):
                guarded = under(told, resource.guards) if isinstance(told, Need) else told
                if guarded is not None:
                    yield guarded
    except ExpressionSyntaxError as error:
        yield finding(asl_rules.EXPRESSION_UNREADABLE, location, field="an argument", problem=error)


def _may_change(text: Text) -> bool:
    """Whether a string is a parameter's, so that what it is now says little of what it is deployed with."""
    reference = text.reference
    return reference is not None and reference.sample is not None


def under(need: Need, guards: Guards) -> Need | None:
    """The need under further template conditions; None where they contradict its own."""
    merged = merge_guards(guards, need.resource.guards)
    return None if merged is None else replace(need, resource=Guarded(need.resource.text, merged))


def _call_needs(
    resource: Guarded,
    task: Task,
    location: Location,
    surroundings: Surroundings,
) -> Iterator[Need | Finding]:
    call = task_call(resource.text)
    if isinstance(call, UnknownCall):
        yield finding(asl_rules.RESOURCE_UNKNOWN, location, problem=call.problem)
    elif isinstance(call, FunctionCall):
        if call.assumed:
            yield finding(asl_rules.RESOURCE_ASSUMED, location, what=f"`{spell(call.arn)}`")
        yield from _field_need(FUNCTION_ARN, Guarded(call.arn), location, surroundings)
    elif isinstance(call, ServiceCall) and call.service.startswith("aws-sdk:"):
        # Loaded when a definition first calls a service this way: many never do.
        from sfn_least_privilege.policy.needs.sdk import sdk_needs  # noqa: PLC0415 -- see above

        yield from sdk_needs(call, task, location, surroundings)
    elif isinstance(call, ServiceCall):
        integration = _find(call, location)
        if isinstance(integration, Finding):
            yield integration
            return
        yield from integration_needs(call, integration, task.arguments, location, surroundings)
    elif not isinstance(call, ActivityCall):  # pragma: no cover -- the four kinds of call are all there are
        raise TypeError(call)


def _field_need(
    rule: TaskRule,
    value: Guarded,
    location: Location,
    surroundings: Surroundings,
) -> Iterator[Need | Finding]:
    """The need for what a field of the state itself names: a function or a role."""
    # The field must hold an ARN: a reference of unknown kind stands for one.
    row = rule.resource
    pattern = row.form(value.text, row.template, surroundings.deployment) if value.text.unknowns else value.text
    found = touched(pattern, value.guards)
    reason = Reason(location.state, rule.name, rule.documentation, rule.basis)
    yield Need(rule.actions, found.resource, Phase.RUN, reason)
    if found.breadth:
        wide = _Wide(rule.actions, (spell(found.resource.text),), row.argument, found.breadth)
        yield _finding_of(wide, location)


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


def integration_needs(
    call: ServiceCall,
    integration: Integration,
    arguments: Arguments,
    location: Location,
    surroundings: Surroundings,
) -> Iterator[Need | Finding]:
    """The needs of a call by the rows of its integration. Raises ExpressionSyntaxError."""
    if integration.requires and all(arguments.get(name) in _NOT_GIVEN for name in integration.requires):
        names = " or ".join(f"`{name}`" for name in integration.requires)
        yield finding(rules.ARGUMENT_MISSING, location, integration=call.name, arguments=names)
        return
    rule = f"{call.name}{call.pattern if call.pattern.startswith('.') else ''}"
    seen = Call(arguments, call.pattern, surroundings)
    wide: list[_Wide] = []
    for grant in integration.grants:
        reason = Reason(
            location.state,
            rule,
            grant.documentation or integration.documentation,
            grant.basis or integration.basis,
        )
        yield from _grant_needs(grant, seen, reason, location, wide)
    for each in _told_together(wide):
        yield _finding_of(each, location)
    for notice in integration.notices(seen) if integration.notices is not None else ():
        yield finding(rules.OUTSIDE, location, integration=call.name, notice=notice)


def _grant_needs(
    grant: Grant, call: Call, reason: Reason, location: Location, wide: list[_Wide]
) -> Iterator[Need | Finding]:
    """The needs of a grant and what there is to tell of it; what is wider than the task is added to ``wide``."""
    phase = Phase.CREATION if grant.at_creation else Phase.RUN
    for found in permissions(grant, call):
        yield Need(grant.actions, found.resource, phase, reason, found.conditions)
        if isinstance(grant.resource, EveryResource):
            actions = ", ".join(grant.actions)
            yield finding(rules.RESOURCE_FORCED, location, actions=actions, reason=grant.resource.reason)
        if isinstance(grant.resource, FixedArn) and grant.resource.open_because:
            actions, pattern = ", ".join(grant.actions), spell(found.resource.text)
            why = grant.resource.open_because
            yield finding(rules.RESOURCE_OPEN, location, actions=actions, pattern=pattern, reason=why)
        if found.breadth and not isinstance(grant.resource, EveryResource | FixedArn):
            argument = found.argument or grant.resource.argument
            wide.append(_Wide(grant.actions, (spell(found.resource.text),), argument, found.breadth))
        if found.unconditioned:
            kept = {condition.key for condition in found.conditions}
            yield finding(
                rules.CONDITION_DROPPED,
                location,
                actions=", ".join(grant.actions),
                keys=", ".join(row.key for row in grant.conditions if row.key not in kept),
                reason=found.unconditioned,
            )
        for loose in found.loosened:
            yield finding(
                rules.CONDITION_WIDE,
                location,
                actions=", ".join(grant.actions),
                key=loose.key,
                pattern=spell(loose.value),
                reason=loose.reason,
            )


@dataclass(frozen=True, slots=True)
class _Wide:
    """Actions granted on more than the task touches, for one reason."""

    actions: tuple[str, ...]
    patterns: tuple[str, ...]
    argument: str
    reason: str


def _told_together(wide: Iterable[_Wide]) -> Iterator[_Wide]:
    """The same breadths in as few words as say it: one argument often opens several actions, or several ARNs."""
    by_pattern: dict[tuple[tuple[str, ...], str, str], dict[str, None]] = {}
    for each in wide:
        by_pattern.setdefault((each.patterns, each.argument, each.reason), {}).update(dict.fromkeys(each.actions))
    by_actions: dict[tuple[tuple[str, ...], str, str], dict[str, None]] = {}
    for (patterns, argument, reason), actions in by_pattern.items():
        by_actions.setdefault((tuple(actions), argument, reason), {}).update(dict.fromkeys(patterns))
    for (joined, argument, reason), all_patterns in by_actions.items():
        yield _Wide(joined, tuple(all_patterns), argument, reason)


def _finding_of(wide: _Wide, location: Location) -> Finding:
    return finding(
        rules.RESOURCE_WIDE,
        location,
        actions=", ".join(wide.actions),
        pattern="`, `".join(wide.patterns),
        argument=wide.argument,
        reason=wide.reason,
    )


_NOT_GIVEN = (MISSING, Scalar("null"))
