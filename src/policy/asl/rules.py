"""Findings of the understand stage."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity, Topic

STATES_LANGUAGE = Rule(
    "SLP201",
    Severity.ERROR,
    "The definition is no Amazon States Language",
    "{problem}",
    "Correct the definition; Step Functions would refuse it as well.",
)
EXPRESSION_UNREADABLE = Rule(
    "SLP202",
    Severity.ERROR,
    "An expression cannot be read",
    "{field} holds an expression that cannot be read: {problem}",
    "Correct the expression; Step Functions would refuse it as well.",
)
RESOURCE_UNKNOWN = Rule(
    "SLP203",
    Severity.ERROR,
    "What a task calls is not known",
    "`Resource` is not known: {problem}",
    "Write the integration's ARN literally, or give the ARN of a function or an activity.",
)
RESOURCE_ASSUMED = Rule(
    "SLP204",
    Severity.WARNING,
    "A task's resource is taken for a Lambda function",
    "`Resource` is {what}, whose value is not known here: it is taken for the ARN of a Lambda function",
    "Where it is a service integration instead, write its ARN literally.",
    Topic.UNKNOWN,
)
STATE_UNREACHABLE = Rule(
    "SLP205",
    Severity.WARNING,
    "A state can never be reached",
    "nothing leads from {start} to this state: it is granted nothing",
    "Lead to it from another state, or take it out of the definition.",
)
