"""Definitions written in YAML, read as the JSON they stand for."""

from __future__ import annotations

import re
from typing import Any

import yaml

# The C loader is several times faster; PyYAML's wheels carry it, a build from source may not.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MAX_ALIASES = 100
"""Aliases are legal YAML, but a handful of them can stand for billions of nodes."""


class YamlSyntaxError(ValueError):
    """YAML that cannot be read; the text says what is wrong and where."""


class _DefinitionLoader(_Base):  # type: ignore[misc] # the base is one of two classes, chosen when imported
    """Plain scalars become what JSON has; dates such as ``2012-10-17`` stay strings."""

    yaml_implicit_resolvers = {  # noqa: RUF012 -- the attribute's form is PyYAML's
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in _Base.yaml_implicit_resolvers.items()
    }


_ALIAS = re.compile(r"(?:^|[\s\[{,:-])\*[\w-]+", re.MULTILINE)


def load(text: str) -> Any:
    """Parse a YAML definition. Raises YamlSyntaxError."""
    if sum(1 for _ in _ALIAS.finditer(text)) > MAX_ALIASES:
        message = f"it uses more than {MAX_ALIASES} aliases"
        raise YamlSyntaxError(message)
    try:
        return yaml.load(text, Loader=_DefinitionLoader)  # noqa: S506 -- a safe loader, with fewer resolvers
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f" at line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        message = f"{error.problem or error.context}{place}"
        raise YamlSyntaxError(message) from None
    except (yaml.YAMLError, ValueError) as error:
        raise YamlSyntaxError(str(error)) from None
