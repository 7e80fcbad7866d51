"""What there is to tell about the arguments of a call, measured by the API's input."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.arguments import argument_name
from sfn_least_privilege.policy.needs import sdk_rules as rules
from sfn_least_privilege.policy.needs.sdk.spelling import as_argument
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.value import MISSING, ObjectValue, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.catalog.sdk.model import Operation
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.needs.sdk.inquiry import Inquiry

_LIKELY = 0.75
# Null gives an argument no value.
_ABSENT = (MISSING, Scalar("null"))


def member_findings(operation: Operation, inquiry: Inquiry) -> Iterator[Finding]:
    """Arguments that are certainly missing, and those that the API does not know. Raises ExpressionSyntaxError."""
    missing = [f"`{as_argument(name)}`" for name in operation.required if inquiry.arguments.get(name) in _ABSENT]
    if missing:
        yield inquiry.finding(rules.MEMBER_MISSING, arguments=", ".join(missing))
    known = operation.lowered
    for given in _given(inquiry.arguments):
        if given.lower() not in known:
            near = get_close_matches(given.lower(), known, n=1, cutoff=_LIKELY)
            hint = f"; did you mean `{as_argument(known[near[0]])}`?" if near else ""
            yield inquiry.finding(rules.MEMBER_UNKNOWN, argument=given, hint=hint)


def _given(arguments: Arguments) -> Iterator[str]:
    """The names that certainly are arguments; what comes whole from the input is not looked into."""
    if arguments.template:
        yield from (argument_name(key) for key in arguments.template if OPEN not in key)
    elif isinstance(arguments.otherwise, ObjectValue) and arguments.otherwise.rest is None:
        yield from arguments.otherwise.fields
