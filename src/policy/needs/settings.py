"""What a machine's settings require of the role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.machine_rules import LOGGING, TRACING
from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.needs import rules
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.text import Text, Wildcard
from sfn_least_privilege.policy.value import (
    MISSING,
    ArrayValue,
    Guarded,
    as_text,
    guarded_leaves,
    member,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.catalog.machine_rules import MachineRule
    from sfn_least_privilege.policy.value import Value


def setting_needs(settings: Mapping[str, Value], logical_id: str) -> Iterator[Need | Finding]:
    """The needs of the machine's logging and tracing, when they are on; a key of the customer is an error as yet."""
    encryption = settings.get("EncryptionConfiguration", MISSING)
    if tuple(_on(member(encryption, "Type"), off="AWS_OWNED_KEY")):
        yield finding(rules.CUSTOMER_KEY, Location(logical_id))
    logging = settings.get("LoggingConfiguration", MISSING)
    destinations = [(each, leaf) for each, leaf in guarded_leaves(member(logging, "Destinations")) if _holds_any(leaf)]
    if destinations:
        given = ((),) if any(not each for each, _ in destinations) else tuple(each for each, _ in destinations)
        for guards in _on(member(logging, "Level"), off="OFF"):
            for both in dict.fromkeys(merge_guards(guards, each) for each in given):
                if both is not None:
                    # Step Functions creates the log delivery together with the machine.
                    yield from _rule_needs(LOGGING, both, Phase.CREATION, logical_id)
    tracing = settings.get("TracingConfiguration", MISSING)
    for guards in _on(member(tracing, "Enabled"), off="false"):
        yield from _rule_needs(TRACING, guards, Phase.RUN, logical_id)


def _on(value: Value, off: str) -> Iterator[tuple[tuple[str, bool], ...]]:
    """The template conditions under which a switch is on: once with none where it just is on, or may be."""
    leaves = guarded_leaves(value)
    on = [
        guards for guards, leaf in leaves if leaf is not MISSING and (as_text(leaf).sample or "").lower() != off.lower()
    ]
    if len(on) == len(leaves) and on:
        yield ()
        return
    yield from dict.fromkeys(on)


def _holds_any(destinations: Value) -> bool:
    return destinations not in (MISSING, ArrayValue(()))


def _rule_needs(
    rule: MachineRule,
    guards: tuple[tuple[str, bool], ...],
    phase: Phase,
    logical_id: str,
) -> Iterator[Need | Finding]:
    reason = Reason((), rule.name, rule.documentation, rule.basis)
    yield Need(rule.actions, Guarded(Text((Wildcard(),)), guards), phase, reason)
    yield finding(
        rules.RESOURCE_FORCED,
        Location(logical_id),
        actions=", ".join(rule.actions),
        reason=rule.reason,
    )
