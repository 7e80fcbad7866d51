"""Findings about options."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity

OPTION_INVALID = Rule(
    "SLP150",
    Severity.ERROR,
    "An option is not valid",
    "{source}: {problem}",
    "Correct the option; docs/options.md lists them all.",
)
OPTION_LOCKED = Rule(
    "SLP151",
    Severity.ERROR,
    "An option is locked",
    "{source}: `{option}` is locked to {locked} for everyone who uses this macro, but it is given as {given}",
    "Leave the option out, or ask whoever runs the macro.",
)
ACTION_REMOVED = Rule(
    "SLP152",
    Severity.INFO,
    "A needed action is not granted",
    "{action} is needed, but `RemoveActions` takes it away",
    "Nothing to do, unless the call is denied.",
)
REMOVAL_IDLE = Rule(
    "SLP153",
    Severity.INFO,
    "Nothing needs an action that is to be removed",
    "`RemoveActions` names {pattern}, which nothing in this state machine needs",
    "Remove the entry, or correct it.",
)
MODE_IMPOSSIBLE = Rule(
    "SLP154",
    Severity.ERROR,
    "A mode does not fit a state machine's role",
    "`Mode: {mode}` cannot be done: {problem}",
    "Choose another mode, or let the machine have a role of this template.",
)
MACHINE_IGNORED = Rule(
    "SLP155",
    Severity.INFO,
    "A state machine is left alone",
    "it is left as it is, because its mode is `Ignore`",
    "Nothing to do.",
)
OPTION_CIRCULAR = Rule(
    "SLP156",
    Severity.ERROR,
    "An option closes a circle",
    "`{option}` names {names}, which waits for the state machine, while the state machine waits for its role",
    "Name something that does not depend on the state machine.",
)
OPTION_SECRET = Rule(
    "SLP157",
    Severity.ERROR,
    "An option holds a secret",
    "the macro's Parameters: `{option}` holds the value of the parameter `{parameter}`, which is `NoEcho`: it would be "
    "written into the template in clear",
    "Give the option in the Metadata of a state machine, where `Ref` stays `Ref`, or without the parameter.",
)
