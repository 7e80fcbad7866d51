"""The needs of one call of an AWS SDK integration.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.sdk.loading import service_of
from sfn_least_privilege.policy.needs import sdk_rules as rules
from sfn_least_privilege.policy.needs.sdk.behalf import used_on_behalf
from sfn_least_privilege.policy.needs.sdk.granting import granted, not_granted, passed_roles
from sfn_least_privilege.policy.needs.sdk.inquiry import Inquiry
from sfn_least_privilege.policy.needs.sdk.members import member_findings
from sfn_least_privilege.policy.needs.sdk.optimised import optimised_row
from sfn_least_privilege.policy.needs.sdk.uncatalogued import unknown_operation, unknown_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.task_resource import ServiceCall
    from sfn_least_privilege.policy.asl.workflow import Task
    from sfn_least_privilege.policy.catalog.sdk.loading import Service
    from sfn_least_privilege.policy.catalog.sdk.model import Operation
    from sfn_least_privilege.policy.findings import Finding, Location
    from sfn_least_privilege.policy.needs.need import Need
    from sfn_least_privilege.policy.surroundings import Surroundings

_MARK = "aws-sdk:"
_NAME = re.compile("[A-Za-z0-9]+")
_PATTERNS = frozenset({Pattern.REQUEST_RESPONSE, Pattern.CALLBACK})


def sdk_needs(
    call: ServiceCall,
    task: Task,
    location: Location,
    surroundings: Surroundings,
) -> Iterator[Need | Finding]:
    """The needs of a call whose service starts with ``aws-sdk:``, and what there is to tell about them.

    Raises ExpressionSyntaxError.
    """
    inquiry = Inquiry(call, task.arguments, location, surroundings)
    if call.pattern not in _PATTERNS:
        yield inquiry.finding(rules.PATTERN_REFUSED, pattern=call.pattern)
        return
    name = call.service.removeprefix(_MARK)
    if not (_NAME.fullmatch(name) and _NAME.fullmatch(call.api)):
        # Nothing that could come to be such an action: `iam:*` must not be had by convention.
        rule = rules.OPERATION_MISSPELT if _NAME.fullmatch(name) else rules.SERVICE_MISSPELT
        yield inquiry.finding(rule, service=name, hint="; such a name has nothing but letters and digits")
        return
    service = service_of(name)
    if service is None:
        yield from unknown_service(name, inquiry)
        return
    unsupported = service.unsupported_operation(call.api)
    if unsupported is not None:
        yield inquiry.finding(rules.OPERATION_UNSUPPORTED, operation=unsupported)
        return
    operation = service.operation(call.api)
    if operation is None:
        yield from unknown_operation(service, inquiry)
        return
    yield from member_findings(operation, inquiry)
    row = optimised_row(service.name, call)
    if row is not None:
        # Loaded with it, as it is what loads this module.
        from sfn_least_privilege.policy.needs.tasks import integration_needs  # noqa: PLC0415 -- see above

        yield from integration_needs(call, row, task.arguments, location, surroundings)
        return
    yield from _operation_needs(operation, service, inquiry)


def _operation_needs(operation: Operation, service: Service, inquiry: Inquiry) -> Iterator[Need | Finding]:
    if operation.assumed:
        actions = ", ".join(dict.fromkeys(grant.action for grant in operation.grants))
        yield inquiry.finding(rules.ACTION_ASSUMED, actions=actions)
    if not operation.grants:
        yield inquiry.finding(rules.NOTHING_NEEDED)
    reason = inquiry.reason(service.documentation, operation.basis)
    for grant in operation.grants:
        yield from granted(grant, inquiry, reason)
    for role in operation.roles:
        yield from passed_roles(role, inquiry, reason)
    yield from not_granted(operation.untold, inquiry)
    yield from used_on_behalf(operation, inquiry)
