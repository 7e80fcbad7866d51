from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from emulation.building import build_bundle, install_sam, pack_bundle
from emulation.organisation import Organisation, organisation
from moto import mock_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]


@pytest.fixture
def org(monkeypatch: pytest.MonkeyPatch) -> Iterator[Organisation]:
    """An organisation with a management account, one for tools, a pilot and two teams."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws(), organisation(monkeypatch) as founded:
        yield founded


@pytest.fixture(scope="session")
def sam_environment() -> Path:
    return install_sam()


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle, built for the machine and the Python of this test."""
    folder = tmp_path_factory.mktemp("bundle")
    build_bundle(folder)
    return folder


@pytest.fixture(scope="session")
def package(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle as ``make package`` packs it."""
    packed, _ = pack_bundle(bundle, tmp_path_factory.mktemp("package"))
    return packed


@pytest.fixture
def small_package(tmp_path: Path) -> Path:
    """Something to deploy where nobody runs it."""
    package = tmp_path / "sfn-least-privilege-0.1.0.zip"
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("nothing.txt", "")
    return package
