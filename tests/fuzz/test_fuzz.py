"""The kept corpus, and mutations of it: the same ones in every run, and few enough for every run."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fuzz_targets import TARGETS, answered

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = Path(__file__).with_name("corpus")
SEEDS = [(path.parent.name, path.name) for path in sorted(CORPUS.glob("*/*"))]
MUTATIONS = 40
PIECES = [
    b"{",
    b"}",
    b"[",
    b"]",
    b'"',
    b"${",
    b"$",
    b"(",
    b")",
    b"*",
    b"\\u0000",
    b"\xff",
    b"Fn::If",
    b"Ref",
    b"null",
    b"-1",
]


def mutated(data: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    for _ in range(chance.randint(1, 4)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 40)))
        other = chance.choice(others)
        cut = chance.randrange(len(other) + 1)
        piece = chance.choice(
            (b"", chance.choice(PIECES), other[cut : cut + chance.choice((1, 5, 30))], data[start:end] * 2)
        )
        data = data[:start] + piece + data[end:]
    return data


def test_every_target_has_a_corpus() -> None:
    assert {target for target, _ in SEEDS} == set(TARGETS)


@pytest.mark.parametrize(("target", "name"), SEEDS)
def test_what_is_kept_is_answered(target: str, name: str) -> None:
    TARGETS[target]((CORPUS / target / name).read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_mutations_of_what_is_kept_are_answered(target: str) -> None:
    seeds = [path.read_bytes() for path in sorted((CORPUS / target).iterdir())]
    chance = random.Random(target)  # noqa: S311 -- the same mutations every time, no secret
    for seed in seeds:
        for _ in range(MUTATIONS):
            TARGETS[target](mutated(seed, chance, seeds))


ODD: list[Any] = [
    *(None, [], {}, "", 0, True, -1.5, "*", "${", "a:b:c:d:e:f", ["x"], [[[]]], ["Ref"], "x" * 300, "{% $x %}", "$.a"),
    *("Augment", "Audit", "Replace", "DISTRIBUTED", "AWS::IAM::ManagedPolicy", "AWS::Serverless::StateMachine"),
    *({"Ref": "AWS::NoValue"}, {"Ref": "M"}, {"Ref": "Own"}, {"Fn::GetAtt": ["M", "Arn"]}, {"Fn::GetAtt": "M"}),
    *({"Fn::If": []}, {"Fn::If": ["C", 1, {"Ref": "AWS::NoValue"}]}, {"Fn::Sub": "${M}${!x}${"}, {"Fn::Transform": {}}),
    *({"Fn::Sub": ["${a}", {"a": {"Ref": "M"}}]}, {"Fn::Select": [0, []]}, {"Fn::ForEach::x": []}),
    {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
]
KEYS = [
    "Fn::If",
    "Metadata",
    "Condition",
    "DependsOn",
    "Properties",
    "RoleArn",
    "Policies",
    "Roles",
    "NotAction",
    "Type",
]
FRAGMENTS = ["plain", "options", "augment", "audit", "replace", "serverless", "furniture", "odd_types"]


@pytest.mark.parametrize("name", FRAGMENTS)
def test_a_template_with_odd_parts_is_answered_and_stays_as_it_is_by_a_second_run(name: str) -> None:
    fragment = json.loads((CORPUS / "handler" / f"{name}.json").read_bytes())
    chance = random.Random(name)  # noqa: S311 -- as above
    for _ in range(MUTATIONS):
        first = answered(event(with_odd_parts(fragment, chance)))
        if first["status"] == "success":
            assert answered(event(first["fragment"]))["fragment"] == first["fragment"]


def event(fragment: Any) -> dict[str, Any]:
    around = {"requestId": "r", "region": "eu-west-1", "accountId": "123456789012", "transformId": "1::Macro"}
    return {**around, "params": {}, "templateParameterValues": {}, "fragment": fragment}


def with_odd_parts(fragment: Any, chance: random.Random) -> Any:
    changed = copy.deepcopy(fragment)
    for _ in range(chance.randint(1, 3)):
        owner, key = chance.choice(list(places(changed)))
        if isinstance(owner, dict) and chance.random() < 0.2:
            owner[chance.choice(KEYS)] = copy.deepcopy(chance.choice(ODD))
        elif chance.random() < 0.2:
            del owner[key]
        else:
            owner[key] = copy.deepcopy(chance.choice(ODD))
        changed.setdefault("Resources", {"M": {}})
    return changed


def places(node: Any) -> Iterator[tuple[Any, Any]]:
    """Every part of a template: what it stands in, and where."""
    for key, each in list(node.items() if isinstance(node, dict) else enumerate(node)):
        yield node, key
        if isinstance(each, dict | list):
            yield from places(each)
