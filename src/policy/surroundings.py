"""What a permission may depend on beyond the task that needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.template.resources import NO_RESOURCES, TemplateResources
from sfn_least_privilege.policy.value import MISSING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The machine itself and the template around it.

    ``own_arn`` and ``own_name`` are the machine's: of its given name, a reference to it, or unknown.
    ``machine_type`` is ``STANDARD``, ``EXPRESS`` or MISSING, which is standard.
    """

    logical_id: str
    deployment: Deployment
    own_arn: Text
    own_name: Text
    resources: TemplateResources = NO_RESOURCES
    machine_type: Value = MISSING
