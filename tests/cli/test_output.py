from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from sfn_least_privilege.cli.errors import InputError
from sfn_least_privilege.cli.output import write_atomically


def test_a_file_is_written_as_it_is(tmp_path: Path) -> None:
    write_atomically(tmp_path / "out.yaml", "a: é\r\n")

    assert (tmp_path / "out.yaml").read_bytes() == "a: é\r\n".encode()


def test_nothing_else_is_left_in_the_folder(tmp_path: Path) -> None:
    write_atomically(tmp_path / "out.yaml", "a: 1\n")

    assert [path.name for path in tmp_path.iterdir()] == ["out.yaml"]


def test_a_new_file_has_the_usual_permissions(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()

    write_atomically(tmp_path / "out.yaml", "")

    assert (tmp_path / "out.yaml").stat().st_mode == usual.stat().st_mode


def test_an_existing_file_keeps_its_permissions(tmp_path: Path) -> None:
    existing = tmp_path / "out.yaml"
    existing.touch()
    existing.chmod(0o640)

    write_atomically(existing, "new")

    assert stat.S_IMODE(existing.stat().st_mode) == 0o640
    assert existing.read_text(encoding="utf-8") == "new"


def test_a_symbolic_link_goes_on_pointing_where_it_does(tmp_path: Path) -> None:
    (tmp_path / "real.yaml").touch()
    link = tmp_path / "link.yaml"
    link.symlink_to("real.yaml")

    write_atomically(link, "new")

    assert link.is_symlink()
    assert (tmp_path / "real.yaml").read_text(encoding="utf-8") == "new"


def test_a_device_is_written_to_directly() -> None:
    write_atomically(Path(os.devnull), "text")

    assert not Path(os.devnull).is_file()


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    existing = tmp_path / "out.yaml"
    existing.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)

    with pytest.raises(InputError, match=r"out\.yaml cannot be written: No space left on device"):
        write_atomically(existing, "new")
    assert existing.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["out.yaml"]


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no/out\.yaml cannot be written: No such file or directory"):
        write_atomically(tmp_path / "no" / "out.yaml", "")
