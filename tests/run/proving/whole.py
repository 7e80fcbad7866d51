"""The whole proof: everything run, in as many processes as there are cores."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from typing import TYPE_CHECKING, TypeVar

from proving.documents import read_workflow, workflow_names
from proving.judge import Judge
from proving.randomly import MACHINES, Machines, cover_random_machines
from proving.report import PAGE, Totals, page
from proving.running import run
from proving.seeded import SEEDS, found
from proving.verdict import Verdict, general_tolerances, judge_proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Asked = TypeVar("Asked")
Told = TypeVar("Told")

_judges: list[Judge] = []


def main() -> int:
    """Run the proof, print its totals and write its page; 1 where it fails."""
    failures: list[str] = []
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4), mp_context=get_context("spawn")) as pool:

        def each(work: Callable[[Asked], Told], asked: Iterable[Asked]) -> Iterator[tuple[Asked, Told]]:
            """What came of each, and a failure of each that nothing came of."""
            listed = list(asked)
            for one, told in zip(listed, pool.map(partial(_or_failure, work), listed), strict=True):
                if isinstance(told, _Failure):
                    failures.append(f"{one}: {told.message}")
                else:
                    yield one, told

        verdicts = tuple(verdict for _, verdict in each(_prove, workflow_names()))
        unseen = [seed for seed, seen in each(_seed, [seed.name for seed in SEEDS]) if not seen]
        arns = sum(count for _, count in each(_cover, MACHINES))
    failures.extend(f"{verdict.workflow}: {defect}" for verdict in verdicts for defect in verdict.defects)
    failures.extend(f"the seeded error was not found: {seed}" for seed in unseen)
    failures.extend(_stale(verdicts))
    totals = Totals(verdicts, len(SEEDS) - len(unseen), sum(machines.count for machines in MACHINES), arns)
    for name, count in totals.lines():
        sys.stdout.write(f"{count:>7,}  {name}\n")
    if failures:
        sys.stderr.write("\n".join(failures) + "\n")
        return 1
    PAGE.write_text(page(totals), encoding="utf-8")
    return 0


def _stale(verdicts: tuple[Verdict, ...]) -> Iterator[str]:
    """What is listed as accepted and was not met: the list must not rot."""
    used = frozenset().union(*(verdict.tolerated for verdict in verdicts))
    for tolerance in general_tolerances():
        if tolerance not in used:
            yield f"listed as accepted, and not met: {tolerance.kind} of {tolerance.what} for {tolerance.action}"


class _Failure:
    """What stands for the result of work that broke off: it must not hide what came of the rest."""

    def __init__(self, error: Exception) -> None:
        self.message = f"{type(error).__name__}: {error}"


def _or_failure(work: Callable[[Asked], Told], asked: Asked) -> Told | _Failure:
    try:
        return work(asked)
    except Exception as error:  # noqa: BLE001 -- whatever it is, it is told
        return _Failure(error)


def _judge() -> Judge:
    """This process's judge, which ends with it."""
    if not _judges:
        _judges.append(Judge())
    return _judges[0]


def _prove(name: str) -> Verdict:
    return judge_proof(run(read_workflow(name), _judge()), _judge())


def _seed(name: str) -> bool:
    seed = next(each for each in SEEDS if each.name == name)
    return bool(found(seed, run(read_workflow(seed.workflow), _judge()), _judge()))


def _cover(machines: Machines) -> int:
    return cover_random_machines(machines, _judge())
