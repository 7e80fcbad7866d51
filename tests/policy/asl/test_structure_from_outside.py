"""Parts of a definition's structure that only deployment knows: told, never passed over."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.template.tokens import TokenWriter
from sfn_least_privilege.policy.value import Conditional, from_json

WRITER = TokenWriter()
CHOICE = WRITER.token(Conditional("C", from_json([{"Next": "Y"}]), from_json([])))
MODE = WRITER.token(Conditional("C", from_json("DISTRIBUTED"), from_json("INLINE")))
TOKENS = WRITER.tokens()
TASK = {"Type": "Task", "Resource": "arn:aws:states:::dynamodb:getItem", "Parameters": {"TableName": "t"}, "End": True}


def problems(state: dict[str, Any]) -> list[str]:
    definition = Definition({"StartAt": "S", "States": {"S": state, "Y": TASK}}, TOKENS)
    return [str(finding) for finding in understand(definition, "M").findings if finding.is_error]


@pytest.mark.parametrize(
    ("state", "problem"),
    [
        ({**TASK, "Catch": CHOICE}, "`Catch` is not a list"),
        ({**TASK, "Catch": [CHOICE]}, "an item of `Catch` is not an object"),
        ({**TASK, "Catch": {"ErrorEquals": ["States.ALL"], "Next": "Y"}}, "`Catch` is not a list"),
        ({"Type": "Choice", "Choices": CHOICE, "Default": "Y"}, "`Choices` is not a list"),
        ({"Type": "Choice", "Choices": [CHOICE], "Default": "Y"}, "an item of `Choices` is not an object"),
    ],
)
def test_rules_and_catchers_that_cannot_be_read_are_an_error(state: dict[str, Any], problem: str) -> None:
    (error,) = problems(state)
    assert error.startswith("SLP201 M / S: ")
    assert problem in error


@pytest.mark.parametrize(
    ("fields", "distributed"),
    [
        ({"ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED"}}}, True),
        ({"ItemProcessor": {"ProcessorConfig": {"Mode": MODE}}}, True),
        ({"ItemProcessor": {"ProcessorConfig": MODE}}, True),
        ({"ItemProcessor": {}, "ItemReader": {"Resource": "arn:aws:states:::s3:getObject"}}, True),
        ({"ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}}}, False),
        ({"ItemProcessor": {"ProcessorConfig": {}}}, False),
        ({"ItemProcessor": {}}, False),
        ({"Iterator": {}}, False),
    ],
)
def test_a_map_that_may_be_distributed_counts_as_distributed(fields: dict[str, Any], *, distributed: bool) -> None:
    processor = next(name for name in ("ItemProcessor", "Iterator") if name in fields)
    inner = {**fields[processor], "StartAt": "Y", "States": {"Y": TASK}}
    definition = {"StartAt": "S", "States": {"S": {"Type": "Map", **fields, processor: inner, "End": True}}}
    maps = understand(Definition(definition, TOKENS), "M").distributed_maps
    assert bool(maps) is distributed
