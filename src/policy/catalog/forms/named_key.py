"""The key that an argument of a call names, for what the service does with it in the caller's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.catalog.integration import Derived, FixedArn, Given, Grant, GrantCondition
from sfn_least_privilege.policy.needs.key_arns import customer_keys
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.text import Text, Unknown, Wildcard
from sfn_least_privilege.policy.value import Guarded, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Value

_BY_ALIAS = Unknown("a key is known to IAM by its id only, and an alias that is not in this template does not show it")


def named_key(argument: str) -> Derived:
    """The key that ``argument`` names by its id, its ARN or an alias; nothing for a key of the service's own."""

    def find(call: Call) -> Iterator[Guarded]:
        for guards, leaf in leaves_at(argument, call.arguments):
            for key in keys_named(leaf, call.surroundings):
                merged = merge_guards(guards, key.guards)
                if merged is not None:
                    yield Guarded(key.text, merged)

    return Derived(find, argument, f"The key that `{argument}` names")


def key_grant(argument: str, documentation: str) -> Grant:
    """What lets a service keep on using the key that ``argument`` names, once the call is done.

    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-grant-is-for-aws-resource
    """
    return Grant(
        ("kms:CreateGrant",),
        named_key(argument),
        when=(Given(argument),),
        conditions=(GrantCondition("Bool", "kms:GrantIsForAWSResource", FixedArn("true")),),
        basis=Basis.DERIVED,
        documentation=documentation,
        note="The page of Step Functions does not have it. The condition holds where a service asks KMS for the "
        "grant in the caller's name, and for nobody else.",
    )


def keys_named(value: Value, surroundings: Surroundings) -> Iterator[Guarded]:
    """The ARNs of the customer's keys that a value can name, open where it is an alias of a key that is not known."""
    for key in customer_keys(value, surroundings):
        text = key.resource.text
        if key.conditions:
            text = Text.of(*(_BY_ALIAS if isinstance(part, Wildcard) else part for part in text.parts))
        yield Guarded(text, key.resource.guards)
