"""Findings of the need stage."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity, Topic

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
    Topic.WILDCARD,
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
    Topic.WILDCARD,
)
CONDITION_WIDE = Rule(
    "SLP341",
    Severity.WARNING,
    "A condition of a permission is wider than the task",
    "{actions} is granted where {key} is like `{pattern}`, because it is not fully known: {reason}",
    "Use a literal, a substitution or a value that the definition shows; or accept the breadth.",
    Topic.WILDCARD,
)
OUTSIDE = Rule(
    "SLP340",
    Severity.INFO,
    "A call rests on something outside the role and the template",
    "`{integration}`: {notice}",
    "See to it once; no permission of the role can replace it.",
)
RESOURCE_OPEN = Rule(
    "SLP342",
    Severity.INFO,
    "A permission is as wide as AWS leaves it",
    "{actions} is granted on `{pattern}`: {reason}",
    "Nothing to do: nothing that AWS documents allows a narrower form.",
)
EXPRESS_UNSUPPORTED = Rule(
    "SLP309",
    Severity.ERROR,
    "An Express workflow does not support what a state does",
    "{what} is not supported {where}",
    "Make it a Standard workflow, or call without waiting; Step Functions would refuse the definition as well.",
)
EXPRESS_DOUBTFUL = Rule(
    "SLP310",
    Severity.WARNING,
    "A workflow that may be Express has a state that Express does not support",
    "{what} is not supported {where}, which this one may be: {reason}",
    "Nothing to do where it is a Standard workflow.",
)
KEY_WIDE = Rule(
    "SLP311",
    Severity.WARNING,
    "A permission on keys is wider than the key",
    "{actions} is granted on `{pattern}`: {reason}",
    "Name the key by its ARN, or by a key of this template; or accept the breadth.",
    Topic.WILDCARD,
)
KEY_BY_ALIAS = Rule(
    "SLP312",
    Severity.INFO,
    "A key is known by its alias only",
    "{actions} is granted on `{pattern}` where the key has the alias `{alias}`: an alias is no resource that IAM knows",
    "Nothing to do: the condition narrows it to the keys that have the alias.",
)
KEY_MISSING = Rule(
    "SLP313",
    Severity.ERROR,
    "Encryption is set to a customer's key, but none is named",
    "`EncryptionConfiguration` asks for a customer's key and names none in `KmsKeyId`",
    "Name the key, or let AWS own it: `Type: AWS_OWNED_KEY`.",
)
