"""From what a template says a definition is, to the parsed definition with its tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.template.tokens import (
    TokenWriter,
    has_noncharacters,
    quote_bare_tokens,
    split_at_placeholders,
    substitute,
)
from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import (
    MISSING,
    ArrayValue,
    Conditional,
    Missing,
    ObjectValue,
    Scalar,
    concatenate,
    conditional,
    guarded_leaves,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sfn_least_privilege.policy.text import Part
    from sfn_least_privilege.policy.value import Value

MAX_DEFINITION_CHARACTERS = 1_048_576
"""Step Functions refuses a larger definition: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

MAX_NESTING = 200
"""Deeper than any definition a person or a tool writes; keeps every walk over an object clear of Python's limit."""


NOTHING_SETTLED: Mapping[str, bool] = MappingProxyType({})
"""No template condition is known to hold, nor not to."""


class DefinitionSyntaxError(ValueError):
    """A definition that cannot be parsed; the text says what is wrong and where."""


class DefinitionUnknownError(ValueError):
    """A definition that only deployment knows; the text says why."""


class UnsettledError(Exception):
    """A definition that can only be read once it is known whether a template condition holds."""

    def __init__(self, condition: str) -> None:
        """Keep the name of the condition."""
        super().__init__(condition)
        self.condition = condition


def from_text(text: str, substitutions: Mapping[str, Value]) -> Definition:
    """Parse a definition given as plain text. Raises DefinitionSyntaxError and UnsettledError."""
    return from_pieces((Text.of(text),), substitutions)


def from_pieces(values: Sequence[Value], substitutions: Mapping[str, Value]) -> Definition:
    """Parse a definition given as the values that its text is made of, one behind the other: references, choices.

    Raises DefinitionSyntaxError, and UnsettledError where a choice is between pieces of JSON, not between strings.
    """
    writer = TokenWriter()
    pieces: list[str] = []
    for value in values:
        if isinstance(value, Text):
            pieces.extend(_written(part, writer) for part in value.parts)
        elif isinstance(value, Scalar):
            pieces.append(value.json)
        elif not isinstance(value, Missing):
            if isinstance(value, Conditional) and not all(_is_plain(leaf) for _, leaf in guarded_leaves(value)):
                raise UnsettledError(value.condition)
            pieces.append(writer.token(value))
    substituted = substitute("".join(pieces), _replacements(substitutions, writer))
    tokens = writer.tokens()
    try:
        return Definition(_parse(substituted), tokens)
    except DefinitionSyntaxError:
        # A choice may be what makes it readable.
        condition = next((value.condition for value in tokens.values if isinstance(value, Conditional)), None)
        if condition is None:
            raise
    raise UnsettledError(condition)


def _is_plain(value: Value) -> bool:
    """Whether a value can stand inside a JSON string as it is."""
    if not isinstance(value, Text):
        return not isinstance(value, Missing)
    return all(not isinstance(part, Literal) or _needs_no_escape(part.value) for part in value.parts)


def _needs_no_escape(literal: str) -> bool:
    # A quote, a backslash or a control character would change the JSON around it.
    return json.dumps(literal, ensure_ascii=False) == f'"{literal}"'


def _written(part: Part, writer: TokenWriter) -> str:
    if not isinstance(part, Literal):
        return writer.token(Text((part,)))
    if has_noncharacters(part.value):
        raise DefinitionSyntaxError(_NONCHARACTERS)
    return part.value


def from_object(
    node: Any,
    substitutions: Mapping[str, Value],
    resolve: Callable[[Any], Value],
    truths: Mapping[str, bool] = NOTHING_SETTLED,
) -> Definition:
    """Read a definition given as an object, with intrinsic functions anywhere inside it.

    ``resolve`` gives the value of an intrinsic function; ``truths`` says which template conditions are known to hold
    or not, so that the chosen branch of an ``Fn::If`` on one of them is read like any other part. Raises
    DefinitionSyntaxError.
    """
    writer = TokenWriter()
    reader = _ObjectReader(resolve, substitutions, _replacements(substitutions, writer), writer, truths)
    return Definition(reader.read(node, 0), writer.tokens())


def choice_in(node: Any) -> tuple[str, Any, Any] | None:
    """The condition and the two branches of an ``Fn::If``; None for every other node, and for a malformed one."""
    argument = node.get("Fn::If") if isinstance(node, dict) and len(node) == 1 else None
    if not isinstance(argument, list) or len(argument) != _PARTS_OF_IF or not isinstance(argument[0], str):
        return None
    condition, then, otherwise = argument
    return condition, then, otherwise


_PARTS_OF_IF = 3


@dataclass(frozen=True, slots=True)
class _ObjectReader:
    """Reads a definition object: functions resolved, placeholders substituted, what is absent left out."""

    resolve: Callable[[Any], Value]
    substitutions: Mapping[str, Value]
    replacement: Callable[[str], str | None]
    writer: TokenWriter
    truths: Mapping[str, bool]

    def read(self, node: Any, depth: int) -> Any:
        if isinstance(node, str):
            # CloudFormation replaces dynamic references wherever they stand in a template.
            return self._resolved(self.resolve(node)) if _DYNAMIC in node else self._text(node)
        if not isinstance(node, dict | list):
            return node
        if depth > MAX_NESTING:
            raise DefinitionSyntaxError(_NESTING)
        if isinstance(node, list):
            items = (self.read(item, depth + 1) for item in node)
            return [item for item in items if item is not MISSING]
        if len(node) == 1:
            key = next(iter(node))
            if key == "Ref" or (isinstance(key, str) and key.startswith("Fn::")):
                return self._function(node, depth)
        fields = ((self._text(str(key)), self.read(item, depth + 1)) for key, item in node.items())
        return {key: item for key, item in fields if item is not MISSING}

    def _function(self, node: dict[str, Any], depth: int) -> Any:
        choice = choice_in(node)
        if choice is not None and choice[0] in self.truths:
            return self.read(choice[1 if self.truths[choice[0]] else 2], depth + 1)
        value = self.resolve(node)
        if choice is not None and isinstance(value, ObjectValue | ArrayValue):
            # Both branches are the same: it is no choice.
            return self.read(choice[1], depth + 1)
        return self._resolved(value)

    def _text(self, text: str) -> str:
        if has_noncharacters(text):
            raise DefinitionSyntaxError(_NONCHARACTERS)
        return substitute(text, self.replacement)

    def _resolved(self, value: Value) -> Any:
        if isinstance(value, Scalar):
            return value.value
        if isinstance(value, Text):
            # CloudFormation resolves its functions first, and substitutes in what comes of them.
            return "".join(substitute(_written(part, self.writer), self.replacement) for part in value.parts)
        return MISSING if isinstance(value, Missing) else self.writer.token(self._substituted(value))

    def _substituted(self, value: Value) -> Value:
        """``value`` with the placeholders in its strings replaced; it is as deep as intrinsic functions may be."""
        if isinstance(value, Conditional):
            return conditional(value.condition, self._substituted(value.then), self._substituted(value.otherwise))
        if isinstance(value, ArrayValue):
            return ArrayValue(tuple(self._substituted(item) for item in value.items))
        if isinstance(value, ObjectValue):
            return ObjectValue({name: self._substituted(item) for name, item in value.fields.items()}, value.rest)
        if not isinstance(value, Text) or not any(
            "${" in str(part.value) for part in value.parts if isinstance(part, Literal)
        ):
            return value
        return concatenate([piece for part in value.parts for piece in self._pieces(part)])

    def _pieces(self, part: Part) -> Iterator[Value]:
        if not isinstance(part, Literal):
            yield Text((part,))
            return
        for index, piece in enumerate(split_at_placeholders(part.value)):
            # Text and names alternate.
            yield self.substitutions.get(piece, Text.of(f"${{{piece}}}")) if index % 2 else Text.of(piece)


_DYNAMIC = "{{resolve:"
_NONCHARACTERS = "it holds the Unicode noncharacters U+FDD0 or U+FDD1, which no text may contain"
_NESTING = f"it is nested more than {MAX_NESTING} levels deep"


def _replacements(substitutions: Mapping[str, Value], writer: TokenWriter) -> Callable[[str], str | None]:
    """How to replace a placeholder: by its text where that is known and safe inside JSON, else by a token."""
    written: dict[str, str] = {}

    def replacement(name: str) -> str | None:
        if name not in written:
            if name not in substitutions:
                return None
            written[name] = _inlined(substitutions[name], writer)
        return written[name]

    return replacement


def _inlined(value: Value, writer: TokenWriter) -> str:
    if isinstance(value, Scalar):
        return value.json
    literal = value.literal if isinstance(value, Text) else None
    if literal is None or has_noncharacters(literal) or not _needs_no_escape(literal):
        return writer.token(value)
    return literal


def _parse(text: str) -> Any:
    if len(text) > MAX_DEFINITION_CHARACTERS:
        message = f"it has {len(text):,} characters, Step Functions allows {MAX_DEFINITION_CHARACTERS:,}"
        raise DefinitionSyntaxError(message)
    try:
        document = _parse_json(text) if text.lstrip("\ufeff \t\r\n").startswith(("{", "[")) else _parse_yaml(text)
    except RecursionError:
        raise DefinitionSyntaxError(_NESTING) from None
    _check_nesting(document)
    return document


def _check_nesting(document: Any) -> None:
    """Refuse what is nested deeper than the bound, whatever the parser lets pass on this version of Python."""
    level: list[Any] = [document]
    for _ in range(MAX_NESTING + 1):
        if not level:
            return
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
            if isinstance(child, dict | list)
        ]
    raise DefinitionSyntaxError(_NESTING)


def _parse_json(text: str) -> Any:
    text = text.lstrip("\ufeff")
    try:
        return json.loads(text)
    except ValueError:
        # Most often because a token stands for a number or an object: rare enough to look for only now.
        quoted = quote_bare_tokens(text)
    try:
        return json.loads(quoted)
    except json.JSONDecodeError as error:
        message = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise DefinitionSyntaxError(message) from None
    except ValueError:
        message = "a number has too many digits"
        raise DefinitionSyntaxError(message) from None


def _parse_yaml(text: str) -> Any:
    # Definitions in YAML are rare: the parser is loaded when the first one comes.
    from sfn_least_privilege.policy.template.definition_yaml import YamlSyntaxError, load  # noqa: PLC0415

    try:
        return load(text)
    except YamlSyntaxError as error:
        raise DefinitionSyntaxError(str(error)) from None
