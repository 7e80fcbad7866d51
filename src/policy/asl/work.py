"""How much work all expressions of one definition may cause together."""

from __future__ import annotations

from dataclasses import dataclass

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
