"""How much work all expressions of one definition may cause together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Literal, Text
from sfn_least_privilege.policy.value import Anything, ArrayValue, Conditional, ObjectValue, OneOf

if TYPE_CHECKING:
    from sfn_least_privilege.policy.value import Value

EXHAUSTED = Anything("the definition's expressions take too much work to analyse")

MAX_WORK = 10_000_000
"""Enough for thousands of states that pass on large data; counted in the units of an evaluation's own limit."""


@dataclass(slots=True)
class Work:
    """A countdown that every evaluation of one analysis takes from."""

    left: int = MAX_WORK

    def spend(self, steps: int) -> None:
        """Take ``steps`` away."""
        self.left -= steps

    @property
    def exhausted(self) -> bool:
        """Whether nothing more is evaluated."""
        return self.left < 0


COST_OF_STEP = 20
COST_OF_ITEM = 5
CHARACTERS_PER_COST = 20


def cost_of(value: Value) -> int:
    """What it costs to make a value out of parts that are there already, or to look at each of its parts."""
    if isinstance(value, ArrayValue):
        return COST_OF_STEP + COST_OF_ITEM * len(value.items)
    if isinstance(value, ObjectValue):
        return COST_OF_STEP + COST_OF_ITEM * len(value.fields)
    if isinstance(value, Text):
        literals = sum(len(part.value) for part in value.parts if isinstance(part, Literal))
        return COST_OF_STEP + COST_OF_ITEM * len(value.parts) + literals // CHARACTERS_PER_COST
    if isinstance(value, OneOf):
        return sum(map(cost_of, value.alternatives))
    if isinstance(value, Conditional):
        return cost_of(value.then) + cost_of(value.otherwise)
    return COST_OF_STEP
