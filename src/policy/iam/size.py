"""How large a role's inline policies are, as IAM counts.

All inline policies of a role together may have 10,240 characters, white space not counted:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.iam import rules
from sfn_least_privilege.policy.text import Literal, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.text import Part, Text

MAX_INLINE = 10_240
_SHORTEST_ARN = len("arn:aws:s3:::abc")


def size_problem(statements: Sequence[Statement], logical_id: str) -> Finding | None:
    """A finding where the policies are certainly too large, whatever their references become."""
    always = [statement for statement in statements if not statement.guards]
    size = sum(_size(statement) for statement in always)
    if size <= MAX_INLINE:
        return None
    heaviest = max(always, key=_size)
    return finding(
        rules.POLICY_TOO_LARGE,
        Location(logical_id),
        size=size,
        excess=size - MAX_INLINE,
        action=heaviest.actions[0],
        resources=len(heaviest.resources),
    )


def _size(statement: Statement) -> int:
    frame = {"Sid": statement.sid, "Effect": "Allow", "Action": statement.actions, "Resource": []}
    quoted = sum(len('"",') + _shortest(resource) for resource in statement.resources)
    return len(json.dumps(frame, separators=(",", ":"))) + quoted


def _shortest(text: Text) -> int:
    return sum(_shortest_part(part) for part in text.parts)


def _shortest_part(part: Part) -> int:
    if isinstance(part, Literal):
        return len(part.value)
    if not isinstance(part, Reference):
        return 1
    if part.sample is not None:
        return len(part.sample)
    return _SHORTEST_ARN if part.function == "Fn::GetAtt" and part.argument.endswith("Arn") else 1
