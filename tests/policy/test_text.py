"""A string with known, referenced and unknown parts."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.text import (
    EMPTY,
    Kind,
    Literal,
    Part,
    Reference,
    Text,
    Unknown,
    Wildcard,
    unknown,
)

TABLE = Reference("Ref", "Table", Kind.NAME)
TABLE_ARN = Reference("Fn::GetAtt", "Table.Arn", Kind.ARN)
REGION = Reference("Ref", "AWS::Region", Kind.NAME)

references = st.sampled_from(
    [
        TABLE,
        TABLE_ARN,
        REGION,
        Reference("Ref", "Stage", sample="prod"),
        Reference("Ref", "Topic", sample="arn:aws:sns:eu-west-1:111122223333:orders"),
        Reference("Ref", "Nothing", sample=""),
    ]
)
parts = st.one_of(
    st.text("ab:/$", max_size=4).map(Literal),
    references,
    st.sampled_from("xy").map(Unknown),
    st.just(Wildcard()),
)
part_lists = st.lists(parts, max_size=6)


def is_normal(text: Text) -> bool:
    """No empty literals, no neighbours that could be one part."""
    literals = [isinstance(part, Literal) for part in text.parts]
    holes = [isinstance(part, Unknown | Wildcard) for part in text.parts]
    return (
        all(part.value for part in text.parts if isinstance(part, Literal))
        and not any(a and b for a, b in itertools.pairwise(literals))
        and not any(a and b for a, b in itertools.pairwise(holes))
    )


@given(part_lists)
def test_of_gives_the_normal_form(pieces: list[Part]) -> None:
    assert is_normal(Text.of(*pieces))


@given(part_lists, part_lists, part_lists)
def test_joining_is_associative(a: list[Part], b: list[Part], c: list[Part]) -> None:
    left = Text.of(Text.of(*a), Text.of(*b)) + Text.of(*c)
    right = Text.of(*a) + Text.of(Text.of(*b), Text.of(*c))
    assert left == right == Text.of(*a, *b, *c)


@given(part_lists)
def test_the_empty_text_changes_nothing(pieces: list[Part]) -> None:
    text = Text.of(*pieces)
    assert EMPTY + text == text == text + ""


def test_plain_strings_are_literals() -> None:
    assert Text.of("orders", "-", "prod") == Text((Literal("orders-prod"),))


def test_neighbouring_unknown_parts_are_one_and_the_first_reason_is_told() -> None:
    assert Text.of(Unknown("first"), Unknown("second")).parts == (Unknown("first"),)


@pytest.mark.parametrize("pieces", [(Unknown("why"), Wildcard()), (Wildcard(), Unknown("why"))])
def test_an_unknown_part_beside_a_wildcard_keeps_its_reason(pieces: tuple[Part, ...]) -> None:
    assert Text.of(*pieces).parts == (Unknown("why"),)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        (EMPTY, ""),
        (Text.of("orders"), "orders"),
        (Text.of(TABLE), None),
        (Text.of("orders-", TABLE), None),
        (unknown("why"), None),
    ],
)
def test_literal_is_the_string_only_when_all_of_it_is_literal(text: Text, literal: str | None) -> None:
    assert text.literal == literal


@pytest.mark.parametrize(
    ("text", "reference"),
    [(Text.of(TABLE), TABLE), (Text.of(TABLE, "-x"), None), (Text.of("x"), None), (EMPTY, None)],
)
def test_reference_is_the_one_that_is_the_whole_text(text: Text, reference: Reference | None) -> None:
    assert text.reference == reference


@pytest.mark.parametrize(
    ("text", "prefix", "suffix"),
    [
        (Text.of("a-", TABLE, "-z"), "a-", "-z"),
        (Text.of(TABLE, "-z"), "", "-z"),
        (Text.of("a-", Unknown("why")), "a-", ""),
        (Text.of("only"), "only", "only"),
        (EMPTY, "", ""),
    ],
)
def test_prefix_and_suffix_are_the_literal_ends(text: Text, prefix: str, suffix: str) -> None:
    assert (text.prefix, text.suffix) == (prefix, suffix)


def test_unknowns_and_references_are_listed_in_order() -> None:
    text = Text.of(TABLE, Unknown("first"), ":", REGION, Unknown("second"))
    assert text.references == (TABLE, REGION)
    assert text.unknowns == (Unknown("first"), Unknown("second"))


@pytest.mark.parametrize(
    ("text", "sample"),
    [
        (Text.of("orders-", Reference("Ref", "Stage", sample="prod")), "orders-prod"),
        (Text.of("orders-", TABLE), None),
        (Text.of("orders-", Wildcard()), None),
        (EMPTY, ""),
    ],
)
def test_sample_is_the_string_of_this_deployment_where_every_part_has_one(text: Text, sample: str | None) -> None:
    assert text.sample == sample


def test_a_sample_does_not_show_in_messages() -> None:
    assert "hunter2" not in repr(Reference("Ref", "Password", sample="hunter2"))


@given(part_lists, st.sampled_from(":/"))
def test_a_split_joined_again_is_the_text(pieces: list[Part], separator: str) -> None:
    text = Text.of(*pieces)
    split = text.split(separator)
    if split is not None:
        head, *tail = split
        assert Text.of(head, *(piece for each in tail for piece in (separator, each))) == text
        assert all(separator not in part.value for each in split for part in each.parts if isinstance(part, Literal))


@given(part_lists, st.sampled_from(":/"))
def test_a_split_counts_as_the_string_itself_is_split(pieces: list[Part], separator: str) -> None:
    text = Text.of(*pieces)
    split = text.split(separator)
    if split is not None and text.sample is not None:
        assert [each.sample for each in split] == text.sample.split(separator)


@pytest.mark.parametrize(
    "part",
    [
        Unknown("why"),
        Wildcard(),
        TABLE_ARN,
        Reference("Ref", "Parameter"),
        Reference("Ref", "Topic", sample="arn:aws:sns:eu-west-1:111122223333:orders"),
    ],
)
def test_no_split_at_colons_beside_a_part_that_may_hold_one(part: Part) -> None:
    assert Text.of("arn:aws:", part).split(":") is None


@pytest.mark.parametrize(
    "part",
    [TABLE, REGION, Reference("Ref", "AWS::AccountId"), Reference("Ref", "Parameter", sample="orders")],
)
def test_a_split_at_colons_beside_a_part_that_holds_none(part: Part) -> None:
    assert Text.of("arn:", part, ":x").split(":") == (Text.of("arn"), Text.of(part), Text.of("x"))


def test_a_region_may_hold_a_hyphen() -> None:
    assert Text.of("x-", REGION).split("-") is None


def test_joining_of_many_pieces() -> None:
    lines = ["    a line as a template has it, one of many thousand\n"] * 20_000
    text = Text.of(*lines)
    assert text.literal == "".join(lines)
