"""The proof proven: deliberate errors in the catalogue, each of which it must notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from proving.seeded import SEEDS, Seed, found

if TYPE_CHECKING:
    from collections.abc import Callable

    from proving.judge import Judge
    from proving.running import Proof


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_a_seeded_error_is_noticed(seed: Seed, prove: Callable[[str], Proof], judge: Judge) -> None:
    assert found(seed, prove(seed.workflow), judge)
