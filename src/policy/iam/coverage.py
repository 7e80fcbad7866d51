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


def may_overlap(pattern: Text, other: Text) -> bool:
    """Whether something may match both patterns; False only where that is certainly not so.

    What literally stands at their beginnings and ends decides, and which resource of the template they are.
    """
    one, two = pattern.reference, other.reference
    if one is not None and two is not None and one != two:
        return not (one.kind is two.kind is Kind.ARN and one.logical_id and two.logical_id not in {"", one.logical_id})
    return _may_meet(pattern.prefix, other.prefix) and _may_meet(pattern.suffix[::-1], other.suffix[::-1])


def _may_meet(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


class Patterns:
    """Resource patterns, ready to be asked which of them covers another one."""

    def __init__(self, patterns: Iterable[Text]) -> None:
        """Take in the patterns; equal ones count once."""
        self._spelled = {_spelled(each): each for each in patterns}
        # By the beginning and the end, so that a question looks at few of them, however many there are.
        self._openings: dict[tuple[int, int], dict[tuple[str, str], list[str]]] = {}
        for each in self._spelled:
            prefix, mark, rest = each.partition(_ANYTHING)
            if mark:
                suffix = rest.rpartition(_ANYTHING)[2]
                same = self._openings.setdefault((len(prefix), len(suffix)), {}).setdefault((prefix, suffix), [])
                # What is said twice costs nothing but room; to look for it among thousands would cost time.
                if len(same) < _MOST_ALIKE:
                    same.append(each)
        self._lengths = sorted(self._openings)[:_MOST_SHAPES]
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
        for before, behind in self._lengths:
            if before + behind > len(spelled):
                continue
            ends = (spelled[:before], spelled[len(spelled) - behind :])
            for candidate in self._openings[before, behind].get(ends, ()):
                if candidate != spelled and _matches(candidate.split(_ANYTHING), spelled):
                    return candidate
        return None


_MOST_ALIKE = 32
"""How many patterns with the same beginning and end are looked at."""

_MOST_SHAPES = 512
"""How many lengths of beginnings and ends are looked at, the shortest beginnings first: they cover the most."""


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
