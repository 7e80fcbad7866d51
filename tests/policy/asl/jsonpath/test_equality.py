from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.jsonpath.equality import equal
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown
from sfn_least_privilege.policy.value import Anything, Conditional, ListOf, Scalar, Value, from_json, one_of

ORDERS = Reference("Ref", "Orders", Kind.NAME)
SOME = Unknown("is chosen at run time")


@pytest.mark.parametrize(
    ("left", "right", "verdict"),
    [
        (from_json("a"), from_json("a"), True),
        (from_json("a"), from_json("b"), False),
        (from_json(1), from_json(1), True),
        (from_json(1), from_json(2), False),
        (from_json(1), from_json(1.0), None),
        (from_json(1), Scalar("true"), False),
        (from_json(1), from_json("1"), None),
        (from_json(None), from_json("null"), False),
        (from_json([]), from_json({}), False),
        (from_json([1]), from_json([1]), None),
        (from_json([1]), ListOf(from_json(1)), None),
        (from_json("a"), from_json(["a"]), False),
        (Text.of("a-", SOME), from_json("a-b"), None),
        (Text.of("a-", SOME), from_json("b-b"), False),
        (Text.of(SOME, "-z"), from_json("b-y"), False),
        (Text.of("aa", SOME, "aa"), from_json("aaa"), False),
        (from_json("aaa"), Text.of("aa", SOME, "aa"), False),
        (Text.of(ORDERS), Text.of(ORDERS), True),
        (Text.of(SOME), Text.of(SOME), None),
        (Anything("is not known"), from_json("a"), None),
        (one_of((from_json("a"), from_json("b"))), from_json("c"), False),
        (one_of((from_json("a"), from_json("b"))), from_json("a"), None),
        (Conditional("C", from_json("a"), from_json("b")), from_json("c"), False),
        (one_of(map(from_json, "abcdefghi")), one_of(map(from_json, "jklmnopqr")), None),
    ],
)
def test_equality_is_certain_only_where_it_is(left: Value, right: Value, verdict: bool | None) -> None:  # noqa: FBT001 - a table
    assert equal(left, right) is verdict
