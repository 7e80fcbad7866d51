"""The policies of a role that somebody wrote by hand, read from the template.

They stand in the role itself, in policies that name the role, or, in a SAM template, in the machine's ``Policies``:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics import resolve
from sfn_least_privilege.policy.template.machine import PLAIN_TYPE, SERVERLESS_TYPE
from sfn_least_privilege.policy.template.role_situation import role_id, role_node
from sfn_least_privilege.policy.text import Kind, Literal, Reference, Text, Wildcard
from sfn_least_privilege.policy.value import MISSING, ArrayValue, Missing, as_text, guarded_leaves, member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sfn_least_privilege.policy.template.scope import Scope
    from sfn_least_privilege.policy.value import Guards, Value


@dataclass(frozen=True, slots=True)
class OwnStatement:
    """An ``Allow`` statement as its author wrote it; ``place`` says where, for people.

    ``guards`` are the template conditions under which it stands there.
    """

    place: str
    actions: tuple[str, ...]
    resources: tuple[Text, ...]
    guards: Guards = ()


@dataclass(frozen=True, slots=True)
class OwnPolicies:
    """What a role's policies in the template allow, and the policies whose contents stand elsewhere."""

    statements: tuple[OwnStatement, ...]
    unseen: tuple[str, ...]


def own_policies(machine: Mapping[str, Any], scope: Scope) -> OwnPolicies:
    """The policies of a state machine's own role; ``machine`` is the machine's resource."""
    statements: list[OwnStatement] = []
    unseen: dict[str, None] = {}
    for place, guards, document in _documents(machine, scope):
        if document is MISSING:
            unseen[place] = None
        else:
            statements.extend(_statements(place, guards, document))
    return OwnPolicies(tuple(statements), tuple(unseen))


def _documents(machine: Mapping[str, Any], scope: Scope) -> Iterator[tuple[str, Guards, Value]]:
    """Every policy document with its place; MISSING where a policy is named whose contents stand elsewhere."""
    named = role_id(role_node(machine))
    if named is None:
        yield from _serverless(machine.get("Properties", {}).get("Policies"), scope)
        return
    role = scope.resources[named].get("Properties", {})
    for guards, each in _items(resolve(role.get("Policies") or [], scope)):
        name = as_text(member(each, "PolicyName")).literal or "without a name"
        yield f"the policy `{name}` of {named}", guards, member(each, "PolicyDocument")
    attached = {_reference(each) for each in _listed(role.get("ManagedPolicyArns"))}
    for each in _listed(role.get("ManagedPolicyArns")):
        if _reference(each) not in scope.resources:
            yield _shown(each), (), MISSING
    for logical_id, resource in scope.resources.items():
        kind = resource.get("Type") if isinstance(resource, dict) else None
        if kind not in _POLICY_TYPES:
            continue
        given = resource.get("Properties", {})
        roles = [*_listed(given.get("Roles")), given.get("RoleName")]
        if logical_id in attached or any(_reference(each) == named for each in roles):
            condition = resource.get("Condition")
            guards = ((condition, True),) if isinstance(condition, str) else ()
            yield f"the policy {logical_id}", guards, resolve(given.get("PolicyDocument", {}), scope)


_POLICY_TYPES = frozenset({"AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy"})


def _serverless(policies: Any, scope: Scope) -> Iterator[tuple[str, Guards, Value]]:
    for each in _listed(policies):
        if isinstance(each, dict) and "Statement" in each:
            yield "a policy in `Policies`", (), resolve(each, scope)
        else:
            yield _shown(each), (), MISSING


def _statements(place: str, around: Guards, document: Value) -> Iterator[OwnStatement]:
    for guards, statement in _items(member(document, "Statement")):
        if as_text(member(statement, "Effect")).literal != "Allow":
            continue
        actions = tuple(
            literal for _, each in _items(member(statement, "Action")) if (literal := as_text(each).literal) is not None
        )
        resources = tuple(_as_pattern(as_text(each)) for _, each in _items(member(statement, "Resource")))
        yield OwnStatement(place, actions, resources, (*around, *guards))


def _items(value: Value) -> Iterable[tuple[Guards, Value]]:
    """What a list holds, or the one thing that stands in the place of a list."""
    for guards, leaf in guarded_leaves(value):
        if isinstance(leaf, ArrayValue):
            for item in leaf.items:
                for inner, each in guarded_leaves(item):
                    if not isinstance(each, Missing):
                        yield (*guards, *inner), each
        elif not isinstance(leaf, Missing):
            yield guards, leaf


def _as_pattern(text: Text) -> Text:
    """A resource as a pattern: a star is a wildcard, and an ARN built around a name is the resource's own."""
    pieces: list[Any] = []
    for part in text.parts:
        if isinstance(part, Literal):
            head, *tail = part.value.split("*")
            pieces.append(head)
            for piece in tail:
                pieces.extend((Wildcard(), piece))
        else:
            pieces.append(part)
    return _own_arn(Text.of(*pieces))


def _own_arn(text: Text) -> Text:
    """``arn:…:table/${Table}/index/*`` begins with the table's ARN, which we write as ``${Table.Arn}``."""
    if not text.prefix.startswith("arn:"):
        return text
    for index, part in enumerate(text.parts):
        # The name of a state machine also stands in the ARNs of its executions, which are not its own.
        if isinstance(part, Reference) and part.resource_type in {PLAIN_TYPE, SERVERLESS_TYPE}:
            return text
        if isinstance(part, Reference) and part.kind is Kind.NAME and part.arn is not None and part.logical_id:
            return Text.of(part.arn, *text.parts[index + 1 :])
    return text


def _reference(node: Any) -> str:
    """The logical id that a node refers to; empty where it refers to none."""
    named = node.get("Ref") if isinstance(node, dict) else None
    return named if isinstance(named, str) else role_id(node) or ""


def _shown(node: Any) -> str:
    if isinstance(node, str):
        return f"`{node}`"
    return f"`{next(iter(node))}`" if isinstance(node, dict) and node else "a policy"


def _listed(node: Any) -> list[Any]:
    if node is None:
        return []
    return node if isinstance(node, list) else [node]
