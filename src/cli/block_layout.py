"""Containers that YAML shows by indentation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.cli.edits import Edit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.cli.differences import Addition
    from sfn_least_privilege.cli.source import Container, Member
    from sfn_least_privilege.cli.yaml_writing import YamlWriter

_COMMENT_LINE = re.compile(r"( *)#[^\n]*(?:\n|$)")
_BLANK_LINE = re.compile(r"[ \t]*\r?\n")


@dataclass(frozen=True, slots=True)
class BlockLayout:
    """New members stand on lines of their own, with a blank line between them where their neighbours have one."""

    text: str
    writer: YamlWriter

    def insert(self, container: Container, after: int, additions: Sequence[Addition]) -> Edit:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`."""
        column = self._column(container)
        position = self._next_line(container.members[after], column)
        gap = "\n" if self._is_spaced(container, after, position) else ""
        members = (self.writer.block_member(addition.key, addition.value, column) for addition in additions)
        return Edit(position, position, "".join(f"{gap}{member}\n" for member in members))

    def remove(self, container: Container, index: int, first_kept: int) -> Edit | None:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`; comments above a member stay."""
        del first_kept
        member = container.members[index]
        start = self.text.rfind("\n", 0, member.start) + 1
        if self.text[start : member.start].strip(" "):
            return None
        end = self._next_line(member, self._column(container))
        blank = _BLANK_LINE.match(self.text, end)
        if blank and self._follows_blank_line(start):
            end = blank.end()
        return Edit(start, end, "")

    def replace(self, container: Container, member: Member, value: Any) -> Edit:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`."""
        written = self.writer.after_head(member.key, value, self._column(container))
        return Edit(member.head_end, member.node.end, written)

    def write_out(self, value: Any) -> str:
        """See :class:`~sfn_least_privilege.cli.edits.Layout`."""
        return self.writer.value(value, None)

    def _column(self, container: Container) -> int:
        first = container.members[0].start
        return first - (self.text.rfind("\n", 0, first) + 1)

    def _next_line(self, member: Member, column: int) -> int:
        """Where the first line after a member begins; comments indented deeper than its key belong to it."""
        end = self.text.find("\n", member.node.end)
        if end < 0:
            return len(self.text)
        position = end + 1
        while (comment := _COMMENT_LINE.match(self.text, position)) and len(comment.group(1)) > column:
            position = comment.end()
        return position

    def _is_spaced(self, container: Container, index: int, position: int) -> bool:
        if container.members[index].key is None:
            return False
        has_next = index + 1 < len(container.members)
        if has_next and _BLANK_LINE.match(self.text, position):
            return True
        return index > 0 and self._gap_before(container, index)

    def _gap_before(self, container: Container, index: int) -> bool:
        between = self.text[container.members[index - 1].node.end : container.members[index].start]
        return any(_BLANK_LINE.fullmatch(line) for line in between.splitlines(keepends=True)[1:])

    def _follows_blank_line(self, start: int) -> bool:
        previous = self.text.rfind("\n", 0, max(start - 1, 0)) + 1
        return start == 0 or not self.text[previous:start].strip()
