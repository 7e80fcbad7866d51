"""Whole transforms: what the command line makes of each template in this folder.

A case is a folder with a `template.yaml`, the `expected.yaml` that comes of it, and optionally `arguments` for the
command line. `make golden` writes the expected files anew: read the difference before committing it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sfn_least_privilege.cli.main import main

FOLDER = Path(__file__).parent
CASES = sorted(path.parent.name for path in FOLDER.glob("*/template.yaml"))
ENVIRONMENT = ["--region", "eu-west-1", "--account-id", "123456789012"]


def transformed(case: str) -> str:
    folder = FOLDER / case
    arguments = folder / "arguments"
    extra = arguments.read_text().split() if arguments.exists() else []
    result = CliRunner().invoke(main, ["transform", str(folder / "template.yaml"), *ENVIRONMENT, *extra])
    assert result.exit_code == 0, result.stderr
    return result.stdout


@pytest.mark.parametrize("case", CASES)
def test_transform_gives_the_expected_template(case: str) -> None:
    expected = FOLDER / case / "expected.yaml"
    actual = transformed(case)
    if os.environ.get("WRITE_GOLDEN"):
        expected.write_text(actual, encoding="utf-8")
    assert actual == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_a_second_run_changes_nothing_more(case: str, tmp_path: Path) -> None:
    folder = FOLDER / case
    once = tmp_path / "template.yaml"
    once.write_text(transformed(case), encoding="utf-8")
    for definition in folder.glob("*.asl.*"):
        (tmp_path / definition.name).write_bytes(definition.read_bytes())
    result = CliRunner().invoke(main, ["transform", str(once), *ENVIRONMENT])
    assert result.exit_code == 0, result.stderr
    assert result.stdout == once.read_text(encoding="utf-8")


def test_cfn_lint_finds_no_error_in_any_expected_template() -> None:
    templates = [str(FOLDER / case / "expected.yaml") for case in CASES]
    linted = subprocess.run(
        [
            Path(sys.executable).with_name("cfn-lint"),
            "--non-zero-exit-code",
            "error",
            "--regions",
            "eu-west-1",
            "--",
            *templates,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
