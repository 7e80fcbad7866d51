"""The options of each state machine, put together from everyone who has a say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.options.layers import (
    Layer,
    combined,
    metadata_layer,
    organisation_layer,
    parameter_layer,
    property_layer,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.findings import Finding, Location
    from sfn_least_privilege.policy.options.layers import Organisation
    from sfn_least_privilege.policy.options.options import Options


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the organisation and the template want for all state machines, checked."""

    organisation: Layer
    locked: frozenset[str]
    parameters: Layer


NO_WISHES = Wishes(Layer("nobody"), frozenset(), Layer("nobody"))


def read_wishes(organisation: Organisation, parameters: Mapping[str, Any]) -> tuple[Wishes, tuple[Finding, ...]]:
    """The wishes for all state machines, and what is wrong with them."""
    theirs, problems = organisation_layer(organisation)
    templates, others = parameter_layer(parameters)
    return Wishes(theirs, organisation.locked, templates), (*problems, *others)


def machine_options(
    resource: Mapping[str, Any],
    given: Mapping[str, Any],
    wishes: Wishes,
    location: Location,
) -> tuple[Options, tuple[Finding, ...]]:
    """The options of one state machine, and what is wrong with them.

    ``given`` are options that the machine's own properties, or the role that SAM made of them, say already.
    """
    metadata, problems = metadata_layer(resource, location)
    others = (wishes.parameters, property_layer(given), metadata)
    options, locked = combined(wishes.organisation, wishes.locked, others, location)
    return options, (*problems, *locked)
