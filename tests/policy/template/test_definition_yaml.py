"""Definitions written in YAML, read as the JSON they stand for."""

import json
import subprocess
import sys

import pytest

from sfn_least_privilege.policy.template.definition_yaml import YamlSyntaxError, load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: orders", "orders"),
        ("a: 3", 3),
        ("a: 1.5", 1.5),
        ("a: true", True),
        ("a: null", None),
        ("a: ~", None),
        ("a:", None),
        ('a: "3"', "3"),
        ("a: 2012-10-17", "2012-10-17"),
        ("a: 2012-10-17T10:00:00Z", "2012-10-17T10:00:00Z"),
        ("a: '2012-10-17'", "2012-10-17"),
        ("a: $.table", "$.table"),
        ("a: arn:aws:states:::lambda:invoke", "arn:aws:states:::lambda:invoke"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
        ("a: [x, {b: y}]", ["x", {"b": "y"}]),
        ("a: yes", "yes"),
        ("a: on", "on"),
        ("a: 'on'", "on"),
        ("a: y", "y"),
    ],
)
def test_a_scalar_is_what_json_has(text: str, value: object) -> None:
    loaded = load(text)
    assert loaded == {"a": value}
    assert type(loaded["a"]) is type(value)


@pytest.mark.parametrize(
    "text",
    [
        "1: x",
        "1.5: x",
        "yes: x",
        "true: x",
        "null: x",
        "a: {2012: {off: y}}",
        "2012-10-17: x",
        "a: !!set {x}",
        "a: !!binary aGk=",
        "a: !!timestamp 2012-10-17",
        "a: !!omap [x: 1]",
        "a: !!pairs [x: 1]",
        "? [x, y]\n: z",
        "? !!binary aGk=\n: z",
    ],
)
def test_nothing_is_loaded_that_json_does_not_have(text: str) -> None:
    try:
        loaded = load(text)
    except YamlSyntaxError:
        return
    assert json.loads(json.dumps(loaded)) == loaded


def test_a_state_may_be_called_yes() -> None:
    states = load("Next: Yes\nStates:\n  Yes: {Type: Succeed}\n")
    assert list(states["States"]) == [states["Next"]] == ["Yes"]


def test_aliases_and_merges_are_followed() -> None:
    assert load("x: &x {a: 1}\ny: *x\nz: {<<: *x, b: 2}") == {"x": {"a": 1}, "y": {"a": 1}, "z": {"a": 1, "b": 2}}


@pytest.mark.parametrize("width", [9, 500])
def test_aliases_that_stand_for_billions_of_nodes_are_refused(width: int) -> None:
    levels = [f"x{level}: &x{level} [{', '.join([f'*x{level - 1}'] * width)}]" for level in range(1, 11)]
    with pytest.raises(YamlSyntaxError):
        load("\n".join(["x0: &x0 a", *levels]))


@pytest.mark.parametrize("text", ["a: &a [*a]", "a: &a {b: *a}", "a: &a [[*a]]"])
def test_a_node_inside_itself_is_refused(text: str) -> None:
    with pytest.raises(YamlSyntaxError):
        load(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: [1",
        "a: 1\n\tb: 2",
        "a: b: c",
        "a: *nobody",
        "a: !!python/object:os.system x",
        "a: !Sub x",
        "--- 1\n--- 2",
        "a: \x00",
        "a: \ud800",
        "a: !!int x",
        "a: !!int ''",
        "a: !!bool x",
        "a: !!timestamp x",
    ],
)
def test_what_cannot_be_read_is_one_clear_error(text: str) -> None:
    with pytest.raises(YamlSyntaxError, match=r"."):
        load(text)


def test_the_error_says_where_it_is() -> None:
    with pytest.raises(YamlSyntaxError, match="line 3, column"):
        load("a: 1\nb: [2\n")


@pytest.mark.parametrize(
    "expression",
    ["'a: ' + '[' * 300", "'a: ' + '[' * 100_000", "'{' * 100_000", "'- ' * 100_000", "'? ' * 100_000"],
)
def test_deep_nesting_is_refused(expression: str) -> None:
    # In a process of its own, because nesting without bound has brought down the interpreter itself.
    program = (
        "from sfn_least_privilege.policy.template.definition_text import DefinitionSyntaxError, from_text\n"
        f"text = {expression}\n"
        "try:\n"
        "    from_text(text + ']' * text.count('[') if '[' in text else 'x: 1\\ny: ' + text, {})\n"
        "except DefinitionSyntaxError as error:\n"
        "    print('refused:', error)\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout[:8]) == (0, "refused:"), ran.stderr[-500:]
