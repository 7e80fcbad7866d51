"""What a distributed map requires of the role: its child executions, its items and its results."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl import rules as asl_rules
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError
from sfn_least_privilege.policy.asl.task_resource import Pattern, ServiceCall, UnknownCall, task_call
from sfn_least_privilege.policy.catalog.map_rules import MAP_RUN, READERS, WRITERS
from sfn_least_privilege.policy.findings import Location, finding
from sfn_least_privilege.policy.needs import rules
from sfn_least_privilege.policy.needs.need import Need
from sfn_least_privilege.policy.needs.tasks import integration_needs, under

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.asl.workflow import DataAccess, DistributedMap
    from sfn_least_privilege.policy.catalog.integration import Integration
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.text import Text

_RUN = ServiceCall(MAP_RUN.service, MAP_RUN.api, Pattern.REQUEST_RESPONSE)


def map_needs(distributed: DistributedMap, surroundings: Surroundings) -> Iterator[Need | Finding]:
    """The needs of one distributed map, and what there is to tell about them."""
    location = Location(surroundings.logical_id, distributed.path)
    try:
        yield from integration_needs(_RUN, MAP_RUN, distributed.settings, location, surroundings)
        for access, known in ((distributed.reader, READERS), (distributed.writer, WRITERS)):
            if access is not None:
                yield from _access_needs(access, known, location, surroundings)
    except ExpressionSyntaxError as error:
        yield finding(asl_rules.EXPRESSION_UNREADABLE, location, field="an argument", problem=error)


def _access_needs(
    access: DataAccess,
    known: Mapping[str, Integration],
    location: Location,
    surroundings: Surroundings,
) -> Iterator[Need | Finding]:
    for resource in access.resources:
        for told in _call_needs(resource.text, access.arguments, known, location, surroundings):
            guarded = under(told, resource.guards) if isinstance(told, Need) else told
            if guarded is not None:
                yield guarded


def _call_needs(
    resource: Text,
    arguments: Arguments,
    known: Mapping[str, Integration],
    location: Location,
    surroundings: Surroundings,
) -> Iterator[Need | Finding]:
    call = task_call(resource)
    if isinstance(call, UnknownCall):
        yield finding(asl_rules.RESOURCE_UNKNOWN, location, problem=call.problem)
    elif not isinstance(call, ServiceCall):
        problem = f"a map's data are read by {_listed(known)}"
        yield finding(asl_rules.RESOURCE_UNKNOWN, location, problem=problem)
    elif call.service != "s3" or call.api not in known or call.pattern is not Pattern.REQUEST_RESPONSE:
        near = get_close_matches(call.name, [f"s3:{api}" for api in known], n=1)
        hint = f"; did you mean `{near[0]}`?" if near else f" here; a map's data are under {_listed(known)}"
        yield finding(rules.INTEGRATION_UNKNOWN, location, integration=f"{call.name}{_suffix(call)}", hint=hint)
    else:
        yield from integration_needs(call, known[call.api], arguments, location, surroundings)


def _listed(known: Mapping[str, Integration]) -> str:
    return " or ".join(f"`arn:aws:states:::s3:{api}`" for api in known)


def _suffix(call: ServiceCall) -> str:
    return call.pattern if call.pattern.startswith(".") else ""
