"""What comes back when a template is written again: everything, and nothing else."""

from __future__ import annotations

import copy
import difflib
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from sfn_least_privilege.cli.documents import decode, read_document, rewrite
from sfn_least_privilege.cli.errors import InputError
from sfn_least_privilege.cli.source import MAX_DEPTH, Origin

if TYPE_CHECKING:
    from collections.abc import Callable

    Change: TypeAlias = Callable[[Any], Any]

TEMPLATES = Path(__file__).parent / "templates"
"""Templates written in many ways, all of them well-formed."""

WRITTEN = sorted(TEMPLATES.iterdir())


def rewritten(text: str, change: Change, name: str = "t.yaml") -> str:
    """The text after ``change`` of its value, which must have been possible in place."""
    document = read_document(Origin(name, text))
    result = rewrite(document, change(copy.deepcopy(document.value)))
    assert result.edited
    return result.text


def put(*path: str | int, value: Any) -> Change:
    def change(document: Any) -> Any:
        container = document
        for slot in path[:-1]:
            container = container[slot]
        container[path[-1]] = value
        return document

    return change


def drop(*path: str | int) -> Change:
    def change(document: Any) -> Any:
        container = document
        for slot in path[:-1]:
            container = container[slot]
        del container[path[-1]]
        return document

    return change


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_an_unchanged_template_comes_back_byte_for_byte(path: Path) -> None:
    content = path.read_bytes()
    document = read_document(decode(path.name, content))

    result = rewrite(document, copy.deepcopy(document.value))

    assert result.text.encode() == content


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.name)
def test_roles_are_added_in_place(path: Path, with_roles: Change) -> None:
    document = read_document(decode(path.name, path.read_bytes()))
    wanted = with_roles(document.value)

    result = rewrite(document, wanted)

    assert result.edited
    assert read_document(Origin(path.name, result.text)).value == wanted


@pytest.mark.parametrize("name", ["plain-cloudformation.yaml", "long-forms.yaml", "serverless.yaml"])
def test_only_whole_lines_are_added_to_a_block_template(name: str, with_roles: Change) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")

    after = rewritten(text, with_roles)

    changes = [line[0] for line in difflib.ndiff(text.splitlines(), after.splitlines())]
    assert "+" in changes
    assert "-" not in changes


def test_a_role_looks_as_its_template_does(with_roles: Change) -> None:
    text = """\
Resources:

  # The workflow.
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: orders.asl.json   # beside this file
      # No more properties.

  # The topic.
  Topic:
    Type: AWS::SNS::Topic
"""

    assert (
        rewritten(text, with_roles)
        == """\
Resources:

  # The workflow.
  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: orders.asl.json   # beside this file
      RoleArn: !GetAtt OrdersRole.Arn
      # No more properties.

  OrdersRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Resource: !Sub "${Table.Arn}/index/*"

  # The topic.
  Topic:
    Type: AWS::SNS::Topic
"""
    )


def test_a_template_with_windows_line_ends_keeps_them() -> None:
    text = "Resources:\r\n  A:\r\n    Type: StateMachine\r\n    Properties: {}\r\n"

    after = rewritten(text, put("Resources", "B", value={"Type": "T", "Properties": {"a": [1]}}))

    assert after.startswith(text)
    assert after.count("\n") == after.count("\r\n") > text.count("\n")


def test_a_byte_order_mark_stays() -> None:
    text = "\ufeffa: 1\n"

    assert rewritten(text, put("b", value=2)) == "\ufeffa: 1\nb: 2\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a: 1", "a: 1\nb: 2"),
        ("a: |\n  text", "a: |\n  text\nb: 2"),
        ("a: |+\n  text\n\n", "a: |+\n  text\n\nb: 2\n"),
        ("a: 1  # why\n# the end\n", "a: 1  # why\nb: 2\n# the end\n"),
        ("a: 1\n...\n", "a: 1\nb: 2\n...\n"),
        ("a: 1\n\nc: 3\n", "a: 1\n\nc: 3\n\nb: 2\n"),
        ("{a: 1}\n", "{a: 1, b: 2}\n"),
        ("{a: 1, }\n", "{a: 1, b: 2, }\n"),
        ("{\n  a: 1   # why\n}\n", "{\n  a: 1,\n  b: 2   # why\n}\n"),
        ("{a}\n", "{a, b: 2}\n"),
    ],
)
def test_a_new_entry_in_yaml(before: str, after: str) -> None:
    assert rewritten(before, put("b", value=2)) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"a": 1}', '{"a": 1, "b": [2]}'),
        ('{"a":1,"c":3}', '{"a":1,"c":3,"b":[2]}'),
        ('{\n "a": 1\n}\n', '{\n "a": 1,\n "b": [\n  2\n ]\n}\n'),
        ('{\n\t"a": 1}', '{\n\t"a": 1,\n\t"b": [\n\t\t2\n\t]}'),
        ('{"a": 1,\r\n "c": 2}', '{"a": 1,\r\n "c": 2,\r\n "b": [2]}'),
    ],
)
def test_a_new_entry_in_json(before: str, after: str) -> None:
    assert rewritten(before, put("b", value=[2]), "t.json") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\nb: 2\n", "a: x\nb: 2\n"),
        ("a: &n !Ref old  # why\n", "a: x  # why\n"),
        ("a: |\n  old\n  text\n\nb: 2\n", "a: x\n\nb: 2\n"),
        ("a:\n  old: 1\nb: 2\n", "a: x\nb: 2\n"),
        ("a:\n- old\n- older\n", "a: x\n"),
        ("{a: , b: 2}\n", "{a: x, b: 2}\n"),
        ("{a, b: 2}\n", "{a: x, b: 2}\n"),
        ("{a: [1, 2]}\n", "{a: x}\n"),
    ],
)
def test_another_value_in_yaml(before: str, after: str) -> None:
    assert rewritten(before, put("a", value="x")) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("b: 1\na: 2\n", "b: 1\n"),
        ("a: 2\nb: 1\n", "b: 1\n"),
        ("b: 1\n\na:\n  - 2\n    # its own comment\n\nc: 3\n", "b: 1\n\nc: 3\n"),
        ("# about the file\na: 1  # gone\nb: 2\n", "# about the file\nb: 2\n"),
        ("{a: 1, b: 2}\n", "{b: 2}\n"),
        ("{b: 1, a: 2}\n", "{b: 1}\n"),
        ("{b: 1, a: 2, c: 3,}\n", "{b: 1, c: 3,}\n"),
    ],
)
def test_an_entry_taken_out_of_yaml(before: str, after: str) -> None:
    assert rewritten(before, drop("a")) == after


def test_the_last_entry_taken_out_leaves_an_empty_object_not_null() -> None:
    assert rewritten("x:\n  a: 1\ny: 2\n", drop("x", "a")) == "x: {}\ny: 2\n"


def test_an_entry_taken_out_of_json() -> None:
    assert rewritten('{\n  "a": 1,\n  "b": 2\n}\n', drop("b"), "t.json") == '{\n  "a": 1\n}\n'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x:\n- one   # first\n- two\n", "x:\n- one   # first\n- new\n- two\n"),
        ("x:\n  -   a: 1\n      b: 2\n  -   c: 3\n", "x:\n  -   a: 1\n      b: 2\n  - new\n  -   c: 3\n"),
        ("x: [one, two]\n", "x: [one, new, two]\n"),
    ],
)
def test_a_new_item(before: str, after: str) -> None:
    def change(document: Any) -> Any:
        document["x"].insert(1, "new")
        return document

    assert rewritten(before, change) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x:\n- one\n# why\n- two\n", "x:\n- one\n# why\n"),
        ("x:\n- one\n- two:\n    deep\n- three\n", "x:\n- one\n- three\n"),
        ("x: [one, two]\n", "x: [one]\n"),
    ],
)
def test_an_item_taken_out(before: str, after: str) -> None:
    assert rewritten(before, drop("x", 1)) == after


def test_new_text_has_many_forms() -> None:
    value = {
        "Text": "line\n  indented\n",
        "Keep": "line\n\n",
        "Strip": "line\nline",
        "Nested": [["a", "b"], [], {}, {"k": [1]}],
        "If": {"Fn::If": ["IsProd", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]},
        "Complex": {"Fn::If": ["IsProd", {"a": 1}, {"Ref": "AWS::NoValue"}]},
        "TwoTags": {"Fn::Base64": {"Fn::Sub": "${A}"}},
    }

    assert (
        rewritten("a: 1\nx:\n  y:\n    - 1\n", put("new", value=value))
        == """\
a: 1
x:
  y:
    - 1
new:
  Text: |
    line
      indented
  Keep: |+
    line

  Strip: |-
    line
    line
  Nested:
    - - a
      - b
    - []
    - {}
    - k:
        - 1
  If: !If [IsProd, !Ref A, !Ref AWS::NoValue]
  Complex: !If
    - IsProd
    - a: 1
    - !Ref AWS::NoValue
  TwoTags:
    Fn::Base64: !Sub "${A}"
"""
    )


def test_a_document_of_long_forms_stays_one() -> None:
    text = "a:\n  Ref: X\n"

    assert rewritten(text, put("b", value={"Ref": "Z"})) == "a:\n  Ref: X\nb:\n  Ref: Z\n"


def test_a_change_through_an_alias_does_not_reach_its_anchor() -> None:
    text = "one: &p\n  a: 1\ntwo: *p\n"

    assert rewritten(text, lambda _: {"one": {"a": 1}, "two": {"a": 1, "b": 2}}) == (
        "one: &p\n  a: 1\ntwo:\n  a: 1\n  b: 2\n"
    )


def test_a_change_of_an_anchor_does_not_reach_its_aliases() -> None:
    text = "one: &p\n  a: 1\ntwo: *p\nthree:\n  <<: *p\n  c: 3\n"

    assert rewritten(text, lambda _: {"one": {"a": 1, "b": 2}, "two": {"a": 1}, "three": {"a": 1, "c": 3}}) == (
        "one: &p\n  a: 1\n  b: 2\ntwo: {a: 1}\nthree:\n  <<: {a: 1}\n  c: 3\n"
    )


def test_a_replaced_anchor_leaves_no_alias_behind() -> None:
    assert rewritten("one: &p [1]\ntwo: *p\n", put("one", value="x")) == "one: x\ntwo: [1]\n"


def test_a_merged_entry_is_overridden_not_changed() -> None:
    text = "base: &b {a: 1, z: 1}\nown:\n  <<: *b\n  c: 3\n"

    assert rewritten(text, put("own", "a", value=2)) == "base: &b {a: 1, z: 1}\nown:\n  <<: *b\n  c: 3\n  a: 2\n"


def test_what_cannot_be_edited_is_written_anew_and_says_so() -> None:
    document = read_document(Origin("t.yaml", "# lost\n? a\n: {x: 1}\n"))

    result = rewrite(document, {"a": {"x": 1}, "b": 2})

    assert not result.edited
    assert result.text == "a:\n  x: 1\nb: 2\n"


@pytest.mark.parametrize("name", ["t.yaml", "t.json"])
@pytest.mark.parametrize("wrap", [lambda inner: [inner], lambda inner: {"a": inner}], ids=["lists", "objects"])
def test_the_deepest_values_can_be_edited(name: str, wrap: Change) -> None:
    value: Any = "old"
    for _ in range(MAX_DEPTH - 1):
        value = wrap(value)
    text = rewritten('{\n  "x": 1\n}' if name == "t.json" else "x: 1\n", put("y", value=value), name)

    assert rewritten(text.replace("old", "new"), lambda document: document | {"y": value}, name) == text


def test_half_a_surrogate_pair_stays_an_escape() -> None:
    text = '{"a": "\\ud800"}'

    after = rewritten(text, put("b", value="\ud800"), "t.json")

    assert after == '{"a": "\\ud800", "b": "\\ud800"}'


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("t.json", '{"a": 1}', {"a": 1}),
        ("standard input", ' {"a": "\\/"}', {"a": "/"}),
        ("t.template", "a: 1", {"a": 1}),
        ("t.yaml", '{"a": 1}', {"a": 1}),
        ("t.yaml", "{a: !Ref b}", {"a": {"Ref": "b"}}),
        ("standard input", "{a: !Ref b}", {"a": {"Ref": "b"}}),
        ("T.JSON", "[]", []),
    ],
)
def test_the_format_is_found_out(name: str, text: str, value: Any) -> None:
    assert read_document(Origin(name, text)).value == value


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("t.json", "a: 1", "t.json:1:1: expected a value, found 'a'"),
        ("standard input", '{"a": 1 "b": 2}', "standard input:1:9: expected ',' or '}'"),
        ("t.yaml", '{"a": 1 "b": 2}', "t.yaml:1:12: while parsing a flow mapping"),
    ],
)
def test_errors_are_those_of_the_format_meant(name: str, text: str, message: str) -> None:
    with pytest.raises(InputError) as caught:
        read_document(Origin(name, text))

    assert str(caught.value).startswith(message)


def test_a_file_that_is_not_utf_8_is_told_with_its_line() -> None:
    with pytest.raises(InputError, match=r"t\.yaml:2: this file is not UTF-8 \(byte 8\); save it as UTF-8"):
        decode("t.yaml", b"a: 1\nb: \xe9\n")
