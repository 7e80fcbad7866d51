"""What is numbered anew with every change: task definitions of ECS, job definitions of Batch.

A name or an ARN without a revision means the latest one:
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html and
https://docs.aws.amazon.com/batch/latest/APIReference/API_SubmitJob.html.
"""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.forms.name_or_arn import qualified_name_or_arn
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Literal, Reference, Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import Guarded, Missing, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_least_privilege.policy.catalog.integration import Call

_REVISION = re.compile(r":\d+$")
_NUMBERED_TYPES = frozenset({"AWS::ECS::TaskDefinition", "AWS::Batch::JobDefinition"})


class Numbered(Enum):
    """Whether a name or an ARN ends in a revision."""

    YES = auto()
    NO = auto()
    MAYBE = auto()


def numbered(text: Text) -> Numbered:
    """Whether a name or an ARN ends in a revision; a part that only a run knows may hold one, or its beginning."""
    last = text.parts[-1] if text.parts else Literal("")
    if isinstance(last, Reference) and last.resource_type in _NUMBERED_TYPES:
        # What CloudFormation gives for these is the ARN of the revision it has just registered.
        return Numbered.YES
    end = text.sample
    if end is None and isinstance(last, Literal):
        end = None if last.value.isdigit() else last.value
    elif end is None and isinstance(last, Reference):
        end = last.sample
    if end is None:
        return Numbered.MAYBE
    return Numbered.YES if _REVISION.search(end) else Numbered.NO


def unnumbered(text: Text) -> Text:
    """A name or an ARN without the revision that stands literally at its end."""
    last = text.parts[-1] if text.parts else None
    if not isinstance(last, Literal):
        return text
    return Text.of(*text.parts[:-1], _REVISION.sub("", last.value))


def latest_revision(argument: str, template: str) -> Callable[[Call], Iterator[Guarded]]:
    """The ARNs of what ``argument`` names: the revision it names, and any where it names none.

    A call that names none is authorised on the revision that is the latest when it comes.
    """

    def find(call: Call) -> Iterator[Guarded]:
        for guards, leaf in leaves_at(argument, call.arguments):
            if isinstance(leaf, Missing):
                continue
            text = as_text(leaf)
            named = qualified_name_or_arn(text, template, call.surroundings.deployment)
            state = numbered(text)
            if state is not Numbered.NO:
                yield Guarded(named, guards)
            if state is Numbered.NO or (state is Numbered.MAYBE and not _is_open(named)):
                yield Guarded(Text.of(named, ":", Wildcard()), guards)

    return find


def as_named_or_latest_revision(argument: str, template: str) -> Callable[[Call], Iterator[Guarded]]:
    """The ARNs of what ``argument`` names: as for the latest revision, and those without one as well."""
    find_latest = latest_revision(argument, template)

    def find(call: Call) -> Iterator[Guarded]:
        for guards, leaf in leaves_at(argument, call.arguments):
            if not isinstance(leaf, Missing) and numbered(as_text(leaf)) is Numbered.NO:
                yield Guarded(qualified_name_or_arn(as_text(leaf), template, call.surroundings.deployment), guards)
        yield from find_latest(call)

    return find


def _is_open(pattern: Text) -> bool:
    """Whether a pattern ends in a part that covers any revision already."""
    return bool(pattern.parts) and isinstance(pattern.parts[-1], Unknown)
