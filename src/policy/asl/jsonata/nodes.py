"""The syntax tree of an expression: small, immutable, and independent of the parser that made it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.value import Scalar


@dataclass(frozen=True, slots=True)
class String:
    """``'text'``, with its escapes resolved."""

    value: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, ``true``, ``false`` or ``null``."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Regex:
    """``/pattern/``. It is never run: the pattern may be one that takes for ever."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Variable:
    """``$name``; the empty name is ``$``, the context, and ``$`` is ``$$``, the root."""

    name: str


@dataclass(frozen=True, slots=True)
class Name:
    """A field of the context: a step of a path."""

    name: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """``*``: every field of the context."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that is not followed; ``reason`` says what."""

    reason: str


@dataclass(frozen=True, slots=True)
class Concatenation:
    """``a & b & c``."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """Operators that bind from the left, ``first op operand op operand …``, however many."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negation:
    """``-operand``."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Range:
    """``first..last`` inside an array."""

    first: Node
    last: Node


@dataclass(frozen=True, slots=True)
class Array:
    """``[item, …]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Object:
    """``{key: value, …}``."""

    pairs: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """``base{key: value, …}``."""

    base: Node
    pairs: tuple[tuple[Node, Node], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """``(statement; …)``, a scope of its own."""

    statements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Bind:
    """``$name := value``."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Condition:
    """``test ? then : otherwise``."""

    test: Node
    then: Node
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Default:
    """``value ?: otherwise``: the value where it is true."""

    value: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Coalesce:
    """``value ?? otherwise``: the value where there is one."""

    value: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Lambda:
    """``function($a, $b){ body }``; ``followed`` is False where what it gives cannot be told from its body."""

    parameters: tuple[str, ...]
    body: Node
    followed: bool


@dataclass(frozen=True, slots=True)
class Call:
    """``procedure(argument, …)``. A ``None`` among the arguments is ``?``: the call makes a function."""

    procedure: Node
    arguments: tuple[Node | None, ...]

    @property
    def partial(self) -> bool:
        """Whether an argument is left open."""
        return None in self.arguments


@dataclass(frozen=True, slots=True)
class Transform:
    """``| pattern | update, delete |``, a function that changes a copy of what it is given."""

    pattern: Node
    update: Node
    delete: Node | None


@dataclass(frozen=True, slots=True)
class Filtered:
    """``base[predicate]…`` outside a path; ``keep`` is ``base[]``."""

    base: Node
    predicates: tuple[Node, ...]
    keep: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path with the predicates that follow it."""

    node: Node
    predicates: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Sort:
    """``^(term, …)``, a step that only changes the order. Its predicates apply to the whole sequence."""

    predicates: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """``step.step…``; ``keep`` is set when one of them is ``step[]``."""

    steps: tuple[Step | Sort, ...]
    keep: bool


Node: TypeAlias = (
    String
    | Constant
    | Regex
    | Variable
    | Name
    | Wildcard
    | Unsupported
    | Concatenation
    | Chain
    | Negation
    | Range
    | Array
    | Object
    | Group
    | Block
    | Bind
    | Condition
    | Default
    | Coalesce
    | Lambda
    | Call
    | Transform
    | Filtered
    | Path
)


@dataclass(frozen=True, slots=True)
class Program:
    """A parsed expression.

    ``elsewhere`` names the variables that are set in the middle of something, not by a statement of a block:
    whether and how often that happens is not followed, so nothing is known of them.
    """

    root: Node
    elsewhere: frozenset[str] = frozenset()


def base_of(node: Node) -> Node:
    """What predicates and groupings are written behind."""
    while isinstance(node, Filtered | Group):
        node = node.base
    return node


def ends_of(body: Node) -> Iterator[Node]:
    """The nodes one of which gives ``body`` its value, seen through blocks and conditions."""
    waiting: list[Node | None] = [body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Block):
            waiting.extend(node.statements[-1:])
        elif isinstance(node, Condition):
            waiting.extend((node.then, node.otherwise))
        elif isinstance(node, Default | Coalesce):
            waiting.extend((node.value, node.otherwise))
        elif node is not None:
            yield node
