"""Every policy that AWS documents for an integration, held against what is generated for it.

``integrations.json`` holds the facts; its ``conventions`` explain them. ``services/<service>.json`` says with which
literal arguments each integration is tried, and what the facts' placeholders come to for these::

    {"batch:submitJob": {
        "arguments": {"JobDefinition": "sort:3", "JobQueue": "night"},
        "placeholders": {"JobQueue|arn": "arn:{Partition}:batch:{Region}:{AccountId}:job-queue/night"}}}

- The key is the integration's id, or the end of its resource (``batch:submitJob.sync``) where a pattern differs.
- ``{Partition}``, ``{Region}``, ``{AccountId}`` and ``{StateMachineName}`` are known everywhere. ``{X}`` is the literal
  argument at the path ``X`` unless ``placeholders`` says otherwise; every ``{X|transform}`` must stand there. A list
  means several resources, or values of a condition.
- Dynamic arguments are the same ones, every string taken from the execution's input; names in ``constant`` stay.
- ``additional`` holds ``arguments`` and ``placeholders`` for which the facts' ``additional`` statements are needed as
  well, all of them.

What is expected of literal arguments is the facts' ``minimal`` where they have one, else ``static``; of dynamic ones
``dynamic``, less the actions that ``minimal`` has not. Then ``differences.json`` applies, which lists every deliberate
difference in the order in which they apply::

    {"integrations": ["batch:submitJob"],     ids, ends of resources, or "batch:*"
     "arguments": "dynamic",                  or "literal", "additional", "any"
     "actions": ["batch:SubmitJob"],          "*" is every action that stands on the documented resources
     "documented": ["*"],                     resources as the facts print them; [] for what they do not have
     "granted": ["arn:{Partition}:…"],        resources instead; [] for what is left out
     "conditions": {},                        of what is granted; absent where they stay the documented ones
     "kind": "narrower",                      or "wider", "added", "left out": asserted as well
     "reason": "…"}                           or the name of one of the ``reasons`` at the top
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from sfn_least_privilege.policy.asl.task_resource import Pattern
from sfn_least_privilege.policy.catalog.integrations import SERVICES, service_integrations
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import policy_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
FACTS = json.loads((HERE / "integrations.json").read_text(encoding="utf-8"))
DIFFERENCES = json.loads((HERE / "differences.json").read_text(encoding="utf-8"))
SERVICE_DATA: dict[str, dict[str, Any]] = {
    key: case
    for file in sorted((HERE / "services").glob("*.json"))
    for key, case in json.loads(file.read_text(encoding="utf-8")).items()
}
ENVIRONMENT = {
    "Partition": "aws",
    "Region": "eu-west-1",
    "AccountId": "123456789012",
    "StateMachineName": "shop",
}
DEPLOYMENT = literal_deployment(*(ENVIRONMENT[name] for name in ("Partition", "Region", "AccountId")))

ROWS = [row for row in FACTS["integrations"] if row.get("patternSupported", True)]
REFUSED = [row for row in FACTS["integrations"] if not row.get("patternSupported", True)]
LANGUAGES = pytest.mark.parametrize("language", ["JSONPath", "JSONata"])


def tail(row: dict[str, Any]) -> str:
    resource: str = row["resource"]
    return resource.partition(":::")[2]


def each(rows: list[dict[str, Any]]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("row", rows, ids=map(tail, rows))


Conditions: TypeAlias = tuple[tuple[str, str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Allowed:
    """One action on one resource; as the facts print it, or with its placeholders filled in."""

    action: str
    resource: str
    conditions: Conditions = ()

    def __str__(self) -> str:
        conditions = "".join(f" if {operator} {key} {list(values)}" for operator, key, values in self.conditions)
        return f"{self.action} on {self.resource}{conditions}"

    def covers(self, other: Allowed) -> bool:
        """Whether whatever ``other`` allows is allowed by this one too."""
        theirs = {(operator, key): values for operator, key, values in other.conditions}
        return (
            self.action == other.action
            and matches(self.resource, other.resource)
            and all(
                all(any(matches(mine, one) for mine in values) for one in theirs.get((operator, key), ("*?",)))
                for operator, key, values in self.conditions
            )
        )


def matches(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text) is not None


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def conditions_of(block: dict[str, Any]) -> Conditions:
    return tuple(
        sorted(
            (operator, key, tuple(sorted(listed(values))))
            for operator, keys in block.items()
            for key, values in keys.items()
        )
    )


def allowed(statements: Iterable[dict[str, Any]], action: str, resource: str, condition: str) -> list[Allowed]:
    return [
        Allowed(verb.lower(), place, conditions_of(statement.get(condition, {})))
        for statement in statements
        for verb in listed(statement[action])
        for place in listed(statement[resource])
    ]


def documented(statements: Iterable[dict[str, Any]]) -> list[Allowed]:
    return allowed(statements, "actions", "resources", "conditions")


# What is expected ---------------------------------------------------------------------------------------------------


def case_of(row: dict[str, Any]) -> dict[str, Any]:
    case = SERVICE_DATA.get(tail(row)) or SERVICE_DATA.get(row["id"])
    if case is None:
        service = row["id"].partition(":")[0]
        pytest.fail(f"no arguments to try {row['id']} with: tests/facts/services/{service}.json lacks it")
    return case


def expected(row: dict[str, Any], form: str, case: dict[str, Any]) -> set[str]:
    """What the facts ask for a form of arguments, with the listed differences, its placeholders filled in."""
    tighter = row.get("minimal", row["static"])
    if form == "dynamic":
        verbs = {each.action for each in documented(tighter)}
        base = [each for each in documented(row["dynamic"]) if each.action in verbs]
    else:
        base = documented(tighter + (row.get("additional", []) if form == "additional" else []))
    for difference in DIFFERENCES["differences"]:
        if applies(difference, row, form):
            base = changed(base, difference)
    return {str(filled) for each in base for filled in fill(each, case)}


def applies(difference: dict[str, Any], row: dict[str, Any], form: str) -> bool:
    names = {row["id"], tail(row), row["id"].partition(":")[0] + ":*"}
    return difference["arguments"] in {form, "any"} and not names.isdisjoint(difference["integrations"])


def changed(base: list[Allowed], difference: dict[str, Any]) -> list[Allowed]:
    """``base`` with one difference. What it replaces need not be there: rows of one service differ."""
    actions = {action.lower() for action in listed(difference["actions"])}
    hit = [
        each
        for each in base
        if each.resource in difference["documented"] and ("*" in actions or each.action in actions)
    ]
    if difference["documented"] and not hit:
        return base
    own = conditions_of(difference["conditions"]) if "conditions" in difference else None
    grants = {(each.action, each.conditions if own is None else own): None for each in hit}
    if not difference["documented"]:
        grants = {(action, own or ()): None for action in actions}
    more = [Allowed(action, granted, kept) for action, kept in grants for granted in difference["granted"]]
    return [each for each in base if each not in hit] + more


PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


def fill(template: Allowed, case: dict[str, Any]) -> Iterator[Allowed]:
    for resource in filled(template.resource, case):
        conditions = tuple(
            (operator, key, tuple(sorted(one for value in values for one in filled(value, case))))
            for operator, key, values in template.conditions
        )
        yield Allowed(template.action, resource, conditions)


def filled(template: str, case: dict[str, Any]) -> list[str]:
    """The strings a template comes to: one for every combination of what its placeholders stand for."""
    names = PLACEHOLDER.findall(template)
    choices = [placeholder(name, case) for name in names]
    pieces = PLACEHOLDER.split(template)[::2]
    return [
        "".join(piece for pair in zip(pieces, (*choice, ""), strict=True) for piece in pair)
        for choice in product(*choices)
    ]


def placeholder(name: str, case: dict[str, Any]) -> list[str]:
    if name in ENVIRONMENT:
        return [ENVIRONMENT[name]]
    said = case.get("placeholders", {}).get(name)
    if said is not None:
        return [one for each in listed(said) for one in filled(each, case)]
    value: Any = case["arguments"]
    for step in name.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if not isinstance(value, str):
        pytest.fail(f"nothing says what {{{name}}} comes to")
    return [value]


# What is generated --------------------------------------------------------------------------------------------------


def generated(row: dict[str, Any], arguments: Any, language: str) -> list[Allowed]:
    """What the policy for one task allows."""
    field = "Parameters" if language == "JSONPath" else "Arguments"
    task = {"Type": "Task", "Resource": row["resource"], field: arguments, "End": True}
    definition = {"QueryLanguage": language, "StartAt": "Only", "States": {"Only": task}}
    document = policy_for(json.dumps(definition), DEPLOYMENT, ENVIRONMENT["StateMachineName"]).document
    return allowed(document["Statement"] if document else [], "Action", "Resource", "Condition")


def dynamic(arguments: Any, constant: list[str], language: str) -> Any:
    """The same arguments with every string, and every list of strings, taken from the execution's input."""
    if isinstance(arguments, list):
        return [dynamic(item, constant, language) for item in arguments]
    if not isinstance(arguments, dict):
        return arguments
    changed: dict[str, Any] = {}
    for name, value in arguments.items():
        if name in constant or not (
            isinstance(value, str) or (isinstance(value, list) and all(isinstance(item, str) for item in value))
        ):
            changed[name] = value if name in constant else dynamic(value, constant, language)
        elif language == "JSONPath":
            changed[f"{name}.$"] = "$.given"
        else:
            changed[name] = "{% $states.input.given %}"
    return changed


def shown(grants: Iterable[Allowed]) -> set[str]:
    return {str(each) for each in grants}


@LANGUAGES
@each(ROWS)
def test_literal_arguments_give_the_tightest_policy_that_is_documented(row: dict[str, Any], language: str) -> None:
    case = case_of(row)
    assert shown(generated(row, case["arguments"], language)) == expected(row, "literal", case)


@LANGUAGES
@each(ROWS)
def test_dynamic_arguments_give_what_is_documented_for_them(row: dict[str, Any], language: str) -> None:
    case = case_of(row)
    arguments = dynamic(case["arguments"], case.get("constant", []), language)
    assert shown(generated(row, arguments, language)) == expected(row, "dynamic", case)


@LANGUAGES
@each([row for row in ROWS if "additional" in row])
def test_what_is_documented_as_additional_comes_with_the_arguments_that_need_it(
    row: dict[str, Any],
    language: str,
) -> None:
    case = case_of(row).get("additional")
    assert case is not None, f"no arguments to try the additional statements of {tail(row)} with"
    assert shown(generated(row, case["arguments"], language)) == expected(row, "additional", case)


@LANGUAGES
@each(ROWS)
def test_dynamic_arguments_allow_whatever_the_literal_ones_need(row: dict[str, Any], language: str) -> None:
    case = case_of(row)
    open_ones = generated(row, dynamic(case["arguments"], case.get("constant", []), language), language)
    for needed in generated(row, case["arguments"], language):
        assert any(each.covers(needed) for each in open_ones), str(needed)


@each(REFUSED)
def test_a_pattern_that_the_service_does_not_support_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(TransformFailedError, match="does not support the pattern"):
        generated(row, case_of(row)["arguments"], "JSONPath")


def test_the_data_of_services_is_about_rows_of_the_facts() -> None:
    rows = FACTS["integrations"]
    assert set(SERVICE_DATA) <= {row["id"] for row in rows} | set(map(tail, rows))


PATTERNS = {
    "request_response": Pattern.REQUEST_RESPONSE,
    "sync": Pattern.SYNC,
    "sync:2": Pattern.SYNC_2,
    "waitForTaskToken": Pattern.CALLBACK,
}
MATRIX = {
    api: {PATTERNS[pattern] for pattern in patterns}
    for service in FACTS["optimizedIntegrations"]
    for api, patterns in service["actions"].items()
}


@pytest.mark.parametrize("api", MATRIX)
def test_the_patterns_of_an_integration_are_those_of_the_matrix(api: str) -> None:
    service, _, name = api.partition(":")
    assert set(service_integrations(service)[name].patterns) == MATRIX[api]


def test_there_are_no_integrations_beside_those_of_the_matrix() -> None:
    assert {f"{service}:{api}" for service in SERVICES for api in service_integrations(service)} <= set(MATRIX)


# The differences themselves -----------------------------------------------------------------------------------------


def difference_name(difference: dict[str, Any]) -> str:
    return f"{difference['integrations'][0]} {difference['arguments']} {listed(difference['actions'])[0]}"


@pytest.mark.parametrize("difference", DIFFERENCES["differences"], ids=difference_name)
class TestDifference:
    def test_it_is_of_the_kind_it_says(self, difference: dict[str, Any]) -> None:
        kind, printed, granted = difference["kind"], difference["documented"], difference["granted"]
        if kind == "added":
            assert granted
            assert not printed
        elif kind == "left out":
            assert printed
            assert not granted
        else:
            assert printed
            assert granted
            narrower = all(any(matches(wide, one) for wide in printed) for one in granted)
            assert kind == ("narrower" if narrower else "wider")

    def test_it_changes_what_is_expected_of_some_row(self, difference: dict[str, Any]) -> None:
        forms = ("literal", "dynamic", "additional")
        hit = [(row, form) for row in ROWS for form in forms if applies(difference, row, form)]
        others = [each for each in DIFFERENCES["differences"] if each is not difference]
        assert any(without(row, form, others) != without(row, form, DIFFERENCES["differences"]) for row, form in hit)

    def test_it_says_why(self, difference: dict[str, Any]) -> None:
        reason = difference["reason"]
        assert " " in DIFFERENCES["reasons"].get(reason, reason)


def test_every_reason_is_given_somewhere() -> None:
    assert set(DIFFERENCES["reasons"]) <= {difference["reason"] for difference in DIFFERENCES["differences"]}


def without(row: dict[str, Any], form: str, differences: list[dict[str, Any]]) -> set[Allowed]:
    """The templates expected with just these differences."""
    base = documented(row["dynamic"] if form == "dynamic" else row.get("minimal", row["static"]))
    base += documented(row.get("additional", [])) if form == "additional" else []
    for difference in differences:
        if applies(difference, row, form):
            base = changed(base, difference)
    return set(base)
