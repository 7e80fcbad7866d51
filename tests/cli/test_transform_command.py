from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.findings import Location, Rule, Severity, finding
from sfn_least_privilege.policy.pipeline import Outcome
from sfn_least_privilege.policy.template.definitions import LocalFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.testing import Result
    from conftest import Engine

    Run = Callable[..., Result]

TEMPLATES = sorted((Path(__file__).parent / "templates").iterdir())
STAR = Rule("SLP901", Severity.WARNING, "star", "the table is not known", "Name it.")
BROKEN = Rule("SLP902", Severity.ERROR, "broken", "it is broken", "Mend it.")


@pytest.fixture
def template(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str, name: str = "template.yaml") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode())
        return path

    return write


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_with_nothing_to_do_comes_back_byte_for_byte(path: Path, engine: Engine, run: Run) -> None:
    result = run("transform", path)

    assert result.exit_code == 0
    expected = path.read_bytes()
    if path.name == "serverless.yaml":
        expected = expected.replace(b"    - SfnLeastPrivilege\n", b"")
    if path.name == "four-spaces.json":
        expected = expected.replace(b'"SfnLeastPrivilege", ', b"")
    assert result.stdout_bytes == expected
    assert len(engine.requests) == 1


def test_roles_come_out_in_the_format_that_went_in(engine: Engine, run: Run, template: Callable[..., Path]) -> None:
    engine.answer = engine.one_role_each
    text = '{"Resources": {"Orders": {"Type": "StateMachine", "Properties": {}}}}'

    result = run("transform", template(text, "t.json"))

    assert json.loads(result.stdout)["Resources"]["OrdersRole"]["Type"] == "AWS::IAM::Role"
    assert result.stderr == "1 state machine, 1 role made (OrdersRole for Orders)\n"


def test_standard_input_and_output(engine: Engine, run: Run) -> None:
    engine.answer = engine.one_role_each

    result = run("transform", "-", stdin=b"Resources:\n  Orders:\n    Type: StateMachine\n    Properties: {}\n")

    assert result.exit_code == 0
    assert "    Properties:\n      RoleArn: !GetAtt OrdersRole.Arn\n  OrdersRole:\n" in result.stdout


def test_definitions_are_read_beside_the_template(engine: Engine, run: Run, template: Callable[..., Path]) -> None:
    path = template("Resources: {}\n")
    (path.parent / "a.json").write_text("{}", encoding="utf-8")

    run("transform", path)

    assert engine.requests[0].definitions.fetch([LocalFile("a.json")]) == {LocalFile("a.json"): "{}"}


def test_definitions_of_a_template_from_standard_input_are_read_in_the_current_folder(
    engine: Engine,
    run: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.json").write_text("{}", encoding="utf-8")

    run("transform", "-", stdin=b"Resources: {}")

    assert engine.requests[0].definitions.fetch([LocalFile("a.json")]) == {LocalFile("a.json"): "{}"}


def test_the_engine_gets_what_a_macro_event_would_bring(
    engine: Engine,
    run: Run,
    template: Callable[..., Path],
) -> None:
    path = template(
        "Transform:\n"
        "- Name: SfnLeastPrivilege\n"
        "  Parameters: {Mode: !Ref Mode, Region: !Ref AWS::Region}\n"
        "Parameters:\n"
        "  Mode: {Type: String, Default: Replace}\n"
        "  Ids: {Type: CommaDelimitedList}\n"
        "  Unset: {Type: String}\n"
        "Resources: {}\n",
    )
    options = ("--parameter", "Ids=a, b", "--region", "eu-west-1", "--account-id", "000123456789")

    result = run("transform", path, *options)

    assert result.exit_code == 0
    request = engine.requests[0]
    assert request.region == "eu-west-1"
    assert request.account_id == "000123456789"
    assert request.parameter_values == {"Mode": "Replace", "Ids": ["a", "b"]}
    assert request.options == {"Mode": "Replace", "Region": "eu-west-1"}
    assert "Transform" not in engine.fragments[0]
    assert result.stdout.startswith("Parameters:\n")


def test_an_option_without_a_value_is_told(engine: Engine, run: Run, template: Callable[..., Path]) -> None:
    path = template("Transform:\n  Name: SfnLeastPrivilege\n  Parameters: {StackName: !Ref AWS::StackName}\n")

    result = run("transform", path)

    assert result.exit_code == 0
    assert "warning SLP601 the option StackName refers to something that has no value here" in result.stderr
    assert engine.requests[0].options == {}


def test_a_template_that_must_be_written_anew_is_told(engine: Engine, run: Run, template: Callable[..., Path]) -> None:
    engine.answer = engine.one_role_each
    path = template("# lost\nResources:\n  ? Orders\n  : {Type: StateMachine, Properties: {}}\n")

    result = run("transform", path)

    assert "warning SLP602 the template is laid out in a way that cannot be edited in place" in result.stderr
    assert "# lost" not in result.stdout


def test_an_output_file_is_written_and_nothing_printed(
    engine: Engine,
    run: Run,
    template: Callable[..., Path],
    tmp_path: Path,
) -> None:
    engine.answer = engine.one_role_each
    path = template("Resources:\n  Orders:\n    Type: StateMachine\n    Properties:\n      A: 1\n")

    result = run("transform", path, "-o", tmp_path / "out.yaml")

    assert result.stdout == ""
    assert "RoleArn: !GetAtt OrdersRole.Arn" in (tmp_path / "out.yaml").read_text(encoding="utf-8")


def test_a_template_can_be_written_over_itself(engine: Engine, run: Run, template: Callable[..., Path]) -> None:
    engine.answer = engine.one_role_each
    path = template("Resources:\n  Orders:\n    Type: StateMachine\n    Properties:\n      A: 1\n")

    result = run("transform", path, "-o", path)

    assert result.exit_code == 0
    assert "OrdersRole" in path.read_text(encoding="utf-8")


def test_warnings_are_shown_and_are_no_failure(engine: Engine, run: Run, template: Callable[..., Path]) -> None:
    def warn(fragment: Any, _: object) -> Outcome:
        return Outcome(dict(fragment), (finding(STAR, Location("Orders", ("Put",))),), 1, {})

    engine.answer = warn

    result = run("transform", template("Resources: {}\n"))

    assert result.exit_code == 0
    assert result.stdout == "Resources: {}\n"
    assert result.stderr == (
        "warning SLP901 Orders / Put: the table is not known\n    help: Name it.\n1 state machine, no role made\n"
    )


def test_the_summary_names_a_few_roles_and_counts_the_rest(
    engine: Engine,
    run: Run,
    template: Callable[..., Path],
) -> None:
    engine.answer = lambda fragment, _: Outcome(dict(fragment), (), 9, {f"M{n}": f"R{n}" for n in range(7)})

    result = run("transform", template("Resources: {}\n"))

    assert result.stderr == (
        "9 state machines, 7 roles made (R0 for M0, R1 for M1, R2 for M2, R3 for M3, R4 for M4, 2 more)\n"
    )


def test_a_failure_is_shown_and_writes_nothing(
    engine: Engine,
    run: Run,
    template: Callable[..., Path],
    tmp_path: Path,
) -> None:
    def fail(*_: object) -> Outcome:
        raise TransformFailedError((finding(BROKEN, Location("A")), finding(BROKEN, Location("B"))))

    engine.answer = fail

    result = run("transform", template("Resources: {}\n"), "-o", tmp_path / "out.yaml")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == (
        "error SLP902 A: it is broken\n    help: Mend it.\nerror SLP902 B: it is broken\nfailed: 2 errors\n"
    )
    assert not (tmp_path / "out.yaml").exists()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.yaml", b"a: b: c\n", "t.yaml:1:5: mapping values are not allowed"),
        ("t.yaml", b"a: 1\na: 2\n", "t.yaml:2:1: the key 'a' is given twice, first on line 1"),
        ("t.json", b'{"a": 1,}', "t.json:1:9: expected a key in double quotes"),
        ("t.yaml", b"a: \xe9\n", "t.yaml:1: this file is not UTF-8"),
        ("t.yaml", b"- a\n", "t.yaml: a template is an object with Resources, and this is a list"),
        ("t.yaml", b"text\n", "t.yaml: a template is an object with Resources, and this is text"),
        ("t.yaml", b"---\n", "t.yaml: a template is an object with Resources, and this is empty"),
        ("t.json", b"3", "t.json: a template is an object with Resources, and this is a single value"),
        ("t.yaml", b"", "t.yaml:1:1: there is nothing in this file"),
        ("t.yaml", b"[" * 10_000, "t.yaml:1:101: values nest more than 100 levels deep"),
        ("t.json", b'{"a":' * 10_000, "values nest more than 100 levels deep"),
    ],
)
def test_a_template_that_cannot_be_used_is_told(
    name: str,
    content: bytes,
    message: str,
    run: Run,
    tmp_path: Path,
) -> None:
    (tmp_path / name).write_bytes(content)

    result = run("transform", tmp_path / name)

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    assert message in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--parameter", "Stag=topsecret"], "--parameter Stag: the template has no such parameter; it has: Stage"),
        (["--parameter", "topsecret"], "--parameter number 1 is not of the form NAME=VALUE"),
        (["--region", "topsecret*"], "Invalid value for '--region': 'topsecret*' does not look like eu-west-1"),
        (["--account-id", "1234"], "Invalid value for '--account-id'"),
        (["--nonsense"], "No such option"),
    ],
)
def test_wrong_usage_is_told(
    arguments: list[str],
    message: str,
    engine: Engine,
    run: Run,
    template: Callable[..., Path],
) -> None:
    path = template("Parameters: {Stage: {Type: String}}\n")

    result = run("transform", path, *arguments)

    assert result.exit_code == 2
    assert message in result.stderr
    assert engine.requests == []


def test_the_value_of_a_malformed_parameter_is_not_repeated(
    engine: Engine,
    run: Run,
    template: Callable[..., Path],
) -> None:
    result = run("transform", template("Resources: {}\n"), "--parameter", "=topsecret", "--parameter", "A=topsecret")

    assert "topsecret" not in result.output
    assert engine.requests == []


def test_a_missing_template_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    result = run("transform", tmp_path / "gone.yaml")

    assert result.exit_code == 2
    assert "gone.yaml' does not exist" in result.stderr


def test_an_output_that_cannot_be_written_is_told(
    engine: Engine,
    run: Run,
    template: Callable[..., Path],
    tmp_path: Path,
) -> None:
    result = run("transform", template("Resources: {}\n"), "-o", tmp_path / "no" / "out.yaml")

    assert result.exit_code == 1
    assert "out.yaml cannot be written: No such file or directory" in result.stderr
    assert len(engine.requests) == 1
