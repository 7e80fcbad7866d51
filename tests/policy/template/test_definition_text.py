"""From what a template says a definition is, to the parsed definition."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.template.definition_text import (
    MAX_DEFINITION_CHARACTERS,
    MAX_NESTING,
    DefinitionSyntaxError,
    from_object,
    from_pieces,
)
from sfn_least_privilege.policy.template.tokens import CLOSE, OPEN
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import MISSING, Conditional, Scalar, Value

TABLE = Text.of(Reference("Ref", "Table", Kind.NAME))
FORGED = f"{OPEN}0{CLOSE}"


def read(text: Text | str, substitutions: dict[str, Value] | None = None) -> Any:
    """The document of a definition with what each string in it stands for."""
    definition = from_pieces((Text.of(text),), substitutions or {})
    return resolved(definition.document, definition.tokens.literal)


def read_object(node: Any, substitutions: dict[str, Value] | None = None, answer: Value = TABLE) -> Any:
    definition = from_object(node, substitutions or {}, lambda _: answer)
    return resolved(definition.document, definition.tokens.literal)


def resolved(node: Any, literal: Any) -> Any:
    if isinstance(node, str):
        value = literal(node)
        return value.literal if isinstance(value, Text) and value.literal is not None else value
    if isinstance(node, dict):
        return {resolved(key, literal): resolved(item, literal) for key, item in node.items()}
    if isinstance(node, list):
        return [resolved(item, literal) for item in node]
    return node


class TestFromText:
    def test_json(self) -> None:
        assert read('{"StartAt": "A", "TimeoutSeconds": 3}') == {"StartAt": "A", "TimeoutSeconds": 3}

    def test_yaml(self) -> None:
        assert read("StartAt: A\nTimeoutSeconds: 3\n") == {"StartAt": "A", "TimeoutSeconds": 3}

    def test_a_byte_order_mark_is_skipped(self) -> None:
        assert read('\ufeff{"StartAt": "A"}') == {"StartAt": "A"}

    def test_a_reference_inside_a_string(self) -> None:
        assert read(Text.of('{"TableName": "x-', TABLE, '"}')) == {"TableName": Text.of("x-", TABLE)}

    def test_a_reference_in_the_place_of_a_value(self) -> None:
        assert read(Text.of('{"TableName": ', TABLE, "}")) == {"TableName": TABLE}

    def test_a_reference_in_yaml(self) -> None:
        assert read(Text.of("TableName: ", TABLE, "\n")) == {"TableName": TABLE}

    def test_a_substitution_by_a_reference(self) -> None:
        assert read('{"a": "x-${T}", "b": "${T}"}', {"T": TABLE}) == {"a": Text.of("x-", TABLE), "b": TABLE}

    def test_a_literal_substitution_is_the_text_of_the_definition(self) -> None:
        assert read('{"Seconds": ${S}, "a": "${S}s"}', {"S": Text.of("30")}) == {"Seconds": 30, "a": "30s"}

    def test_a_number_is_substituted_as_json_writes_it(self) -> None:
        assert read('{"Seconds": ${S}}', {"S": Scalar("30")}) == {"Seconds": 30}

    @pytest.mark.parametrize("value", ['say "hi"', "back\\slash", "two\nlines", '", "Role": "x', "\x00"])
    def test_a_substitution_cannot_change_the_json_around_it(self, value: str) -> None:
        assert read('{"a": "x${V}"}', {"V": Text.of(value)}) == {"a": f"x{value}"}

    @given(st.text(max_size=10))
    def test_any_substitution_comes_back_as_it_is(self, value: str) -> None:
        assert read('{"a": "<${V}>"}', {"V": Text.of(value)}) == {"a": f"<{value}>"}

    @given(st.lists(st.one_of(st.text('ab"\\{}$:', max_size=5), st.just(TABLE)), max_size=5))
    def test_any_text_with_references_in_it_comes_back_as_it_is(self, pieces: list[Text | str]) -> None:
        written = [json.dumps(piece)[1:-1] if isinstance(piece, str) else piece for piece in pieces]
        expected = Text.of("<", *pieces)
        meant = expected if expected.literal is None else expected.literal
        assert read(Text.of('{"a": "<', *written, '"}')) == {"a": meant}

    def test_a_placeholder_that_nobody_sets_stays(self) -> None:
        assert read('{"a": "${Unset}"}', {"T": TABLE}) == {"a": "${Unset}"}

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ('{"a": 1,}', "line 1, column 9"),
            ('{\n"a" 1}', "line 2, column 5"),
            ('{"a": ', "line 1"),
            ("a: [1\nb: 2", "line 2"),
            ("a: 1\n\tb: 2", "line 2"),
        ],
    )
    def test_the_error_says_where_it_is(self, text: str, problem: str) -> None:
        with pytest.raises(DefinitionSyntaxError, match=problem):
            read(text)

    def test_a_definition_that_is_too_large_is_refused(self) -> None:
        with pytest.raises(DefinitionSyntaxError, match="1,048,576"):
            read('{"a": "' + "x" * MAX_DEFINITION_CHARACTERS + '"}')

    @pytest.mark.parametrize("character", [OPEN, CLOSE])
    def test_the_characters_of_tokens_are_refused(self, character: str) -> None:
        with pytest.raises(DefinitionSyntaxError, match="noncharacters"):
            read(f'{{"a": "{character}"}}')

    @pytest.mark.parametrize(
        "text",
        [
            '{"a": "\\ufdd00\\ufdd1"}',
            '{"a": "\\uFDD07\\uFDD1"}',
            '{"\\ufdd00\\ufdd1": 1}',
            'a: "\\uFDD00\\uFDD1"',
            '"\\uFDD00\\uFDD1": 1',
        ],
    )
    def test_a_token_cannot_be_forged_by_escapes(self, text: str) -> None:
        with pytest.raises(DefinitionSyntaxError, match="noncharacters"):
            read(text)

    @pytest.mark.parametrize("value", [FORGED, OPEN, CLOSE])
    def test_a_token_cannot_be_forged_by_a_substitution(self, value: str) -> None:
        assert read('{"a": "${V}"}', {"V": Text.of(value)}) == {"a": value}

    @pytest.mark.parametrize("depth", [MAX_NESTING + 2, 450, 900, 5_000, 200_000])
    @pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
    def test_deep_json_is_refused(self, opening: str, closing: str, depth: int) -> None:
        with pytest.raises(DefinitionSyntaxError, match=r"nested|characters"):
            read('{"a":' + opening * depth + "1" + closing * depth + "}")

    def test_json_as_deep_as_allowed_is_read(self) -> None:
        depth = MAX_NESTING - 2
        assert read('{"a":' + "[" * depth + "]" * depth + "}")["a"]

    def test_a_number_of_thousands_of_digits_is_refused(self) -> None:
        with pytest.raises(DefinitionSyntaxError):
            read('{"a": ' + "1" * 5_000 + "}")


class TestFromObject:
    def test_an_object_is_taken_as_it_is(self) -> None:
        node = {"StartAt": "A", "TimeoutSeconds": 3, "a": [True, None, 1.5]}
        assert read_object(node) == node

    def test_an_intrinsic_function_is_what_it_resolves_to(self) -> None:
        assert read_object({"TableName": {"Ref": "Table"}}) == {"TableName": TABLE}

    def test_a_literal_result_stands_in_the_place_of_its_function(self) -> None:
        assert read_object({"a": {"Fn::Sub": "x"}}, answer=Text.of("orders")) == {"a": "orders"}

    def test_a_number_stays_a_number(self) -> None:
        assert read_object({"a": {"Fn::FindInMap": []}}, answer=Scalar("30")) == {"a": 30}

    def test_a_property_that_is_not_there_is_left_out(self) -> None:
        assert read_object({"a": {"Ref": "AWS::NoValue"}, "b": 1}, answer=MISSING) == {"b": 1}

    def test_an_item_that_is_not_there_is_left_out(self) -> None:
        assert read_object({"a": [{"Ref": "AWS::NoValue"}, 1]}, answer=MISSING) == {"a": [1]}

    def test_a_choice_is_kept(self) -> None:
        choice = Conditional("IsProd", TABLE, Text.of("none"))
        assert read_object({"a": {"Fn::If": []}}, answer=choice) == {"a": choice}

    def test_placeholders_in_strings_and_keys_are_substituted(self) -> None:
        assert read_object({"x-${T}": "${T}"}, {"T": TABLE}) == {Text.of("x-", TABLE): TABLE}

    def test_a_placeholder_that_a_function_makes_is_substituted_as_well(self) -> None:
        answer = Text.of("${T}")
        assert read_object({"a": {"Fn::Sub": "${!T}"}}, {"T": TABLE}, answer) == {"a": TABLE}

    def test_a_function_with_siblings_is_an_object(self) -> None:
        assert read_object({"a": {"Ref": "Table", "b": 1}}) == {"a": {"Ref": "Table", "b": 1}}

    @pytest.mark.parametrize("node", [{"a": FORGED}, {FORGED: 1}, {"a": [f"x{OPEN}"]}, {"a": {CLOSE: 1}}])
    def test_the_characters_of_tokens_are_refused(self, node: Any) -> None:
        with pytest.raises(DefinitionSyntaxError, match="noncharacters"):
            read_object(node)

    @pytest.mark.parametrize("depth", [MAX_NESTING + 2, 5_000])
    def test_a_deep_object_is_refused(self, depth: int) -> None:
        node: Any = "deep"
        for level in range(depth):
            node = [node] if level % 2 else {"a": node}
        with pytest.raises(DefinitionSyntaxError, match="nested"):
            read_object(node)

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text("ab$ ", max_size=4),
            lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab", max_size=3), inner, max_size=3),
            max_leaves=8,
        )
    )
    def test_object_and_text_are_read_alike(self, node: Any) -> None:
        document = {"StartAt": node}
        assert read_object(document) == read(json.dumps(document))
