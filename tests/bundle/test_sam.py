from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    Sam = Callable[..., subprocess.CompletedProcess[str]]

ROOT = Path(__file__).parents[2]
AARCH64 = 183  # https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html


@pytest.fixture(scope="module")
def sam(sam_environment: Path, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Sam:
    """Run ``sam`` in the project, out of reach of the AWS configuration and credentials of whoever runs this."""
    home = tmp_path_factory.mktemp("home")
    environment = {
        **environment,
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(home),
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(sam_environment / "bin" / "sam"), *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            check=False,
            text=True,
        )

    return run


def test_sam_finds_no_fault_with_the_template(sam: Sam) -> None:
    done = sam("validate", "--lint")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "is a valid SAM Template" in done.stdout


@pytest.fixture(scope="module")
def build(sam: Sam, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sam") / "build"
    done = sam("build", "--build-dir", str(folder))
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def test_sam_builds_the_handler(build: Path) -> None:
    assert (build / "SfnLeastPrivilegeFunction" / "sfn_least_privilege" / "handler" / "app.py").exists()
    assert (build / "template.yaml").exists()


def test_the_build_is_for_the_functions_architecture_and_python(build: Path) -> None:
    libraries = list((build / "SfnLeastPrivilegeFunction").rglob("*.so"))

    assert libraries
    for library in libraries:
        assert "cpython-313-aarch64" in library.name
        assert int.from_bytes(library.read_bytes()[18:20], "little") == AARCH64


def test_the_build_leaves_the_runtimes_own_packages_out(build: Path) -> None:
    packages = {path.name for path in (build / "SfnLeastPrivilegeFunction").iterdir()}

    assert "aws_lambda_powertools" in packages
    assert not packages & {"boto3", "botocore", "s3transfer", "urllib3", "click", "rich", "bin"}
