"""Whether a call and a resource of the template speak of the same name."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.text import Text


def same(one: Text, other: Text) -> bool:
    """Whether two names certainly are the same: written alike, or alike in this deployment."""
    if one.unknowns or other.unknowns:
        return False
    return one == other or (one.sample is not None and one.sample == other.sample)
