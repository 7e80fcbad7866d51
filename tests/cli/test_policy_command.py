from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy import pipeline
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.errors import TransformFailedError
from sfn_least_privilege.policy.findings import Location, Rule, Severity, finding
from sfn_least_privilege.policy.pipeline import PolicyOutcome

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]

BROKEN = Rule("SLP902", Severity.ERROR, "broken", "it is broken", "")
POLICY = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}]}


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    made: list[tuple[Any, ...]] = []

    def answer(*arguments: Any) -> PolicyOutcome:
        made.append(arguments)
        return PolicyOutcome(POLICY, ())

    monkeypatch.setattr(pipeline, "policy_for", answer)
    return made


def test_the_policy_is_printed_as_json(calls: list[Any], run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.asl.json").write_text("{}", encoding="utf-8")

    result = run("policy", tmp_path / "a.asl.json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == POLICY
    assert result.stdout.endswith("}\n")
    assert result.stderr == ""
    assert len(calls) == 1


def test_the_definition_and_the_deployment_go_to_the_engine(calls: list[Any], run: Run) -> None:
    options = ("--region", "cn-north-1", "--account-id", "123456789012", "--name", "Orders")

    run("policy", "-", *options, stdin="StartAt: ż".encode())

    assert calls == [("StartAt: ż", literal_deployment("aws-cn", "cn-north-1", "123456789012"), "Orders")]


def test_a_partition_can_be_given(calls: list[Any], run: Run) -> None:
    run("policy", "-", "--partition", "aws-us-gov", stdin=b"{}")

    assert calls == [("{}", literal_deployment("aws-us-gov", None, None), None)]


def test_a_definition_that_calls_nothing_has_no_policy(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "policy_for", lambda *_: PolicyOutcome(None, ()))

    result = run("policy", "-", stdin=b"{}")

    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr == "the definition calls nothing, so its role needs no policy\n"


def test_a_failure_is_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> PolicyOutcome:
        raise TransformFailedError((finding(BROKEN, Location("", ("Put",))),))

    monkeypatch.setattr(pipeline, "policy_for", fail)

    result = run("policy", "-", stdin=b"{}")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr == "error SLP902 Put: it is broken\nfailed: 1 error\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--partition", "aws:*"], "Invalid value for '--partition'"),
        (["--account-id", "*"], "Invalid value for '--account-id'"),
        (["--region", "eu-west-1:*"], "Invalid value for '--region'"),
    ],
)
def test_nothing_but_names_gets_into_an_arn(arguments: list[str], message: str, calls: list[Any], run: Run) -> None:
    result = run("policy", "-", *arguments, stdin=b"{}")

    assert result.exit_code == 2
    assert message in result.stderr
    assert calls == []


def test_a_definition_that_is_not_utf_8_is_told(calls: list[Any], run: Run) -> None:
    result = run("policy", "-", stdin=b"\xff")

    assert result.exit_code == 1
    assert result.stderr.startswith("Error: standard input:1: this file is not UTF-8")
    assert calls == []
