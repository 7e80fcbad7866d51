"""The commands with the engine behind them, on files as a user has them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Run = Callable[..., Result]

TEMPLATE = """\
# Orders
AWSTemplateFormatVersion: 2010-09-09
Transform:
  - SfnLeastPrivilege            # goes
  - AWS::Serverless-2016-10-31   # stays

Parameters:
  QueueName: {Type: String}

Resources:
  Table:
    Type: AWS::DynamoDB::Table

  Orders:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: statemachine/orders.asl.json
      DefinitionSubstitutions:
        TableName: !Ref Table    # the one above
"""

DEFINITION = """\
{
  "StartAt": "Put",
  "States": {
    "Put": {
      "Type": "Task",
      "Resource": "arn:aws:states:::dynamodb:putItem",
      "Parameters": {"TableName": "${TableName}", "Item": {"id": {"S.$": "$.id"}}},
      "End": true
    }
  }
}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "statemachine").mkdir()
    (tmp_path / "statemachine" / "orders.asl.json").write_text(DEFINITION, encoding="utf-8")
    return tmp_path


def test_a_template_gets_its_role_and_keeps_the_rest(project: Path, run: Run) -> None:
    result = run("transform", project / "template.yaml")

    assert result.exit_code == 0
    head = TEMPLATE.replace("  - SfnLeastPrivilege            # goes\n", "")
    assert result.stdout.startswith(
        head + "      Role: !GetAtt OrdersRole.Arn\n\n  OrdersRole:\n    Type: AWS::IAM::Role\n"
    )
    assert "Action: dynamodb:PutItem\n" in result.stdout
    assert "Resource: !GetAtt Table.Arn\n" in result.stdout
    assert result.stderr == "1 state machine, 1 role made (OrdersRole for Orders)\n"


def test_a_second_run_changes_nothing_more(project: Path, run: Run) -> None:
    once = run("transform", project / "template.yaml", "-o", project / "once.yaml")
    twice = run("transform", project / "once.yaml")

    assert (once.exit_code, twice.exit_code) == (0, 0)
    assert twice.stdout == (project / "once.yaml").read_text(encoding="utf-8")


def test_the_same_input_gives_the_same_output(project: Path, run: Run) -> None:
    assert run("transform", project / "template.yaml").stdout == run("transform", project / "template.yaml").stdout


def test_a_missing_definition_names_the_resource_and_the_path(project: Path, run: Run) -> None:
    (project / "statemachine" / "orders.asl.json").unlink()

    result = run("transform", project / "template.yaml")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert "error SLP105 Orders: " in result.stderr
    assert f"there is no file {project / 'statemachine' / 'orders.asl.json'}" in result.stderr
    assert result.stderr.endswith("failed: 1 error\n")


def test_a_definition_becomes_a_policy(project: Path, run: Run) -> None:
    file = project / "put.asl.json"
    file.write_text(DEFINITION.replace("${TableName}", "orders"), encoding="utf-8")

    result = run("policy", file, "--region", "eu-west-1", "--account-id", "123456789012")

    assert result.exit_code == 0
    (statement,) = json.loads(result.stdout)["Statement"]
    assert statement["Action"] == "dynamodb:PutItem"
    assert statement["Resource"] == "arn:aws:dynamodb:eu-west-1:123456789012:table/orders"


def test_a_definition_may_be_yaml(run: Run) -> None:
    result = run("policy", "-", stdin=b"StartAt: Wait\nStates: {Wait: {Type: Wait, Seconds: 1, End: true}}\n")

    assert result.exit_code == 0
    assert result.stderr == "the definition calls nothing, so its role needs no policy\n"


@pytest.mark.parametrize("definition", [b"", b"{", b"[]", b"a: b: c", b"[" * 10_000, b'{"a":' * 10_000, b"- " * 10_000])
def test_a_definition_that_cannot_be_read_is_told(definition: bytes, run: Run) -> None:
    result = run("policy", "-", stdin=definition)

    assert result.exit_code == 1
    assert result.stderr.startswith("error SLP")


def test_an_option_is_for_all_machines_and_the_template_cannot_loosen_it(project: Path, run: Run) -> None:
    template = project / "template.yaml"
    result = run("transform", template, "--option", "RolePath=/workflows/", "--option", "Explain=false")
    assert result.exit_code == 0
    assert "Path: /workflows/" in result.stdout
    template.write_text(
        TEMPLATE.replace("  Orders:\n", "  Orders:\n    Metadata: {SfnLeastPrivilege: {RolePath: /own/}}\n")
    )
    refused = run("transform", template, "--option", "RolePath=/workflows/")
    assert refused.exit_code == 1
    assert "SLP151 Orders" in refused.stderr


def test_an_option_that_there_is_not_is_an_error_that_lists_those_there_are(project: Path, run: Run) -> None:
    result = run("transform", project / "template.yaml", "--option", "OnWildcards=Fail")
    assert result.exit_code == 1
    assert "`OnWildcards` is no option: there are `Mode`" in result.stderr
