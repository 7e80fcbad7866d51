"""Policies with something taken away: each must fail some demand of the ledger, or what was taken was not needed."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import product
from typing import TYPE_CHECKING, Any

from proving.demand import ACCOUNT, REGION
from proving.public_data import resource_types
from proving.roles import machines, question, role_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from proving.demand import Demand
    from proving.judge import Judge
    from proving.roles import Role
    from proving.running import Proof
    from proving.stack import Stack


@dataclass(frozen=True, slots=True)
class Mutant:
    """A role's policies without one thing. ``action`` and ``resource`` say what is gone, ``*`` for all of them.

    ``actions`` are those of the statement that it is taken from, or the one that is gone, in small letters.
    """

    machine: str
    sid: str
    action: str
    resource: str
    actions: frozenset[str]
    inline: tuple[Mapping[str, Any], ...]
    beside: tuple[Mapping[str, Any], ...]

    @property
    def told(self) -> str:
        return f"{self.machine} {self.sid}: without {self.action} on {self.resource}"


@dataclass(frozen=True, slots=True)
class Mutation:
    """How many mutants were made, and which of them nothing noticed."""

    made: int
    survivors: tuple[Mutant, ...]


def mutate(proof: Proof, stack: Stack, judge: Judge) -> Mutation:
    """Take everything away in turn. ``stack`` is the proof's own, or one with other policies for the same demands."""
    made = 0
    survivors = []
    for machine in machines(stack):
        role = role_of(stack, machine)
        demands = demands_on(proof, machine)
        for mutant in _mutants(machine, role):
            made += 1
            # What is not asked for any of the actions is as allowed as it was.
            asked = [each for each in demands if each.action.lower() in mutant.actions]
            if all_allowed(judge, role.arn, mutant.inline, mutant.beside, asked):
                survivors.append(mutant)
    return Mutation(made, tuple(survivors))


def demands_on(proof: Proof, machine: str) -> list[Demand]:
    """Each demand on a machine's role once; how Step Functions assumes the role is the trust policy's matter."""
    rows = [row for row in proof.ledger if row.machine == machine and row.call != "assume"]
    return list(dict.fromkeys(row.demand for row in rows))


def all_allowed(
    judge: Judge,
    principal: str,
    inline: Iterable[Mapping[str, Any]],
    beside: Iterable[Mapping[str, Any]],
    demands: Iterable[Demand],
) -> bool:
    """Whether policies allow every demand; what is checked at creation must be allowed by those inline."""
    within = list(inline)
    names = {True: judge.define(within), False: judge.define([*within, *beside])}
    asked = [question(each, principal, names[each.at_creation]) for each in demands]
    return all(answer.allowed for answer in judge.ask(asked))


def _mutants(machine: str, role: Role) -> Iterator[Mutant]:
    documents = role.policies
    for index, document in enumerate(documents):
        statements = document["Statement"]
        for position, statement in enumerate(statements):
            for action, resource, rest in _reductions(statement):
                changed = {**document, "Statement": [*statements[:position], *rest, *statements[position + 1 :]]}
                replaced = [*documents[:index], *([changed] if changed["Statement"] else []), *documents[index + 1 :]]
                inline = len(role.inline) - (0 if changed["Statement"] or index >= len(role.inline) else 1)
                yield Mutant(
                    machine,
                    statement.get("Sid", str(position)),
                    action,
                    resource,
                    frozenset(each.lower() for each in ([action] if action != "*" else _listed(statement["Action"]))),
                    tuple(replaced[:inline]),
                    tuple(replaced[inline:]),
                )


def _reductions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """What is gone, and the statements that stay in the place of one."""
    actions, resources = _listed(statement["Action"]), _listed(statement.get("Resource", []))
    yield "*", "*", []
    for action in actions if len(actions) > 1 else ():
        yield action, "*", [{**statement, "Action": _without(actions, action)}]
    for resource in resources if len(resources) > 1 else ():
        yield "*", resource, [{**statement, "Resource": _without(resources, resource)}]
    for action, resource in product(actions, resources) if len(actions) > 1 and len(resources) > 1 else ():
        # Where two needs share a statement, IAM may never ask for the action of one on the resource of the other.
        if not is_void(action, resource):
            others = {**statement, "Sid": "Others", "Action": _without(actions, action)}
            yield action, resource, [others, {**statement, "Action": action, "Resource": _without(resources, resource)}]
    yield from _fewer_values(statement)


def without_conditions(machine: str, role: Role) -> Iterator[Mutant]:
    """The role's policies with one condition less in turn."""
    documents = role.policies
    for index, document in enumerate(documents):
        for position, statement in enumerate(document["Statement"]):
            for operator, keys in (statement.get("Condition") or {}).items():
                for key in keys:
                    loose = copy.deepcopy(dict(statement))
                    del loose["Condition"][operator][key]
                    statements = [*document["Statement"][:position], loose, *document["Statement"][position + 1 :]]
                    changed = [*documents[:index], {**document, "Statement": statements}, *documents[index + 1 :]]
                    actions = frozenset(each.lower() for each in _listed(statement["Action"]))
                    sid = statement.get("Sid", str(position))
                    yield Mutant(machine, sid, f"the condition on {key}", "*", actions, tuple(changed), ())


def _fewer_values(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Any]]]:
    """The statement with one value of a condition less, where a condition has several."""
    for operator, keys in (statement.get("Condition") or {}).items():
        for key, values in keys.items():
            for value in values if isinstance(values, list) and len(values) > 1 else ():
                fewer = copy.deepcopy(dict(statement))
                fewer["Condition"][operator][key] = _without(values, value)
                yield "*", f"{key}={value}", [fewer]


def _without(values: list[str], value: str) -> list[str]:
    return [each for each in values if each != value]


def is_void(action: str, pattern: str) -> bool:
    """Whether a resource is of no type that the action has, by public data: granting it grants nothing."""
    types = resource_types(action)
    if not types or pattern == "*":
        return False
    for each in types:
        example = _VARIABLE.sub(lambda match: _EXAMPLES.get(match[1], "x"), each.arn)
        shape = "".join(
            ".*" if index % 2 else re.escape(piece) for index, piece in enumerate(_VARIABLE.split(each.arn))
        )
        if fnmatchcase(example, pattern) or re.fullmatch(shape, pattern):
            return False
    return True


_VARIABLE = re.compile(r"\$\{(\w+)\}")
_EXAMPLES = {"Partition": "aws", "Region": REGION, "Account": ACCOUNT}


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]
