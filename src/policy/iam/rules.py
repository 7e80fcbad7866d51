"""Findings of the grant stage."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity

POLICY_TOO_LARGE = Rule(
    "SLP401",
    Severity.ERROR,
    "A role's policies are larger than IAM allows",
    "the role's policies have at least {size:,} characters, {excess:,} more than IAM allows; most of them come from "
    "{action} with {resources:,} resources",
    "Split the workflow, or name its resources so that fewer, wider names cover them, with a hint if need be.",
)
