from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from emulation.building import build_bundle, install_sam, outer_environment

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def environment() -> dict[str, str]:
    return outer_environment()


@pytest.fixture(scope="session")
def sam_environment() -> Path:
    """The environment of aws-sam-cli, which also brings the Lambda runtime interface emulator."""
    return install_sam()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as ``sam build`` makes it, but for the machine and the Python of this test."""
    folder = tmp_path_factory.mktemp("bundle")
    build_bundle(folder)
    return folder
