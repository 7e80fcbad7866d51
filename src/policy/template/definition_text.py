"""From what a template says a definition is, to the parsed definition with its tokens."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.template.tokens import TokenWriter, has_noncharacters, quote_bare_tokens, substitute
from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import MISSING, ArrayValue, Conditional, Missing, ObjectValue, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sfn_least_privilege.policy.text import Part
    from sfn_least_privilege.policy.value import Value

MAX_DEFINITION_CHARACTERS = 1_048_576
"""Step Functions refuses a larger definition: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

MAX_NESTING = 200
"""Deeper than any definition a person or a tool writes; keeps every walk over an object clear of Python's limit."""


class DefinitionSyntaxError(ValueError):
    """A definition that cannot be parsed; the text says what is wrong and where."""


def from_text(text: str, substitutions: Mapping[str, Value]) -> Definition:
    """Parse a definition given as plain text. Raises DefinitionSyntaxError."""
    return from_pieces((Text.of(text),), substitutions)


def from_pieces(values: Sequence[Value], substitutions: Mapping[str, Value]) -> Definition:
    """Parse a definition given as the values that its text is made of, one behind the other: references, choices.

    Raises DefinitionSyntaxError.
    """
    writer = TokenWriter()
    pieces: list[str] = []
    for value in values:
        if isinstance(value, Text):
            pieces.extend(_written(part, writer) for part in value.parts)
        elif isinstance(value, Scalar):
            pieces.append(value.json)
        elif not isinstance(value, Missing):
            pieces.append(_token(value, writer))
    substituted = substitute("".join(pieces), _replacements(substitutions, writer))
    return Definition(_parse(substituted), writer.tokens())


def _token(value: Value, writer: TokenWriter) -> str:
    """The token of a choice or anything else that is not one string."""
    condition = _vanishes_by(value)
    if condition is not None:
        message = (
            f"`Fn::If` on the condition {condition} leaves a value out with AWS::NoValue, which is not supported "
            "inside a definition: give both branches a value"
        )
        raise DefinitionSyntaxError(message)
    return writer.token(value)


def _vanishes_by(value: Value) -> str | None:
    """The template condition by which a part of ``value`` is left out, if there is one."""
    waiting: list[tuple[Value, str | None]] = [(value, None)]
    while waiting:
        each, condition = waiting.pop()
        if isinstance(each, Missing) and condition is not None:
            return condition
        if isinstance(each, Conditional):
            waiting.extend((branch, each.condition) for branch in (each.then, each.otherwise))
        elif isinstance(each, ObjectValue):
            waiting.extend((item, condition) for item in each.fields.values())
        elif isinstance(each, ArrayValue):
            waiting.extend((item, condition) for item in each.items)
    return None


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
) -> Definition:
    """Read a definition given as an object, with intrinsic functions anywhere inside it.

    ``resolve`` gives the value of an intrinsic function. Raises DefinitionSyntaxError.
    """
    writer = TokenWriter()
    reader = _ObjectReader(resolve, _replacements(substitutions, writer), writer)
    return Definition(reader.read(node, 0), writer.tokens())


@dataclass(frozen=True, slots=True)
class _ObjectReader:
    """Reads a definition object: functions resolved, placeholders substituted, what is absent left out."""

    resolve: Callable[[Any], Value]
    replacement: Callable[[str], str | None]
    writer: TokenWriter

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
                return self._resolved(self.resolve(node))
        fields = ((self._text(str(key)), self.read(item, depth + 1)) for key, item in node.items())
        return {key: item for key, item in fields if item is not MISSING}

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
        return MISSING if isinstance(value, Missing) else _token(value, self.writer)


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
    # A quote, a backslash or a control character would change the JSON around it.
    if literal is None or has_noncharacters(literal) or json.dumps(literal, ensure_ascii=False) != f'"{literal}"':
        return _token(value, writer)
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
