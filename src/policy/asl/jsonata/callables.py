"""Functions as values of an expression, and the scopes in which they look up variables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    Missing,
    ObjectValue,
    OneOf,
    Scalar,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.asl.jsonata.nodes import Lambda, Node, Transform


@dataclass(slots=True, eq=False)
class Scope:
    """The variables that a block or a call has set, and where to look for others."""

    parent: Scope | None = None
    bindings: dict[str, Result] = field(default_factory=dict)

    def lookup(self, name: str) -> Result | None:
        """What ``name`` stands for; None when nothing has been set."""
        scope: Scope | None = self
        while scope is not None:
            found = scope.bindings.get(name)
            if found is not None:
                return found
            scope = scope.parent
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where a node is evaluated: its scope, and its context; None is no context, as outside of any path."""

    scope: Scope
    context: Value | None

    def at(self, context: Value | None) -> Place:
        """The same scope with another context."""
        return Place(self.scope, context)


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A function of the expression with the place it was made in."""

    definition: Lambda
    place: Place


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the language, by name."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Partial:
    """``$f(?, 1)``: a function whose open arguments are None."""

    function: Function
    arguments: tuple[Result | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Composition:
    """``$f ~> $g``: first the one, then the other."""

    first: Function
    second: Result


@dataclass(frozen=True, slots=True, eq=False)
class Rewriting:
    """``| pattern | update, delete |`` with its surroundings."""

    definition: Transform
    place: Place


@dataclass(frozen=True, slots=True)
class Matcher:
    """A regular expression."""

    pattern: str


Function: TypeAlias = Closure | Builtin | Partial | Composition | Rewriting | Matcher
Result: TypeAlias = Value | Function

_VALUES = (Text, Scalar, ObjectValue, ArrayValue, ListOf, Anything, Missing, OneOf, Conditional)
_FUNCTION = Anything("it is a function")


def as_value(result: Result) -> Value:
    """The value that a result is. JSON has none for a function, so nothing is said of it."""
    return result if isinstance(result, _VALUES) else _FUNCTION


def is_function(result: Result) -> bool:
    """Whether a result is a function."""
    return not isinstance(result, _VALUES)


class Interpreter(Protocol):
    """What the functions of the language need from the evaluator."""

    def apply(self, function: Result, arguments: Sequence[Result], context: Value | None = None) -> Result:
        """The result of a call."""

    def apply_raw(self, function: Result, arguments: Sequence[Result], context: Value | None = None) -> Result:
        """The result of a call, a sequence where the function makes one: it has not become a value yet."""

    def text(self, literal: str) -> Value:
        """The string that a literal of the definition, or the name of a field, stands for."""


class Evaluation(Interpreter, Protocol):
    """What the parts of the evaluator need from it."""

    elsewhere: frozenset[str]
    constructed: bool
    """Whether a path has made an array that counts as one item in any path it comes into."""

    def result(self, node: Node, place: Place) -> Result:
        """What a node makes, be it a value or a function."""

    def value(self, node: Node, place: Place) -> Value:
        """What a node makes, as a value."""

    def charge(self, sequence: Value) -> None:
        """Pay for going through the items of a sequence, beyond what is paid for evaluating anything."""
