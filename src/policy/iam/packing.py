"""Which statements stand in the role itself and which in managed policies beside it, so that each fits its quota.

Everything stands in the role while it fits: one resource, and no race with the machine. What does not fit goes into
managed policies that the role names, so that CloudFormation makes them before the role and the role before the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import Finding, Location, few, finding
from sfn_least_privilege.policy.iam import rules
from sfn_least_privilege.policy.iam.document import policy_count
from sfn_least_privilege.policy.iam.size import (
    FRAME,
    MAX_INLINE,
    MAX_MANAGED,
    MAX_MANAGED_POLICIES,
    frame_size,
    resource_size,
    statement_size,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_least_privilege.policy.iam.statement import Statement


@dataclass(frozen=True, slots=True)
class Taken:
    """What others take of a role's quotas: characters of its inline policies, and managed policies."""

    inline: int = 0
    managed: int = 0


NOTHING = Taken()


@dataclass(frozen=True, slots=True)
class Packing:
    """The statements in the role, and those of each managed policy beside it."""

    inline: tuple[Statement, ...]
    managed: tuple[tuple[Statement, ...], ...] = ()


def pack(
    statements: Sequence[Statement],
    beside_role: Sequence[Statement],
    taken: Taken,
    logical_id: str,
) -> Packing | Finding:
    """Pack a role's statements; a finding where even all the managed policies that a role can have are too few.

    ``beside_role`` are statements of an inline policy that another resource gives to the role: they count against the
    same quota, and so does what is ``taken``.
    """
    room = MAX_INLINE - taken.inline - (FRAME + _size(beside_role) if beside_role else 0)
    if _size(statements) + FRAME * policy_count(statements) <= room:
        return Packing(tuple(statements))
    # What the machine's creation checks has to be in the role itself.
    staying = [each for each in statements if each.at_creation]
    movable = [each for each in statements if not each.at_creation]
    room -= _size(staying) + FRAME * policy_count(statements)
    if room < 0 and (staying or beside_role):
        return _too_large([*staying, *beside_role], -room, logical_id)
    bins = _Bins(room)
    for statement in movable:
        bins.add(statement)
    inline, *managed = bins.filled
    allowed = max(0, MAX_MANAGED_POLICIES - taken.managed)
    excess = sum(map(_size, managed[allowed:])) + sum(map(_overfull, managed[:allowed]))
    if excess:
        return _too_large(movable, excess, logical_id)
    return Packing((*staying, *inline), tuple(map(tuple, managed)))


def _overfull(statements: Sequence[Statement]) -> int:
    return max(0, _size(statements) + FRAME - MAX_MANAGED)


class _Bins:
    """The role's own room, then one managed policy after the other, filled in the statements' order.

    A statement with more resources than fit is divided: the same actions on fewer resources in each part. One with
    more actions than fit is divided by them first.
    """

    def __init__(self, room: int) -> None:
        self.filled: list[list[Statement]] = [[]]
        self._room = room

    def add(self, statement: Statement) -> None:
        parts = count(1)
        for each in _of_fewer_actions(statement):
            self._add(each, parts)

    def _add(self, statement: Statement, parts: Iterator[int]) -> None:
        # The longest that the name of a part can be, so that a part is never larger than it was taken to be.
        frame, resources = frame_size(statement) + len("Part123456"), list(statement.resources)
        while resources:
            room = self._room - frame
            taken = 0
            while taken < len(resources) and (room := room - resource_size(resources[taken])) >= 0:
                taken += 1
            if taken == 0:
                if not self.filled[-1] and len(self.filled) > 1:
                    # A single resource that is larger than a policy: the policy is told to be too large.
                    taken = 1
                else:
                    self._open()
                    continue
            part = next(parts)
            sid = statement.sid if part == 1 else f"{statement.sid}Part{part}"
            piece = replace(statement, sid=sid, resources=tuple(resources[:taken]))
            self.filled[-1].append(piece)
            self._room -= statement_size(piece)
            resources = resources[taken:]

    def _open(self) -> None:
        self.filled.append([])
        self._room = MAX_MANAGED - FRAME


_SPARE = 256
"""Room in a managed policy for what a part of a statement is besides its actions and one resource."""


def _of_fewer_actions(statement: Statement) -> Iterable[Statement]:
    """The statement, divided where its actions leave no managed policy room for its longest resource."""
    bare = frame_size(replace(statement, actions=()))
    room = MAX_MANAGED - FRAME - bare - _SPARE - max(map(resource_size, statement.resources), default=0)
    sizes = [len(action) + len('"",') for action in statement.actions]
    if sum(sizes) <= room:
        yield statement
        return
    taken: list[str] = []
    left = room
    for action, size in zip(statement.actions, sizes, strict=True):
        if taken and size > left:
            yield replace(statement, actions=tuple(taken))
            taken, left = [], room
        taken.append(action)
        left -= size
    yield replace(statement, actions=tuple(taken))


def _too_large(statements: Sequence[Statement], excess: int, logical_id: str) -> Finding:
    return finding(
        rules.POLICY_TOO_LARGE,
        Location(logical_id),
        excess=f"{excess:,}",
        inline=f"{MAX_INLINE:,}",
        managed=f"{MAX_MANAGED:,}",
        policies=MAX_MANAGED_POLICIES,
        heaviest="; ".join(_heaviest(statements)),
    )


_NAMED = 3


def _heaviest(statements: Sequence[Statement]) -> Iterable[str]:
    for statement in sorted(statements, key=statement_size, reverse=True)[:_NAMED]:
        places = [f"`{place}`" for place in dict.fromkeys(reason.place for reason in statement.reasons)]
        yield (
            f"{', '.join(statement.actions[:_NAMED])} on {len(statement.resources):,} resources, "
            f"{statement_size(statement):,} characters, asked for by {few(places)}"
        )


def _size(statements: Iterable[Statement]) -> int:
    return sum(map(statement_size, statements))
