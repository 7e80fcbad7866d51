from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.jsonpath.filters import passes
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import MISSING, Anything, ObjectValue, Scalar, from_json, one_of

ITEM = ObjectValue(
    {
        "name": Text.of("orders"),
        "size": from_json(5),
        "on": Scalar("false"),
        "none": from_json(None),
        "tags": from_json(["a", "b"]),
        "inner": from_json({"x": "y"}),
        "unknown": Anything("comes from the execution's input"),
        "key": Text.of("logs/", Unknown("is chosen at run time")),
        "maybe": one_of((MISSING, Text.of("m"))),
        "either": one_of((Text.of("a"), Text.of("b"))),
    }
)


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("(@.name == 'orders')", True),
        ('(@.name=="orders")', True),
        ("(@.name == 'jobs')", False),
        ("(@.name != 'jobs')", True),
        ("(@['name'] == 'orders')", True),
        ("(@.inner.x == 'y')", True),
        ("(@.tags[0] == 'a')", True),
        ("@.name == 'orders'", True),
        ("(@.size == 5)", True),
        ("(@.size > 4 && @.size <= 5)", True),
        ("(@.size < 5 || @.size >= 6)", False),
        ("(@.on == false)", True),
        ("(@.none == null)", True),
        ("(@.size == true)", False),
        ("(@.inner == 'y')", False),
        ("(@.name)", True),
        ("(@.on)", True),
        ("(@.other)", False),
        ("(!@.other)", True),
        ("(!(@.name == 'jobs') && (@.on || @.other))", True),
        ("(@.other == 'x')", False),
        ("(@.key == 'data/x')", False),
        ("(@.maybe == 'x')", False),
        ("(@.either == 'c')", False),
        ("(@.name == 'jobs' && @.unknown)", False),
        ("(@.name == 'orders' || @.unknown)", True),
    ],
)
def test_a_condition_on_what_is_known_is_decided(condition: str, verdict: bool) -> None:  # noqa: FBT001 - a table
    assert passes(condition, ITEM) is verdict


@pytest.mark.parametrize(
    "condition",
    [
        "(@.unknown == 'x')",
        "(@.unknown)",
        "(@.key == 'logs/x')",
        "(@.maybe == 'm')",
        "(@.maybe)",
        "(@.either == 'a')",
        "(@.none)",
        "(@.size == '5')",
        "(@.size == 5.0)",
        "(@.name > 'a')",
        "(@.other != 'x')",
        "(@.other > 1)",
        "(@.name == 'orders' && @.unknown)",
        "(@.name == 'jobs' || @.unknown)",
        "(@.tags[-1] == 'b')",
    ],
)
def test_a_condition_on_what_is_not_known_stays_open(condition: str) -> None:
    assert passes(condition, ITEM) is None


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "(@.name =~ /ord.*/)",
        "(@.name in ['orders'])",
        "(@.tags empty false)",
        "('orders' == @.name)",
        "(@.name == $.name)",
        "(@.tags[*] == 'a')",
        "(@..x == 'y')",
        r"(@.name == 'it\'s')",
        "(@.size == 05)",
        "(@.name == 'orders'",
        "(@.name == )",
        "(@.[)",
        "(" * 1000 + "@.name" + ")" * 1000,
    ],
)
def test_a_condition_that_is_not_understood_stays_open(condition: str) -> None:
    assert passes(condition, ITEM) is None
