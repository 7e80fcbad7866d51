"""The roles that a task of ECS runs under, which whoever starts it hands on to it.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html and
https://docs.aws.amazon.com/step-functions/latest/dg/connect-ecs.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.forms.revision import unnumbered
from sfn_least_privilege.policy.catalog.forms.role import passed_role_arn
from sfn_least_privilege.policy.catalog.forms.same_name import same
from sfn_least_privilege.policy.catalog.integration import ROLE_TEMPLATE
from sfn_least_privilege.policy.needs.leaves import leaves_at
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.text import Literal, Text, unknown
from sfn_least_privilege.policy.value import Anything, Guarded, Missing, as_text, guarded_leaves, merge_guards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sfn_least_privilege.policy.catalog.integration import Call
    from sfn_least_privilege.policy.surroundings import Surroundings
    from sfn_least_privilege.policy.value import Guards

_TYPE = "AWS::ECS::TaskDefinition"
_MARK = ":task-definition/"
_ELSEWHERE = (
    "the roles of a task definition that is not in this template cannot be read; give them in `Overrides`, or define "
    "it here"
)


def roles_of_definition(name: str) -> Callable[[Call], Iterator[Guarded]]:
    """The ``name`` of the task definition that a call starts.

    A role that ``Overrides`` gives takes its place, so that the definition's own is not passed.
    """

    def find(call: Call) -> Iterator[Guarded]:
        for own, override in leaves_at(f"Overrides.{name}", call.arguments):
            if not isinstance(override, Missing | Anything):
                continue
            for guards, leaf in leaves_at("TaskDefinition", call.arguments):
                merged = merge_guards(own, guards)
                if merged is not None and not isinstance(leaf, Missing):
                    yield from _roles(as_text(leaf), name, merged, call.surroundings)

    return find


def definitions_taken_by_family(call: Call) -> Iterator[str]:
    """What to tell of a task definition that is found in the template by its family only."""
    for _, leaf in leaves_at("TaskDefinition", call.arguments):
        if isinstance(leaf, Missing | Anything) or _referred(as_text(leaf)):
            continue
        for logical_id in _in_template(as_text(leaf), call.surroundings):
            yield (
                f"the task definition `{spell(as_text(leaf))}` is taken to have the roles that `{logical_id}` of this "
                f"template has; write a reference to it to be sure"
            )


def _roles(definition: Text, name: str, guards: Guards, surroundings: Surroundings) -> Iterator[Guarded]:
    found = _in_template(definition, surroundings)
    if not found:
        yield Guarded(arn.build(ROLE_TEMPLATE, surroundings.deployment, unknown(_why(definition))), guards)
    for logical_id in found:
        for own, leaf in guarded_leaves(surroundings.resources.property(logical_id, name)):
            merged = merge_guards(guards, own)
            if merged is not None and not isinstance(leaf, Missing):
                yield Guarded(passed_role_arn(as_text(leaf), ROLE_TEMPLATE, surroundings.deployment), merged)


def _in_template(definition: Text, surroundings: Surroundings) -> tuple[str, ...]:
    """The logical ids of the template's task definition that is meant, by reference or by its family."""
    referred = _referred(definition)
    if referred:
        return (referred,)
    return tuple(each for each in surroundings.resources.of_type(_TYPE) if _is_family(definition, each, surroundings))


def _referred(definition: Text) -> str:
    """The logical id of the task definition that a reference stands for; empty where it is something else."""
    reference = definition.reference
    return reference.logical_id if reference is not None and reference.resource_type == _TYPE else ""


def _why(definition: Text) -> str:
    return "; ".join(dict.fromkeys([*(part.reason for part in definition.unknowns), _ELSEWHERE]))


def _is_family(definition: Text, logical_id: str, surroundings: Surroundings) -> bool:
    """Whether a definition that is named in words is the one that the template calls ``logical_id``."""
    named = unnumbered(_family(definition))
    families = guarded_leaves(surroundings.resources.property(logical_id, "Family"))
    return any(same(as_text(leaf), named) for _, leaf in families if not isinstance(leaf, Missing))


def _family(definition: Text) -> Text:
    for index, part in enumerate(definition.parts):
        if isinstance(part, Literal) and _MARK in part.value:
            return Text.of(part.value.partition(_MARK)[2], *definition.parts[index + 1 :])
    return definition
