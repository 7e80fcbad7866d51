from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from proving.documents import read_workflow
from proving.judge import Judge
from proving.running import Proof, run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """The independent judge. Where npm could not be reached, every test that asks it fails and says so."""
    with Judge() as asked:
        yield asked


@pytest.fixture(scope="session")
def prove(judge: Judge) -> Callable[[str], Proof]:
    """Run a workflow file, once for all that want to know of it."""
    proofs: dict[str, Proof] = {}

    def proven(name: str) -> Proof:
        if name not in proofs:
            proofs[name] = run(read_workflow(name), judge)
        return proofs[name]

    return proven
