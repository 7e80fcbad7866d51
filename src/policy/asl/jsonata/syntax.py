"""How a string of a definition is told to be a JSONata expression, and what a wrong one raises."""

from __future__ import annotations

_OPENING = "{%"
_CLOSING = "%}"


class JsonataSyntaxError(ValueError):
    """An expression that is no JSONata; ``position`` counts the characters up to the end of the wrong word."""

    def __init__(self, message: str, position: int) -> None:
        """Keep ``message``, a clause for people, and ``position``."""
        super().__init__(f"{message} (at character {position} of the expression)")
        self.message = message
        self.position = position


def is_expression(text: str) -> bool:
    """Whether a string is an expression: it starts with ``{%`` and ends with ``%}``, without space around them.

    https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    """
    return text.startswith(_OPENING) and text.endswith(_CLOSING) and len(text) >= len(_OPENING) + len(_CLOSING)


def body(text: str) -> str:
    """The expression itself, without its delimiters; ``text`` must be one (:func:`is_expression`)."""
    return text[len(_OPENING) : -len(_CLOSING)]
