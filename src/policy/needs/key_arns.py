"""The ARNs of keys that properties name in any of the forms that services take.

A key id, a key's ARN, an alias or an alias's ARN:
https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#key-id
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import (
    TAKEN_APART,
    anything_of,
    fields_at_deployment,
    is_arn,
    why_open,
)
from sfn_least_privilege.policy.catalog.keys import ALIAS_TYPE, KEY_TYPES
from sfn_least_privilege.policy.conditions import Condition
from sfn_least_privilege.policy.text import WILDCARD, Reference, Text, Wildcard
from sfn_least_privilege.policy.value import Guarded, Missing, as_text, guarded_leaves, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Value

_TEMPLATE = "arn:{Partition}:kms:{Region}:{AccountId}:key/{}"
_ALIAS, _SERVICES_OWN = "alias/", "alias/aws/"
_REGION, _ACCOUNT = 3, 4


@dataclass(frozen=True, slots=True)
class Key:
    """A customer's key.

    ``conditions`` stand for what its ARN does not show: the alias. ``breadth`` says why the ARN is wider than the
    key, empty where neither is.
    """

    resource: Guarded
    conditions: tuple[Condition, ...] = ()
    breadth: str = ""


def customer_keys(value: Value, surroundings: Surroundings) -> Iterator[Key]:
    """The customer's keys that a property can name; none where it names the service's own key, or is not given."""
    for guards, leaf in guarded_leaves(value):
        if isinstance(leaf, Missing) or as_text(leaf).sample == "":
            # An empty name names no key: services take it for none.
            continue
        for key in _keys(as_text(leaf), surroundings):
            merged = merge_guards(guards, key.resource.guards)
            if merged is not None:
                yield replace(key, resource=Guarded(key.resource.text, merged))


def _keys(named: Text, surroundings: Surroundings) -> Iterator[Key]:
    reference = named.reference
    if reference is not None and reference.resource_type in KEY_TYPES:
        yield Key(Guarded(reference.arn or named))
        return
    if reference is not None and reference.resource_type == ALIAS_TYPE:
        yield from _behind_alias(reference.logical_id, surroundings)
        return
    alias = _alias_name(named)
    if alias is not None:
        yield from _of_alias(alias, named, surroundings)
    elif is_arn(named):
        yield Key(Guarded(named))
    elif named.sample is not None or named.prefix:
        yield Key(Guarded(arn.build(_TEMPLATE, surroundings.deployment, named)))
    elif reference is not None and reference.function in TAKEN_APART:
        yield from _in_any_form(reference, surroundings)
    else:
        first = named.parts[0] if named.parts else None
        unknown = named.unknowns[0].reason if named.unknowns else "the key is not known"
        reason = why_open(first) if isinstance(first, Reference) else unknown
        yield Key(Guarded(anything_of(_TEMPLATE, surroundings.deployment, reason)), breadth=reason)


def _in_any_form(reference: Reference, surroundings: Surroundings) -> Iterator[Key]:
    """The key that a value names of which only deployment knows whether it is an ARN, an id or an alias.

    What its fields then say is the key; or it is an alias, and so no key but a condition.
    """
    deployment = surroundings.deployment
    account, key = fields_at_deployment(reference, "key/", deployment)
    start = ("arn:", deployment.partition, ":kms:", deployment.region, ":", account, ":")
    yield Key(Guarded(Text.of(*start, key)))
    aliases = Condition("ForAnyValue:StringEquals", "kms:ResourceAliases", (Text((reference,)), key))
    yield Key(Guarded(Text.of(*start, "key/", Wildcard())), (aliases,))


def _alias_name(named: Text) -> Text | None:
    """``alias/…`` where a key is named by its alias or by the ARN of it."""
    spoken = named.sample if named.sample is not None else named.prefix
    if spoken.startswith(_ALIAS):
        return named
    if not is_arn(named):
        return None
    name = arn.field(named, arn.RESOURCE)
    if name is None:
        return None
    begun = name.sample if name.sample is not None else name.prefix
    return name if begun.startswith(_ALIAS) else None


def _of_alias(alias: Text, named: Text, surroundings: Surroundings) -> Iterator[Key]:
    spoken = alias.sample if alias.sample is not None else alias.prefix
    if spoken.startswith(_SERVICES_OWN):
        return
    resources = surroundings.resources
    for logical_id in resources.of_type(ALIAS_TYPE):
        leaves = guarded_leaves(resources.property(logical_id, "AliasName"))
        if any(not isinstance(leaf, Missing) and _same(as_text(leaf), alias) for _, leaf in leaves):
            yield from _behind_alias(logical_id, surroundings)
            return
    region, account = (arn.field(named, field) if is_arn(named) else None for field in (_REGION, _ACCOUNT))
    every = arn.build(_TEMPLATE, surroundings.deployment, WILDCARD, account_id=account, region=region)
    # An alias is no resource that the actions on a key are authorised on:
    # https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html
    yield Key(Guarded(every), (Condition("ForAnyValue:StringEquals", "kms:ResourceAliases", (alias,)),))


def _same(one: Text, other: Text) -> bool:
    return one == other or (one.sample is not None and one.sample == other.sample)


def _behind_alias(logical_id: str, surroundings: Surroundings) -> Iterator[Key]:
    """The key that an alias of the template stands for; an alias stands for no other alias."""
    for guards, leaf in guarded_leaves(surroundings.resources.property(logical_id, "TargetKeyId")):
        target = as_text(leaf)
        reference = target.reference
        is_alias = _alias_name(target) is not None or (reference is not None and reference.resource_type == ALIAS_TYPE)
        if isinstance(leaf, Missing) or is_alias:
            continue
        for key in _keys(target, surroundings):
            merged = merge_guards(guards, key.resource.guards)
            if merged is not None:
                yield replace(key, resource=Guarded(key.resource.text, merged))
