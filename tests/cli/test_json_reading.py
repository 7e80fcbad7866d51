from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sfn_least_privilege.cli.errors import InputError
from sfn_least_privilege.cli.json_reading import Habits, read_json
from sfn_least_privilege.cli.source import Container, Origin

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


def problem(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_json(Origin("t.json", text))
    return str(caught.value)


@settings(deadline=None)
@given(JSON, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_every_document_is_read_as_the_standard_library_reads_it(value: Any, indent: Any, ascii_only: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)

    source, _ = read_json(Origin("t.json", text))

    assert source.root.value == value
    assert json.loads(text[source.root.start : source.root.end]) == value


def test_each_member_knows_where_it_stands() -> None:
    text = '{ "a" : 1, "b": [true, null] }'
    root = read_json(Origin("t.json", text))[0].root

    assert isinstance(root, Container)
    assert [text[member.start : member.head_end] for member in root.members] == ['"a"', '"b"']
    assert [text[member.node.start : member.node.end] for member in root.members] == ["1", "[true, null]"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "t.json:1:1: expected a value here"),
        (" \n ", "t.json:2:2: expected a value here"),
        ('{"a": 1,\n "a": 2}', "t.json:2:2: the key 'a' is given twice, first on line 1"),
        ('{"a": 1,}', "t.json:1:9: expected a key in double quotes, found '}'"),
        ("[1,]", "t.json:1:4: expected a value, found ']'"),
        ('{"a" 1}', "t.json:1:6: expected ':', found '1'"),
        ('{"a": 1\n "b": 2}', "t.json:2:2: expected ',' or '}', found '\"'"),
        ("[1 2]", "expected ',' or ']', found '2'"),
        ("[1}", "expected ',' or ']', found '}'"),
        ("{1: 2}", "expected a key in double quotes, found '1'"),
        ("{'a': 2}", "expected a key in double quotes"),
        ('{"a": ', "expected a value here"),
        ("[NaN]", "expected a value, found 'N'"),
        ("[01]", "expected a number as JSON writes it, found '0'"),
        ("[1.]", "expected a number as JSON writes it, found '1'"),
        ("[1e999]", "t.json:1:2: this number is too large"),
        (f"[{'9' * 5000}]", "t.json:1:2: expected a number as JSON writes it"),
        ('["a\nb"]', "t.json:1:4: Invalid control character"),
        ('["a', "t.json:1:2: Unterminated string"),
        (r'["\x"]', "Invalid \\escape"),
        ("[] []", "t.json:1:4: the document has ended, but more text follows"),
        ("[" * 10_000, "t.json:1:101: values nest more than 100 levels deep"),
        ('{"a":' * 10_000, "values nest more than 100 levels deep"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, message: str) -> None:
    assert message in problem(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{\n    "a": 1\n}', Habits(step="    ")),
        ('{\n\t"a": [\n\t\t1]\n}', Habits(step="\t")),
        ('{"a":1,"b":2}', Habits(step=None, colon=":")),
        ('{"a": 1, "b": 2}', Habits(step=None)),
        ('{\n  "a": "\\u00e9"\n}', Habits(ascii_only=True)),
        ('{\n  "a": "é\\u00e9"\n}', Habits()),
    ],
)
def test_habits_are_learned_from_the_document(text: str, found: Habits) -> None:
    assert read_json(Origin("t.json", text))[1] == found
