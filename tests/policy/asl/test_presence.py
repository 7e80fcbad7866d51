"""Values that must be there."""

from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.presence import may_be_missing, present
from sfn_least_privilege.policy.value import MISSING, Anything, Conditional, Value, conditional, from_json, one_of

A, B = from_json("a"), from_json("b")


@pytest.mark.parametrize(
    ("value", "there"),
    [
        (A, A),
        (MISSING, MISSING),
        (one_of([A, MISSING]), A),
        (one_of([A, MISSING, B]), one_of([A, B])),
        (conditional("Prod", A, MISSING), A),
        (conditional("Prod", MISSING, A), A),
        (conditional("Prod", one_of([A, MISSING]), B), conditional("Prod", A, B)),
        (Conditional("Prod", MISSING, MISSING), MISSING),
    ],
)
def test_present(value: Value, there: Value) -> None:
    assert present(value) == there


@pytest.mark.parametrize(
    ("value", "maybe"),
    [
        (A, False),
        (Anything("why"), False),
        (MISSING, True),
        (one_of([A, MISSING]), True),
        (conditional("Prod", A, MISSING), True),
        (conditional("Prod", A, B), False),
    ],
)
def test_may_be_missing(value: Value, maybe: bool) -> None:  # noqa: FBT001 -- a column of the table
    assert may_be_missing(value) is maybe
