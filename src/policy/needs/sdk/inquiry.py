"""The call whose needs are asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import finding
from sfn_least_privilege.policy.needs.need import Reason

if TYPE_CHECKING:
    from sfn_least_privilege.policy.asl.arguments import Arguments
    from sfn_least_privilege.policy.asl.task_resource import ServiceCall
    from sfn_least_privilege.policy.catalog.basis import Basis
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.findings import Finding, Location, Rule
    from sfn_least_privilege.policy.surroundings import Surroundings


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A call with its arguments, where it stands and what is around it."""

    call: ServiceCall
    arguments: Arguments
    location: Location
    surroundings: Surroundings

    @property
    def deployment(self) -> Deployment:
        """Where the workflow will run."""
        return self.surroundings.deployment

    def reason(self, documentation: str, basis: Basis) -> Reason:
        """Why a permission is needed: this call."""
        suffix = self.call.pattern if self.call.pattern.startswith(".") else ""
        return Reason(self.location.state, f"{self.call.name}{suffix}", documentation, basis)

    def finding(self, rule: Rule, **values: object) -> Finding:
        """Something to tell about this call; messages may name the integration."""
        return finding(rule, self.location, integration=self.call.name, **values)
