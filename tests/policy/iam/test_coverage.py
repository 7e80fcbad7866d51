"""Which resource patterns make others superfluous."""

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.iam.coverage import Patterns, covers
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, Wildcard

STAR = Wildcard()
ACCOUNT = Reference("Ref", "AWS::AccountId", Kind.NAME)
TABLE = Reference("Fn::GetAtt", "Table.Arn", Kind.ARN)


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        (Text.of("table/orders"), Text.of("table/orders")),
        (Text.of("table/", STAR), Text.of("table/orders")),
        (Text.of("table/", STAR), Text.of("table/orders-", STAR)),
        (Text.of("table/", STAR), Text.of("table/orders/index/", STAR)),
        (Text.of("arn:", STAR, ":table/", STAR), Text.of("arn:", ACCOUNT, ":table/orders")),
        (Text.of(STAR), Text.of(TABLE)),
        (Text.of("a", STAR, "b", STAR, "b"), Text.of("axbxb")),
    ],
)
def test_a_pattern_covers(pattern: Text, other: Text) -> None:
    assert covers(pattern, other)


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        (Text.of("table/orders"), Text.of("table/", STAR)),
        (Text.of("table/orders-", STAR), Text.of("table/", STAR)),
        (Text.of("a", STAR, "b", STAR, "b"), Text.of("axb")),
        # A star within an ARN stays within its field.
        (Text.of("arn:aws:sqs:", STAR, ":orders"), Text.of("arn:aws:sqs:eu-west-1:123456789012:orders")),
        (Text.of("arn:aws:sqs:", STAR, ":orders"), Text.of("arn:aws:sqs:", TABLE, ":orders")),
        (Text.of("table/", STAR), Text.of(TABLE)),
    ],
)
def test_a_pattern_does_not_cover(pattern: Text, other: Text) -> None:
    assert not covers(pattern, other)


def test_the_widest_pattern_is_found() -> None:
    everything = Text.of("table/", STAR)
    patterns = Patterns([Text.of("table/orders"), Text.of("table/orders", STAR), everything])
    assert patterns.widest(Text.of("table/orders")) == everything
    assert patterns.widest(Text.of("table/orders", STAR)) == everything
    assert patterns.widest(everything) == everything
    assert patterns.widest(Text.of("topic")) is None


def test_a_pattern_without_a_wider_one_is_itself() -> None:
    orders = Text.of("table/orders")
    assert Patterns([orders, Text.of("table/refunds")]).widest(orders) == orders


pieces = st.lists(st.sampled_from(["a", "b", ":", STAR, STAR]), max_size=6).map(lambda each: Text.of(*each))


@given(pieces, pieces, st.lists(st.text("ab:", max_size=3), min_size=6, max_size=6))
def test_what_the_covered_pattern_matches_the_covering_one_matches(
    pattern: Text, other: Text, stars: list[str]
) -> None:
    if not covers(pattern, other):
        return
    filling = iter(stars)
    concrete = "".join(next(filling) if part == STAR else getattr(part, "value", "") for part in other.parts)
    glob = "".join("*" if part == STAR else getattr(part, "value", "") for part in pattern.parts)
    assert re.fullmatch(fnmatch.translate(glob), concrete)


@given(st.lists(pieces, min_size=1, max_size=8))
def test_the_widest_covers_and_nothing_else_covers_it(texts: list[Text]) -> None:
    patterns = Patterns(texts)
    for each in texts:
        widest = patterns.widest(each)
        assert widest is not None
        assert covers(widest, each)
        assert not any(covers(other, widest) for other in texts if other != widest)


def test_unknown_parts_count_as_stars() -> None:
    assert covers(Text.of("table/", Unknown("why")).pattern, Text.of("table/orders"))
