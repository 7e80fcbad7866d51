from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_listed() -> None:
    """The wheel holds what `pyproject.toml` lists, and nothing looks for packages by itself."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(ROOT / "src") for path in (ROOT / "src").rglob("__init__.py")}
    assert set(listed) == {".".join(("sfn_least_privilege", *folder.parts)) for folder in folders}
    assert listed == sorted(listed)
