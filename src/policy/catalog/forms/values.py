"""Values of a condition that no argument gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.catalog.integration import Derived
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Guarded

if TYPE_CHECKING:
    from sfn_least_privilege.policy.catalog.integration import Call


def any_of(*values: str) -> Derived:
    """A condition's value that may be any of these words."""
    guarded = tuple(Guarded(Text.of(value)) for value in values)

    def find(_call: Call) -> tuple[Guarded, ...]:
        return guarded

    words = " or ".join(values)
    return Derived(find, words, words)
