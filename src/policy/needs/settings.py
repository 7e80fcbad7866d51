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
    from sfn_least_privilege.policy.value import Guards, Value


def setting_needs(settings: Mapping[str, Value], logical_id: str) -> Iterator[Need | Finding]:
    """The needs of the machine's logging and tracing, when they are on."""
    for guards in logged(settings):
        # Step Functions creates the log delivery together with the machine.
        yield from _rule_needs(LOGGING, guards, Phase.CREATION, logical_id)
    tracing = settings.get("TracingConfiguration", MISSING)
    for guards in switched_on(member(tracing, "Enabled"), off="false"):
        yield from _rule_needs(TRACING, guards, Phase.RUN, logical_id)


def logged(settings: Mapping[str, Value]) -> tuple[Guards, ...]:
    """The template conditions under which executions are logged: none at all where they are not."""
    logging = settings.get("LoggingConfiguration", MISSING)
    destinations = [(each, leaf) for each, leaf in guarded_leaves(member(logging, "Destinations")) if _holds_any(leaf)]
    if not destinations:
        return ()
    given = ((),) if any(not each for each, _ in destinations) else tuple(each for each, _ in destinations)
    levels = switched_on(member(logging, "Level"), off="OFF")
    merged = (merge_guards(guards, each) for guards in levels for each in given)
    return tuple(dict.fromkeys(guards for guards in merged if guards is not None))


def switched_on(value: Value, off: str) -> tuple[Guards, ...]:
    """The template conditions under which a switch is on: once with none where it just is on, or may be."""
    leaves = guarded_leaves(value)
    on = [
        guards for guards, leaf in leaves if leaf is not MISSING and (as_text(leaf).sample or "").lower() != off.lower()
    ]
    return ((),) if len(on) == len(leaves) and on else tuple(dict.fromkeys(on))


def _holds_any(destinations: Value) -> bool:
    return destinations not in (MISSING, ArrayValue(()))


def _rule_needs(
    rule: MachineRule,
    guards: Guards,
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
