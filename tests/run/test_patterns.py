"""Workflows as people write them: what they call is allowed, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from proving.documents import workflow_names
from proving.verdict import judge_proof

if TYPE_CHECKING:
    from collections.abc import Callable

    from proving.judge import Judge
    from proving.running import Proof


@pytest.mark.parametrize("workflow", workflow_names("patterns"))
def test_the_role_is_sufficient_and_minimal(workflow: str, prove: Callable[[str], Proof], judge: Judge) -> None:
    assert judge_proof(prove(workflow), judge).defects == ()
