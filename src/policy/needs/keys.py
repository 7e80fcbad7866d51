"""What the keys of customers, behind the resources that a workflow calls, require of the role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.task_resource import ActivityCall, task_call
from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.keys import ACTIVITY_TASK, KEY_USES, Via
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.findings import Location, few, finding
from sfn_least_privilege.policy.needs import rules
from sfn_least_privilege.policy.needs.encrypted import EncryptedResources, arns_of
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.needs.resource_keys import keys_of
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.template.intrinsics.resources import arn_of
from sfn_least_privilege.policy.text import Text, Wildcard
from sfn_least_privilege.policy.value import Guarded, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sfn_least_privilege.policy.asl.workflow import Task
    from sfn_least_privilege.policy.catalog.keys import KeyCondition, KeyUse
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.needs.encrypted import Match
    from sfn_least_privilege.policy.needs.key_arns import Key
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Guards

_USES: dict[str, tuple[KeyUse, ...]] = {}
for _use in KEY_USES:
    for _action in _use.actions:
        _USES[_action.lower()] = (*_USES.get(_action.lower(), ()), _use)

_MAX_TOLD = 20_000
"""How many times a key is needed before only what was not needed yet is told: every state times every key is a lot."""


def key_needs(needs: Sequence[Need], tasks: Iterable[Task], surroundings: Surroundings) -> Iterator[Need | Finding]:
    """What the calls that need ``needs``, and the activities that ``tasks`` wait for, require on customers' keys.

    Nothing is known of a resource that is not in the template.
    """
    if surroundings.resources.scope is None:
        return
    keyring = _Keyring(EncryptedResources(surroundings))
    told = 0
    for need in (*needs, *_waits(tasks)):
        for use in _uses(need):
            on_keys, is_new = keyring.on_keys(use, need.resource)
            if not is_new and told + len(on_keys) > _MAX_TOLD:
                continue
            told += len(on_keys)
            location = Location(surroundings.logical_id, need.reason.state)
            for each in on_keys:
                reason = Reason(need.reason.state, f"the key of {each.owners}", use.documentation, use.basis)
                yield Need(use.key_actions, each.resource, Phase.RUN, reason, each.conditions)
                yield from told_of_key(each.key, use.key_actions, location)


def told_of_key(key: Key, actions: tuple[str, ...], location: Location) -> Iterator[Finding]:
    """What there is to tell where a key's ARN is wider than the key."""
    if not key.breadth and not key.conditions:
        return
    values = {"actions": ", ".join(actions), "pattern": spell(key.resource.text)}
    if key.breadth:
        yield finding(rules.KEY_WIDE, location, **values, reason=key.breadth)
    else:
        aliases = ", ".join(spell(value) for condition in key.conditions for value in condition.values)
        yield finding(rules.KEY_BY_ALIAS, location, **values, alias=aliases)


def _waits(tasks: Iterable[Task]) -> Iterator[Need]:
    """A stand-in for the permission that waiting for an activity would take, if it took any."""
    for task in tasks:
        for resource in task.resources:
            if isinstance(task_call(resource.text), ActivityCall):
                reason = Reason(task.path, ACTIVITY_TASK, "", Basis.DOCUMENTED)
                yield Need((ACTIVITY_TASK,), resource, Phase.RUN, reason)


def _uses(need: Need) -> tuple[KeyUse, ...]:
    uses = (use for action in need.actions for use in _USES.get(action.lower(), ()))
    return tuple(dict.fromkeys(use for use in uses if not use.rule or use.rule == need.reason.rule))


@dataclass(frozen=True, slots=True)
class _OnKey:
    """A key to be used under these conditions, because of the resources ``owners``."""

    key: Key
    resource: Guarded
    conditions: tuple[Condition, ...]
    owners: str


@dataclass(frozen=True, slots=True)
class _Keyring:
    """The keys behind what permissions are for; what was found once is kept."""

    resources: EncryptedResources
    _on_keys: dict[tuple[KeyUse, Text, Guards], tuple[_OnKey, ...]] = field(default_factory=dict)
    _keys: dict[str, tuple[Key, ...]] = field(default_factory=dict)

    def on_keys(self, use: KeyUse, resource: Guarded) -> tuple[tuple[_OnKey, ...], bool]:
        """What a use of a resource needs on keys, and whether it is asked for the first time."""
        place = (use, resource.text.pattern, resource.guards)
        is_new = place not in self._on_keys
        if is_new:
            self._on_keys[place] = self._found(use, resource)
        return self._on_keys[place], is_new

    def _found(self, use: KeyUse, resource: Guarded) -> tuple[_OnKey, ...]:
        surroundings = self.resources.surroundings
        found: dict[tuple[Guarded, tuple[Condition, ...]], tuple[Key, list[str]]] = {}
        for match in self.resources.matching(resource.text, use.types):
            if match.logical_id == surroundings.logical_id:
                # The machine's own key is a setting's affair.
                continue
            guards = _guards(match, resource.guards, surroundings)
            condition = _condition(use.condition, match, surroundings)
            for key in self._keys_of(match.logical_id):
                merged = merge_guards(guards, key.resource.guards)
                if merged is not None:
                    place = (Guarded(key.resource.text, merged), (condition, *key.conditions))
                    found.setdefault(place, (key, []))[1].append(match.logical_id)
        return tuple(
            _OnKey(key, guarded, conditions, few(owners)) for (guarded, conditions), (key, owners) in found.items()
        )

    def _keys_of(self, logical_id: str) -> tuple[Key, ...]:
        if logical_id not in self._keys:
            self._keys[logical_id] = tuple(keys_of(logical_id, self.resources.surroundings))
        return self._keys[logical_id]


def _guards(match: Match, guards: Guards, surroundings: Surroundings) -> Guards:
    """When the key is needed: where nothing refers to the resource, only if the template makes it."""
    scope = surroundings.resources.scope
    condition = scope.resources[match.logical_id].get("Condition") if scope is not None and not match.referred else None
    here = merge_guards(guards, ((condition, True),)) if isinstance(condition, str) else None
    return guards if here is None else here


def _condition(condition: KeyCondition, match: Match, surroundings: Surroundings) -> Condition:
    if isinstance(condition, Via):
        region = Wildcard() if condition.any_region else surroundings.deployment.region
        host = Text.of(f"{condition.service}.", region, ".amazonaws.com")
        return Condition("StringLike" if condition.any_region else "StringEquals", "kms:ViaService", (host,))
    scope = surroundings.resources.scope
    own = arn_of(match.logical_id, scope) if scope is not None and match.referred else None
    if own is not None:
        return Condition("StringEquals", condition.key, (own,))
    first, *_ = arns_of(match.logical_id, surroundings.resources, surroundings.deployment)
    return Condition("StringLike", condition.key, (first,))
