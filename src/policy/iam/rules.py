"""Findings of the grant stage."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity

POLICY_TOO_LARGE = Rule(
    "SLP401",
    Severity.ERROR,
    "A role's policies are larger than IAM allows",
    "the role's policies may become {excess} characters larger than fits into {inline} characters inline and "
    "{policies} managed policies of {managed} each; most of them come from {heaviest}",
    "Split the workflow, or let a few wider names cover its resources, with a hint in the machine's metadata.",
)
