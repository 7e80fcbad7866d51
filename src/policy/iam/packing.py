"""Which statements stand in the role itself and which in managed policies beside it, so that each fits its quota.

Everything stands in the role while it fits: one resource, and no race with the machine. What does not fit goes into
managed policies that the role names, so that CloudFormation makes them before the role and the role before the machine.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import Finding, Location, finding
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
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.iam.statement import Statement


@dataclass(frozen=True, slots=True)
class Packing:
    """The statements in the role, and those of each managed policy beside it."""

    inline: tuple[Statement, ...]
    managed: tuple[tuple[Statement, ...], ...] = ()


def pack(
    statements: Sequence[Statement],
    beside_role: Sequence[Statement],
    attached: int,
    logical_id: str,
) -> Packing | Finding:
    """Pack a role's statements; a finding where even all the managed policies that a role can have are too few.

    ``beside_role`` are statements of an inline policy that another resource gives to the role: they count against the
    same quota. ``attached`` is the number of managed policies that the role has already.
    """
    room = MAX_INLINE - (FRAME + _size(beside_role) if beside_role else 0)
    if _size(statements) + FRAME * policy_count(statements) <= room:
        return Packing(tuple(statements))
    # What the machine's creation checks and what stands under template conditions has to be in the role itself.
    staying = [each for each in statements if each.at_creation or each.guards]
    room -= _size(staying) + FRAME * (policy_count(staying) + 1)
    movable = [each for each in statements if not (each.at_creation or each.guards)]
    if room < 0:
        return _too_large(staying, -room, logical_id)
    bins = _Bins(room)
    for statement in movable:
        bins.add(statement)
    inline, *managed = bins.filled
    allowed = MAX_MANAGED_POLICIES - attached
    if len(managed) > allowed:
        excess = sum(map(_size, managed[allowed:]))
        return _too_large(movable, excess, logical_id)
    in_role = {each.sid for each in staying}
    kept = [each for each in statements if each.sid in in_role]
    return Packing((*kept, *inline), tuple(map(tuple, managed)))


class _Bins:
    """The role's own room, then one managed policy after the other, filled in the statements' order.

    A statement with more resources than fit is divided: the same actions on fewer resources in each part.
    """

    def __init__(self, room: int) -> None:
        self.filled: list[list[Statement]] = [[]]
        self._room = room

    def add(self, statement: Statement) -> None:
        frame, resources, part = frame_size(statement), list(statement.resources), 1
        while resources:
            room = self._room - frame
            taken = 0
            while taken < len(resources) and (room := room - resource_size(resources[taken])) >= 0:
                taken += 1
            if taken == 0:
                if not self.filled[-1] and len(self.filled) > 1:
                    # A single resource larger than a policy: IAM has none, so that no estimate may stop here.
                    taken = 1
                else:
                    self._open()
                    continue
            sid = statement.sid if part == 1 else f"{statement.sid}Part{part}"
            piece = replace(statement, sid=sid, resources=tuple(resources[:taken]))
            self.filled[-1].append(piece)
            self._room -= statement_size(piece)
            resources, part = resources[taken:], part + 1

    def _open(self) -> None:
        self.filled.append([])
        self._room = MAX_MANAGED - FRAME


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
        places = list(dict.fromkeys(reason.place for reason in statement.reasons))
        named = ", ".join(f"`{place}`" for place in places[:_NAMED])
        more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
        yield (
            f"{', '.join(statement.actions[:_NAMED])} on {len(statement.resources):,} resources, "
            f"{statement_size(statement):,} characters, asked for by {named}{more}"
        )


def _size(statements: Iterable[Statement]) -> int:
    return sum(map(statement_size, statements))
