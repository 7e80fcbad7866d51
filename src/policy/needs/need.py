"""One permission that a workflow needs, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.catalog.basis import Basis
    from sfn_least_privilege.policy.conditions import Condition
    from sfn_least_privilege.policy.value import Guarded


class Phase(StrEnum):
    """When Step Functions first checks a permission."""

    CREATION = "creation"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Reason:
    """Who asks for a permission: the state (empty for a setting of the machine), the rule and the document."""

    state: tuple[str, ...]
    rule: str
    documentation: str
    basis: Basis

    @property
    def place(self) -> str:
        """The state, or the machine itself, as people read it."""
        return " > ".join(self.state) or "the state machine"


@dataclass(frozen=True, slots=True)
class Need:
    """Actions on one resource, under the template conditions that the resource is guarded by.

    ``conditions`` are IAM's: the permission holds only for requests that match all of them.
    """

    actions: tuple[str, ...]
    resource: Guarded
    phase: Phase
    reason: Reason
    conditions: tuple[Condition, ...] = ()
