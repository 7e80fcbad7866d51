"""From what a template says a definition is, to the parsed definition with its tokens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.template.tokens import TokenWriter, has_noncharacters, quote_bare_tokens, substitute
from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import MISSING, Missing, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.value import Value

MAX_DEFINITION_CHARACTERS = 1_048_576
"""Step Functions refuses a larger definition: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""

MAX_NESTING = 200
"""Deeper than any definition a person or a tool writes; keeps every walk over an object clear of Python's limit."""


class DefinitionSyntaxError(ValueError):
    """A definition that cannot be parsed; the text says what is wrong and where."""


def from_text(text: Text, substitutions: Mapping[str, Value]) -> Definition:
    """Parse a definition given as a string, references and all.

    Raises DefinitionSyntaxError.
    """
    writer = TokenWriter()
    pieces: list[str] = []
    for part in text.parts:
        if isinstance(part, Literal):
            if has_noncharacters(part.value):
                raise DefinitionSyntaxError(_NONCHARACTERS)
            pieces.append(part.value)
        else:
            pieces.append(writer.token(Text((part,))))
    substituted = substitute("".join(pieces), _replacements(substitutions, writer))
    return Definition(_parse(substituted), writer.tokens())


def from_object(
    node: Any,
    substitutions: Mapping[str, Value],
    resolve: Callable[[Any], Value],
) -> Definition:
    """Read a definition given as an object, with intrinsic functions anywhere inside it.

    ``resolve`` gives the value of an intrinsic function. Raises DefinitionSyntaxError.
    """
    writer = TokenWriter()
    replacement = _replacements(substitutions, writer)

    def written(text: str) -> str:
        if has_noncharacters(text):
            raise DefinitionSyntaxError(_NONCHARACTERS)
        return substitute(text, replacement)

    def resolved(value: Value) -> Any:
        if isinstance(value, Scalar):
            return value.value
        if isinstance(value, Text):
            # CloudFormation resolves its functions first, and substitutes in what comes of them.
            return "".join(
                written(part.value) if isinstance(part, Literal) else writer.token(Text((part,)))
                for part in value.parts
            )
        return MISSING if isinstance(value, Missing) else writer.token(value)

    def convert(each: Any, depth: int) -> Any:
        if isinstance(each, str):
            return written(each)
        if depth > MAX_NESTING:
            raise DefinitionSyntaxError(_NESTING)
        if isinstance(each, dict):
            if len(each) == 1:
                key = next(iter(each))
                if key == "Ref" or (isinstance(key, str) and key.startswith("Fn::")):
                    return resolved(resolve(each))
            fields = ((written(str(key)), convert(item, depth + 1)) for key, item in each.items())
            return {key: item for key, item in fields if item is not MISSING}
        if isinstance(each, list):
            items = (convert(item, depth + 1) for item in each)
            return [item for item in items if item is not MISSING]
        return each

    return Definition(convert(node, 0), writer.tokens())


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
