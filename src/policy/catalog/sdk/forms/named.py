"""What a value names: a name to put into an ARN template, or an ARN."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy.text import Literal, Text, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sfn_least_privilege.policy.conditions import Condition
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Part


@dataclass(frozen=True, slots=True)
class Named:
    """One resource that a value names.

    ``text`` takes the place of a template's variable or, when it ``is_arn``, of everything up to and with it.
    ``bridge`` comes between it and what follows in the template, if anything does; after an ARN that ``is_complete``,
    nothing does. ``conditions`` narrow the grant.
    """

    text: Text
    is_arn: bool = False
    is_complete: bool = False
    bridge: str = ""
    conditions: tuple[Condition, ...] = ()


Form: TypeAlias = "Callable[[Text, Deployment], Iterable[Named]]"
"""Every resource that a string can name; none where it names none of the kind that is asked for."""


_FIRST_MARK = 0xE000
_LAST_MARK = 0xF8FF


@dataclass(frozen=True, slots=True)
class Marked:
    """A Text as one string, in which characters for private use stand for the parts that are not literal."""

    string: str
    parts: tuple[Part, ...]

    @classmethod
    def of(cls, text: Text) -> Marked | None:
        """The string; None where it has too many parts or such characters of its own."""
        others = tuple(part for part in text.parts if not isinstance(part, Literal))
        if len(others) > _LAST_MARK - _FIRST_MARK:
            return None
        pieces: list[str] = []
        number = _FIRST_MARK
        for part in text.parts:
            if isinstance(part, Literal):
                if any(_FIRST_MARK <= ord(character) <= _LAST_MARK for character in part.value):
                    return None
                pieces.append(part.value)
            else:
                pieces.append(chr(number))
                number += 1
        return cls("".join(pieces), others)

    def text(self, string: str) -> Text:
        """The Text of a piece of the string."""
        pieces: list[str | Part] = []
        for character in string:
            number = ord(character) - _FIRST_MARK
            pieces.append(self.parts[number] if 0 <= number < len(self.parts) else character)
        return Text.of(*pieces)


def reason_of(text: Text, otherwise: str) -> Unknown:
    """The first reason for which a text is not known, or ``otherwise``."""
    return text.unknowns[0] if text.unknowns else Unknown(otherwise)
