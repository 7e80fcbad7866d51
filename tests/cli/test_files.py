from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sfn_least_privilege.cli.files import LocalFiles
from sfn_least_privilege.policy.errors import DefinitionUnavailableError
from sfn_least_privilege.policy.template.definitions import LocalFile, S3Object

if TYPE_CHECKING:
    import pytest


def reason(folder: Path, path: str) -> str:
    location = LocalFile(path)
    fetched = LocalFiles(folder).fetch([location])[location]
    assert isinstance(fetched, DefinitionUnavailableError)
    return str(fetched)


def test_files_are_read_relative_to_the_folder(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.json").write_text('{"ż": 1}', encoding="utf-8")
    location = LocalFile("./inner/../inner/a.json")

    assert LocalFiles(tmp_path).fetch([location]) == {location: '{"ż": 1}'}


def test_an_absolute_path_is_one(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("{}", encoding="utf-8")
    location = LocalFile(str(file))

    assert LocalFiles(Path("elsewhere")).fetch([location]) == {location: "{}"}


def test_a_byte_order_mark_is_no_part_of_a_definition(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xef\xbb\xbf{}")

    assert LocalFiles(tmp_path).fetch([LocalFile("a.json")])[LocalFile("a.json")] == "{}"


def test_a_missing_file_is_named_with_where_it_was_looked_for(tmp_path: Path) -> None:
    assert reason(tmp_path, "gone.json") == f"there is no file {tmp_path / 'gone.json'}"


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, ".") == f"{tmp_path} is not a file"


def test_a_path_that_no_file_can_have_is_refused(tmp_path: Path) -> None:
    assert reason(tmp_path, "a\0b").startswith("there is no file")


def test_a_file_that_cannot_be_opened_is_told_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.json").touch()

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)

    assert reason(tmp_path, "a.json") == f"{tmp_path / 'a.json'} cannot be opened: Permission denied"


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"a": "\xe9"}')

    assert reason(tmp_path, "a.json").endswith("a.json is not UTF-8 (byte 7); save it as UTF-8")


def test_a_file_too_large_for_a_definition_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b" " * (2 * 1024 * 1024 + 1))

    assert reason(tmp_path, "a.json").endswith("a.json has more than 2 MB, and a definition may have 1 MB")


def test_a_definition_in_s3_is_not_fetched() -> None:
    location = S3Object("bucket", "orders.asl.json")

    error = LocalFiles(Path()).fetch([location])[location]

    assert isinstance(error, DefinitionUnavailableError)
    assert str(error).startswith("the command line reads files only, and s3://bucket/orders.asl.json is in S3")


def test_one_bad_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    good, bad = LocalFile("a.json"), LocalFile("b.json")

    fetched = LocalFiles(tmp_path).fetch([bad, good])

    assert fetched[good] == "{}"
    assert isinstance(fetched[bad], DefinitionUnavailableError)
