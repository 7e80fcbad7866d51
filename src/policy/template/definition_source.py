"""Where a state machine's definition stands: in the template, or outside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.template.definition_text import (
    DefinitionSyntaxError,
    DefinitionUnknownError,
    UnsettledError,
    choice_in,
    from_object,
    from_pieces,
)
from sfn_least_privilege.policy.template.definitions import DefinitionLocation, LocalFile, S3Object
from sfn_least_privilege.policy.template.intrinsics import resolve, resolve_pieces
from sfn_least_privilege.policy.template.variants import (
    TooManyVariantsError,
    read_variants,
    settled,
    settled_substitutions,
)
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, Conditional, Missing, Scalar, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.findings import Rule
    from sfn_least_privilege.policy.template.machine import Definition
    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.template.variants import Truths
    from sfn_least_privilege.policy.value import Value

_PROPERTIES = ("Definition", "DefinitionString", "DefinitionS3Location", "DefinitionUri")


@dataclass(frozen=True, slots=True)
class Outside:
    """A definition that has to be fetched, and what to put into it then."""

    location: DefinitionLocation
    substitutions: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class DefinitionProblem:
    """Why there is no definition: a finding in the making."""

    rule: Rule
    values: dict[str, object] = field(default_factory=dict)


def find_definition(
    properties: Mapping[str, Any],
    substitutions: Mapping[str, Value],
    scope: Scope,
) -> tuple[Definition, ...] | Outside | DefinitionProblem:
    """The definition among a state machine's properties, in whichever way it is given: every form that it can have."""
    given = [name for name in _PROPERTIES if properties.get(name) is not None]
    if not given:
        return DefinitionProblem(rules.DEFINITION_MISSING, {"properties": ", ".join(_PROPERTIES)})
    if len(given) > 1:
        return DefinitionProblem(rules.DEFINITION_AMBIGUOUS, {"properties": " and ".join(given)})
    name = given[0]
    node = properties[name]
    if name in {"DefinitionS3Location", "DefinitionUri"}:
        return _outside(name, node, substitutions, scope)
    try:
        return read_variants(lambda truths: _inline(node, substitutions, scope, truths), scope.conditions)
    except DefinitionSyntaxError as error:
        return DefinitionProblem(rules.DEFINITION_UNREADABLE, {"origin": f"in {name}", "problem": error})
    except TooManyVariantsError as error:
        return DefinitionProblem(rules.DEFINITION_VARIANTS, {"conditions": error})
    except DefinitionUnknownError as error:
        return DefinitionProblem(rules.DEFINITION_UNKNOWN, {"property": name, "problem": error})


def _inline(node: Any, substitutions: Mapping[str, Value], scope: Scope, truths: Truths) -> Definition:
    """The definition when some template conditions are settled.

    Raises DefinitionSyntaxError, UnsettledError and DefinitionUnknownError.
    """
    function = _function(node)
    while function in {"Fn::ToJsonString", "Fn::If"}:
        choice = choice_in(node)
        if function == "Fn::ToJsonString":
            # The argument says more than the text that would come of it.
            node = node[function]
        elif choice is None:
            break
        elif choice[0] not in truths:
            raise UnsettledError(choice[0])
        else:
            node = choice[1 if truths[choice[0]] else 2]
        function = _function(node)
    there = settled_substitutions(substitutions, truths)
    if isinstance(node, str) or function in {"Fn::Sub", "Fn::Join"}:
        return _inline_text(tuple(settled(piece, truths) for piece in resolve_pieces(node, scope)), there)
    if function == "Ref" or (function or "").startswith("Fn::"):
        return _inline_text((settled(resolve(node, scope), truths),), there)
    if isinstance(node, dict):
        return from_object(node, there, lambda each: settled(resolve(each, scope), truths), truths)
    message = "it is not an object"
    raise DefinitionUnknownError(message)


def _function(node: Any) -> str | None:
    return next(iter(node)) if isinstance(node, dict) and len(node) == 1 else None


def _inline_text(pieces: tuple[Value, ...], substitutions: Mapping[str, Value]) -> Definition:
    """A definition made of text; an error where all of it is one thing that only deployment knows."""
    value = pieces[0] if len(pieces) == 1 else None
    if value is None or (isinstance(value, Text) and not _is_one_hole(value)):
        return from_pieces(pieces, substitutions)
    if isinstance(value, Conditional):
        raise UnsettledError(value.condition)
    raise DefinitionUnknownError(_why_unknown(value))


def _is_one_hole(text: Text) -> bool:
    return len(text.parts) == 1 and (text.reference is not None or bool(text.unknowns))


def _why_unknown(value: Value) -> str:
    if isinstance(value, Text) and value.reference is not None:
        return f"it is the value of `{value.reference.function} {value.reference.argument}`"
    if isinstance(value, Text):
        return value.unknowns[0].reason
    if isinstance(value, Anything):
        return value.reason
    return "it is `AWS::NoValue`" if isinstance(value, Missing) else "it is not a string"


def _outside(
    name: str,
    node: Any,
    substitutions: Mapping[str, Value],
    scope: Scope,
) -> Outside | DefinitionProblem:
    if isinstance(node, dict) and "Bucket" in node and "Key" in node:
        words = {field: _word(node[field], scope) for field in ("Bucket", "Key", "Version") if field in node}
        missing = next((field for field, word in words.items() if word is None), None)
        if missing:
            return _location_unknown(name, f"`{missing}` is not known when the macro runs")
        return Outside(S3Object(words["Bucket"] or "", words["Key"] or "", words.get("Version")), substitutions)
    word = _word(node, scope)
    if word is None:
        return _location_unknown(name, "it is neither a path, nor `s3://bucket/key`, nor `Bucket` and `Key`")
    if not word.startswith("s3://"):
        return Outside(LocalFile(word), substitutions)
    bucket, _, rest = word.removeprefix("s3://").partition("/")
    key, _, version = rest.partition("?versionId=")
    if not bucket or not key:
        return _location_unknown(name, f"`{word}` lacks its bucket or its key")
    return Outside(S3Object(bucket, key, version or None), substitutions)


def _location_unknown(name: str, problem: str) -> DefinitionProblem:
    return DefinitionProblem(rules.LOCATION_UNKNOWN, {"property": name, "problem": problem})


def _word(node: Any, scope: Scope) -> str | None:
    value = resolve(node, scope)
    # SAM leaves the version of an object as a number where the author wrote it so.
    return as_text(value).sample if isinstance(value, Text | Scalar) else None
