"""Reads YAML into a :class:`~sfn_least_privilege.cli.source.Source`, with short forms as their long ones."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from sfn_least_privilege.cli import short_forms
from sfn_least_privilege.cli.source import Alias, Built, Leaf, Source, TreeBuilder
from sfn_least_privilege.cli.yaml_scalars import resolve

if TYPE_CHECKING:
    from sfn_least_privilege.cli.errors import InputError
    from sfn_least_privilege.cli.source import Origin

# libyaml's parser, where PyYAML was built with it, is twenty times as fast; both report the same places.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_STANDARD = "tag:yaml.org,2002:"
_DEFAULT_STEP = 2
_KEEPS_LINES = re.compile(r"\S*[|>][1-9]?\+")


@dataclass(frozen=True, slots=True)
class Habits:
    """How a document is written, so that new text can be written alike.

    ``step`` is the indentation of a mapping in a mapping, ``dash`` that of a sequence in a mapping.
    """

    step: int = _DEFAULT_STEP
    dash: int = _DEFAULT_STEP
    short_forms: bool = True
    quote: str = '"'


def read_yaml(origin: Origin) -> tuple[Source, Habits]:
    """Read one YAML document. Raises InputError, with the line and the column."""
    reader = _Reader(origin)
    try:
        reader.read()
    except yaml.YAMLError as error:
        raise _syntax_error(origin, error) from error
    if reader.builder.root is None:
        raise origin.error(0, "there is nothing in this file")
    return Source(origin, reader.builder.root, tuple(reader.aliases)), reader.habits()


def _syntax_error(origin: Origin, error: yaml.YAMLError) -> InputError:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        message = ", ".join(filter(None, (error.context, error.problem))) or "this is no YAML"
        return origin.error(mark.index if mark else 0, message)
    bad = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", origin.text)
    position = bad.start() if bad else 0
    return origin.error(position, "this character may not stand in YAML; write it as an escape in double quotes")


def _most_common(counted: Counter[int], default: int) -> int:
    ((value, _),) = counted.most_common(1) or [(default, 0)]
    return value


def _column(event: Any) -> int:
    column: int = event.start_mark.column
    return column


class _Reader:
    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self.builder = TreeBuilder(origin)
        self.aliases: list[Alias] = []
        self._anchors: dict[str, Built] = {}
        self._open: list[Any] = []  # the events that began the containers now open
        self._documents = 0
        self._steps: Counter[int] = Counter()
        self._dashes: Counter[int] = Counter()
        self._quotes: Counter[str] = Counter()
        self._short_forms = False
        self._long_forms = False

    def read(self) -> None:
        handlers: dict[type, Any] = {
            yaml.ScalarEvent: self._scalar,
            yaml.AliasEvent: self._alias,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingEndEvent: self._finish,
            yaml.SequenceEndEvent: self._finish,
            yaml.DocumentStartEvent: self._document,
        }
        for event in yaml.parse(self.origin.text, Loader=_LOADER):
            handler = handlers.get(type(event))
            if handler is not None:
                handler(event)

    def habits(self) -> Habits:
        step = _most_common(self._steps, _DEFAULT_STEP)
        return Habits(
            step=step,
            dash=_most_common(self._dashes, step),
            short_forms=self._short_forms or not self._long_forms,
            quote="'" if self._quotes["'"] > self._quotes['"'] else '"',
        )

    def _document(self, event: Any) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self.origin.error(event.start_mark.index, "a second document begins here; give one template a file")

    def _scalar(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        plain = event.implicit[0] and event.tag is None
        if self.builder.wants_key:
            if plain and event.value == "<<":
                self.builder.merge_key()
                return
            if event.tag not in {None, "!", f"{_STANDARD}str"}:
                raise self.origin.error(start, "a key must be plain text")
            self._long_forms = self._long_forms or event.value == "Ref" or event.value.startswith("Fn::")
            self.builder.key(event.value, start, end)
            self._remember(event, Built(Leaf(start, end, event.value)))
            return
        if event.style in {"'", '"'}:
            self._quotes[event.style] += 1
        elif event.style in {"|", ">"}:
            end = self._block_end(start, end)
        value = resolve(event.value) if plain else self._tagged(event, event.value)
        self._place(event, Built(Leaf(start, end, value)))

    def _block_end(self, start: int, end: int) -> int:
        """Where a block scalar's own text ends: the blank lines after it are its text only if it keeps them."""
        text = self.origin.text
        header = text[start : text.find("\n", start)]
        if not _KEEPS_LINES.search(header):
            return start + len(text[start:end].rstrip())
        return end - len(text[start:end]) + len(text[start:end].removesuffix("\n").removesuffix("\r"))

    def _tagged(self, event: Any, value: Any) -> Any:
        """The value of a node that carries a tag, or that is a quoted scalar."""
        tag = event.tag
        if tag is None or tag in {"!", f"{_STANDARD}str", f"{_STANDARD}map", f"{_STANDARD}seq"}:
            return value
        if tag.startswith("!"):
            self._short_forms = True
            return short_forms.expand(tag[1:], value)
        name = tag.removeprefix(_STANDARD)
        if name in {"int", "float", "bool", "null"} and isinstance(value, str):
            return resolve(value)
        raise self.origin.error(event.start_mark.index, f"CloudFormation does not support the YAML tag !!{name}")

    def _alias(self, event: Any) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        if self.builder.wants_key:
            raise self.origin.error(start, "a key must be plain text, not an alias")
        built = self._anchors.get(event.anchor)
        if built is None:
            raise self.origin.error(start, f"the alias *{event.anchor} stands before its anchor, or inside it")
        leaf = Leaf(start, end, built.node.value)
        self.aliases.append(Alias(leaf, built.node))
        self.builder.add(Built(leaf, built.size, built.height), self._dash(start))

    def _begin(self, event: Any) -> None:
        start = event.start_mark.index
        if self.builder.depth and self.builder.wants_key:
            raise self.origin.error(start, "a key must be plain text, not a list or an object")
        flow = bool(event.flow_style)
        mapping = isinstance(event, yaml.MappingStartEvent)
        if mapping:
            self.builder.open_mapping(start, flow=flow)
        else:
            self.builder.open_sequence(start, flow=flow)
        self._learn_indentation(event)
        self._open.append(event)

    def _learn_indentation(self, event: Any) -> None:
        parent: Any = self._open[-1] if self._open else None
        if event.flow_style or event.tag or event.anchor or type(parent) is not yaml.MappingStartEvent:
            return
        step = _column(event) - _column(parent)
        counted = self._steps if type(event) is yaml.MappingStartEvent else self._dashes
        if step > 0 or counted is self._dashes:
            counted[step] += 1

    def _finish(self, event: Any) -> None:
        begun = self._open.pop()
        built = self.builder.close(event.end_mark.index)
        value = self._tagged(begun, built.node.value)
        if value is not built.node.value:
            built = Built(Leaf(built.node.start, built.node.end, value), built.size + 1, built.height + 1)
        self._place(begun, built)

    def _place(self, event: Any, built: Built) -> None:
        self._remember(event, built)
        self.builder.add(built, self._dash(built.node.start))

    def _remember(self, event: Any, built: Built) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = built

    def _dash(self, start: int) -> tuple[int, int] | None:
        """Where the dash before a block sequence's item stands; None for everything else."""
        parent = self._open[-1] if self._open else None
        if parent is None or parent.flow_style or not isinstance(parent, yaml.SequenceStartEvent):
            return None
        dash = self.origin.text.rfind("-", 0, start)
        return dash, dash + 1
