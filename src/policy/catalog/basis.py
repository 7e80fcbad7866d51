"""How far a fact about AWS can be trusted."""

from __future__ import annotations

from enum import StrEnum


class Basis(StrEnum):
    """Where a fact comes from."""

    DOCUMENTED = "documented"
    """AWS prints it as it stands."""

    DERIVED = "derived"
    """It follows from what AWS prints."""

    ASSUMED = "assumed"
    """Nothing that AWS prints says otherwise."""
