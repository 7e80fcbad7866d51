"""A document as it is written: its values, each with the place in the text where it stands.

The command line edits a template's text at the places that change and nowhere else, so everything else (comments,
order, quotes, short forms, white space) comes back as it came, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from sfn_least_privilege.cli.errors import InputError

MAX_DEPTH = 100
"""How deep values may nest; everything that walks through them may then recurse.

A template with ten levels of Map states stays under 60, and 100 levels take half of Python's own limit.
"""

MAX_VALUES = 1_000_000
"""How many values a document may hold once its aliases are followed; a template of 1 MB holds about 100,000."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A text and the name of the file it came from."""

    name: str
    text: str

    def error(self, position: int, message: str) -> InputError:
        """An error at a place in the text, as ``name:line:column: message``."""
        line = self.text.count("\n", 0, position) + 1
        column = position - self.text.rfind("\n", 0, position)
        return InputError(f"{self.name}:{line}:{column}: {message}")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A value that is only ever replaced as a whole: a scalar, an alias, or anything with a tag."""

    start: int
    end: int
    value: Any


@dataclass(frozen=True, slots=True)
class Member:
    """An entry of a mapping, or an item of a sequence (``key`` is None).

    ``start`` is where its key, its dash, or without either its value begins; ``head_end`` is where the key or
    the dash ends.
    """

    key: str | None
    start: int
    head_end: int
    node: Node


@dataclass(frozen=True, slots=True)
class Container:
    """A mapping or a sequence. ``flow`` says that it is written between brackets.

    ``value`` may have entries that ``members`` lacks: those that a YAML merge key (``<<``) brings.
    """

    start: int
    end: int
    value: dict[str, Any] | list[Any]
    members: tuple[Member, ...]
    flow: bool


Node: TypeAlias = Leaf | Container


@dataclass(frozen=True, slots=True)
class Alias:
    """A YAML alias (``*name``) and the node it stands for."""

    leaf: Leaf
    target: Node


@dataclass(frozen=True, slots=True)
class Source:
    """A whole document: its text and the tree of what stands where in it."""

    origin: Origin
    root: Node
    aliases: tuple[Alias, ...] = ()


@dataclass(slots=True)
class _Frame:
    start: int
    flow: bool
    mapping: dict[str, Any] | None
    sequence: list[Any]
    members: list[Member]
    merged: list[Node]
    key: tuple[str, int, int] | None = None
    merging: bool = False
    size: int = 1
    height: int = 1


@dataclass(frozen=True, slots=True)
class Built:
    """A finished node, how many values it is and how many containers nest in it, aliases followed."""

    node: Node
    size: int = 1
    height: int = 0


class TreeBuilder:
    """Builds the tree from what a reader meets in the text, without recursion.

    Raises InputError for keys that occur twice, and for documents that nest too deep or grow too large.
    """

    def __init__(self, origin: Origin) -> None:
        """Start with an empty tree."""
        self._origin = origin
        self._stack: list[_Frame] = []
        self.root: Node | None = None

    @property
    def depth(self) -> int:
        """How many containers are open."""
        return len(self._stack)

    @property
    def wants_key(self) -> bool:
        """Whether the next thing must be the key of a mapping."""
        frame = self._stack[-1] if self._stack else None
        return frame is not None and frame.mapping is not None and frame.key is None and not frame.merging

    def open_mapping(self, start: int, *, flow: bool) -> None:
        """Begin a mapping."""
        self._open(_Frame(start, flow, {}, [], [], []))

    def open_sequence(self, start: int, *, flow: bool) -> None:
        """Begin a sequence."""
        self._open(_Frame(start, flow, None, [], [], []))

    def _open(self, frame: _Frame) -> None:
        if len(self._stack) >= MAX_DEPTH:
            raise self._origin.error(frame.start, f"values nest more than {MAX_DEPTH} levels deep")
        self._stack.append(frame)

    def key(self, key: str, start: int, end: int) -> None:
        """Take the key of the open mapping's next entry."""
        frame = self._stack[-1]
        if frame.mapping is not None and key in frame.mapping:
            first = next(member.start for member in frame.members if member.key == key)
            line = self._origin.text.count("\n", 0, first) + 1
            raise self._origin.error(start, f"the key {key!r} is given twice, first on line {line}")
        frame.key = (key, start, end)

    def merge_key(self) -> None:
        """Take a YAML merge key: the next value's entries become the mapping's own."""
        self._stack[-1].merging = True

    def add(self, built: Built, head: tuple[int, int] | None = None) -> None:
        """Put a finished value in its place; ``head`` is where the dash of a sequence's item stands."""
        node = built.node
        if not self._stack:
            self.root = node
            return
        frame = self._stack[-1]
        frame.size += built.size
        frame.height = max(frame.height, built.height + 1)
        if frame.size > MAX_VALUES or len(self._stack) + built.height > MAX_DEPTH:
            reason = "nests too deep" if frame.size <= MAX_VALUES else f"holds more than {MAX_VALUES:,} values"
            raise self._origin.error(node.start, f"the document {reason} once its aliases are followed")
        if frame.merging:
            frame.merged.append(node)
            frame.merging = False
        elif frame.mapping is None:
            start, end = head or (node.start, node.start)
            frame.sequence.append(node.value)
            frame.members.append(Member(None, start, end, node))
        elif frame.key is not None:
            key, start, end = frame.key
            frame.mapping[key] = node.value
            frame.members.append(Member(key, start, end, node))
            frame.key = None

    def close(self, end: int) -> Built:
        """Finish the open container at ``end``; a block ends where its last value does."""
        frame = self._stack.pop()
        members = tuple(frame.members)
        if not frame.flow and members:
            end = members[-1].node.end
        value: dict[str, Any] | list[Any] = frame.sequence if frame.mapping is None else frame.mapping
        if frame.mapping is not None and frame.merged:
            value = self._merge(frame.merged) | frame.mapping
            end = end if frame.flow else max(end, *(node.end for node in frame.merged))
        return Built(Container(frame.start, end, value, members, frame.flow), frame.size, frame.height)

    def _merge(self, nodes: list[Node]) -> dict[str, Any]:
        merged: dict[str, Any] = {}
        for node in nodes:
            for source in node.value if isinstance(node.value, list) else [node.value]:
                if not isinstance(source, dict):
                    raise self._origin.error(node.start, "only mappings can be merged with <<")
                merged = source | merged
        return merged
