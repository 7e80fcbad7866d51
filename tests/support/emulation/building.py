"""What the project's Makefile builds, built for tests."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def outer_environment() -> dict[str, str]:
    """This process's environment, without what a make around the tests would hand down to the makes inside them."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS", "BUNDLE_"))}


def make(target: str, root: Path = ROOT, **variables: str) -> None:
    """Make a target of the project's Makefile with the Python that runs the tests."""
    assignments = [f"{name}={value}" for name, value in {"PYTHON": sys.executable, **variables}.items()]
    done = subprocess.run(
        ["make", "--no-print-directory", target, *assignments],  # noqa: S607 - make is where the PATH says
        cwd=root,
        env=outer_environment(),
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def build_bundle(folder: Path, root: Path = ROOT) -> None:
    """Build the bundle as ``sam build`` does, but for the machine and the Python of this test."""
    tags = ("manylinux_2_28", "manylinux_2_17", "manylinux2014")
    make(
        "build-SfnLeastPrivilegeFunction",
        root,
        ARTIFACTS_DIR=str(folder),
        BUNDLE_BUILDER=sys.executable,
        BUNDLE_PLATFORM=" ".join(f"{tag}_{platform.machine()}" for tag in tags),
        BUNDLE_PYTHON=f"{sys.version_info.major}.{sys.version_info.minor}",
    )


def pack_bundle(bundle: Path, output: Path) -> tuple[Path, str]:
    """Pack a bundle as ``make package`` does: the file, and what was printed about it."""
    done = subprocess.run(
        [sys.executable, "tools/package_bundle.py", str(bundle), str(output)],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    [package] = output.glob("*.zip")
    return package, done.stdout


def install_sam() -> Path:
    """The environment of aws-sam-cli, which also brings the Lambda runtime interface emulator."""
    make("sam")
    return ROOT / ".venv-sam"
