"""The role behind an instance profile, which is what whoever starts instances with the profile passes.

https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-iam-role-for-ec2.html: ``JobFlowRole`` names the profile. A
profile that the console or ``aws emr create-default-roles`` makes has the name of its role.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.name_or_arn import name_or_arn, why_open
from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn
from sfn_least_privilege.policy.catalog.forms.same_name import same
from sfn_least_privilege.policy.catalog.integration import ROLE_TEMPLATE
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.text import Literal, Text, unknown
from sfn_least_privilege.policy.value import (
    Anything,
    ArrayValue,
    Guarded,
    Missing,
    as_text,
    guarded_leaves,
    merge_guards,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.deployment import Deployment
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Guards, Value

_TYPE = "AWS::IAM::InstanceProfile"
_TEMPLATE = "arn:{Partition}:iam::{AccountId}:instance-profile/{}"
_MARK = ":instance-profile/"


def roles_of_profile(argument: str) -> Callable[[Call], Iterator[Guarded]]:
    """The roles behind the profile that ``argument`` names."""

    def find(call: Call) -> Iterator[Guarded]:
        for guards, leaf in leaves_at(argument, call.arguments):
            if not isinstance(leaf, Missing):
                yield from _roles(as_text(leaf), guards, call.surroundings)

    return find


def profiles_taken_at_their_name(argument: str) -> Callable[[Call], Iterator[str]]:
    """What to tell of the profiles that ``argument`` names and the template does not have."""

    def tell(call: Call) -> Iterator[str]:
        for _, leaf in leaves_at(argument, call.arguments):
            if isinstance(leaf, Missing | Anything):
                continue
            profile = as_text(leaf)
            owned = profile.reference is not None and profile.reference.logical_id
            if profile.unknowns or owned or _in_template(profile, call.surroundings):
                continue
            yield (
                f"the instance profile `{spell(profile)}` is taken to hold a role of its own name, because it is not "
                f"in this template"
            )

    return tell


def _roles(profile: Text, guards: Guards, surroundings: Surroundings) -> Iterator[Guarded]:
    found = _in_template(profile, surroundings)
    if not found:
        yield Guarded(_role_of_same_name(profile, surroundings.deployment), guards)
    for logical_id in found:
        for own, role in _held(logical_id, surroundings):
            merged = merge_guards(guards, own)
            if merged is not None:
                yield Guarded(passed_role_arn(role, ROLE_TEMPLATE, surroundings.deployment), merged)


def _held(logical_id: str, surroundings: Surroundings) -> Iterable[tuple[Guards, Text]]:
    """The roles of a profile of the template: a profile holds one."""
    roles: Value = surroundings.resources.property(logical_id, "Roles")
    for guards, held in guarded_leaves(roles):
        items = held.items if isinstance(held, ArrayValue) else (held,)
        for item in items:
            for inner, leaf in guarded_leaves(item):
                merged = merge_guards(guards, inner)
                if merged is not None and not isinstance(leaf, Missing):
                    yield merged, as_text(leaf)


def _in_template(profile: Text, surroundings: Surroundings) -> tuple[str, ...]:
    """The logical ids of the template's profile that is meant, by reference or by its name."""
    reference = profile.reference
    if reference is not None and reference.resource_type == _TYPE:
        return (reference.logical_id,)
    named = _name(profile)
    return tuple(
        each
        for each in surroundings.resources.of_type(_TYPE)
        if any(
            same(as_text(leaf), named)
            for _, leaf in guarded_leaves(surroundings.resources.property(each, "InstanceProfileName"))
            if not isinstance(leaf, Missing)
        )
    )


def _name(profile: Text) -> Text:
    """The name in a profile's ARN, which stands behind the last slash; any other text as it is."""
    if any(isinstance(part, Literal) and _MARK in part.value for part in profile.parts):
        last = profile.parts[-1]
        if isinstance(last, Literal) and "/" in last.value:
            return Text.of(last.value.rpartition("/")[2])
    return profile


def _role_of_same_name(profile: Text, deployment: Deployment) -> Text:
    """The role that has the path and the name of a profile, which is named by its name or its ARN."""
    reference = profile.reference
    if reference is not None and reference.sample is not None and reference.sample.startswith("arn:"):
        # Only without a path is the name the only thing behind a slash.
        plain = reference.sample.count("/") == 1
        name = Text((arn.select(1, "/", reference),)) if plain else unknown(why_open(reference))
        return arn.build(ROLE_TEMPLATE, deployment, name)
    found = name_or_arn(profile, _TEMPLATE, deployment)
    if found.reference is None and not any(isinstance(part, Literal) and _MARK in part.value for part in found.parts):
        reasons = [part.reason for part in found.unknowns]
        return arn.build(ROLE_TEMPLATE, deployment, unknown(reasons[0] if reasons else "it is no instance profile"))
    parts = (
        Literal(part.value.replace(_MARK, ":role/", 1)) if isinstance(part, Literal) else part for part in found.parts
    )
    return passed_role_arn(Text.of(*parts), ROLE_TEMPLATE, deployment)
