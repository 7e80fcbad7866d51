"""Which resources of the template, encrypted with a customer's key, a permission's resource can be."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.keys import ENCRYPTED_TYPES
from sfn_least_privilege.policy.deployment import Deployment
from sfn_least_privilege.policy.template.dependencies import names_in
from sfn_least_privilege.policy.text import Literal, Reference, Text, Unknown, Wildcard, unknown
from sfn_least_privilege.policy.value import Missing, as_text, guarded_leaves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.template.resources import TemplateResources


@dataclass(frozen=True, slots=True)
class Match:
    """A resource of the template that a permission's resource names, or can be.

    ``referred`` says that the permission refers to it, so that whatever it refers to is there as well.
    """

    logical_id: str
    referred: bool


@dataclass(frozen=True, slots=True)
class EncryptedResources:
    """The template's resources of the types that can have a customer's key; what was found once is kept."""

    surroundings: Surroundings
    _found: dict[tuple[Text, tuple[str, ...]], tuple[Match, ...]] = field(default_factory=dict)
    _globs: dict[str, tuple[tuple[str, tuple[_Glob, ...]], ...]] = field(default_factory=dict)

    def matching(self, resource: Text, types: tuple[str, ...]) -> tuple[Match, ...]:
        """The resources of ``types`` that ``resource``, an ARN's pattern, can be."""
        place = (resource.pattern, types)
        if place not in self._found:
            self._found[place] = tuple(self._matching(resource, types))
        return self._found[place]

    def _matching(self, resource: Text, types: tuple[str, ...]) -> Iterator[Match]:
        resources = self.surroundings.resources
        named = (name for reference in resource.references for name in _names(reference))
        known = dict.fromkeys(each for name in named if resources.type_of(name) for each in _meant(name, resources))
        yield from (Match(name, referred=True) for name in known if resources.type_of(name) in types)
        if known or all(isinstance(part, Wildcard) for part in resource.parts):
            # It is another resource of the template, or `*` for an action that has no resource.
            return
        wanted = _glob(resource)
        for each in types:
            for logical_id, globs in self._of_type(each):
                if any(_may_be_one(wanted, glob) for glob in globs):
                    yield Match(logical_id, referred=False)

    def _of_type(self, resource_type: str) -> tuple[tuple[str, tuple[_Glob, ...]], ...]:
        if resource_type not in self._globs:
            resources = self.surroundings.resources
            self._globs[resource_type] = tuple(
                (logical_id, tuple(map(_glob, arns_of(logical_id, resources, self._deployment))))
                for logical_id in resources.of_type(resource_type)
            )
        return self._globs[resource_type]

    @property
    def _deployment(self) -> Deployment:
        """The deployment with what is not known of it open, so that a literal ARN is recognised all the same."""
        given = self.surroundings.deployment
        parts = (given.partition, given.region, given.account_id)
        return Deployment(*(each if each.sample is not None else unknown("it is not known") for each in parts))


def arns_of(logical_id: str, resources: TemplateResources, deployment: Deployment) -> tuple[Text, ...]:
    """The ARNs that a resource's name makes; its name is unknown where CloudFormation makes it up."""
    described = ENCRYPTED_TYPES[resources.type_of(logical_id)]
    names = [leaf for _, leaf in guarded_leaves(resources.property(logical_id, described.name))]
    texts = [unknown("CloudFormation makes it up") if isinstance(name, Missing) else as_text(name) for name in names]
    return tuple(arn.build(template, deployment, name) for template in described.arns for name in texts)


def _names(reference: Reference) -> tuple[str, ...]:
    """The logical ids that a reference names, also within the argument of another function."""
    if reference.logical_id:
        return (reference.logical_id,)
    if reference.function in {"Ref", "Fn::GetAtt"}:
        return ()
    return tuple(sorted(names_in({reference.function: json.loads(reference.argument)})))


_POINTERS = frozenset({"AWS::StepFunctions::StateMachineVersion", "AWS::StepFunctions::StateMachineAlias"})


def _meant(logical_id: str, resources: TemplateResources) -> Iterator[str]:
    """The resource itself, or the machine that it is a version or an alias of."""
    waiting = [logical_id]
    for _ in ("an alias names a version", "a version names its machine"):
        waiting = [each for name in waiting for each in _pointed_at(name, resources)]
    yield from waiting


def _pointed_at(logical_id: str, resources: TemplateResources) -> tuple[str, ...]:
    if resources.type_of(logical_id) not in _POINTERS or resources.scope is None:
        return (logical_id,)
    return tuple(sorted(names_in(resources.scope.resources[logical_id])))


_Glob: TypeAlias = "tuple[str, ...]"
"""What stands between the parts that may be anything; one string is the whole of it."""


def _glob(text: Text) -> _Glob:
    pieces = [""]
    for part in text.parts:
        if isinstance(part, Unknown | Wildcard):
            pieces.append("")
        elif isinstance(part, Literal):
            pieces[-1] += part.value
        elif part.sample is not None:
            pieces[-1] += part.sample
        else:
            # The same reference makes the same string; no ARN holds this character.
            pieces[-1] += f"\0{part.function} {part.argument}\0"
    return tuple(pieces)


def _may_be_one(one: _Glob, other: _Glob) -> bool:
    """Whether some string can match both: certain where neither is open, else told by how they begin and end."""
    if len(one) == len(other) == 1:
        return one == other
    heads, tails = (one[0], other[0]), (one[-1], other[-1])
    if len(one) == 1 or len(other) == 1:
        whole, pattern = (one[0], other) if len(one) == 1 else (other[0], one)
        return _matches(whole, pattern)
    return _begins_alike(*heads) and _ends_alike(*tails)


def _matches(whole: str, pattern: _Glob) -> bool:
    head, *inner, tail = pattern
    if len(whole) < len(head) + len(tail) or not whole.startswith(head) or not whole.endswith(tail):
        return False
    place, end = len(head), len(whole) - len(tail)
    for piece in inner:
        found = whole.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _begins_alike(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _ends_alike(one: str, other: str) -> bool:
    return one.endswith(other) or other.endswith(one)
