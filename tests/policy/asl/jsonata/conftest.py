"""What the examples of these tests know of their variables, and how they evaluate."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sfn_least_privilege.policy.asl.jsonata import evaluate
from sfn_least_privilege.policy.template.tokens import TokenWriter
from sfn_least_privilege.policy.text import Kind, Reference, Text, Wildcard
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ListOf,
    ObjectValue,
    Value,
    conditional,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

TABLE = Reference("Ref", "Table", Kind.NAME)
STAGE = Reference("Ref", "Stage", Kind.NAME)
WRITER = TokenWriter()
TOKEN = WRITER.token(Text.of(TABLE))
LITERAL = WRITER.tokens().literal

VARIABLES: Mapping[str, Value] = {
    "states": ObjectValue(
        {
            "input": Anything("it comes from the state's input"),
            "context": ObjectValue(
                {
                    "Execution": ObjectValue({"Id": Text.of("arn:aws:states:eu-west-1:1:execution:flow:", Wildcard())}),
                    "State": from_json({"Name": "Write"}),
                }
            ),
            "result": MISSING,
            "errorOutput": MISSING,
        }
    ),
    "order": from_json(
        {
            "id": "o-1",
            "total": 12.5,
            "paid": True,
            "lines": [{"sku": "a", "n": 1}, {"sku": "b", "n": 2}],
            "tags": ["x"],
            "grid": [["p", "q"], ["r"]],
        }
    ),
    "stage": Text.of(STAGE),
    "env": one_of([Text.of("dev"), Text.of("prod")]),
    "table": conditional("IsProd", Text.of("orders"), Text.of("orders-dev")),
    "isProd": conditional("IsProd", from_json(True), from_json(False)),  # noqa: FBT003 -- JSON's true and false
    "maybe": one_of([Text.of("m"), MISSING]),
    "names": ListOf(Text.of("n")),
    "settings": ObjectValue({"region": Text.of("eu")}, rest=Text.of("s")),
}


@pytest.fixture(scope="session")
def evaluated() -> Callable[[str], Value]:
    """What is known of an expression over the variables above."""
    return lambda expression: evaluate(expression, VARIABLES, LITERAL)


@pytest.fixture(scope="session")
def token() -> str:
    """The token of a placeholder for the name of a table."""
    return TOKEN
