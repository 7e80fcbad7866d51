"""Findings of the read stage."""

from __future__ import annotations

from sfn_least_privilege.policy.findings import Rule, Severity

TEMPLATE_MALFORMED = Rule(
    "SLP101",
    Severity.ERROR,
    "The template cannot be read",
    "{problem}",
    "Correct the template; CloudFormation would refuse it as well.",
)
DEFINITION_MISSING = Rule(
    "SLP102",
    Severity.ERROR,
    "A state machine has no definition",
    "no definition was found: give one of {properties}",
    "Add the definition, or take the state machine out of the template.",
)
DEFINITION_AMBIGUOUS = Rule(
    "SLP103",
    Severity.ERROR,
    "A state machine has several definitions",
    "{properties} are given together: only one of them can be the definition",
    "Keep one of the properties.",
)
DEFINITION_UNREADABLE = Rule(
    "SLP104",
    Severity.ERROR,
    "A definition is neither JSON nor YAML",
    "the definition {origin} cannot be parsed: {problem}",
    "Check the definition with Workflow Studio, or with `cfn-lint`.",
)
DEFINITION_UNAVAILABLE = Rule(
    "SLP105",
    Severity.ERROR,
    "A definition outside the template cannot be fetched",
    "the definition cannot be read: {problem}",
    "Let whoever runs the transform read it, or put the definition into the template.",
)
LOCATION_UNKNOWN = Rule(
    "SLP106",
    Severity.ERROR,
    "The place of a definition is not known",
    "{property} cannot be followed: {problem}",
    "Give bucket and key as literals or parameters, so that they are known when the macro runs.",
)
DEFINITION_UNKNOWN = Rule(
    "SLP107",
    Severity.ERROR,
    "A definition is only known at deployment",
    "{property} is not known when the macro runs: {problem}",
    "Write the definition as text or an object, with intrinsic functions only for the values inside it.",
)
PLACEHOLDER_UNSET = Rule(
    "SLP108",
    Severity.WARNING,
    "A placeholder has no substitution",
    "`${{{name}}}` is not among the DefinitionSubstitutions, so it stays in the definition as it is",
    "Add it to DefinitionSubstitutions, or correct its name.",
)
ROLE_KEPT = Rule(
    "SLP109",
    Severity.INFO,
    "A state machine keeps its own role",
    "{what} is given, so the role is left as it is",
    "Remove it to have the role generated.",
)
PROPERTIES_UNKNOWN = Rule(
    "SLP110",
    Severity.ERROR,
    "The properties of a state machine are only known at deployment",
    "Properties is {shape}, so that its definition cannot be read",
    "Write the properties as an object, with intrinsic functions only for the values inside it.",
)
SUBSTITUTION_INVALID = Rule(
    "SLP111",
    Severity.ERROR,
    "DefinitionSubstitutions cannot be read",
    "DefinitionSubstitutions is {shape}: it must be an object of names and values",
    "Write it as `Name: value` pairs.",
)
HINT_INVALID = Rule(
    "SLP112",
    Severity.ERROR,
    "A hint cannot be used",
    "{problem}",
    "Hints stand in `Metadata` under `SfnLeastPrivilege: Values`, by state and argument or by a path of the input.",
)
LOOP_LEFT = Rule(
    "SLP113",
    Severity.ERROR,
    "State machines stand in a loop that is not unrolled",
    "`{loop}` holds state machines, but it has not been unrolled yet",
    "List `AWS::LanguageExtensions` before this macro in the template's `Transform`.",
)
ROLE_OPTIONAL = Rule(
    "SLP114",
    Severity.WARNING,
    "A state machine has its own role under a condition only",
    "{what} is given under a template condition, so the role is left as it is; where it does not hold there is none",
    "Give a role in both branches, or remove the property to have the role generated.",
)
DEFINITION_VARIANTS = Rule(
    "SLP115",
    Severity.ERROR,
    "Template conditions give a definition too many forms",
    "the conditions {conditions} decide which parts the definition has: that makes more than 16 definitions",
    "Let fewer conditions choose whole parts of it, or make several state machines with a `Condition` each.",
)
TRANSFORM_LEFT = Rule(
    "SLP116",
    Severity.WARNING,
    "A macro is still to bring resources",
    "`Resources` holds an `Fn::Transform` of {macro}: state machines that it brings are not seen, and get no role",
    "Nothing to do where CloudFormation runs it first, as it does in a stack; elsewhere, transform its result.",
)
