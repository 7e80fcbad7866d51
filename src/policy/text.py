"""A string of which some parts are known when the template is read and others only later."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a reference turns into at deployment."""

    ARN = "ARN"
    NAME = "name"
    URL = "URL"
    ID = "id"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Literal:
    """Characters that stand in the template or the definition as they are."""

    value: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A CloudFormation intrinsic function that becomes a string at deployment.

    ``function`` is the intrinsic's name (``Ref``, ``Fn::GetAtt``, …). ``argument`` is the logical id for
    ``Ref``, ``LogicalId.Attribute`` for ``Fn::GetAtt``, and canonical JSON of the argument for every other one.
    ``arn`` is the ARN of what the reference identifies, where CloudFormation can give it: a queue's ``Ref`` is a
    URL, its ``arn`` is ``Fn::GetAtt Queue.Arn``. ``sample`` is the value the reference has in this deployment,
    for decisions only: it is never written into a template, because it may be secret and may change.
    """

    function: str
    argument: str
    kind: Kind = Kind.UNKNOWN
    logical_id: str = ""
    resource_type: str = ""
    arn: Text | None = None
    sample: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A part that only a running execution can tell; ``reason`` says why, for people."""

    reason: str


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A part that is meant to match anything: the id of every execution of a machine, for example.

    ``length`` is there where it is known how many characters that is: the six at the end of a secret's ARN.
    """

    length: int | None = None


MAX_LITERAL = 4_000_000
"""Strings that grow beyond this can be no definition and no payload; a few states can make one of any size."""

Part: TypeAlias = Literal | Reference | Unknown | Wildcard


@dataclass(frozen=True, slots=True)
class Text:
    """A sequence of parts that together make one string.

    Build it with :meth:`of`, which keeps it normal: no empty literals, neighbouring literals joined,
    neighbouring unknowns one. Two Texts are equal when they make the same string for the same reasons.
    """

    parts: tuple[Part, ...] = ()

    @classmethod
    def of(cls, *pieces: Part | Text | str) -> Text:
        """Join pieces (plain strings are literals) into one normal Text."""
        parts: list[Part] = []
        literals: list[str] = []
        for part in _flatten(pieces):
            if isinstance(part, Literal):
                literals.append(part.value)
                continue
            _close(literals, parts)
            if _is_open(part) and parts and _is_open(parts[-1]):
                # Side by side both render as one `*`; the unknown stays, so that its reason is told.
                if isinstance(parts[-1], Wildcard):
                    parts[-1] = part
                continue
            parts.append(part)
        _close(literals, parts)
        return cls(tuple(parts))

    def __add__(self, other: Text | str) -> Text:
        return Text.of(self, other)

    @property
    def literal(self) -> str | None:
        """The whole string when every part of it is literal, else None."""
        if not self.parts:
            return ""
        only = self.parts[0]
        return only.value if len(self.parts) == 1 and isinstance(only, Literal) else None

    @property
    def reference(self) -> Reference | None:
        """The reference that is this whole Text, if it is just one."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Reference) else None

    @property
    def prefix(self) -> str:
        """The literal characters it certainly starts with."""
        first = self.parts[0] if self.parts else None
        return first.value if isinstance(first, Literal) else ""

    @property
    def suffix(self) -> str:
        """The literal characters it certainly ends with."""
        last = self.parts[-1] if self.parts else None
        return last.value if isinstance(last, Literal) else ""

    @property
    def unknowns(self) -> tuple[Unknown, ...]:
        """The parts that are not known, in order."""
        return tuple(part for part in self.parts if isinstance(part, Unknown))

    @property
    def references(self) -> tuple[Reference, ...]:
        """The references in it, in order."""
        return tuple(part for part in self.parts if isinstance(part, Reference))

    @property
    def sample(self) -> str | None:
        """The string it makes in this deployment, for decisions only; None where that cannot be told yet."""
        pieces: list[str] = []
        for part in self.parts:
            if isinstance(part, Literal):
                pieces.append(part.value)
            elif isinstance(part, Reference) and part.sample is not None:
                pieces.append(part.sample)
            else:
                return None
        return "".join(pieces)

    def cut(self, separator: str, count: int) -> tuple[Text, ...] | None:
        """The first ``count`` pieces at literal separators, whatever follows behind them.

        None where there are fewer, or where a part among them might hold the separator itself.
        """
        pieces: list[list[Part]] = [[]]
        for part in self.parts:
            if isinstance(part, Literal):
                head, *tail = part.value.split(separator, count - len(pieces) + 1)
                pieces[-1].append(Literal(head))
                pieces.extend([Literal(piece)] for piece in tail)
                if len(pieces) > count:
                    return tuple(Text.of(*piece) for piece in pieces[:count])
            elif isinstance(part, Reference) and not _may_hold(part, separator):
                pieces[-1].append(part)
            else:
                return None
        return None

    @property
    def pattern(self) -> Text:
        """This Text as what it matches: why a part is not known makes no difference any more."""
        if not any(isinstance(part, Unknown) for part in self.parts):
            return self
        return Text(tuple(Wildcard() if isinstance(part, Unknown) else part for part in self.parts))

    def split(self, separator: str) -> tuple[Text, ...] | None:
        """Split at each literal ``separator``.

        None where a part that is not literal might hold the separator itself, so that counting would go wrong.
        """
        pieces: list[list[Part]] = [[]]
        for part in self.parts:
            if isinstance(part, Literal):
                head, *tail = part.value.split(separator)
                pieces[-1].append(Literal(head))
                pieces.extend([Literal(piece)] for piece in tail)
            elif isinstance(part, Reference) and not _may_hold(part, separator):
                pieces[-1].append(part)
            else:
                return None
        return tuple(Text.of(*piece) for piece in pieces)


EMPTY = Text()
WILDCARD = Text((Wildcard(),))


def unknown(reason: str) -> Text:
    """A Text of which nothing is known."""
    return Text((Unknown(reason),))


def _is_open(part: Part) -> bool:
    """Whether a part matches any number of characters."""
    return isinstance(part, Unknown) or (isinstance(part, Wildcard) and part.length is None)


def _close(literals: list[str], parts: list[Part]) -> None:
    """Put the literal characters collected so far behind ``parts``, if there are any."""
    size = sum(map(len, literals))
    if size > MAX_LITERAL:
        parts.append(Unknown(f"it is longer than {MAX_LITERAL:,} characters"))
    elif size:
        parts.append(Literal("".join(literals)))
    literals.clear()


def _flatten(pieces: tuple[Part | Text | str, ...]) -> Iterator[Part]:
    for piece in pieces:
        if isinstance(piece, str):
            yield Literal(piece)
        elif isinstance(piece, Text):
            yield from piece.parts
        else:
            yield piece


# Values of these pseudo parameters are single words: partition, region and account never hold a separator.
_WORDS = frozenset({"AWS::Partition", "AWS::Region", "AWS::AccountId", "AWS::URLSuffix", "AWS::StackName"})


def _may_hold(reference: Reference, separator: str) -> bool:
    if reference.sample is not None:
        return separator in reference.sample
    if reference.function == "Ref" and reference.argument in _WORDS:
        return all(character.isalnum() or character in "-." for character in separator)
    # No AWS resource name holds a colon; slashes and dots do occur (log groups, event sources).
    return not (reference.kind is Kind.NAME and separator == ":")
