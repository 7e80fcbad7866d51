"""Where a state may lead, as it is written.

https://docs.aws.amazon.com/step-functions/latest/dg/statemachine-structure.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.states import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

_CATCHING = frozenset({Kind.TASK, Kind.MAP, Kind.PARALLEL})
_FINAL = frozenset({Kind.SUCCEED, Kind.FAIL})


def choice_rules(fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The rules of a Choice state, in order."""
    return _objects(fields.get("Choices"))


def catchers(kind: Kind, fields: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The catchers of a state, in order."""
    return _objects(fields["Catch"]) if "Catch" in fields and kind in _CATCHING else []


def next_names(kind: Kind, fields: Mapping[str, Any]) -> list[Any]:
    """What a state names as the next one when it succeeds; a rule that names none counts as None."""
    if kind is Kind.CHOICE:
        names = [rule.get("Next") for rule in choice_rules(fields)]
        return [*names, fields["Default"]] if "Default" in fields else names
    return [fields["Next"]] if "Next" in fields and kind not in _FINAL else []


def catch_names(kind: Kind, fields: Mapping[str, Any]) -> list[Any]:
    """What a state names as the next one when it fails; a catcher that names none counts as None."""
    return [catcher.get("Next") for catcher in catchers(kind, fields)]


def _objects(given: Any) -> list[Mapping[str, Any]]:
    return [each for each in given if isinstance(each, dict)] if isinstance(given, list) else []
