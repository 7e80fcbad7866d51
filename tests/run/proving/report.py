"""`docs/proof.md`: what was proven, and what cannot be here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from proving.verdict import Tolerance, Verdict

FEW = 3
PAGE = Path(__file__).parents[3] / "docs" / "proof.md"

_ABOUT = """\
# Proof by running

Made by `make proof`; do not edit.

Every workflow below is a template as its author would write it. It goes through the macro, its resources are made in
an emulated account (moto), and its machine is executed with every input that its file lists, until each of its states
has been entered. Each call is made with the credentials of the machine's own role and is authorised, before it is
sent, by a judge that shares no facts with the macro: which action a call needs and on which resource is told from
botocore and from public data on IAM, and whether the role allows it is decided by iam-simulate. Beside the calls stand
the demands that Step Functions makes by itself and the emulation never does; each is written by hand from the AWS page
that it names. A call that nobody can map is an error.

Then everything is taken away in turn: each statement, each action, each resource, each pair of the two. Something must
be denied, or what was taken was not needed. With each condition taken away, something must be allowed that was not, or
nothing shows that it holds. And everything is asked for that is almost needed: another account,
another Region, a name that begins or ends alike, a longer host, another service to pass a role to. All of it must be
denied.
"""

_BLIND_SPOTS = (
    "Whether AWS demands what its documents say: nothing here runs in AWS.",
    "Session policies, permissions boundaries, service control policies and resource policies of others.",
    "How services other than the caller's use what they are handed (the roles that are passed on).",
    "Which tables and files a query of Athena touches: made-up ones stand for them, in the documented form.",
    "Express machines run as standard ones, and so do express children of a distributed map.",
    "Timeouts, heartbeats and pauses pass at once; a job's end is what the workflow file says.",
    "A phone number and an encryption context are unknown to the strict simulation; the plain one decides there.",
)


@dataclass(frozen=True, slots=True)
class Totals:
    """All figures of one proof."""

    verdicts: tuple[Verdict, ...]
    seeds: int
    random_machines: int
    random_arns: int

    def sum_of(self, figure: str) -> int:
        return sum(getattr(verdict, figure) for verdict in self.verdicts)

    def lines(self) -> list[tuple[str, int]]:
        """What was counted, in the order of the work."""
        actions = frozenset().union(*(verdict.actions for verdict in self.verdicts))
        return [
            ("workflows", len(self.verdicts)),
            ("executions of them", self.sum_of("executions")),
            ("authorisations asked of the judge, each allowed", self.sum_of("authorisations")),
            ("IAM actions among them", len(actions)),
            ("services that these actions are of", len({action.partition(":")[0] for action in actions})),
            ("statements in the roles", self.sum_of("statements")),
            ("mutations of them, all but the listed ones noticed", self.sum_of("mutants")),
            ("near misses, all but the listed ones denied", self.sum_of("near_misses")),
            ("errors seeded into the catalogue, all found", self.seeds),
            ("machines made at random and executed", self.random_machines),
            ("ARNs that they touched, all covered by their policies", self.random_arns),
        ]


def page(totals: Totals) -> str:
    """The page, which is the same for the same proof."""
    rows = [
        f"| {verdict.workflow} | {verdict.executions} | {verdict.authorisations} | {verdict.statements} "
        f"| {verdict.mutants} | {verdict.near_misses} |"
        for verdict in totals.verdicts
    ]
    return "\n".join(
        [
            _ABOUT,
            "## Totals\n",
            "| | |\n|---|---:|",
            *(f"| {name} | {count:,} |" for name, count in totals.lines()),
            "\n## Workflows\n",
            "| workflow | executions | authorisations | statements | mutations | near misses |",
            "|---|---:|---:|---:|---:|---:|",
            *rows,
            "\n## Accepted, with the reason\n",
            "A mutation that survives or a near miss that is allowed is a defect, unless it stands here.\n",
            "| | what | where | why |\n|---|---|---|---|",
            *_accepted(totals.verdicts),
            "\n## What cannot be proven here\n",
            *(f"- {each}" for each in _BLIND_SPOTS),
            "",
        ]
    )


def _accepted(verdicts: Sequence[Verdict]) -> Iterable[str]:
    where: dict[Tolerance, list[str]] = {}
    for verdict in verdicts:
        for tolerance in verdict.tolerated:
            where.setdefault(tolerance, []).append(verdict.workflow)
    for tolerance, workflows in sorted(
        where.items(), key=lambda each: (each[0].workflow, each[0].action, each[0].what)
    ):
        names = ", ".join(sorted(workflows)) if len(workflows) <= FEW else f"{len(workflows)} workflows"
        what = f"`{tolerance.what}` of `{tolerance.action}`"
        yield f"| {tolerance.kind} | {what} | {names} | {tolerance.because} |"
