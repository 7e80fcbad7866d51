"""What the parsers of this package share: their error, their bounds, and how text is shown to people."""

from __future__ import annotations

import re

from sfn_least_privilege.policy.template.tokens import CLOSE, OPEN

MAX_DEPTH = 64
"""How deep values are built and calls are nested here; Step Functions itself nests calls ten deep at most."""

MAX_STEPS = 1000
"""How many steps a path may have; no bound is documented, and no one writes half as many."""

CACHED_LENGTH = 1000
"""Texts up to this length are parsed once and remembered."""

_SHOWN = 60
_TOKEN = re.compile(f"({OPEN}[0-9]+{CLOSE})")
# A string in either quotes, a regular expression of a filter, one bracket, or a stretch without any of them.
# All repetitions are possessive: nothing is read twice, so that reading stays linear.
_PIECE = re.compile(
    r"""'(?:[^'\\]++|\\.)*+'|"(?:[^"\\]++|\\.)*+"|=~\s*+/(?:[^/\\]++|\\.)*+/|[\[\]()=]|[^'"\[\]()=]++""",
    re.DOTALL,
)


class JsonPathSyntaxError(ValueError):
    """A path or an intrinsic function that cannot be read.

    ``position`` is the index in ``text`` where reading failed; ``problem`` says what is wrong there.
    """

    def __init__(self, text: str, position: int, problem: str) -> None:
        """Make the message people read: the text, the place and the problem."""
        super().__init__(f"`{shown(text)}` cannot be read: {problem} (character {position + 1})")
        self.text = text
        self.position = position
        self.problem = problem


def has_token(text: str) -> bool:
    """Whether a part of the text is known to CloudFormation only."""
    return OPEN in text


def split_at_tokens(text: str) -> list[str]:
    """The text in pieces, each of which is one token or holds none; no piece is empty."""
    return list(filter(None, _TOKEN.split(text))) if has_token(text) else [text]


def shown(text: str) -> str:
    """The text as people read it: short, on one line, with ``${…}`` where CloudFormation puts a value."""
    start = text[: 4 * _SHOWN]
    line = " ".join(_TOKEN.sub("${…}", start).split())
    return line if len(line) <= _SHOWN and len(start) == len(text) else f"{line[:_SHOWN]}…"


def closing(text: str, position: int, end: str) -> int:
    """The index of the bracket ``end`` that closes the one at ``position``; those inside strings do not count.

    Raises JsonPathSyntaxError where it is never closed.
    """
    start, opening, depth = position, text[position], 0
    while piece := _PIECE.match(text, position):
        if piece[0] == opening:
            depth += 1
        elif piece[0] == end:
            depth -= 1
            if not depth:
                return position
        position = piece.end()
    problem = f"`{opening}` is never closed" if position == len(text) else "a string is never closed"
    raise JsonPathSyntaxError(text, start, problem)


def about(subject: str, reason: str) -> str:
    """A reason that names its subject.

    Reasons are predicates ("comes from the execution's input") until a path has named what they are about;
    a reason that names its subject already stays as it is, so that it does not grow with every state it passes.
    """
    if reason.startswith("`"):
        return reason
    return f"`{shown(subject)}` {reason.removeprefix('it ')}"
