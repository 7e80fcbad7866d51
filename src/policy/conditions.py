"""Conditions of policy statements: what of a request must match before a permission holds.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.text import Text


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of a ``Condition`` block: the request's value must match one of ``values`` by ``operator``."""

    operator: str
    key: str
    values: tuple[Text, ...]
