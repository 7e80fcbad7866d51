"""The package that goes to S3: the same bytes for the same sources, whoever makes it, wherever and whenever."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from emulation.building import build_bundle, pack_bundle

import sfn_least_privilege

ROOT = Path(__file__).parents[2]
REQUIREMENTS = (ROOT / "tools" / "bundle-requirements.txt").read_text()


@pytest.fixture(scope="module")
def package(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    return pack_bundle(bundle, tmp_path_factory.mktemp("package"))


def test_its_name_carries_the_version(package: tuple[Path, str]) -> None:
    assert package[0].name == f"sfn-least-privilege-{sfn_least_privilege.__version__}.zip"


def test_its_size_and_hash_are_printed_as_people_and_as_templates_want_them(package: tuple[Path, str]) -> None:
    content = package[0].read_bytes()
    digest = hashlib.sha256(content)

    assert f"{len(content):,} bytes" in package[1]
    assert digest.hexdigest() in package[1]
    assert f"CodeSha256  {base64.b64encode(digest.digest()).decode()}" in package[1]
    assert package[0].with_suffix(".zip.code-sha256").read_text() == f"{base64.b64encode(digest.digest()).decode()}\n"


def test_it_holds_the_bundle(package: tuple[Path, str], bundle: Path) -> None:
    with zipfile.ZipFile(package[0]) as archive:
        assert sorted(archive.namelist()) == sorted(
            path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()
        )
        assert archive.testzip() is None


def test_lambda_can_read_every_file(package: tuple[Path, str]) -> None:
    with zipfile.ZipFile(package[0]) as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}


def built(project: Path, folder: Path) -> Path:
    (folder / "bundle").mkdir(parents=True)
    build_bundle(folder / "bundle", project)
    packed, _ = pack_bundle(folder / "bundle", folder / "package")
    return packed


def contents(package: Path) -> dict[str, str]:
    with zipfile.ZipFile(package) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def test_two_builds_of_the_same_sources_are_the_same_to_the_byte(tmp_path: Path) -> None:
    projects = tmp_path / "one", tmp_path / "another"
    for project in projects:
        # The second is copied from the first: nobody changes that one meanwhile.
        for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE", "src", "tools"):
            source = (ROOT if project == projects[0] else projects[0]) / name
            project.mkdir(exist_ok=True)
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, project / name)

    first = built(projects[0], tmp_path / "first")
    umask = os.umask(0o077)
    try:
        second = built(projects[1], tmp_path / "somewhere" / "else")
    finally:
        os.umask(umask)

    assert contents(first) == contents(second)
    assert first.read_bytes() == second.read_bytes()


def test_a_bundle_that_is_not_compiled_is_no_package(bundle: Path, tmp_path: Path) -> None:
    copy = tmp_path / "bundle"
    shutil.copytree(bundle, copy, ignore=shutil.ignore_patterns("__pycache__"))

    done = subprocess.run(
        [sys.executable, "tools/package_bundle.py", str(copy), str(tmp_path / "package")],
        cwd=ROOT,
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 1
    assert "not compiled" in done.stderr
    assert not (tmp_path / "package").exists()


def test_everything_beside_the_project_is_pinned_with_its_hashes() -> None:
    requirements = re.sub(r"\\\n", " ", REQUIREMENTS)
    lines = [line for line in requirements.splitlines() if line and not line.startswith("#")]

    assert lines
    for line in lines:
        assert re.match(r"[a-z0-9-]+==[0-9.]+(post[0-9]+)? ", line), line
        assert "--hash=sha256:" in line


def test_what_the_project_depends_on_is_among_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = {re.split(r"[^A-Za-z0-9_-]", dependency)[0].lower() for dependency in project["dependencies"]}

    assert wanted <= set(re.findall(r"^([a-z0-9-]+)==", REQUIREMENTS, flags=re.MULTILINE))
