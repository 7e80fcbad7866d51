"""Why a role grants what it grants, as metadata beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sfn_least_privilege.policy.iam.statement import Statement


def explanation(logical_id: str, statements: Sequence[Statement]) -> dict[str, Any]:
    """For each statement: the rules that ask for it, the states they were met in, and the document they rest on."""
    return {
        "StateMachine": logical_id,
        "Statements": {statement.sid: _asked_by(statement) for statement in statements},
    }


def _asked_by(statement: Statement) -> list[dict[str, Any]]:
    by_rule: dict[tuple[str, str, str], list[str]] = {}
    for reason in statement.reasons:
        by_rule.setdefault((reason.rule, reason.documentation, reason.basis), []).append(reason.place)
    return [
        {"Rule": rule, "States": places, "Source": documentation, "Basis": str(basis)}
        for (rule, documentation, basis), places in by_rule.items()
    ]
