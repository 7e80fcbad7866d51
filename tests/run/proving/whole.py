"""The whole proof: everything run, in as many processes as there are cores."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from proving.documents import read_workflow, workflow_names
from proving.judge import Judge
from proving.randomly import MACHINES, Machines, cover_random_machines
from proving.report import PAGE, Totals, page
from proving.running import run
from proving.seeded import SEEDS, found
from proving.verdict import Verdict, general_tolerances, judge_proof

_judges: list[Judge] = []


def _judge() -> Judge:
    """This process's judge, which ends with it."""
    if not _judges:
        _judges.append(Judge())
    return _judges[0]


def _prove(name: str) -> Verdict | str:
    try:
        return judge_proof(run(read_workflow(name), _judge()), _judge())
    except Exception as error:  # noqa: BLE001 -- one workflow that cannot be run must not hide the others
        return f"{type(error).__name__}: {error}"


def _seed(name: str) -> bool:
    seed = next(each for each in SEEDS if each.name == name)
    return bool(found(seed, run(read_workflow(seed.workflow), _judge()), _judge()))


def _cover(machines: Machines) -> int:
    return cover_random_machines(machines, _judge())


def main() -> int:
    """Run the proof; 1 where it fails."""
    failures: list[str] = []
    names = workflow_names()
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4), mp_context=get_context("spawn")) as pool:
        verdicts = []
        for name, verdict in zip(names, pool.map(_prove, names), strict=True):
            if isinstance(verdict, str):
                failures.append(f"{name}: {verdict}")
            else:
                verdicts.append(verdict)
                failures.extend(f"{name}: {defect}" for defect in verdict.defects)
        seeds = [seed.name for seed in SEEDS]
        failures.extend(
            f"the seeded error was not found: {seed}"
            for seed, noticed in zip(seeds, pool.map(_seed, seeds), strict=True)
            if not noticed
        )
        arns = sum(pool.map(_cover, MACHINES))
    used = frozenset().union(*(verdict.tolerated for verdict in verdicts))
    failures.extend(
        f"listed as accepted, and not met any more: {each.kind} of {each.what} for {each.action}"
        for each in general_tolerances()
        if each not in used
    )
    totals = Totals(tuple(verdicts), len(SEEDS), sum(each.count for each in MACHINES), arns)
    for name, count in totals.lines():
        sys.stdout.write(f"{count:>7,}  {name}\n")
    if failures:
        sys.stderr.write("\n".join(failures) + "\n")
        return 1
    PAGE.write_text(page(totals), encoding="utf-8")
    return 0
