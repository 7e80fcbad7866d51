"""The arguments of a task: what is known of each, found without evaluating the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.value import MISSING, ObjectValue, Value, member

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Arguments:
    """A task's ``Parameters`` or ``Arguments``.

    ``template`` holds the fields that stand in the definition, ``evaluate`` gives the value of an object of
    fields; ``otherwise`` is what a field that is not in the template can be. ``get`` and ``whole`` raise
    ExpressionSyntaxError when they come to an expression that cannot be read.
    """

    template: Mapping[str, Any]
    evaluate: Callable[[Mapping[str, Any]], Value]
    otherwise: Value = MISSING
    hints: Mapping[str, Value] = field(default_factory=dict)
    _known: dict[str, Value] = field(default_factory=dict, init=False, repr=False, compare=False)

    def get(self, name: str) -> Value:
        """The value of the argument ``name``; Step Functions does not mind its letter case.

        MISSING when it is certainly not given. What its author's hint says goes before what was found out.
        """
        if name not in self._known:
            hint = self.hints.get(name.lower())
            self._known[name] = self._found(name) if hint is None else hint
        return self._known[name]

    def _found(self, name: str) -> Value:
        wanted = name.lower()
        # A name that only CloudFormation knows may be the one that is wanted.
        fields = {
            key: value for key, value in self.template.items() if argument_name(key).lower() == wanted or OPEN in key
        }
        if not fields:
            return member(self.otherwise, name)
        return member(self.evaluate(fields), name)

    def whole(self) -> Value:
        """All arguments as one value."""
        return self.evaluate(self.template) if self.template else self.otherwise


NO_FIELDS: Mapping[str, Any] = {}


def argument_name(key: str) -> str:
    """The name of a field without the mark of a JSONPath field, ``.$``."""
    return key.removesuffix(".$")


def known_arguments(value: Value) -> Arguments:
    """Arguments that are one value already: the whole input, or what one expression makes."""
    return Arguments(NO_FIELDS, lambda _fields: ObjectValue({}), value)


NO_ARGUMENTS = known_arguments(MISSING)
