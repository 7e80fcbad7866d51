"""The command as it is installed, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sfn_least_privilege import __version__

COMMAND = Path(sys.executable).parent / "sfn-least-privilege"


def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([COMMAND, *arguments], input=stdin, capture_output=True, check=False)


def test_the_version() -> None:
    assert run("--version").stdout == f"sfn-least-privilege, version {__version__}\n".encode()


@pytest.mark.parametrize("arguments", [["--help"], ["transform", "--help"], ["policy", "-h"]])
def test_help_has_examples(arguments: list[str]) -> None:
    result = run(*arguments)

    assert result.returncode == 0
    assert b"Examples:\n  " in result.stdout
    assert b"Exit code: 0 done, 1 failed, 2 wrong usage" in result.stdout


def test_help_needs_none_of_the_heavy_modules() -> None:
    script = (
        "import sys; from sfn_least_privilege.cli.main import main;"
        "main(['transform', '--help'], standalone_mode=False);"
        "print({'yaml', 'rich', 'sfn_least_privilege.policy.pipeline'} & set(sys.modules), file=sys.stderr)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)

    assert result.stderr == b"set()\n"


def test_wrong_usage_ends_with_2() -> None:
    assert run("transform").returncode == 2


def test_a_template_goes_through_a_pipe() -> None:
    template = "# żółw\r\nResources:\r\n  Topic: {Type: 'AWS::SNS::Topic'}\r\n".encode()

    result = run("transform", "-", stdin=template)

    assert result.returncode == 0
    assert result.stdout == template


def test_bad_input_shows_no_traceback() -> None:
    result = run("transform", "-", stdin=b"\x00")

    assert result.returncode == 1
    assert result.stderr.startswith(b"Error: standard input:1:1: ")
    assert b"Traceback" not in result.stderr
