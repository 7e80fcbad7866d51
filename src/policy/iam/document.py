"""Policy documents as CloudFormation and IAM read them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.guards import joined
from sfn_least_privilege.policy.rendering import render_pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sfn_least_privilege.policy.conditions import Condition
    from sfn_least_privilege.policy.iam.statement import Statement
    from sfn_least_privilege.policy.value import Guards

VERSION = "2012-10-17"


@dataclass(frozen=True, slots=True)
class InlinePolicy:
    """An inline policy of a role; ``guards`` are the template conditions under which the role has it."""

    name: str
    statements: tuple[Statement, ...]
    guards: Guards = ()


def inline_policies(statements: Iterable[Statement]) -> tuple[InlinePolicy, ...]:
    """One policy for what always holds and one for each set of conditions.

    A statement never disappears from a policy by a condition, so that none can end up empty, which IAM refuses.
    """
    by_guards: dict[Guards, list[Statement]] = {}
    for statement in statements:
        by_guards.setdefault(statement.guards, []).append(statement)
    return tuple(
        InlinePolicy(_policy_name(guards, number), tuple(grouped), guards)
        for number, (guards, grouped) in enumerate(sorted(by_guards.items(), key=lambda item: bool(item[0])))
    )


def policy_count(statements: Iterable[Statement]) -> int:
    """How many inline policies the statements make."""
    return len({statement.guards for statement in statements})


_MAX_NAME = 128
"""https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html"""


def _policy_name(guards: Guards, number: int) -> str:
    name = "-".join(["Workflow", *map(_guard_name, guards)])
    return name if len(name) <= _MAX_NAME else f"Workflow-Conditions{number}"


def _guard_name(guard: tuple[str, bool]) -> str:
    condition, holds = guard
    return f"If{condition}" if holds else f"Unless{condition}"


def document(statements: Sequence[Statement]) -> dict[str, Any]:
    """The policy document of statements that stand under no or under the same conditions."""
    return {"Version": VERSION, "Statement": [_rendered(statement) for statement in statements]}


def guarded_document(statements: Sequence[Statement]) -> dict[str, Any]:
    """The policy document of statements each of which stands under conditions of its own.

    For policies that are resources themselves and so cannot go away as a whole, which would take a condition of the
    template's. IAM refuses a document without statements: where none is left whatever the conditions are, one stands
    in their place that says nothing, because there is no resource that is not matched by ``*``.
    """
    written = [under_conditions(each.guards, _rendered(each)) for each in statements]
    if () not in joined(each.guards for each in statements):
        nothing = {"Sid": "Nothing", "Effect": "Deny", "Action": statements[0].actions[0], "NotResource": "*"}
        written.append(nothing)
    return {"Version": VERSION, "Statement": written}


def _rendered(statement: Statement) -> dict[str, Any]:
    rendered = {
        "Sid": statement.sid,
        "Effect": "Allow",
        "Action": _single(list(statement.actions)),
        "Resource": _single([render_pattern(resource) for resource in statement.resources]),
    }
    if statement.conditions:
        rendered["Condition"] = condition_block(statement.conditions)
    return rendered


def condition_block(conditions: Iterable[Condition]) -> dict[str, Any]:
    """A statement's ``Condition``: keys by operator, all of which a request must match.

    IAM replaces policy variables in every operator's values, so special characters are escaped in all of them.
    """
    block: dict[str, Any] = {}
    for each in conditions:
        block.setdefault(each.operator, {})[each.key] = _single([render_pattern(value) for value in each.values])
    return block


def _single(items: list[Any]) -> Any:
    return items[0] if len(items) == 1 else items


def under_conditions(guards: Guards, node: Any) -> Any:
    """``node`` as it stands under template conditions: ``AWS::NoValue`` where they do not hold."""
    for condition, holds in reversed(guards):
        absent = {"Ref": "AWS::NoValue"}
        node = {"Fn::If": [condition, node, absent] if holds else [condition, absent, node]}
    return node
