"""Which resource patterns grant what others grant already.

A pattern covers another one when it matches everything that the other one can match, whatever the references in both
become. Where that cannot be told, it is taken not to. A ``*`` is trusted to go beyond a colon only at the very end:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Kind, Literal, Reference, Wildcard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sfn_least_privilege.policy.text import Text

# Characters that Unicode keeps for programs' own use: no template and no definition can hold them. A reference that
# may become a string with colons, such as an ARN, begins with a mark of its own.
_ANYTHING, _WORD, _STRING, _END, _COLON, _ONE = "\ufdd2", "\ufdd3", "\ufdd4", "\ufdd5", "\ufdd6", "\ufdd7"


def covers(pattern: Text, other: Text) -> bool:
    """Whether ``pattern`` matches everything that ``other`` matches."""
    return _matches(_spelled(pattern).split(_ANYTHING), _spelled(other))


class Patterns:
    """Resource patterns, ready to be asked which of them covers another one."""

    def __init__(self, patterns: Iterable[Text]) -> None:
        """Take in the patterns; equal ones count once."""
        self._spelled = {_spelled(each): each for each in patterns}
        # By the beginning, so that a question looks at few of them, however many there are.
        self._openings: dict[int, dict[str, list[str]]] = {}
        for each in self._spelled:
            prefix, mark, _ = each.partition(_ANYTHING)
            if mark:
                self._openings.setdefault(len(prefix), {}).setdefault(prefix, []).append(each)
        self._lengths = sorted(self._openings)
        self._widest: dict[str, str | None] = {}

    def widest(self, pattern: Text) -> Text | None:
        """The widest of the patterns that covers ``pattern``: itself, if it is one of them; None where none does."""
        if not self._lengths:
            return pattern if _spelled(pattern) in self._spelled else None
        found = self._found(_spelled(pattern))
        return None if found is None else self._spelled[found]

    def _found(self, spelled: str) -> str | None:
        if spelled not in self._widest:
            found = spelled if spelled in self._spelled else None
            wider = self._wider(spelled)
            # What covers the one that covers is wider still. Two that cover one another end with the first one met.
            seen = {spelled}
            while wider is not None and wider not in seen:
                found = wider
                seen.add(wider)
                wider = self._wider(wider)
            self._widest[spelled] = found
        return self._widest[spelled]

    def _wider(self, spelled: str) -> str | None:
        """Another pattern that covers this one: the shortest beginning first, because it is the likeliest to."""
        for length in self._lengths:
            if length > len(spelled):
                return None
            for candidate in self._openings[length].get(spelled[:length], ()):
                if candidate != spelled and _matches(candidate.split(_ANYTHING), spelled):
                    return candidate
        return None


def _matches(pieces: list[str], text: str) -> bool:
    """Whether ``text`` is ``pieces`` with something between them, each piece at its leftmost place."""
    first, *others = pieces
    if not others:
        return text == first
    if not text.startswith(first):
        return False
    *middle, last = others
    position, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, position, end)
        if found < 0 or not _in_one_segment(text[position:found]):
            return False
        position = found + len(piece)
    return position <= end and text.endswith(last) and (not last or _in_one_segment(text[position:end]))


def _in_one_segment(gap: str) -> bool:
    return ":" not in gap and _STRING not in gap


def _spelled(text: Text) -> str:
    """A string for comparing: what is not literal is one mark that stands for itself alone."""
    pieces: list[str] = []
    for part in text.parts:
        if isinstance(part, Literal):
            pieces.append(part.value)
        elif isinstance(part, Reference):
            begin = _WORD if part.kind is Kind.NAME else _STRING
            pieces.append(f"{begin}{part.function} {part.argument}{_END}".replace(":", _COLON))
        elif isinstance(part, Wildcard) and part.length is not None:
            pieces.append(_ONE * part.length)
        else:
            pieces.append(_ANYTHING)
    return "".join(pieces)
