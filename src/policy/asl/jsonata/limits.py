"""How much work one expression may cause, so that none can hang the analysis or fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.work import EXHAUSTED

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.work import Work

MAX_CHARACTERS = 100_000
"""The longest expression that is parsed. A whole definition may have ten times as many characters."""

MAX_TOKENS = 20_000
"""The most words of one expression. The tokenizer copies the rest of the text at each name it meets."""

MAX_NESTING = 80
"""How deep expressions may be nested. Parser and evaluator need up to six of Python's 1000 frames for each level."""

MAX_EVALUATION = 120
"""How deep the evaluation may be, calls of the expression's own functions included."""

MAX_CALLS = 12
"""How deep functions of the expression may call each other."""

MAX_WORK = 1_000_000
"""What one evaluation may cost: :data:`COST_OF_NODE` for each node visited, and the size of what it makes."""

COST_OF_NODE = 20

CHARACTERS_PER_COST = 20

MAX_ITEMS = 1_000
"""The longest array that an expression may make and that is still followed item by item."""

MAX_RANGE = 100
"""The longest range, ``[1..100]``, that is followed item by item."""

MAX_TEXT = 50_000
"""The longest string that an expression may make and that is still kept."""

MAX_SIZE = 50_000
"""The most values inside one value. A state's payload, at most 256 KiB, has fewer."""

MAX_DEPTH = 100
"""How deep the values that an expression makes may be nested."""


class TooComplexError(Exception):
    """The expression goes beyond a limit; the text is the reason why nothing is known of its value."""


class Budget:
    """The work that one evaluation may still do, out of what all of them may do together."""

    def __init__(self, shared: Work) -> None:
        """Start with all that one evaluation may do."""
        self._left = MAX_WORK
        self._shared = shared

    def spend(self, steps: int = 1) -> None:
        """Take ``steps`` away. Raises TooComplexError when nothing is left."""
        self._left -= steps
        self._shared.left -= steps
        if self._left < 0:
            message = "the expression takes too much work to analyse"
            raise TooComplexError(message)
        if self._shared.left < 0:
            raise TooComplexError(EXHAUSTED.reason)
