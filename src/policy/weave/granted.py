"""What the grant stage hands to the write stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.iam.placement import Placement
    from sfn_least_privilege.policy.template.machine import StateMachine


@dataclass(frozen=True, slots=True)
class Granted:
    """A state machine, its statements in their places, and what was found on the way."""

    machine: StateMachine
    placement: Placement
    findings: tuple[Finding, ...] = ()
