"""The customer's keys that a resource of the template is, or may be, encrypted with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.arguments import known_arguments
from sfn_least_privilege.policy.catalog.keys import ENCRYPTED_TYPES
from sfn_least_privilege.policy.needs.key_arns import customer_keys
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.value import (
    Guarded,
    Missing,
    ObjectValue,
    as_text,
    guarded_leaves,
    member,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.keys import EncryptedType
    from sfn_least_privilege.policy.needs.key_arns import Key
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Guards, Value


def keys_of(logical_id: str, surroundings: Surroundings) -> Iterator[Key]:
    """The keys of a resource of an encrypted type, each under the template conditions that make it the one."""
    described = ENCRYPTED_TYPES[surroundings.resources.type_of(logical_id)]
    switched: tuple[Guards, ...] = ((),)
    if described.switch is not None:
        leaves = _leaves(logical_id, described.switch.property, surroundings)
        switched = tuple(guards for guards, leaf in leaves if not _says(leaf, described.switch.off))
    for guards, leaf in _named(logical_id, described, surroundings):
        for on in switched:
            merged = merge_guards(guards, on)
            if merged is None:
                continue
            for key in customer_keys(leaf, surroundings):
                both = merge_guards(merged, key.resource.guards)
                if both is not None:
                    yield replace(key, resource=Guarded(key.resource.text, both))


def _named(logical_id: str, described: EncryptedType, surroundings: Surroundings) -> Iterator[tuple[Guards, Value]]:
    """What the property of the key says; of a resource in several regions, in this one."""
    if not described.region:
        yield from _leaves(logical_id, described.key, surroundings)
        return
    here = surroundings.deployment.region.sample
    listed, _, path = described.key.partition(".")
    for guards, item in _leaves(logical_id, listed, surroundings):
        regions = {as_text(leaf).sample for _, leaf in guarded_leaves(member(item, described.region))}
        if here is None or None in regions or here in regions:
            for inner, leaf in leaves_at(path, known_arguments(item)):
                merged = merge_guards(guards, inner)
                if merged is not None:
                    yield merged, leaf


def _leaves(logical_id: str, path: str, surroundings: Surroundings) -> tuple[tuple[Guards, Value], ...]:
    top = path.partition(".")[0].removesuffix("[]")
    value = surroundings.resources.property(logical_id, top)
    return leaves_at(path, known_arguments(ObjectValue({top: value})))


def _says(leaf: Value, value: str) -> bool:
    return not isinstance(leaf, Missing) and (as_text(leaf).sample or "").lower() == value.lower()
