"""Containers between brackets: all of JSON, and YAML's flow style."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from sfn_least_privilege.cli.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.cli.differences import Addition
    from sfn_least_privilege.cli.source import Container, Member


class FlowWriter(Protocol):
    """Writes values between brackets; ``indent`` is the white space its line begins with, None on a shared line."""

    @property
    def comma(self) -> str:
        """What stands between two members on one line."""

    def member(self, key: str | None, value: Any, indent: str | None) -> str:
        """An entry, or an item where there is no key."""

    def value(self, value: Any, indent: str | None) -> str:
        """A value alone."""


@dataclass(frozen=True, slots=True)
class FlowLayout:
    """New members stand on lines of their own where their neighbours do."""

    text: str
    writer: FlowWriter

    def insert(self, container: Container, after: int, additions: Sequence[Addition]) -> Edit:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`."""
        member = container.members[after]
        indent = self._indent(member)
        comma = self.writer.comma if indent is None else f",\n{indent}"
        written = (self.writer.member(addition.key, addition.value, indent) for addition in additions)
        position = member.node.end
        return Edit(position, position, "".join(comma + text for text in written))

    def remove(self, container: Container, index: int, first_kept: int) -> Edit:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`; a comma goes with its member."""
        members = container.members
        if index < first_kept:
            return Edit(members[index].start, members[index + 1].start, "")
        return Edit(members[index - 1].node.end, members[index].node.end, "")

    def replace(self, container: Container, member: Member, value: Any) -> Edit:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`."""
        del container
        node = member.node
        written = self.writer.value(value, self._indent(member))
        if node.start == node.end and member.key is not None:  # a key without a value, which YAML allows
            return Edit(member.head_end, node.end, f": {written}")
        return Edit(node.start, node.end, written)

    def write_out(self, value: Any) -> str:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`."""
        return self.writer.value(value, None)

    def _indent(self, member: Member) -> str | None:
        start = member.start
        while start and self.text[start - 1] in " \t":
            start -= 1
        is_on_own_line = start == 0 or self.text[start - 1] == "\n"
        return self.text[start : member.start] if is_on_own_line else None
