"""Findings about roles that people wrote by hand."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity

ROLE_LACKS = Rule(
    "SLP410",
    Severity.WARNING,
    "A role lacks a permission",
    "the role does not grant {action} on `{resource}`",
    "Grant it, or let `Mode: Augment` or `Mode: Replace` do so.",
)
ROLE_GRANTS_NEEDLESS = Rule(
    "SLP411",
    Severity.WARNING,
    "A role grants what nothing needs",
    "{place} grants {action}, which nothing in this state machine needs",
    "Remove it, unless something else uses the role, or let `Mode: Replace` write a role of its own.",
)
ROLE_GRANTS_WIDELY = Rule(
    "SLP412",
    Severity.WARNING,
    "A role grants more than is needed",
    "{place} grants {action} on `{resource}`; needed is {needed}",
    "Narrow it, unless something else uses the role, or let `Mode: Replace` write a role of its own.",
)
POLICIES_UNSEEN = Rule(
    "SLP413",
    Severity.INFO,
    "Policies of a role could not be looked at",
    "what {policies} grant is not known here, so that what seems to be lacking may be there",
    "Nothing to do, but mind it when reading what the role lacks.",
)
ROLE_FITS = Rule(
    "SLP414",
    Severity.INFO,
    "A role grants what is needed",
    "the role grants what the state machine needs, and no more",
    "Nothing to do.",
)
ROLE_MAY_LACK = Rule(
    "SLP415",
    Severity.WARNING,
    "A role grants a permission under conditions only",
    "the role grants {action} on `{resource}` only where conditions of its own hold, which is not known here",
    "Make sure that they hold for every request of the state machine, or grant it without them.",
)
ROLE_DENIES = Rule(
    "SLP416",
    Severity.WARNING,
    "A role denies what is needed",
    "{place} denies {action} on `{resource}`: whatever else allows it does not help",
    "Narrow the `Deny`, or let `Mode: Replace` write a role without it.",
)
ROLE_MAY_DENY = Rule(
    "SLP417",
    Severity.INFO,
    "A role may deny what is needed",
    "{place} denies {action} on some resources or under some conditions: `{resource}` may be among them",
    "Make sure that the `Deny` does not meet the requests of the state machine.",
)
ROLE_BOUNDED = Rule(
    "SLP418",
    Severity.INFO,
    "A role has a permissions boundary",
    "the role has a permissions boundary, which is not looked at: what that does not allow is denied, whatever the "
    "role's policies grant",
    "Make sure that the boundary allows what the state machine needs.",
)
