"""How right the permissions of AWS SDK integrations are, measured on a sample written by hand from the documentation.

The sample was made without looking at the engine, and then was used to better it, so that its figure is no forecast for
operations outside it: rows that were added later, measured before anything was changed for them, were right in 96.2 %
(ids that begin with `r-`, picked at random) and 94.8 % of the bindings. A row has a task's resource and literal
parameters and the pairs of action and resource that it needs in partition aws, region eu-west-1, account 123456789012;
`dynamic` names a parameter (a dotted path) that comes from the input instead, and what is needed then; `alternatives`
are other sets that are as right, where the documentation leaves it open.
"""

from __future__ import annotations

import copy
import functools
import importlib.resources
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest

from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.pipeline import policy_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from botocore.model import OperationModel, ServiceModel, Shape

HERE = Path(__file__).parent
SAMPLE: list[dict[str, Any]] = json.loads((HERE / "sample.json").read_text("utf-8"))
# The id of a wrong row, with " (dynamic)" behind it for the variant, and why it is wrong.
KNOWN_MISSES: dict[str, str] = json.loads((HERE / "known_misses.json").read_text("utf-8"))
ROWS = [pytest.param(row, id=row["id"]) for row in SAMPLE]
DEPLOYMENT = literal_deployment("aws", "eu-west-1", "123456789012")
OPERATOR_SAYING_EQUAL = re.compile(r"(String|Arn)(Equals|Like)")

Pairs = frozenset[tuple[str, str, str]]


def in_input(parameters: Mapping[str, Any], path: str) -> dict[str, Any]:
    """The parameters with the member at a dotted path taken from the input."""
    changed = copy.deepcopy(dict(parameters))
    *way, last = path.split(".")
    inner = changed
    for name in way:
        inner = inner[name]
    del inner[last]
    inner[f"{last}.$"] = "$.given"
    return changed


def variants(row: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any], list[Pairs]]]:
    """Name, parameters and the right sets of each measured variant of a row."""
    yield row["id"], row["parameters"], right_sets(row)
    if "dynamic" in row:
        dynamic = row["dynamic"]
        yield f"{row['id']} (dynamic)", in_input(row["parameters"], dynamic["member"]), right_sets(dynamic)


def right_sets(stated: Mapping[str, Any]) -> list[Pairs]:
    return [
        frozenset(
            (pair["action"], pair["resource"], json.dumps(pair.get("conditions", {}), sort_keys=True)) for pair in pairs
        )
        for pairs in (stated["expected"], *stated.get("alternatives", ()))
    ]


def granted(resource: str, parameters: Mapping[str, Any]) -> Pairs:
    """The pairs that the engine's policy for one task allows."""
    task = {"Type": "Task", "Resource": resource, "Parameters": parameters, "End": True}
    outcome = policy_for(json.dumps({"StartAt": "Only", "States": {"Only": task}}), DEPLOYMENT)
    return frozenset(
        (action, resource, conditions_of(statement))
        for statement in (outcome.document or {"Statement": []})["Statement"]
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    )


def conditions_of(statement: Mapping[str, Any]) -> str:
    """The condition keys and values; the operator only where it says more than that they are equal."""
    plain = {}
    for operator, conditions in statement.get("Condition", {}).items():
        for key, value in conditions.items():
            name = key if OPERATOR_SAYING_EQUAL.fullmatch(operator) else f"{operator} {key}"
            plain[name] = value[0] if isinstance(value, list) and len(value) == 1 else value
    return json.dumps(plain, sort_keys=True)


def listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@functools.cache
def measured() -> dict[str, str]:
    """What is wrong with each variant of the sample; an empty text where nothing is."""
    return {
        name: difference(row["resource"], parameters, right)
        for row in SAMPLE
        for name, parameters, right in variants(row)
    }


def difference(resource: str, parameters: Mapping[str, Any], right: list[Pairs]) -> str:
    try:
        got = granted(resource, parameters)
    except TransformFailedError as error:
        return f"refused: {error}"
    if got in right:
        return ""
    nearest = min(right, key=lambda pairs: len(pairs ^ got))
    return f"missing {shown(nearest - got)}; not asked for {shown(got - nearest)}"


def shown(pairs: Iterable[tuple[str, str, str]]) -> str:
    return ", ".join(" ".join(part for part in pair if part != "{}") for pair in sorted(pairs)) or "nothing"


# --- the engine against the sample


def test_at_least_95_percent_of_the_bindings_are_exactly_right() -> None:
    outcomes = measured().values()
    right = sum(not wrong for wrong in outcomes)
    assert right / len(outcomes) >= 0.95


@pytest.mark.parametrize("row", ROWS)
def test_a_row_is_exactly_right_unless_it_is_listed_as_wrong(row: dict[str, Any]) -> None:
    for name, _, _ in variants(row):
        wrong = measured()[name]
        if name in KNOWN_MISSES:
            assert wrong, f"{name} is right by now: take it off known_misses.json"
        else:
            assert not wrong, f"{name}: {wrong}"


def test_every_listed_miss_is_of_the_sample_and_has_a_reason() -> None:
    assert KNOWN_MISSES.keys() <= measured().keys()
    assert all(KNOWN_MISSES.values())


# --- the sample against what is published about AWS


def test_the_sample_is_as_large_as_promised() -> None:
    services = {row["resource"].split(":")[-2] for row in SAMPLE}
    ids = {row["id"] for row in SAMPLE}
    dynamic = [row for row in SAMPLE if "dynamic" in row]
    assert len(ids) == len(SAMPLE) >= 170
    assert len(services) >= 65
    assert len(dynamic) >= len(SAMPLE) / 2


@pytest.mark.parametrize("row", ROWS)
def test_the_actions_exist_and_take_the_resources(row: dict[str, Any]) -> None:
    published = iam_actions()
    for _, _, right in variants(row):
        for action, resource, _ in frozenset().union(*right):
            prefix, name = action.split(":")
            service = published[prefix]
            types = service["Actions"][name.lower()].get("Resources", [])
            formats = [form for kind in types for form in service["Resources"][kind.lower()]["ARNFormats"]]
            assert resource == "*" or any(fits(resource, form) for form in formats), (action, resource)


@functools.cache
def iam_actions() -> dict[str, Any]:
    """Actions, their resource types and ARN formats by IAM prefix, as cfn-lint ships them."""
    data = importlib.resources.files("cfnlint") / "data" / "AdditionalSpecs" / "Policies.json"
    return json.loads(data.read_text("utf-8"))


def fits(resource: str, arn_format: str) -> bool:
    """Whether a resource can be an ARN of a published format, in which `.*`, `*` and `${...}` stand for a value."""
    pieces = re.split(r"\.\*|\*|\$\{\w+\}", arn_format)
    return re.fullmatch(".*".join(map(re.escape, pieces)), resource) is not None


@pytest.mark.parametrize("row", ROWS)
def test_the_parameters_are_those_of_the_operation(row: dict[str, Any]) -> None:
    operation = operation_of(row)
    if operation.input_shape is None:
        assert not row["parameters"]
    else:
        assert list(wrong_members(operation.input_shape, row["parameters"], operation.name)) == []


def test_the_services_are_named_as_step_functions_names_them() -> None:
    # The name is that of the Java SDK's client, which is made from the service id.
    named = {row["client"]: row["resource"].split(":")[-2] for row in SAMPLE}
    assert named == {client: name_by(model_of(client).metadata["serviceId"]) for client in named}


def name_by(service_id: str) -> str:
    return re.sub(r"^(amazon|aws)|service$", "", re.sub(r"[^a-z0-9]", "", service_id.lower()))


@functools.cache
def model_of(client: str) -> ServiceModel:
    return session().get_service_model(client)


@functools.cache
def session() -> botocore.session.Session:
    return botocore.session.Session()


def operation_of(row: Mapping[str, Any]) -> OperationModel:
    model = model_of(row["client"])
    wanted = row["resource"].rsplit(":", 1)[1].partition(".")[0].lower()
    return model.operation_model(next(name for name in model.operation_names if name.lower() == wanted))


def wrong_members(shape: Shape, value: Any, path: str) -> Iterator[str]:
    """Members that the shape does not know, and required ones that are absent; letter case does not count."""
    if shape.type_name == "structure":
        known = {name.lower(): member for name, member in shape.members.items()}
        given = {name.removesuffix(".$").lower(): inner for name, inner in value.items()}
        yield from (f"{path} has no {name}" for name in given.keys() - known.keys())
        yield from (f"{path} lacks {name}" for name in shape.required_members if name.lower() not in given)
        for name in given.keys() & known.keys():
            yield from wrong_members(known[name], given[name], f"{path}.{name}")
    elif shape.type_name == "list":
        for inner in value:
            yield from wrong_members(shape.member, inner, path)
    elif shape.type_name == "map":
        for inner in value.values():
            yield from wrong_members(shape.value, inner, path)
