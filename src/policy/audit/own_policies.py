"""The policies of a role that somebody wrote by hand, found in the template.

They stand in the role itself, in policies that name the role or that the role names, or, in a SAM template, in the
machine's ``Policies``:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-statemachine.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.audit.own_statements import OwnStatement, items_of, read_statements
from sfn_least_privilege.policy.iam.packing import Taken
from sfn_least_privilege.policy.iam.size import value_size
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.template.role_situation import is_absent, own_role_id
from sfn_least_privilege.policy.value import MISSING, ObjectValue, as_text, member, merge_guards

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Guards, Value


@dataclass(frozen=True, slots=True)
class OwnPolicies:
    """What a role's policies in the template say, and the policies whose contents stand elsewhere.

    ``taken`` is how much of the role's quotas they use up, as far as that can be seen. ``bounded`` says that the role
    has a permissions boundary. ``scope`` is what they were read in.
    """

    statements: tuple[OwnStatement, ...]
    unseen: tuple[str, ...]
    taken: Taken
    scope: Scope
    bounded: bool = False


@dataclass(frozen=True, slots=True)
class _Found:
    """A policy: where it is, under which template conditions, and its document; MISSING where that is elsewhere."""

    place: str
    guards: Guards
    document: Value
    is_managed: bool = False


def own_policies(logical_id: str, machine: Mapping[str, Any], scope: Scope) -> OwnPolicies:
    """The policies of a state machine's own role; ``machine`` is the machine's resource."""
    statements: list[OwnStatement] = []
    unseen: dict[str, None] = {}
    found = list(_found(logical_id, machine, scope))
    for each in found:
        if each.document is MISSING:
            unseen[each.place] = None
            continue
        read, problems = read_statements(each.place, each.guards, each.document, scope)
        statements.extend(read)
        unseen.update(dict.fromkeys(problems))
    taken = Taken(
        sum(value_size(each.document) for each in found if not each.is_managed),
        sum(each.is_managed for each in found),
    )
    role = scope.resources.get(own_role_id(logical_id, machine) or "", machine)
    bounded = not is_absent(_properties(role).get("PermissionsBoundary"))
    return OwnPolicies(tuple(statements), tuple(unseen), taken, scope, bounded)


def _found(logical_id: str, machine: Mapping[str, Any], scope: Scope) -> Iterator[_Found]:
    named = own_role_id(logical_id, machine) or ""
    resource = scope.resources.get(named)
    role = _properties(resource)
    if resource is None:
        policies = resolve(_properties(machine).get("Policies"), scope)
        yield from _serverless(policies, scope)
        yield from _connected(logical_id, machine, scope)
    for guards, each in items_of(resolve(role.get("Policies"), scope)):
        name = as_text(member(each, "PolicyName")).literal or "without a name"
        yield _Found(f"the policy `{name}` of {named}", guards, member(each, "PolicyDocument"))
    for guards, each in items_of(resolve(role.get("ManagedPolicyArns"), scope)):
        yield _managed(guards, each, scope)
    yield from _naming(named, as_text(resolve(role.get("RoleName"), scope)).literal, scope)


_MANAGED_TYPE = "AWS::IAM::ManagedPolicy"
_NAMING_TYPES = frozenset({"AWS::IAM::Policy", "AWS::IAM::RolePolicy", _MANAGED_TYPE})


def _naming(role: str, role_name: str | None, scope: Scope) -> Iterator[_Found]:
    """The policies of the template that say themselves which roles they are for."""
    for logical_id, resource in scope.resources.items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if not isinstance(kind, str) or kind not in _NAMING_TYPES:
            continue
        given = _properties(resource)
        roles = [given.get("Roles"), given.get("RoleName") if kind == "AWS::IAM::RolePolicy" else None]
        for node in roles:
            for guards, each in items_of(resolve(node, scope)):
                text = as_text(each)
                is_role = text.reference is not None and text.reference.logical_id == role
                if is_role or (role_name and text.literal == role_name):
                    yield from _of_resource(logical_id, guards, scope)


def _of_resource(logical_id: str, guards: Guards, scope: Scope) -> Iterator[_Found]:
    resource = scope.resources[logical_id]
    condition = resource.get("Condition")
    merged = merge_guards(guards, ((condition, True),) if isinstance(condition, str) else ())
    if merged is not None:
        document = resolve(_properties(resource).get("PolicyDocument"), scope)
        yield _Found(f"the policy {logical_id}", merged, document, is_managed=resource.get("Type") == _MANAGED_TYPE)


def _managed(guards: Guards, arn: Value, scope: Scope) -> _Found:
    """A managed policy by what names it: one of the template's, or one from elsewhere."""
    text = as_text(arn)
    reference = text.reference
    resource = scope.resources.get(reference.logical_id) if reference is not None else None
    if reference is not None and isinstance(resource, dict) and resource.get("Type") == _MANAGED_TYPE:
        return next(_of_resource(reference.logical_id, guards, scope), _unseen(text))
    return _unseen(text)


def _unseen(text: Text) -> _Found:
    return _Found(f"`{spell(text)}`", (), MISSING, is_managed=True)


def _serverless(policies: Value, scope: Scope) -> Iterator[_Found]:
    for guards, each in items_of(policies):
        if not isinstance(each, ObjectValue):
            yield _managed(guards, each, scope)
        elif member(each, "Statement") is not MISSING:
            yield _Found("a policy in `Policies`", guards, each)
        else:
            yield _Found(f"`{next(iter(each.fields), 'a policy')}`", guards, MISSING)


def _connected(logical_id: str, machine: Mapping[str, Any], scope: Scope) -> Iterator[_Found]:
    """What SAM's connectors will grant: they attach managed policies to the role that SAM makes."""
    for name in _names(machine.get("Connectors")):
        yield _Found(f"the connector `{name}`", (), MISSING, is_managed=True)
    for name, resource in scope.resources.items():
        if isinstance(resource, dict) and resource.get("Type") == "AWS::Serverless::Connector":
            source = _properties(resource).get("Source")
            if isinstance(source, dict) and source.get("Id") == logical_id:
                yield _Found(f"the connector `{name}`", (), MISSING, is_managed=True)


def _names(node: Any) -> Iterable[str]:
    return map(str, node) if isinstance(node, dict) else ()


def _properties(resource: Any) -> Mapping[str, Any]:
    properties = resource.get("Properties") if isinstance(resource, dict) else None
    return properties if isinstance(properties, dict) else {}
