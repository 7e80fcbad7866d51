from __future__ import annotations

from typing import Any

import pytest
import yaml

from sfn_least_privilege.cli import yaml_reading
from sfn_least_privilege.cli.errors import InputError
from sfn_least_privilege.cli.source import MAX_DEPTH, Origin
from sfn_least_privilege.cli.yaml_reading import Habits, read_yaml


def read(text: str) -> Any:
    source, _ = read_yaml(Origin("t.yaml", text))
    return source.root.value


def habits(text: str) -> Habits:
    _, found = read_yaml(Origin("t.yaml", text))
    return found


def problem(text: str) -> str:
    with pytest.raises(InputError) as caught:
        read_yaml(Origin("t.yaml", text))
    return str(caught.value)


def test_short_forms_arrive_as_long_ones() -> None:
    text = """
        a: !Ref X
        b: !GetAtt X.Arn
        c: !GetAtt [X, Arn]
        d: !If [C, !Sub "${X}", !Ref AWS::NoValue]
        e: !Sub
          - "${Y}"
          - Y: !ImportValue z
        f: !And
        - !Condition C
    """

    assert read(text) == {
        "a": {"Ref": "X"},
        "b": {"Fn::GetAtt": ["X", "Arn"]},
        "c": {"Fn::GetAtt": ["X", "Arn"]},
        "d": {"Fn::If": ["C", {"Fn::Sub": "${X}"}, {"Ref": "AWS::NoValue"}]},
        "e": {"Fn::Sub": ["${Y}", {"Y": {"Fn::ImportValue": "z"}}]},
        "f": {"Fn::And": [{"Condition": "C"}]},
    }


def test_the_argument_of_a_short_form_is_text() -> None:
    assert read("a: !Ref 2012-10-17\nb: !Sub yes") == {"a": {"Ref": "2012-10-17"}, "b": {"Fn::Sub": "yes"}}


def test_quotes_make_text_of_anything() -> None:
    assert read("a: 'yes'\nb: \"1\"\nc: ! 2") == {"a": "yes", "b": "1", "c": "2"}


def test_keys_are_text_as_written() -> None:
    assert read("012345670123: a\nyes: b\n2012-10-17: c\n~: d") == {
        "012345670123": "a",
        "yes": "b",
        "2012-10-17": "c",
        "~": "d",
    }


def test_standard_tags_mean_what_they_say() -> None:
    assert read("a: !!str 1\nb: !!int '1'\nc: !!map {}\nd: !!bool yes") == {"a": "1", "b": 1, "c": {}, "d": True}


def test_aliases_and_merge_keys_are_followed() -> None:
    text = """
        base: &base {a: 1, b: 2}
        more: &more {b: 3, c: 4}
        same: *base
        own: {<<: [*base, *more], a: 0}
    """

    assert read(text) == {
        "base": {"a": 1, "b": 2},
        "more": {"b": 3, "c": 4},
        "same": {"a": 1, "b": 2},
        "own": {"b": 2, "c": 4, "a": 0},
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: 1\nb: [1, 2", "t.yaml:2:"),
        ("a: 1\n\tb: 2", "t.yaml:2:1: "),
        ("a: b: c", "t.yaml:1:5: mapping values are not allowed"),
        ("a: 1\nb: 2\na: 3", "t.yaml:3:1: the key 'a' is given twice, first on line 1"),
        ("a: 1\n---\nb: 2", "t.yaml:2:1: a second document begins here"),
        ("a: &x\n  b: *x", "t.yaml:2:6: the alias *x stands before its anchor, or inside it"),
        ("a: *x", "t.yaml:1:4: the alias *x stands before its anchor"),
        ("? [a, b]\n: c", "t.yaml:1:3: a key must be plain text, not a list or an object"),
        ("a: &x 1\n*x : c", "t.yaml:2:1: a key must be plain text, not an alias"),
        ("!Ref a: c", "t.yaml:1:1: a key must be plain text"),
        ("a: !!binary aGk=", "t.yaml:1:4: CloudFormation does not support the YAML tag !!binary"),
        ("a: !!python/object:os.system {}", "t.yaml:1:4: CloudFormation does not support"),
        ("a:\n  <<: 1", "t.yaml:2:7: only mappings can be merged with <<"),
        ("a: 1\nb: '\x00'", "t.yaml:2:5: this character may not stand in YAML"),
        ("", "t.yaml:1:1: there is nothing in this file"),
        ("# only a comment\n", "t.yaml:1:1: there is nothing in this file"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(text: str, message: str) -> None:
    assert message in problem(text)


@pytest.mark.parametrize("text", ["[" * 10_000, "- " * 10_000, "{a: " * 10_000, "a: !If [" * 10_000])
def test_values_that_nest_too_deep_are_refused(text: str) -> None:
    assert problem(text).startswith("t.yaml:1:")


def test_the_refusal_names_the_limit() -> None:
    assert f"values nest more than {MAX_DEPTH} levels deep" in problem("[" * 10_000)


def test_depth_counts_through_aliases() -> None:
    half = MAX_DEPTH * 2 // 3
    text = f"a: &a {'[' * half}{']' * half}\nb: {'[' * half}*a{']' * half}"

    assert "nests too deep once its aliases are followed" in problem(text)


def test_aliases_cannot_multiply_without_bound() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]" for level in range(1, 12)]

    assert "holds more than 1,000,000 values once its aliases are followed" in problem("\n".join(lines))


def test_both_parsers_of_pyyaml_report_the_same_places(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "a: &x !Sub 'é😀'  # c\nb:\n- |\n  text\n\n- {k: , l}\nc: *x\r\nd: |+\n  keep\n\n"
    with_c, _ = read_yaml(Origin("t.yaml", text))
    monkeypatch.setattr(yaml_reading, "_LOADER", yaml.SafeLoader)
    without_c, _ = read_yaml(Origin("t.yaml", text))

    assert with_c.root.value == without_c.root.value
    assert [(member.start, member.node.end) for member in with_c.root.members] == [  # type: ignore[union-attr]  # a mapping
        (member.start, member.node.end)
        for member in without_c.root.members  # type: ignore[union-attr]  # a mapping
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a:\n    b:\n        c: 1\n    d:\n    - 1\n", Habits(step=4, dash=0)),
        ("a:\n  b:\n    - 1\n", Habits(step=2, dash=2)),
        ("a: 'x'\nb: 'y'\nc: \"z\"\n", Habits(quote="'")),
        ("a: {Ref: x}\n", Habits(short_forms=False)),
        ("a: {Ref: x}\nb: !Ref x\n", Habits(short_forms=True)),
        ("a: 1\n", Habits()),
    ],
)
def test_habits_are_learned_from_the_document(text: str, found: Habits) -> None:
    assert habits(text) == found
