"""Where a state machine's definition stands: in the template, or outside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.template.definition_text import DefinitionSyntaxError, from_object, from_pieces
from sfn_least_privilege.policy.template.definitions import DefinitionLocation, LocalFile, S3Object
from sfn_least_privilege.policy.template.intrinsics import resolve, resolve_pieces
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, Conditional, Scalar, as_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.findings import Rule
    from sfn_least_privilege.policy.template.machine import Definition
    from sfn_least_privilege.policy.template.scope import Scope
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
) -> Definition | Outside | DefinitionProblem:
    """The definition among a state machine's properties, in whichever of its forms it is given."""
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
        return _inline(name, node, substitutions, scope)
    except DefinitionSyntaxError as error:
        return DefinitionProblem(rules.DEFINITION_UNREADABLE, {"origin": f"in {name}", "problem": error})


def _inline(
    name: str,
    node: Any,
    substitutions: Mapping[str, Value],
    scope: Scope,
) -> Definition | DefinitionProblem:
    function = next(iter(node)) if isinstance(node, dict) and len(node) == 1 else None
    if function == "Fn::ToJsonString":
        # The argument says more than the text that would come of it.
        return _inline(name, node[function], substitutions, scope)
    if isinstance(node, str) or function in {"Fn::Sub", "Fn::Join"}:
        return _inline_text(name, resolve_pieces(node, scope), substitutions)
    if function in {"Ref", "Fn::If"} or (function or "").startswith("Fn::"):
        return _inline_text(name, (resolve(node, scope),), substitutions)
    if isinstance(node, dict):
        return from_object(node, substitutions, lambda each: resolve(each, scope))
    return DefinitionProblem(rules.DEFINITION_UNKNOWN, {"property": name, "problem": "it is not an object"})


def _inline_text(
    name: str, pieces: tuple[Value, ...], substitutions: Mapping[str, Value]
) -> Definition | DefinitionProblem:
    """A definition made of text; a problem where all of it is one thing that only deployment knows."""
    value = pieces[0] if len(pieces) == 1 else None
    if isinstance(value, Conditional):
        problem = "`Fn::If` chooses between whole definitions; make two state machines with a `Condition` each"
    elif isinstance(value, Text) and value.reference is not None:
        problem = f"it is the value of `{value.reference.function} {value.reference.argument}`"
    elif isinstance(value, Text) and len(value.parts) == 1 and value.unknowns:
        problem = value.unknowns[0].reason
    elif isinstance(value, Anything):
        problem = value.reason
    elif value is None or isinstance(value, Text):
        return from_pieces(pieces, substitutions)
    else:
        problem = "it is not a string"
    return DefinitionProblem(rules.DEFINITION_UNKNOWN, {"property": name, "problem": problem})


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
