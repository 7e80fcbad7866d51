"""Requests that are almost what a workflow does: another account, region, name or host. A minimal role refuses them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from proving.demand import ACCOUNT, REGION, Demand
from proving.mutation import Mutation, demands_on, without_conditions
from proving.public_data import resource_types
from proving.roles import machines, question, role_of, trusted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from proving.judge import Judge
    from proving.running import Proof
    from proving.stack import Stack

OTHER_ACCOUNT = "999999999999"
OTHER_REGION = "eu-west-2"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A demand changed in one part: ``part`` is the variable of its ARN or the condition key that was changed."""

    machine: str
    part: str
    demand: Demand

    @property
    def told(self) -> str:
        context = "".join(f" with {key}={value}" for key, value in self.demand.context)
        return f"{self.machine}: {self.demand.action} on {self.demand.resource}{context}"


@dataclass(frozen=True, slots=True)
class Misses:
    """How many near misses were tried, and which of them the policy allows."""

    tried: int
    allowed: tuple[NearMiss, ...]


def try_near_misses(proof: Proof, stack: Stack, judge: Judge) -> Misses:
    """Ask the roles for what is nearly what they need."""
    tried = 0
    allowed = []
    for machine in machines(stack):
        role = role_of(stack, machine)
        demands = demands_on(proof, machine)
        needed = {(each.action, each.resource, each.context) for each in demands}
        misses = [
            miss
            for demand in demands
            for miss in _misses(machine, demand)
            if (miss.demand.action, miss.demand.resource, miss.demand.context) not in needed
        ]
        policies = judge.define(role.policies)
        answers = judge.ask(question(miss.demand, role.arn, policies) for miss in misses)
        allowed.extend(miss for miss, answer in zip(misses, answers, strict=True) if answer.allowed)
        tried += len(misses)
        for part, arn, account in _strangers(stack.attribute(machine, None)):
            tried += 1
            if trusted(judge, role, arn, account).allowed:
                allowed.append(NearMiss(machine, part, Demand("sts:AssumeRole", role.arn, (("aws:SourceArn", arn),))))
    return Misses(tried, tuple(dict.fromkeys(allowed)))


def mutate_conditions(proof: Proof, stack: Stack, judge: Judge) -> Mutation:
    """Take each condition away in turn: a near miss that was denied must then be allowed, or nothing shows it."""
    made = 0
    survivors = []
    for machine in machines(stack):
        role = role_of(stack, machine)
        policies = judge.define(role.policies)
        for mutant in without_conditions(machine, role):
            made += 1
            misses = [
                miss.demand
                for demand in demands_on(proof, machine)
                if demand.action.lower() in mutant.actions
                for miss in _misses(machine, demand)
            ]
            before = judge.ask(question(each, role.arn, policies) for each in misses)
            after = judge.ask(question(each, role.arn, judge.define(mutant.inline)) for each in misses)
            if [each.allowed for each in before] == [each.allowed for each in after]:
                survivors.append(mutant)
    return Mutation(made, tuple(survivors))


def _strangers(machine_arn: str) -> Iterator[tuple[str, str, str]]:
    """State machines that are not the role's: a part that differs, the ARN, and the account."""
    yield "SourceAccount", machine_arn, OTHER_ACCOUNT
    yield "SourceArn account", machine_arn.replace(ACCOUNT, OTHER_ACCOUNT), ACCOUNT
    yield "SourceArn region", machine_arn.replace(REGION, OTHER_REGION), ACCOUNT
    yield "SourceArn name", f"{machine_arn}x", ACCOUNT
    yield "SourceArn type", machine_arn.replace(":stateMachine:", ":activity:"), ACCOUNT


def _misses(machine: str, demand: Demand) -> Iterator[NearMiss]:
    for part, resource in _other_resources(demand):
        yield NearMiss(machine, part, replace(demand, resource=resource))
    for key, value in demand.context:
        for other in _other_values(key, value):
            context = tuple((each, other if each == key else kept) for each, kept in demand.context)
            yield NearMiss(machine, key, replace(demand, context=context))


def _other_resources(demand: Demand) -> Iterator[tuple[str, str]]:
    """The resource with each variable of its ARN changed in turn, by the ARN that public data has for its type."""
    templates = list(_TEMPLATES.get(demand.action, ()))
    templates += [each.arn for each in resource_types(demand.action) or ()]
    for template in sorted(templates, key=len, reverse=True):
        pieces = _VARIABLE.split(template)
        pattern = "".join("(.*?)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces))
        match = re.fullmatch(pattern, demand.resource)
        if match is None:
            continue
        values = dict(zip(pieces[1::2], match.groups(), strict=True))
        for name, value in values.items():
            for other in _others(name, value):
                changed = {**values, name: other}
                yield name, _VARIABLE.sub(lambda each, changed=changed: changed[each[1]], template)
        return


_HERE = "arn:${Partition}:states:${Region}:${Account}"
# Resources that the public data does not have for an action.
_TEMPLATES = {
    "states:InvokeHTTPEndpoint": (f"{_HERE}:stateMachine:${{StateMachineName}}",),
    "states:RedriveExecution": (f"{_HERE}:execution:${{StateMachineName}}/${{MapRunLabel}}:${{ExecutionId}}",),
}


def _others(variable: str, value: str) -> tuple[str, ...]:
    if variable == "Partition" or not value:
        return ()
    if variable == "Account":
        return (OTHER_ACCOUNT,)
    if variable == "Region":
        return (OTHER_REGION,)
    # Another resource of the same type, whose name is like this one's but at its end, its beginning or in the middle.
    middle = len(value) // 2
    return (f"{value}x", f"x{value}", f"{value}-x", f"{value[:middle]}x{value[middle:]}")


def _other_values(key: str, value: str) -> tuple[str, ...]:
    if key == "states:HTTPEndpoint":
        scheme, _, rest = value.partition("://")
        host, slash, path = rest.partition("/")
        return (f"{scheme}://{host}.example.net{slash}{path}", f"http://{rest}", f"{scheme}://evil{host}{slash}{path}")
    if key == "states:HTTPMethod":
        return tuple(each for each in ("DELETE", "GET") if each != value)[:1]
    if key == "iam:PassedToService":
        return ("lambda.amazonaws.com" if value != "lambda.amazonaws.com" else "ec2.amazonaws.com",)
    return (f"{value}x",)
