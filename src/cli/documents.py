"""YAML and JSON documents: reads them, and writes them with some values changed and all else as it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.cli import edits
from sfn_least_privilege.cli.block_layout import BlockLayout
from sfn_least_privilege.cli.differences import difference
from sfn_least_privilege.cli.errors import InputError
from sfn_least_privilege.cli.flow_layout import FlowLayout
from sfn_least_privilege.cli.json_reading import read_json
from sfn_least_privilege.cli.json_writing import JsonWriter
from sfn_least_privilege.cli.source import Origin
from sfn_least_privilege.cli.yaml_reading import read_yaml
from sfn_least_privilege.cli.yaml_writing import YamlWriter

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.cli.source import Container, Source

_BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class Document:
    """A document as read.

    ``mark`` is the byte order mark it began with, if any; ``is_complete`` says that its last line has a line end.
    """

    source: Source
    read: Callable[[Origin], Document]
    layout_of: Callable[[Container], edits.Layout]
    write: Callable[[Any], str]
    mark: str = ""
    is_complete: bool = True

    @property
    def value(self) -> Any:
        """What the document says, CloudFormation's short forms in their long form."""
        return self.source.root.value

    def file_text(self, text: str) -> str:
        """A text as it stands in the file: begun and ended as the file was."""
        cut = text if self.is_complete else text.removesuffix("\n").removesuffix("\r")
        # Where blank lines end the text they may be a block scalar's own, which the next reading must see.
        return self.mark + (text if cut.endswith("\n") else cut)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new text. ``edited`` is False where all of it had to be written anew, without comments."""

    text: str
    edited: bool


def decode(name: str, content: bytes) -> Origin:
    """The text of a file. Raises InputError where it is not UTF-8."""
    try:
        return Origin(name, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{name}:{line}: this file is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise InputError(message) from error


def read_document(origin: Origin) -> Document:
    """Read JSON or YAML, told apart by the name's ending or else by the first character.

    Raises InputError, with the line and the column of what is wrong.
    """
    mark = _BYTE_ORDER_MARK if origin.text.startswith(_BYTE_ORDER_MARK) else ""
    text = origin.text.removeprefix(_BYTE_ORDER_MARK)
    # With its last line ended, any text can be added after it.
    is_complete = not text or text.endswith("\n")
    document = _read_either(Origin(origin.name, text if is_complete else text + _line_end(text)))
    return replace(document, mark=mark, is_complete=is_complete)


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _read_either(origin: Origin) -> Document:
    suffix = PurePath(origin.name).suffix.lower()
    if suffix == ".json":
        return _read_json(origin)
    if not origin.text.lstrip().startswith("{"):
        return _read_yaml(origin)
    try:
        return _read_json(origin)
    except InputError as error:
        # Braces begin a YAML document too; but when it is neither, JSON was most likely meant.
        try:
            return _read_yaml(origin)
        except InputError as yaml_error:
            raise (yaml_error if suffix in {".yaml", ".yml"} else error) from None


def _read_json(origin: Origin) -> Document:
    source, habits = read_json(origin)
    writer = JsonWriter(habits)
    layout = FlowLayout(origin.text, writer)
    return Document(source, _read_json, lambda _: layout, writer.document)


def _read_yaml(origin: Origin) -> Document:
    source, habits = read_yaml(origin)
    writer = YamlWriter(habits)
    flow, block = FlowLayout(origin.text, writer), BlockLayout(origin.text, writer)
    return Document(source, _read_yaml, lambda container: flow if container.flow else block, writer.document)


def rewrite(document: Document, value: Any) -> Rewritten:
    """The document's text with ``value`` in it, changed at the places that differ and nowhere else.

    The new text is read again and compared with ``value``: what cannot be edited faithfully is written anew.
    Raises InputError where even that does not say ``value``, which would be a defect of this tool.
    """
    text = document.source.origin.text
    change = difference(document.value, value)
    if change is None:
        return Rewritten(document.file_text(text), edited=True)
    planned = edits.plan(document.source, change, document.layout_of)
    edited = None if planned is None else edits.apply(text, planned)
    if edited is not None and _says(document, edited, value):
        return Rewritten(document.file_text(edited), edited=True)
    written = document.write(value)
    if not _says(document, written, value):
        message = f"{document.source.origin.name}: the processed template cannot be written; please report this"
        raise InputError(message)
    return Rewritten(document.file_text(written), edited=False)


def _says(document: Document, text: str, value: Any) -> bool:
    try:
        return difference(document.read(Origin(document.source.origin.name, text)).value, value) is None
    except InputError:
        return False
