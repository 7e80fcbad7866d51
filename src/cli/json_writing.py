"""Writes new values into JSON the way the rest of the document is written."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sfn_least_privilege.cli.json_reading import Habits


@dataclass(frozen=True, slots=True)
class JsonWriter:
    """Writes with the document's indentation, separators and treatment of other alphabets."""

    habits: Habits

    @property
    def comma(self) -> str:
        """What stands between two members on one line."""
        return "," if self.habits.colon == ":" else ", "

    def document(self, value: Any) -> str:
        """A whole document."""
        return self.value(value, "") + "\n"

    def member(self, key: str | None, value: Any, indent: str | None) -> str:
        """An entry or item; it goes on over several lines where ``indent`` says how they begin."""
        written = self.value(value, indent)
        return written if key is None else f"{self._dump(key, None)}{self.habits.colon}{written}"

    def value(self, value: Any, indent: str | None) -> str:
        """A value alone."""
        step = None if indent is None else self.habits.step
        return self._dump(value, step).replace("\n", f"\n{indent}")

    def _dump(self, value: Any, step: str | None) -> str:
        separators = (self.comma if step is None else ",", self.habits.colon)
        written = json.dumps(value, indent=step, ensure_ascii=self.habits.ascii_only, separators=separators)
        # Half a surrogate pair, which JSON allows, can only be written as an escape.
        return (
            written
            if written.isascii() or _is_unicode(written)
            else json.dumps(value, indent=step, separators=separators)
        )


def _is_unicode(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)
