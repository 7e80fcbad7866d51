"""Findings of the need stage."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity

INTEGRATION_UNKNOWN = Rule(
    "SLP301",
    Severity.ERROR,
    "An integration is not in the catalogue",
    "`{integration}` is not known{hint}",
    "Correct its name, or give this state machine its role by hand until the integration is supported.",
)
PATTERN_UNSUPPORTED = Rule(
    "SLP302",
    Severity.ERROR,
    "An integration does not support a pattern",
    "`{integration}` does not support the pattern {pattern}: it supports {supported}",
    "Use one of the supported patterns; Step Functions would refuse the definition as well.",
)
ARGUMENT_MISSING = Rule(
    "SLP303",
    Severity.ERROR,
    "A task lacks an argument",
    "`{integration}` needs {arguments}",
    "Give the argument; the call would fail without it.",
)
RESOURCE_WIDE = Rule(
    "SLP304",
    Severity.WARNING,
    "A permission is wider than the task",
    "{actions} is granted on `{pattern}`, because `{argument}` is not fully known: {reason}",
    "Use a literal, a substitution or a value that the definition shows; or accept the breadth.",
)
RESOURCE_FORCED = Rule(
    "SLP305",
    Severity.INFO,
    "A permission on every resource is forced",
    "{actions} is granted on `*`: {reason}",
    "Nothing to do: IAM has no narrower form.",
)
CONDITION_DROPPED = Rule(
    "SLP308",
    Severity.WARNING,
    "A permission stands without a condition that would narrow it",
    "{actions} is granted without a condition on {keys}, because its value is not known: {reason}",
    "Use a literal, a substitution or a value that the definition shows; or accept the breadth.",
)
DISTRIBUTED_MAP = Rule(
    "SLP306",
    Severity.ERROR,
    "A distributed map is not supported yet",
    "a map in DISTRIBUTED mode needs permissions that are not in the catalogue yet",
    "Give this state machine its role by hand until it is supported.",
)
CUSTOMER_KEY = Rule(
    "SLP307",
    Severity.ERROR,
    "Encryption with a customer's key is not supported yet",
    "`EncryptionConfiguration` names a key of the customer, whose permissions are not in the catalogue yet",
    "Give this state machine its role by hand until it is supported, or let AWS own the key.",
)
