"""Resources that no argument of a call names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy import arn
from sfn_least_privilege.policy.catalog.integration import Derived
from sfn_least_privilege.policy.text import unknown
from sfn_least_privilege.policy.value import Guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sfn_least_privilege.policy.catalog.integration import Call


def left_open(argument: str, reason: str, *templates: str) -> Derived:
    """All that ``templates`` can make, with the reason told for what stands open: ``{}`` in each.

    ``argument`` is the one that does not say which.
    """
    hidden = unknown(reason)

    def find(call: Call) -> Iterator[Guarded]:
        for template in templates:
            yield Guarded(arn.build(template, call.surroundings.deployment, *(hidden,) * template.count("{}")))

    return Derived(find, argument, ", ".join(template.replace("{}", "*") for template in templates))
