"""Writes new values into YAML the way the rest of the document is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.cli import short_forms
from sfn_least_privilege.cli.yaml_scalars import is_printable, write

if TYPE_CHECKING:
    from sfn_least_privilege.cli.yaml_reading import Habits

_LINE_LENGTH = 100
"""An intrinsic function's arguments stand on its own line while they fit into this."""


@dataclass(frozen=True, slots=True)
class YamlWriter:
    """Writes blocks for blocks, and one line for what stands between brackets."""

    habits: Habits
    comma: str = ", "

    def document(self, value: Any) -> str:
        """A whole document."""
        if isinstance(value, dict) and value:
            return self._block(value, 0) + "\n"
        return self.value(value, None) + "\n"

    def member(self, key: str | None, value: Any, indent: str | None) -> str:
        """An entry or item between brackets."""
        written = self.value(value, indent)
        return written if key is None else f"{write(key, self.habits.quote)}: {written}"

    def value(self, value: Any, indent: str | None) -> str:
        """A value on one line."""
        tag, argument = self._short(value)
        if tag:
            return f"{tag} {self.value(argument, indent)}"
        if isinstance(argument, dict):
            return "{" + ", ".join(self.member(key, item, indent) for key, item in argument.items()) + "}"
        if isinstance(argument, list):
            return "[" + ", ".join(self.value(item, indent) for item in argument) + "]"
        return write(argument, self.habits.quote)

    def block_member(self, key: str | None, value: Any, column: int) -> str:
        """An entry or item on lines of its own, from ``column`` on, without the last line end."""
        head = "-" if key is None else write(key, self.habits.quote)
        return " " * column + head + self.after_head(key, value, column)

    def after_head(self, key: str | None, value: Any, column: int) -> str:
        """What follows a key or a dash that stands at ``column``."""
        tag, argument = self._short(value)
        head = ("" if key is None else ":") + (f" {tag}" if tag else "")
        if isinstance(argument, str):
            return head + self._string(argument, column)
        if not isinstance(argument, dict | list) or not argument:
            return f"{head} {self.value(argument, None)}"
        if tag and (line := self._line(argument)) is not None:
            return f"{head} {line}"
        if key is None and not tag:
            inner = column + len("- ")
            return f"{head} {self._block(argument, inner)[inner:]}"
        inner = column + (self.habits.step if isinstance(argument, dict) or key is None else self.habits.dash)
        return f"{head}\n{self._block(argument, inner)}"

    def _block(self, value: dict[str, Any] | list[Any], column: int) -> str:
        pairs = value.items() if isinstance(value, dict) else ((None, item) for item in value)
        return "\n".join(self.block_member(key, item, column) for key, item in pairs)

    def _string(self, value: str, column: int) -> str:
        lines = value.split("\n")
        # A first line that begins with a space would need an indentation indicator, and a lone line end no block.
        if len(lines) == 1 or not lines[0] or lines[0][0] in " \t" or not is_printable(value):
            return " " + write(value, self.habits.quote)
        body = value.rstrip("\n")
        ends = len(value) - len(body)
        header = ("|-", "|", "|+")[min(ends, 2)]
        indentation = " " * (column + self.habits.step)
        written = "\n".join(indentation + line if line else "" for line in body.split("\n"))
        return f" {header}\n{written}" + "\n" * max(ends - 1, 0)

    def _line(self, arguments: dict[str, Any] | list[Any]) -> str | None:
        """An intrinsic function's arguments on its own line, where they are few and simple."""
        simple = isinstance(arguments, list) and all(
            not isinstance(item, dict | list) or (isinstance(self._short(item)[1], str) and self._short(item)[0])
            for item in arguments
        )
        line = self.value(arguments, None) if simple else ""
        return line if line and len(line) <= _LINE_LENGTH else None

    def _short(self, value: Any) -> tuple[str, Any]:
        short = short_forms.shorten(value) if self.habits.short_forms else None
        return short or ("", value)
