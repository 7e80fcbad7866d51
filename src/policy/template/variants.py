"""The forms that one definition can have at deployment, where template conditions decide which parts it has.

A choice between two strings stays inside a definition: it is a value like any other. A choice that decides whether a
part is there at all, where a state leads, or what is an expression, gives the definition several forms: it is read
once for each of them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from sfn_least_privilege.policy.guards import told
from sfn_least_privilege.policy.template.condition_logic import possible
from sfn_least_privilege.policy.template.definition_text import (
    DefinitionSyntaxError,
    DefinitionUnknownError,
    UnsettledError,
)
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    ArrayValue,
    Conditional,
    ListOf,
    Missing,
    ObjectValue,
    conditional,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.template.machine import Definition
    from sfn_least_privilege.policy.value import Guards, Value

Truths: TypeAlias = "Mapping[str, bool]"
"""Template conditions that are taken to hold, or not to."""

MAX_VARIANTS = 16
"""How many forms of one definition are understood: each costs as much as a definition of its own."""


class TooManyVariantsError(ValueError):
    """More template conditions shape a definition than are followed; the text names them."""


def read_variants(read: Callable[[Truths], Definition], conditions: Mapping[str, Any]) -> tuple[Definition, ...]:
    """Every form of a definition, each with the conditions under which it is the one.

    ``read`` gives the definition when some conditions are known to hold or not; it raises UnsettledError where it
    needs to know of one more. ``conditions`` is the template's section: forms that it rules out are none. Raises
    DefinitionSyntaxError, DefinitionUnknownError and TooManyVariantsError.
    """
    variants: list[Definition] = []
    # The conditions that tell a form from the others, and with them those whose truth follows from theirs.
    waiting: list[tuple[Guards, Guards]] = [((), ())]
    while waiting:
        guards, truths = waiting.pop()
        found = _read(read, guards, truths)
        if not isinstance(found, str):
            variants.append(replace(found, guards=guards))
            continue
        ways = [way for holds in (False, True) if possible(dict(way := (*truths, (found, holds))), conditions)]
        if len(variants) + len(waiting) + len(ways) > MAX_VARIANTS:
            names = dict.fromkeys(name for each, _ in (*waiting, ((*guards, (found, True)), ())) for name, _ in each)
            raise TooManyVariantsError(", ".join(f"`{name}`" for name in names))
        if len(ways) == 1:
            waiting.append((guards, ways[0]))
        else:
            waiting.extend(((*guards, way[-1]), way) for way in ways)
    return tuple(variants)


def _read(read: Callable[[Truths], Definition], guards: Guards, truths: Guards) -> Definition | str:
    """The definition under some conditions, or one more condition that must be settled first."""
    try:
        definition = read(dict(truths))
    except UnsettledError as unsettled:
        return unsettled.condition
    except (DefinitionSyntaxError, DefinitionUnknownError) as error:
        raise type(error)(f"{error}, {told((guards,))}" if guards else str(error)) from None
    return shaping_condition(definition) or definition


def settled(value: Value, truths: Truths) -> Value:
    """``value`` once it is known of some conditions whether they hold."""
    if not truths:
        return value
    while isinstance(value, Conditional) and value.condition in truths:
        value = value.then if truths[value.condition] else value.otherwise
    if isinstance(value, Conditional):
        return conditional(value.condition, settled(value.then, truths), settled(value.otherwise, truths))
    if isinstance(value, ArrayValue):
        items = (settled(item, truths) for item in value.items)
        return ArrayValue(tuple(item for item in items if item is not MISSING))
    if isinstance(value, ObjectValue):
        fields = ((name, settled(item, truths)) for name, item in value.fields.items())
        return ObjectValue({name: item for name, item in fields if item is not MISSING}, value.rest)
    return value


def settled_substitutions(substitutions: Mapping[str, Value], truths: Truths) -> dict[str, Value]:
    """The substitutions that there are once it is known of some conditions whether they hold."""
    known = ((name, settled(value, truths)) for name, value in substitutions.items())
    return {name: value for name, value in known if not isinstance(value, Missing)}


# Fields that say where the data goes, or how a state is to be understood. To know one of several is to know nothing.
_STEERING = frozenset({"StartAt", "Type", "Next", "Default", "QueryLanguage", "Mode", "Variable"})
# Fields whose parts are data: an object in them is a value like any other.
_DATA = frozenset(
    {"Arguments", "Assign", "BatchInput", "ItemSelector", "Items", "Output", "Parameters", "Result", "ResultSelector"},
)
# Fields that no permission depends on, whatever is in them.
_IDLE = frozenset(
    {
        "Cause",
        "CausePath",
        "Comment",
        "End",
        "Error",
        "ErrorEquals",
        "ErrorPath",
        "HeartbeatSeconds",
        "HeartbeatSecondsPath",
        "MaxConcurrency",
        "MaxConcurrencyPath",
        "Retry",
        "Seconds",
        "SecondsPath",
        "TimeoutSeconds",
        "TimeoutSecondsPath",
        "Timestamp",
        "TimestampPath",
        "Version",
    }
)


def shaping_condition(definition: Definition) -> str | None:
    """A condition that must be settled before the definition can be understood; None where there is none."""
    tokens = definition.tokens
    if not any(isinstance(value, Conditional | ObjectValue | ArrayValue) for value in tokens.values):
        return None
    # Each node with the name of the field that it stands in, and whether that is part of some data. Nearest first.
    waiting: list[tuple[Any, str, bool]] = [(definition.document, "", False)]
    for node, field, in_data in waiting:
        if isinstance(node, str):
            for value in tokens.inside(node) if OPEN in node else ():
                is_steering = not in_data and (field in _STEERING or field.endswith("Path"))
                condition = _deciding(value, is_steering=is_steering, in_data=in_data)
                if condition is not None:
                    return condition
        elif isinstance(node, list):
            waiting.extend((item, field, in_data) for item in node)
        elif isinstance(node, dict):
            waiting.extend(_fields(node, field, in_data=in_data))
    return None


def _fields(node: Mapping[str, Any], field: str, *, in_data: bool) -> list[tuple[Any, str, bool]]:
    if in_data:
        return [(item, name, True) for name, item in node.items()]
    if field == "States":
        # These are the names of states, whatever they look like.
        return [(item, "", False) for item in node.values()]
    # The names of variables must be plain: an `Assign` that is chosen as a whole is no data.
    return [
        (item, name, name in _DATA and not (name == "Assign" and isinstance(item, str)))
        for name, item in node.items()
        if name not in _IDLE
    ]


def _deciding(value: Value, *, is_steering: bool, in_data: bool) -> str | None:
    """The condition by which ``value`` is no plain value where it stands."""
    waiting: list[tuple[Value, str | None]] = [(value, None)]
    for each, condition in waiting:
        if isinstance(each, Conditional):
            waiting.extend((branch, each.condition) for branch in (each.then, each.otherwise))
            continue
        if condition is not None and (is_steering or _is_shape(each, in_data=in_data)):
            return condition
        if isinstance(each, ObjectValue):
            waiting.extend((item, condition) for item in each.fields.values())
        elif isinstance(each, ArrayValue):
            waiting.extend((item, condition) for item in each.items)
    return None


def _is_shape(value: Value, *, in_data: bool) -> bool:
    if isinstance(value, Text):
        return value.prefix.startswith(_EXPRESSION)
    if isinstance(value, ObjectValue):
        return not in_data or any(name.endswith(_PATH_FIELD) or "${" in name for name in value.fields)
    return isinstance(value, Missing) or (isinstance(value, ArrayValue | ListOf) and not in_data)


_EXPRESSION = "{%"
_PATH_FIELD = ".$"
