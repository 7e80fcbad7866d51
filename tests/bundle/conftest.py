from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def outer_environment() -> dict[str, str]:
    """This process's environment, without what a make around the tests would hand down to the makes inside them."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "BUNDLE_"))}


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    return outer_environment()


def make(target: str, **variables: str) -> None:
    """Make a target of the project's Makefile with the Python that runs the tests."""
    assignments = [f"{name}={value}" for name, value in {"PYTHON": sys.executable, **variables}.items()]
    done = subprocess.run(
        ["make", "--no-print-directory", target, *assignments],  # noqa: S607 - make is where the PATH says
        cwd=ROOT,
        env=outer_environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def sam_environment() -> Path:
    """The environment of aws-sam-cli, which also brings the Lambda runtime interface emulator."""
    make("sam")
    return ROOT / ".venv-sam"


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as ``sam build`` makes it, but for the machine and the Python of this test."""
    folder = tmp_path_factory.mktemp("bundle")
    tags = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
    make(
        "build-SfnLeastPrivilegeFunction",
        ARTIFACTS_DIR=str(folder),
        BUNDLE_BUILDER=sys.executable,
        BUNDLE_PLATFORM=" ".join(f"{tag}_{platform.machine()}" for tag in tags),
        BUNDLE_PYTHON=f"{sys.version_info.major}.{sys.version_info.minor}",
    )
    return folder
