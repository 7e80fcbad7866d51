"""What an author says of values that only a run knows, in the metadata of a state machine.

```yaml
Metadata:
  SfnLeastPrivilege:
    Values:
      $.tenant.table: [orders-a, orders-b]          # a field of the execution's input
      ChargeCard:
        FunctionName: !GetAtt ChargeCard.Arn        # an argument of a task
```

A list says "one of these". A ``*`` in a string leaves that part open.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.template import rules
from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.text import Literal, Text, Unknown
from sfn_least_privilege.policy.value import ArrayValue, ListOf, ObjectValue, map_texts, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value

METADATA_KEY = "SfnLeastPrivilege"


@dataclass(frozen=True, slots=True)
class Hints:
    """Values by path of the execution's input, and by state and argument."""

    paths: dict[str, Value] = field(default_factory=dict)
    arguments: dict[str, dict[str, Value]] = field(default_factory=dict)


def read_hints(resource: Mapping[str, Any], scope: Scope, location: Location) -> tuple[Hints, tuple[Finding, ...]]:
    """The hints in a state machine's metadata, and what is wrong with them."""
    hints = Hints()
    findings = tuple(_read(resource.get("Metadata"), scope, location, hints))
    return hints, findings


def _read(metadata: Any, scope: Scope, location: Location, hints: Hints) -> Iterator[Finding]:
    ours = metadata.get(METADATA_KEY) if isinstance(metadata, dict) else None
    if ours is None:
        return
    if not isinstance(ours, dict):
        yield _invalid(location, f"`Metadata.{METADATA_KEY}` is not an object")
        return
    values = ours.get("Values", {})
    if not isinstance(values, dict):
        yield _invalid(location, "`Values` is not an object")
        return
    for name, node in values.items():
        if str(name).startswith("$"):
            hints.paths[str(name)] = _value(resolve(node, scope))
        elif isinstance(node, dict) and node:
            hints.arguments[str(name)] = {str(key): _value(resolve(item, scope)) for key, item in node.items()}
        else:
            yield _invalid(location, f"the values for the state `{name}` are not an object of arguments")


def _invalid(location: Location, problem: str) -> Finding:
    return finding(rules.HINT_INVALID, location, problem=problem)


def _value(value: Value) -> Value:
    """A hint's value: a list is a choice, a star is open."""
    if isinstance(value, ArrayValue):
        return one_of(_value(item) for item in value.items)
    if isinstance(value, ListOf):
        return _value(value.item)
    if isinstance(value, ObjectValue):
        return ObjectValue({name: _value(item) for name, item in value.fields.items()}, value.rest)
    return map_texts(value, _opened)


def _opened(text: Text) -> Text:
    pieces: list[Any] = []
    for part in text.parts:
        if not isinstance(part, Literal):
            pieces.append(part)
            continue
        head, *tail = part.value.split("*")
        pieces.append(head)
        for piece in tail:
            pieces.extend((Unknown("the author's hint leaves it open"), piece))
    return Text.of(*pieces)
