"""What the resolver of one intrinsic function is handed besides the function's argument."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.value import Anything

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Value

MAX_DEPTH = 64
"""How deep intrinsic functions, with all that stands inside them, may nest. People write five levels."""

TOO_DEEP = Anything(f"intrinsic functions are nested more than {MAX_DEPTH} levels deep")


@dataclass(frozen=True, slots=True)
class Context:
    """The template around an intrinsic function, and the way back to the resolver for what is nested in it.

    ``walk`` is the resolver itself: handed over, because the module that holds it imports every function's module.
    ``depth`` counts the levels of nesting inside the outermost intrinsic function, which itself is level 1.
    """

    scope: Scope
    walk: Callable[[Any, Context], Value]
    depth: int = 0

    def resolve(self, node: Any) -> Value:
        """The value of a node nested in the argument."""
        return self.walk(node, self)


def malformed(function: str, problem: str) -> Anything:
    """The value of an intrinsic function that is not written as CloudFormation wants it."""
    return Anything(f"{function} is malformed: {problem}")
