"""Findings about AWS SDK integrations."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity, Topic

SERVICE_MISSPELT = Rule(
    "SLP320",
    Severity.ERROR,
    "An AWS SDK integration names a service that does not exist",
    "`{integration}`: there is no service `{service}`{hint}",
    "Correct the name of the service; it is the one in the list of supported services, not the one of IAM.",
)
OPERATION_MISSPELT = Rule(
    "SLP321",
    Severity.ERROR,
    "An AWS SDK integration names an operation that does not exist",
    "`{integration}`: there is no such operation{hint}",
    "Correct the name of the operation.",
)
BY_CONVENTION = Rule(
    "SLP322",
    Severity.WARNING,
    "An AWS SDK integration is newer than the catalogue",
    "`{integration}` is not in the catalogue{hint}: granted by convention are {action} on `*`",
    "Check the action against the documentation of the service; a newer version of the macro may know it.",
    Topic.UNKNOWN,
)
PATTERN_REFUSED = Rule(
    "SLP323",
    Severity.ERROR,
    "An AWS SDK integration cannot wait for a job",
    "`{integration}` does not support the pattern {pattern}: AWS SDK integrations support request response and "
    ".waitForTaskToken",
    "Use the optimised integration if there is one, or wait with a loop; Step Functions would refuse this as well.",
)
OPERATION_UNSUPPORTED = Rule(
    "SLP324",
    Severity.ERROR,
    "Step Functions does not offer an operation",
    "`{integration}`: Step Functions lists `{operation}` among the operations that it does not support",
    "Call it from a Lambda function instead.",
)
ACTION_ASSUMED = Rule(
    "SLP325",
    Severity.WARNING,
    "An action is assumed",
    "`{integration}`: no list of IAM actions has {actions} yet; assumed from the operation's name",
    "Check it against the documentation of the service.",
    Topic.UNKNOWN,
)
RESOURCES_UNLISTED = Rule(
    "SLP326",
    Severity.WARNING,
    "An action's resources are not known",
    "{actions} is granted on `*`: no list says which resources it can be limited to",
    "Check it against the documentation of the service.",
    Topic.UNKNOWN,
)
MEMBER_MISSING = Rule(
    "SLP327",
    Severity.WARNING,
    "A task lacks an argument that the API requires",
    "`{integration}` needs {arguments}",
    "Give the argument: the call would fail without it. The permission does not depend on it.",
)
MEMBER_UNKNOWN = Rule(
    "SLP328",
    Severity.WARNING,
    "A task gives an argument that the API does not know",
    "`{integration}` has no argument `{argument}`{hint}",
    "Correct its name: Step Functions refuses arguments that the API does not know.",
)
RESOURCE_OPEN = Rule(
    "SLP329",
    Severity.INFO,
    "A call does not name its resource",
    "{actions} is granted on `{pattern}`: {reason}",
    "Nothing to do: the API has no argument for it.",
)
NOTHING_NEEDED = Rule(
    "SLP330",
    Severity.INFO,
    "A call needs no permission",
    "`{integration}` is not authorised by IAM: nothing is granted",
    "Nothing to do.",
)
NOT_GRANTED = Rule(
    "SLP331",
    Severity.INFO,
    "A permission that a call may need is not granted",
    "`{integration}` also needs {needs}",
    "Give the role this permission if that is so.",
)
SERVICE_RETIRED = Rule(
    "SLP332",
    Severity.WARNING,
    "An AWS SDK integration calls a service that AWS has retired",
    "`{integration}` calls a service that no current SDK has: granted by convention are {action} on `*`",
    "Replace the call.",
    Topic.UNKNOWN,
)
ARGUMENT_OPEN = Rule(
    "SLP334",
    Severity.WARNING,
    "A permission is wider than it would be with another argument",
    "{actions} is granted on `{pattern}`: the task does not give {arguments}",
    "Give the argument if the call is meant for certain resources; or accept the breadth.",
    Topic.WILDCARD,
)
NO_OPERATION = Rule(
    "SLP333",
    Severity.ERROR,
    "An AWS SDK integration names a permission, not an operation",
    "`{integration}`: {action} is an action of IAM, but no operation of this service that could be called{hint}",
    "Call the operation that needs this permission.",
)
