"""The need stage: everything that a workflow requires of its role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.findings import few
from sfn_least_privilege.policy.needs.express import express_problems
from sfn_least_privilege.policy.needs.need import Need
from sfn_least_privilege.policy.needs.rules import RESOURCE_FORCED, RESOURCE_OPEN
from sfn_least_privilege.policy.needs.settings import setting_needs
from sfn_least_privilege.policy.needs.tasks import task_needs

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sfn_least_privilege.policy.asl.workflow import Workflow
    from sfn_least_privilege.policy.findings import Finding, Location
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Value


def workflow_needs(
    workflow: Workflow,
    settings: Mapping[str, Value],
    surroundings: Surroundings,
) -> tuple[tuple[Need, ...], tuple[Finding, ...]]:
    """The needs of all tasks and settings in the order of the definition, and what there is to tell about them."""
    needs: list[Need] = []
    findings: dict[Finding, None] = {}

    def sort(told: Iterable[Need | Finding]) -> None:
        for each in told:
            if isinstance(each, Need):
                needs.append(each)
            else:
                findings[each] = None

    # What few workflows have is loaded when it is met: each module costs every cold start of the macro.
    for task in workflow.tasks:
        sort(task_needs(task, surroundings))
    if workflow.distributed_maps:
        from sfn_least_privilege.policy.needs.maps import map_needs  # noqa: PLC0415 -- see above

        for each in workflow.distributed_maps:
            sort(map_needs(each, surroundings))
    if _may_have_keys(surroundings):
        from sfn_least_privilege.policy.needs.keys import key_needs  # noqa: PLC0415 -- see above

        sort(tuple(key_needs(needs, workflow.tasks, surroundings)))
    sort(express_problems(workflow, surroundings))
    sort(setting_needs(settings, surroundings.logical_id))
    if "EncryptionConfiguration" in settings:
        from sfn_least_privilege.policy.needs.encryption import encryption_needs  # noqa: PLC0415 -- see above

        sort(encryption_needs(workflow, settings, surroundings))
    return tuple(needs), tuple(_forced_once(findings))


_NOT_TO_BE_HELPED = (RESOURCE_FORCED, RESOURCE_OPEN)


def _forced_once(findings: Collection[Finding]) -> Iterator[Finding]:
    """The findings, less those that repeat for another state what nobody can do anything about."""
    places: dict[str, list[Location]] = {}
    for each in findings:
        if each.rule in _NOT_TO_BE_HELPED:
            places.setdefault(each.detail, []).append(each.location)
    for each in findings:
        if each.rule not in _NOT_TO_BE_HELPED or len(places[each.detail]) == 1:
            yield each
        elif each.location == places[each.detail][0]:
            others = [f"`{' > '.join(place.state)}`" for place in places[each.detail][1:]]
            yield replace(each, detail=f"{each.detail} (so too for {few(others)})")


KEY_PROPERTIES = frozenset(
    {
        "BucketEncryption",
        "EncryptionConfiguration",
        "KmsKeyId",
        "KmsKeyIdentifier",
        "KmsMasterKeyId",
        "Replicas",
        "SSESpecification",
        "StreamEncryption",
    }
)
"""The properties that can name a key, of all types of resources that the catalogue knows to have one."""


def _may_have_keys(surroundings: Surroundings) -> bool:
    scope = surroundings.resources.scope
    resources = scope.resources.values() if scope is not None else ()
    properties = (each.get("Properties") for each in resources if isinstance(each, dict))
    return any(isinstance(each, dict) and not KEY_PROPERTIES.isdisjoint(each) for each in properties)
