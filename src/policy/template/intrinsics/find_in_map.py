"""``Fn::FindInMap``: a value of the template's ``Mappings``.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap.html
and, for ``DefaultValue`` and functions as names,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-findinmap-enhancements.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.template.intrinsics.keeping import keep
from sfn_least_privilege.policy.template.intrinsics.samples import holds_special, kind_of
from sfn_least_privilege.policy.text import Kind, Text, unknown
from sfn_least_privilege.policy.value import Anything, ArrayValue, ListOf, as_text, from_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value

_KEYS = 3
_DEFAULT = "DefaultValue"


def resolve_find_in_map(argument: Any, context: Context) -> Value:
    """The value of ``{"Fn::FindInMap": [map, first key, second key]}``, with ``{"DefaultValue": …}`` as a fourth part.

    Keys that are literal give the literal value. Other keys leave the function as it is, with the value that the
    keys of this deployment give for decisions.
    """
    if not isinstance(argument, list) or not _KEYS <= len(argument) <= _KEYS + 1:
        return malformed("Fn::FindInMap", "it wants the name of a map and two keys")
    options = argument[_KEYS] if len(argument) > _KEYS else {}
    if not isinstance(options, dict) or (options and list(options) != [_DEFAULT]):
        return malformed("Fn::FindInMap", f"its fourth part can only be {_DEFAULT}")
    values = [context.resolve(key) for key in argument[:_KEYS]]
    problem = next((value for value in values if isinstance(value, Anything)), None)
    if problem is not None:
        return problem
    keys = [as_text(value) for value in values]
    default = context.resolve(options[_DEFAULT]) if options else None
    literals = [key.literal for key in keys]
    if None not in literals:
        found = list(_candidates(literals, context.scope))
        if found:
            return from_json(found[0])
        missing = " / ".join(str(literal) for literal in literals)
        return malformed("Fn::FindInMap", f"there is no {missing} in Mappings") if default is None else default
    return _kept(argument, keys, default, context.scope)


def _kept(argument: list[Any], keys: Sequence[Text], default: Value | None, scope: Scope) -> Value:
    samples = [key.sample for key in keys]
    if None not in samples:
        found = list(_candidates(samples, scope))
        if found:
            return _with_sample(argument, found[0], scope)
        default_sample = default.sample if isinstance(default, Text) else None
        return keep("Fn::FindInMap", argument, scope, sample=default_sample)
    candidates = list(_candidates([key.literal for key in keys], scope))
    if any(isinstance(candidate, list) for candidate in candidates):
        return ListOf(unknown("which list Fn::FindInMap gives is known only at deployment"))
    if default is None and candidates and all(candidate == candidates[0] for candidate in candidates):
        return from_json(candidates[0])
    texts = [as_text(from_json(candidate)).sample for candidate in candidates]
    if default is not None:
        texts.append(default.sample if isinstance(default, Text) else None)
    kinds = {_kind(text) for text in texts}
    return keep("Fn::FindInMap", argument, scope, kind=kinds.pop() if len(kinds) == 1 else Kind.UNKNOWN)


def _kind(text: str | None) -> Kind:
    # A name is taken to have no colon where its value is not known; one in a mapping may have.
    kind = Kind.UNKNOWN if text is None else kind_of(text)
    return Kind.UNKNOWN if kind is Kind.NAME and text is not None and ":" in text else kind


def _with_sample(argument: list[Any], found: Any, scope: Scope) -> Value:
    if isinstance(found, list):
        return ArrayValue(
            tuple(
                _one("Fn::Select", [index, {"Fn::FindInMap": argument}], item, scope)
                for index, item in enumerate(found)
            )
        )
    return _one("Fn::FindInMap", argument, found, scope)


def _one(function: str, argument: Any, found: Any, scope: Scope) -> Text:
    text = found if isinstance(found, str) else json.dumps(found)
    # Mappings hold no secrets: the value itself can be written out, and escaped, where the function cannot.
    return Text.of(text) if holds_special(text) else keep(function, argument, scope, sample=text)


def _candidates(keys: Sequence[str | None], scope: Scope) -> Iterator[Any]:
    """Every value that the function may give; None stands for a key that may be any."""
    name, first, second = keys
    for mapping in _at(scope.mappings, name):
        for row in _at(mapping, first):
            yield from _at(row, second)


def _at(node: Any, key: str | None) -> Iterator[Any]:
    # YAML reads an account id as a number; CloudFormation compares keys as strings.
    entries = node.items() if isinstance(node, Mapping) else ()
    return (value for each, value in entries if key is None or str(each) == key)
