"""Reading a state's fields: what each comes to with the data at the state's entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.flow.context import state_context
from sfn_least_privilege.policy.asl.payload import ExpressionSyntaxError, StateData, payload, selection, written
from sfn_least_privilege.policy.asl.presence import may_be_missing, present
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import MISSING, Anything, Missing, ObjectValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sfn_least_privilege.policy.asl.flow.entry import Entry
    from sfn_least_privilege.policy.asl.flow.world import World
    from sfn_least_privilege.policy.asl.states import State
    from sfn_least_privilege.policy.value import Value

UNREADABLE = Anything("it cannot be read")
_EMPTY = ObjectValue({})
_CERTAIN = frozenset({Anything, ObjectValue, Text})


class Fields:
    """The fields of one state, read with the data at its entry."""

    __slots__ = ("_context", "entry", "state", "world")

    def __init__(self, state: State, entry: Entry, world: World) -> None:
        """Read ``state`` with the data in ``entry``."""
        self.state = state
        self.entry = entry
        self.world = world
        self._context: Value | None = None

    @property
    def context(self) -> Value:
        """The context object as the state reads it."""
        if self._context is None:
            self._context = state_context(self.entry.context, self.state, self.world.tokens)
        return self._context

    @property
    def current(self) -> Value:
        """What ``$`` or ``$states.input`` stands for in the fields that are read before the state does anything."""
        if self.state.language is QueryLanguage.JSONATA:
            return self.entry.input
        return self.path("InputPath", self.entry.input)

    def evaluate(self, template: Mapping[str, Any]) -> Value:
        """What some of the state's arguments come to. Raises ExpressionSyntaxError."""
        value = payload(self.state.language, template, self.data(self.current), self.world.tokens)
        if not isinstance(value, ObjectValue):
            return value
        # Where the expression of an argument may have no value, the call is made only when it has one.
        return ObjectValue({name: present(each) for name, each in value.fields.items()}, value.rest)

    def data(self, current: Value, result: Value = MISSING, error_output: Value = MISSING) -> StateData:
        """The data that a field reads: ``current`` is what ``$``, or ``$states.input``, stands for."""
        return StateData(current, self.context, self.entry.variables, result, error_output, self.world.work)

    def whole(self) -> StateData:
        """The data that a field reads before the state does anything, where no ``InputPath`` is between."""
        return self.data(self.entry.input)

    def template(self, name: str, data: StateData, holder: Mapping[str, Any] | None = None) -> Value:
        """What the field ``name`` of the state, or of a part of it, comes to when all its expressions are evaluated."""
        node = (self.state.fields if holder is None else holder)[name]
        return self._read(name, lambda: payload(self.state.language, node, data, self.world.tokens))

    def path(self, name: str, current: Value) -> Value:
        """What a field of JSONPath that holds a path selects from ``current``: all of it where there is no such field.

        ``null`` stands for an empty object.
        """
        if name not in self.state.fields:
            return current
        node = self.state.fields[name]
        if node is None:
            return _EMPTY
        return self._read(name, lambda: selection(node, self.data(current)))

    def written(self, holder: Mapping[str, Any], result: Value) -> Value:
        """What ``ResultPath`` makes of the state's input and its result; ``null`` discards the result."""
        if "ResultPath" not in holder:
            return result
        path = holder["ResultPath"]
        if path is None:
            return self.entry.input
        if path == "$":
            return result
        return self._read("ResultPath", lambda: written(path, self.entry.input, result))

    def assigned(self, data: StateData, holder: Mapping[str, Any] | None = None) -> Mapping[str, Value]:
        """The variables after the ``Assign`` of the state, or of a part of it."""
        fields = self.state.fields if holder is None else holder
        if "Assign" not in fields:
            return self.entry.variables
        given = fields["Assign"]
        if not isinstance(given, dict) or any(OPEN in str(name) for name in given):
            self.world.problem(self.state, "`Assign` is no object that names the variables which it sets")
            return self.world.unknown_variables
        value = self.template("Assign", data, fields)
        self.world.bounds.spend(len(self.entry.variables))
        if self.world.bounds.exhausted or not isinstance(value, ObjectValue):
            return self.world.unknown_variables
        return {**self.entry.variables, **{name: _there(each, name) for name, each in value.fields.items()}}

    def _read(self, name: str, read: Callable[[], Value]) -> Value:
        try:
            value = read()
        except ExpressionSyntaxError as error:
            self.world.unreadable(self.state, name, error)
            return UNREADABLE
        return self.world.bounds.keep(value if type(value) in _CERTAIN else _there(value, name))


def _there(value: Value, name: str) -> Value:
    """``value`` without the possibility that it is missing: an execution in which a field has no value fails there.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html (JSONata) and
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html (``States.Runtime``)
    """
    if may_be_missing(value):
        value = present(value)
    return Anything(f"`{name}` selects nothing that is there") if isinstance(value, Missing) else value
