"""Definitions written in YAML, read as the JSON they stand for.

Step Functions' own language is JSON; YAML is a way of writing it. So scalars are what JSON has and nothing else:
a date stays a string, a state may be called ``Yes``, an account id keeps its leading zero.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_NODES = 1_000_000
"""A handful of aliases can stand for billions of nodes; no definition within Step Functions' limit has so many."""

MAX_NESTING = 200
"""The bound of definitions in any form, see ``definition_text``."""

# The C parser is several times faster; PyYAML's wheels carry it, a build from source may not.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"


class YamlSyntaxError(ValueError):
    """YAML that cannot be read; the text says what is wrong and where."""


def load(text: str) -> Any:
    """Parse a YAML definition. Raises YamlSyntaxError.

    The parser's events are put together here, step by step: its own composer recurses, and deep nesting brings
    the interpreter down.
    """
    builder = _Builder()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlSyntaxError(_at(error.problem or error.context or "it is not YAML", mark)) from None
    except (yaml.YAMLError, UnicodeError) as error:
        message = " ".join(str(error).split())
        raise YamlSyntaxError(message) from None
    return builder.document


@dataclass(slots=True)
class _Open:
    """A mapping or a sequence that is being read."""

    value: Any
    anchor: str | None
    mark: Any
    nodes: int = 1
    key: str | None = None
    has_key: bool = False
    merges: list[Any] = field(default_factory=list)


class _Builder:
    """Makes one JSON value of a stream of events."""

    def __init__(self) -> None:
        self.document: Any = None
        self._documents = 0
        self._open: list[_Open] = []
        self._anchored: dict[str, tuple[Any, int]] = {}

    def take(self, event: Any) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._begin(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._end()
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise YamlSyntaxError(_at("it holds more than one document", event.start_mark))

    def _begin(self, event: Any) -> None:
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        _check_tag(event, "map" if is_mapping else "seq")
        if self._wants_key():
            raise YamlSyntaxError(_at("a key is not a string", event.start_mark))
        if len(self._open) >= MAX_NESTING:
            raise YamlSyntaxError(_at(f"it is nested more than {MAX_NESTING} levels deep", event.start_mark))
        self._open.append(_Open({} if is_mapping else [], event.anchor, event.start_mark))

    def _end(self) -> None:
        closed = self._open.pop()
        for merged in closed.merges:
            for key, value in merged.items():
                closed.value.setdefault(key, value)
        self._put(closed.value, closed.nodes, closed.anchor, closed.mark)

    def _wants_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and not self._open[-1].has_key

    def _scalar(self, event: Any) -> None:
        if self._wants_key():
            _check_tag(event, "str", "int", "float", "bool", "null", "merge")
            self._key(event.value, plain=event.implicit[0])
            return
        self._put(_scalar_value(event), 1, event.anchor, event.start_mark)

    def _key(self, key: str, *, plain: bool) -> None:
        container = self._open[-1]
        container.has_key = True
        # None marks a merge: the key `<<`, unless it is quoted.
        container.key = None if plain and key == "<<" else key

    def _alias(self, event: Any) -> None:
        if event.anchor not in self._anchored:
            problem = f"the alias *{event.anchor} stands for nothing that is complete before it"
            raise YamlSyntaxError(_at(problem, event.start_mark))
        value, nodes = self._anchored[event.anchor]
        if self._wants_key():
            if not isinstance(value, str):
                raise YamlSyntaxError(_at("a key is not a string", event.start_mark))
            self._key(value, plain=False)
            return
        self._put(value, nodes, None, event.start_mark)

    def _put(self, value: Any, nodes: int, anchor: str | None, mark: Any) -> None:
        if anchor is not None:
            self._anchored[anchor] = (value, nodes)
        if not self._open:
            self.document = value
            return
        container = self._open[-1]
        container.nodes += nodes
        if container.nodes > MAX_NODES:
            raise YamlSyntaxError(_at(f"its aliases stand for more than {MAX_NODES:,} values", mark))
        if isinstance(container.value, list):
            container.value.append(value)
            return
        if container.key is None:
            container.merges.extend(_mergeable(value, mark))
        else:
            container.value[container.key] = value
        container.has_key = False


def _mergeable(value: Any, mark: Any) -> Iterator[dict[str, Any]]:
    for each in value if isinstance(value, list) else [value]:
        if not isinstance(each, dict):
            raise YamlSyntaxError(_at("`<<` merges mappings only", mark))
        yield each


_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {word: value for value in (True, False) for word in (str(value), str(value).lower(), str(value).upper())}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


_TYPES_OF_TAG = {"int": {"int"}, "float": {"int", "float"}, "bool": {"bool"}, "null": {"NoneType"}}


def _scalar_value(event: Any) -> Any:
    _check_tag(event, "str", "int", "float", "bool", "null")
    text: str = event.value
    tag = (event.tag or "").removeprefix(_TAG)
    if tag == "str" or (not tag and not event.implicit[0]) or tag == "!":
        return text
    value = _plain_value(text, event.start_mark)
    if tag and type(value).__name__ not in _TYPES_OF_TAG[tag]:
        raise YamlSyntaxError(_at(f"`{text}` is no {tag}", event.start_mark))
    return value


def _plain_value(text: str, mark: Any) -> Any:
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    try:
        if _INTEGER.fullmatch(text):
            return int(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    except ValueError:
        raise YamlSyntaxError(_at("a number has too many digits", mark)) from None
    return text


def _check_tag(event: Any, *allowed: str) -> None:
    tag = event.tag
    if tag is None or tag == "!" or tag.removeprefix(_TAG) in allowed:
        return
    raise YamlSyntaxError(_at(f"the tag {tag} is not JSON", event.start_mark))


def _at(problem: str, mark: Any) -> str:
    return f"{problem} at line {mark.line + 1}, column {mark.column + 1}" if mark else problem
