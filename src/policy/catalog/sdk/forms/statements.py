"""Tables that a statement in a query language names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.sdk.forms.named import Marked, Named, reason_of
from sfn_least_privilege.policy.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.deployment import Deployment

_NAME = r'(?:"([^"]*)"|([^\s"\'().,;]+))'
_TABLE = re.compile(rf"\b(?:from|into|update|describe|in)\s+{_NAME}(?:\s*\.\s*{_NAME})?", re.IGNORECASE)
_OPEN = "the statement does not show its table"


def partiql_table(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """The tables and indexes of a PartiQL statement: `table`, or `table/index/name` for `"table"."name"`.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ql-iam.html
    """
    return _tables(text, "/index/")


def timestream_table(text: Text, _deployment: Deployment) -> Iterable[Named]:
    """The tables of a Timestream query: `database/table/name` for `"database"."name"`."""
    return _tables(text, "/table/")


def _tables(text: Text, between: str) -> Iterable[Named]:
    marked = Marked.of(text)
    found: dict[Named, None] = {}
    for match in _TABLE.finditer(marked.string) if marked is not None else ():
        name, inner = match[1] or match[2], match[3] or match[4]
        # Both are there: a match comes from this very string.
        named = marked.text(name) if marked is not None else Text()
        if inner and marked is not None:
            named = Text.of(named, between, marked.text(inner))
        found[Named(named)] = None
    return tuple(found) or (Named(Text.of(reason_of(text, _OPEN))),)
