"""Why a role grants what it grants, as metadata beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sfn_least_privilege import __version__
from sfn_least_privilege.policy.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.template.machine import StateMachine


def explanation(machine: StateMachine, statements: Sequence[Statement], findings: Iterable[Finding]) -> dict[str, Any]:
    """For each statement the rules that ask for it, the states they were met in, and the document they rest on.

    What people should decide about stands beside it. Where the author wants no explanation, only the machine is named:
    a role that is marked as ours is not taken for an empty one when the template is processed again.
    """
    if not machine.options.explain:
        return {"StateMachine": machine.logical_id}
    told: dict[str, Any] = {
        "Version": __version__,
        "StateMachine": machine.logical_id,
        "Statements": {statement.sid: _asked_by(statement) for statement in statements},
    }
    warnings = [_said(each) for each in findings if each.severity is not Severity.INFO]
    if warnings:
        told["Findings"] = warnings
    return told


def _said(finding: Finding) -> str:
    """A finding without the name of the machine, which stands above it."""
    state = " > ".join(finding.location.state)
    said = f"{finding.rule.id} {state}: {finding.detail}" if state else f"{finding.rule.id} {finding.detail}"
    # Linters take `${Name}` for an Fn::Sub that was forgotten, also in metadata.
    return _PLACEHOLDER.sub(r"<\1>", said)


_PLACEHOLDER = re.compile(r"\$\{([^{}]*)\}")


def _asked_by(statement: Statement) -> list[dict[str, Any]]:
    by_rule: dict[tuple[str, str, str], list[str]] = {}
    for reason in statement.reasons:
        by_rule.setdefault((reason.rule, reason.documentation, reason.basis), []).append(reason.place)
    return [
        {"Rule": rule, "States": places, "Source": documentation, "Basis": str(basis)}
        for (rule, documentation, basis), places in by_rule.items()
    ]
