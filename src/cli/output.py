"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from sfn_least_privilege.cli.errors import InputError


def write_atomically(path: Path, text: str) -> None:
    """Write ``text`` beside ``path`` and rename it there, so that no reader ever sees half of it.

    An existing file keeps its permissions, a symbolic link goes on pointing where it does, and a device or a pipe
    is written to directly. Raises InputError where the file cannot be written.
    """
    content = text.encode("utf-8")
    try:
        target = path.resolve()
        status = target.stat() if target.exists() else None
        if status is not None and not stat.S_ISREG(status.st_mode):
            target.write_bytes(content)
            return
        _replace(target, content, _new_file_mode() if status is None else stat.S_IMODE(status.st_mode))
    except OSError as error:
        message = f"{path} cannot be written: {error.strerror or error}"
        raise InputError(message) from error


def _replace(target: Path, content: bytes, mode: int) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def _new_file_mode() -> int:
    # The mask can only be read by setting it; the command line has one thread, so nobody notices.
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
