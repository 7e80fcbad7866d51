"""A workflow's verdict: what was denied, what was granted needlessly, and what of it is accepted for a reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from proving.mutation import mutate
from proving.near_misses import mutate_conditions, try_near_misses
from proving.roles import machines, question, role_of, trusted

if TYPE_CHECKING:
    from proving.demand import Row
    from proving.judge import Judge
    from proving.running import Proof
    from proving.stack import Stack

FILE = Path(__file__).with_name("tolerance.json")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """A needless-looking permission that is accepted: patterns of its action and its resource or part, and why.

    ``workflow`` is the one it is accepted in; ``*`` is every one.
    """

    kind: str
    action: str
    what: str
    because: str
    workflow: str = "*"

    def covers(self, kind: str, workflow: str, action: str, what: str) -> bool:
        return (
            self.kind == kind
            and self.workflow in {"*", workflow}
            and fnmatchcase(action.lower(), self.action.lower())
            and fnmatchcase(what, self.what)
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one workflow. ``defects`` is empty when its roles are proven sufficient and minimal."""

    workflow: str
    executions: int
    authorisations: int
    actions: frozenset[str]
    statements: int
    mutants: int
    near_misses: int
    defects: tuple[str, ...]
    tolerated: frozenset[Tolerance]


def general_tolerances() -> tuple[Tolerance, ...]:
    """What is accepted in every workflow, from the data file beside this module."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    return (
        *(Tolerance("survivor", each["action"], each["resource"], each["because"]) for each in told["survivors"]),
        *(Tolerance("near miss", each["action"], each["part"], each["because"]) for each in told["near_misses"]),
    )


def judge_proof(proof: Proof, judge: Judge, stack: Stack | None = None) -> Verdict:
    """The verdict on a run; with ``stack``, on other policies for the same demands."""
    deployed = stack or proof.stack
    denied = denials(proof, deployed, judge)
    mutation = mutate(proof, deployed, judge)
    misses = try_near_misses(proof, deployed, judge)
    loosened = mutate_conditions(proof, deployed, judge)
    name = proof.workflow.name
    own = tuple(Tolerance("near miss", each.action, each.kind, each.because, name) for each in proof.workflow.wide)
    tolerances = (*own, *general_tolerances())
    used: set[Tolerance] = set()
    defects = [f"denied: {each}" for each in denied]
    for survivor in mutation.survivors:
        found = _tolerated(tolerances, "survivor", name, tuple(sorted(survivor.actions)), survivor.resource)
        defects += [] if found else [f"survives: {survivor.told}"]
        used.update(found)
    for miss in misses.allowed:
        found = _tolerated(tolerances, "near miss", name, (miss.demand.action,), miss.part)
        defects += [] if found else [f"near miss of {miss.part} allowed: {miss.told}"]
        used.update(found)
    defects += [f"no near miss shows {each.told}" for each in loosened.survivors]
    defects += [f"a listed breadth is not there: {each.action} {each.what}" for each in own if each not in used]
    return Verdict(
        workflow=name,
        executions=len(proof.workflow.executions),
        # What polls asks the same again and again.
        authorisations=len(set(proof.ledger)),
        actions=frozenset(row.demand.action for row in proof.ledger),
        statements=sum(
            len(document["Statement"]) for each in machines(deployed) for document in role_of(deployed, each).policies
        ),
        mutants=mutation.made + loosened.made,
        near_misses=misses.tried,
        defects=tuple(dict.fromkeys(defects)),
        tolerated=frozenset(used),
    )


def denials(proof: Proof, stack: Stack, judge: Judge) -> list[str]:
    """The demands of the ledger that the stack's roles refuse."""
    refused = []
    for machine in machines(stack):
        role = role_of(stack, machine)
        names = {True: judge.define(role.inline), False: judge.define(role.policies)}
        if not trusted(judge, role, stack.attribute(machine, None)).allowed:
            refused.append(f"{machine}: Step Functions may not assume its role")
        rows: list[Row] = [row for row in proof.ledger if row.machine == machine and row.call != "assume"]
        answers = judge.ask(question(row.demand, role.arn, names[row.demand.at_creation]) for row in rows)
        refused.extend(
            f"{machine} / {row.state}: {row.call} needs {row.demand.action} on {row.demand.resource}"
            f"{f' with {dict(row.demand.context)}' if row.demand.context else ''} ({row.demand.source})"
            for row, answer in zip(rows, answers, strict=True)
            if not answer.allowed
        )
    return list(dict.fromkeys(refused))


def _tolerated(
    tolerances: tuple[Tolerance, ...],
    kind: str,
    workflow: str,
    actions: tuple[str, ...],
    what: str,
) -> list[Tolerance]:
    """The tolerances that together cover every action; none where one action is not covered."""
    found = []
    for action in actions:
        covering = next((each for each in tolerances if each.covers(kind, workflow, action, what)), None)
        if covering is None:
            return []
        found.append(covering)
    return found
