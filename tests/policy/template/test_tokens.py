"""Definition text with holes."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.template.tokens import (
    CLOSE,
    OPEN,
    Tokens,
    TokenWriter,
    has_noncharacters,
    quote_bare_tokens,
    substitute,
)
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import MISSING, Conditional, ObjectValue, OneOf, Value, one_of

TABLE = Text.of(Reference("Ref", "Table", Kind.NAME))
TOPIC = Text.of(Reference("Ref", "Topic", Kind.ARN))

json_strings = st.text(st.sampled_from('ab"\\/{}[]:,\n\t é'), max_size=8)


class TestTokenWriter:
    def test_what_is_written_is_read_again(self) -> None:
        writer = TokenWriter()
        text = f"a-{writer.token(TABLE)}-{writer.token(TOPIC)}"
        assert writer.tokens().literal(text) == Text.of("a-", TABLE, "-", TOPIC)

    def test_equal_values_share_a_token(self) -> None:
        writer = TokenWriter()
        assert writer.token(TABLE) == writer.token(Text.of(Reference("Ref", "Table", Kind.NAME)))
        assert writer.token(TOPIC) != writer.token(TABLE)


class TestLiteral:
    @pytest.mark.parametrize("text", ["", "orders", "${Table}", "$.table"])
    def test_a_string_without_tokens_is_itself(self, text: str) -> None:
        assert Tokens().literal(text) == Text.of(text)

    @pytest.mark.parametrize(
        "value",
        [ObjectValue({"a": TABLE}), MISSING, one_of([TABLE, TOPIC]), Conditional("IsProd", TABLE, TOPIC)],
    )
    def test_a_token_that_is_the_whole_string_is_its_value_as_it_is(self, value: Value) -> None:
        writer = TokenWriter()
        assert writer.tokens().literal("") == Text()
        token = writer.token(value)
        assert writer.tokens().literal(token) == value

    def test_choices_go_through_the_string_around_them(self) -> None:
        writer = TokenWriter()
        text = f"x-{writer.token(one_of([Text.of('a'), Text.of('b')]))}"
        assert writer.tokens().literal(text) == OneOf((Text.of("x-a"), Text.of("x-b")))

    @pytest.mark.parametrize("text", [OPEN, CLOSE, f"{OPEN}{CLOSE}", f"{OPEN}x{CLOSE}", f"a{OPEN}1"])
    def test_what_only_looks_like_a_token_is_text(self, text: str) -> None:
        assert Tokens().literal(text) == Text.of(text)


class TestSubstitute:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("no placeholder", "no placeholder"),
            ("${Table}", "<Table>"),
            ("a-${Table}-${Table_2}-z", "a-<Table>-<Table_2>-z"),
            ("${Unset}", "${Unset}"),
            ("${Table", "${Table"),
            ("${}", "${}"),
            ("${AWS::Region}", "${AWS::Region}"),
            ("${ Table }", "${ Table }"),
            ("$${Table}", "$<Table>"),
            ("${${Table}}", "${<Table>}"),
        ],
    )
    def test_placeholders_that_have_an_answer_are_replaced(self, text: str, expected: str) -> None:
        answers = {"Table": "<Table>", "Table_2": "<Table_2>", "Region": "never"}
        assert substitute(text, answers.get) == expected

    def test_an_answer_is_not_searched_again(self) -> None:
        assert substitute("${A}", {"A": "${B}", "B": "never"}.get) == "${B}"

    @given(st.text("${}ab", max_size=12))
    def test_without_answers_nothing_changes(self, text: str) -> None:
        assert substitute(text, lambda _: None) == text


class TestQuoteBareTokens:
    def test_text_without_tokens_is_the_same_object(self) -> None:
        text = '{"a": 1}'
        assert quote_bare_tokens(text) is text

    @pytest.mark.parametrize(
        ("text", "parsed"),
        [
            (f'{{"a": {OPEN}0{CLOSE}}}', {"a": f"{OPEN}0{CLOSE}"}),
            (f'{{"a": "x{OPEN}0{CLOSE}"}}', {"a": f"x{OPEN}0{CLOSE}"}),
            (f"[{OPEN}0{CLOSE},{OPEN}1{CLOSE}]", [f"{OPEN}0{CLOSE}", f"{OPEN}1{CLOSE}"]),
            (f'{{{OPEN}0{CLOSE}: "b"}}', {f"{OPEN}0{CLOSE}": "b"}),
            (f'{{"a\\"b": {OPEN}0{CLOSE}}}', {'a"b': f"{OPEN}0{CLOSE}"}),
            (f'{{"a\\\\": {OPEN}0{CLOSE}}}', {"a\\": f"{OPEN}0{CLOSE}"}),
            (f'{{"a": "\\"{OPEN}0{CLOSE}\\""}}', {"a": f'"{OPEN}0{CLOSE}"'}),
        ],
    )
    def test_only_tokens_outside_strings_are_quoted(self, text: str, parsed: object) -> None:
        assert json.loads(quote_bare_tokens(text)) == parsed

    @given(
        st.recursive(
            json_strings | st.integers() | st.none() | st.just(f"{OPEN}7{CLOSE}"),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(json_strings, inner, max_size=3),
            max_leaves=8,
        )
    )
    def test_any_json_with_bare_tokens_parses_to_what_was_meant(self, document: Any) -> None:
        token = f"{OPEN}7{CLOSE}"
        bare = json.dumps(document, ensure_ascii=False).replace(f'"{token}"', token)
        assert json.loads(quote_bare_tokens(bare)) == document

    def test_a_string_without_an_end_is_passed_over(self) -> None:
        text = f'{{"a": {OPEN}0{CLOSE}, "' + '\\"' * 20_000
        quoted = quote_bare_tokens(text)
        assert quoted.startswith(f'{{"a": "{OPEN}0{CLOSE}", "')


@pytest.mark.parametrize(
    ("text", "expected"), [("orders", False), ("\ufdcf\ufdd2", False), ("a\ufdd0", True), ("\ufdd1", True)]
)
def test_noncharacters_in_text_from_outside_are_noticed(text: str, expected: object) -> None:
    assert has_noncharacters(text) is expected
