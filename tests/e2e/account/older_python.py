"""Rewrite what localstack has installed so that Python 3.11 and 3.12 can read it.

It asks for Python 3.10, and in a dozen places uses what 3.12 and 3.13 brought. Run once, after installation.
"""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path

NEWEST_NEEDED = (3, 13)
CLASS = re.compile(r"^( *class \w+)\[([^\]]+)\](?:\((.*)\))?:$", re.MULTILINE)
FUNCTION = re.compile(r"^( *def \w+)\[([^\]]+)\]\(", re.MULTILINE)
FUTURE = re.compile(r"^from __future__ import .*$", re.MULTILINE)
PLAIN = (
    (re.compile(r"^type (\w+ = )", re.MULTILINE), r"\1"),
    (re.compile(r"^from warnings import deprecated$", re.MULTILINE), "from typing_extensions import deprecated"),
    (re.compile(r": Lock \| None = "), ': "Lock | None" = '),
)


def rewritten(source: str) -> str:
    """``source`` in the words of Python 3.11."""
    for pattern, replacement in PLAIN:
        source = pattern.sub(replacement, source)
    variables = {
        name for pattern in (CLASS, FUNCTION) for found in pattern.finditer(source) for name in _names(found[2])
    }
    if not variables:
        return source
    source = FUNCTION.sub(r"\1(", CLASS.sub(_class, source))
    declared = "from typing import Generic, TypeVar\n" + "".join(f'{name} = TypeVar("{name}")\n' for name in variables)
    future = FUTURE.search(source)
    at = future.end() + 1 if future else 0
    return source[:at] + declared + source[at:]


def _class(found: re.Match[str]) -> str:
    bases = [*([found[3]] if found[3] else []), f"Generic[{', '.join(_names(found[2]))}]"]
    return f"{found[1]}({', '.join(bases)}):"


def _names(parameters: str) -> list[str]:
    return [parameter.partition(":")[0].strip() for parameter in parameters.split(",")]


if __name__ == "__main__" and sys.version_info < NEWEST_NEEDED:
    package = find_spec("localstack")
    assert package is not None
    assert package.submodule_search_locations is not None
    for folder in package.submodule_search_locations:
        for path in Path(folder).rglob("*.py"):
            before = path.read_text()
            if (after := rewritten(before)) != before:
                path.write_text(after)
