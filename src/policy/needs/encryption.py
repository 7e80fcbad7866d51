"""What encrypting a machine with a customer's key requires of its role.

https://docs.aws.amazon.com/step-functions/latest/dg/encryption-at-rest.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.keys import ENCRYPTED_LOGS, ENCRYPTION
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.findings import Location, finding
from sfn_least_privilege.policy.needs import rules
from sfn_least_privilege.policy.needs.key_arns import customer_keys
from sfn_least_privilege.policy.needs.keys import told_of_key
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.needs.settings import logged, switched_on
from sfn_least_privilege.policy.text import Text, Wildcard
from sfn_least_privilege.policy.value import MISSING, Guarded, Missing, guarded_leaves, member, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.asl.workflow import Workflow
    from sfn_least_privilege.policy.catalog.keys import MachineKeyRule
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.needs.key_arns import Key
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Guards, Value

_LOGS = "arn:{Partition}:logs:{Region}:{AccountId}:*"


def encryption_needs(
    workflow: Workflow,
    settings: Mapping[str, Value],
    surroundings: Surroundings,
) -> Iterator[Need | Finding]:
    """The needs of a machine that is, or may be, encrypted with a customer's key."""
    location = Location(surroundings.logical_id)
    for guards, leaf in _named_keys(settings):
        if isinstance(leaf, Missing):
            yield finding(rules.KEY_MISSING, location)
            continue
        for key in customer_keys(leaf, surroundings):
            merged = merge_guards(guards, key.resource.guards)
            if merged is None:
                continue
            resource = Guarded(key.resource.text, merged)
            context = _executions(workflow, surroundings)
            yield _need(ENCRYPTION, resource, Phase.RUN, (context, *key.conditions))
            yield from told_of_key(key, ENCRYPTION.actions, location)
            yield from _log_needs(key, resource, settings, surroundings)


def _named_keys(settings: Mapping[str, Value]) -> Iterator[tuple[Guards, Value]]:
    """What ``KmsKeyId`` can be where the key is the customer's."""
    encryption = settings.get("EncryptionConfiguration", MISSING)
    keys = guarded_leaves(member(encryption, "KmsKeyId"))
    for on in switched_on(member(encryption, "Type"), off="AWS_OWNED_KEY"):
        for guards, leaf in keys:
            merged = merge_guards(on, guards)
            if merged is not None:
                yield merged, leaf


def _executions(workflow: Workflow, surroundings: Surroundings) -> Condition:
    """That the key is used for executions of this machine."""
    own = surroundings.own_arn
    if workflow.distributed_maps:
        # Child executions are of `machine/label`; whether their data are encrypted in that name is not documented.
        return Condition("StringLike", ENCRYPTION.context, (own, Text.of(own, "/", Wildcard())))
    return Condition("StringEquals", ENCRYPTION.context, (own,))


def _log_needs(
    key: Key,
    resource: Guarded,
    settings: Mapping[str, Value],
    surroundings: Surroundings,
) -> Iterator[Need]:
    for guards in logged(settings):
        merged = merge_guards(resource.guards, guards)
        if merged is not None:
            # The star is the context's own: Step Functions says `arn:…:logs:…:*` for every log group.
            source = arn.build(_LOGS, surroundings.deployment)
            conditions = (Condition("StringEquals", ENCRYPTED_LOGS.context, (source,)), *key.conditions)
            yield _need(ENCRYPTED_LOGS, Guarded(resource.text, merged), Phase.CREATION, conditions)


def _need(rule: MachineKeyRule, resource: Guarded, phase: Phase, conditions: tuple[Condition, ...]) -> Need:
    return Need(rule.actions, resource, phase, Reason((), rule.name, rule.documentation, rule.basis), conditions)
