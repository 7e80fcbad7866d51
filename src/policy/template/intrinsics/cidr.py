"""``Fn::Cidr``: address ranges.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-cidr.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.template.intrinsics.context import malformed
from sfn_least_privilege.policy.text import unknown
from sfn_least_privilege.policy.value import ListOf

if TYPE_CHECKING:
    from sfn_least_privilege.policy.template.intrinsics.context import Context
    from sfn_least_privilege.policy.value import Value

_FEWEST_PARTS, _MOST_PARTS = 2, 3


def resolve_cidr(argument: Any, _context: Context) -> Value:
    """The value of ``{"Fn::Cidr": [block, count, bits]}``: a list of ranges, which no policy of ours needs."""
    if not isinstance(argument, list) or not _FEWEST_PARTS <= len(argument) <= _MOST_PARTS:
        return malformed("Fn::Cidr", "it wants an address block, a count and a number of bits")
    return ListOf(unknown("the address ranges of Fn::Cidr are not worked out"))
