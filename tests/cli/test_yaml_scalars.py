from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_least_privilege.cli.source import Origin
from sfn_least_privilege.cli.yaml_reading import read_yaml
from sfn_least_privilege.cli.yaml_scalars import quoted, resolve, write


@pytest.mark.parametrize("word", ["yes", "Yes", "YES", "on", "true", "True"])
def test_yaml_1_1_words_for_true(word: str) -> None:
    assert resolve(word) is True


@pytest.mark.parametrize("word", ["no", "No", "NO", "off", "OFF", "false"])
def test_yaml_1_1_words_for_false(word: str) -> None:
    assert resolve(word) is False


@pytest.mark.parametrize("word", ["", "~", "null", "Null", "NULL"])
def test_words_for_null(word: str) -> None:
    assert resolve(word) is None


@pytest.mark.parametrize(
    ("written", "number"),
    [("0", 0), ("-12", -12), ("+5", 5), ("1_000", 1000), ("1.5", 1.5), (".5", 0.5), ("1.0e+3", 1000.0)],
)
def test_decimal_numbers(written: str, number: float) -> None:
    value = resolve(written)

    assert value == number
    assert type(value) is type(number)


@pytest.mark.parametrize(
    "written",
    [
        *("2012-10-17", "2010-09-09", "2001-12-14t21:59:43.10-05:00"),
        *("000123456789", "012345670123", "0x1F", "0b11", "22:22", "1:30:00"),
        *("1e3", ".inf", "-.INF", ".nan", "1.0e+999", "9" * 5000),
        *("y", "n", "tRUE", "arn:aws:s3:::bucket", "-", "."),
    ],
)
def test_everything_else_is_a_string_as_written(written: str) -> None:
    assert resolve(written) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("AWS::IAM::Role", "AWS::IAM::Role"),
        ("states:StartExecution", "states:StartExecution"),
        ("states.amazonaws.com", "states.amazonaws.com"),
        ("the state machine", "the state machine"),
        ("two  spaces", '"two  spaces"'),
        ("trailing ", '"trailing "'),
        ("2012-10-17", '"2012-10-17"'),
        ("*", '"*"'),
        ("yes", '"yes"'),
        ("n", '"n"'),
        ("", '""'),
        ("a: b", '"a: b"'),
        ("${AWS::Region}", '"${AWS::Region}"'),
        ('say "hi"\n', '"say \\"hi\\"\\n"'),
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (1e22, "1.0e+22"),
    ],
)
def test_only_strings_that_need_quotes_get_them(value: object, written: str) -> None:
    assert write(value, '"') == written  # type: ignore[arg-type]  # the table's values are scalars


def test_single_quotes_are_used_where_the_document_uses_them() -> None:
    assert quoted("it's", "'") == "'it''s'"


def test_what_single_quotes_cannot_hold_gets_double_ones() -> None:
    assert quoted("bell \a", "'") == '"bell \\U00000007"'


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from("'\""))
def test_every_string_is_read_back_as_it_was(value: str, quote: str) -> None:
    source, _ = read_yaml(Origin("t", f"key: {write(value, quote)}\n"))

    assert source.root.value == {"key": value}


@settings(deadline=None)
@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.booleans(), st.none()))
def test_every_number_and_word_is_read_back_as_it_was(value: float | None) -> None:
    assert resolve(write(value, '"')) == value
