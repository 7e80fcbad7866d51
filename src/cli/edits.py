"""Turns a change of values into edits of the text, as few as make it so."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Protocol

from sfn_least_privilege.cli.differences import Addition, Altered
from sfn_least_privilege.cli.source import Container

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sfn_least_privilege.cli.differences import Change, Slot
    from sfn_least_privilege.cli.source import Member, Node, Source


@dataclass(frozen=True, slots=True)
class Edit:
    """The characters from ``start`` to ``end`` become ``text``."""

    start: int
    end: int
    text: str


class Layout(Protocol):
    """Knows how one kind of container is laid out in the text, and how new text fits in."""

    def insert(self, container: Container, after: int, additions: Sequence[Addition]) -> Edit:
        """Put new members after the one with the index ``after``, which stays."""

    def remove(self, container: Container, index: int, first_kept: int) -> Edit | None:
        """Take a member out; None where the layout does not allow it."""

    def replace(self, container: Container, member: Member, value: Any) -> Edit:
        """Give a member another value."""

    def write_out(self, value: Any) -> str:
        """A value on one line, fit to stand where an alias stood."""


@dataclass(slots=True)
class _Plan:
    layout_of: Callable[[Container], Layout]
    edits: list[Edit] = field(default_factory=list)
    altered: set[int] = field(default_factory=set)  # ids of the containers edited inside

    def container(self, node: Node, change: Change) -> bool:
        """Plan the edits inside a container; False, and nothing planned, where it has to be written anew."""
        if not (isinstance(node, Container) and isinstance(change, Altered)):
            return False
        slots: dict[Slot, int] = {
            index if member.key is None else member.key: index for index, member in enumerate(node.members)
        }
        kept = [index for slot, index in slots.items() if slot not in change.removed]
        # What a merge key brought cannot be taken out of it; and an empty block is null, not an empty container.
        if not kept or not change.removed <= slots.keys():
            return False
        layout = self.layout_of(node)
        removals = [layout.remove(node, slots[slot], kept[0]) for slot in change.removed]
        if None in removals or any(addition.after is None and addition.key is None for addition in change.added):
            return False
        for slot, inner in change.changed.items():
            if slot in slots:
                member = node.members[slots[slot]]
                if not self.container(member.node, inner):
                    self.edits.append(layout.replace(node, member, inner.value))
        # An entry that a merge key brought is overridden by one written beside it.
        overrides = [Addition(None, str(slot), change.value[slot]) for slot in change.changed if slot not in slots]
        for after, additions in groupby([*change.added, *overrides], key=lambda addition: addition.after):
            index = slots.get(after, kept[-1]) if after is not None else kept[-1]
            self.edits.append(layout.insert(node, index, tuple(additions)))
        self.edits.extend(removal for removal in removals if removal is not None)
        self.altered.add(id(node))
        return True

    def write_aliases_out(self, source: Source) -> None:
        """Keep what an alias says where the node it stands for now says something else."""
        cuts = sorted((edit.start, edit.end) for edit in self.edits if edit.end > edit.start)
        for alias in source.aliases:
            target, leaf = alias.target, alias.leaf
            says_other = id(target) in self.altered or _is_within(cuts, target.start)
            if says_other and not _is_within(cuts, leaf.start) and isinstance(source.root, Container):
                text = self.layout_of(source.root).write_out(leaf.value)
                self.edits.append(Edit(leaf.start, leaf.end, text))


def _is_within(spans: Sequence[tuple[int, int]], position: int) -> bool:
    """Whether a position lies in one of the spans, which are sorted and do not overlap."""
    index = bisect_right(spans, position, key=itemgetter(0)) - 1
    return index >= 0 and position < spans[index][1]


def plan(source: Source, change: Change, layout_of: Callable[[Container], Layout]) -> list[Edit] | None:
    """The edits that make ``change`` in the text, in any order; None where all of it has to be written anew."""
    made = _Plan(layout_of)
    if not made.container(source.root, change):
        return None
    made.write_aliases_out(source)
    return made.edits


def apply(text: str, edits: Sequence[Edit]) -> str | None:
    """The text with the edits made; None where two of them overlap. Edits at one place keep their order."""
    newline = "\r\n" if "\r\n" in text else "\n"
    pieces: list[str] = []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        if edit.start < position:
            return None
        pieces += (text[position : edit.start], edit.text.replace("\n", newline))
        position = edit.end
    return "".join((*pieces, text[position:]))
