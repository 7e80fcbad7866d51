"""The functions that give conditions (``Fn::Equals`` and the like), where a value is wanted.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
and https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.template.intrinsics.context import malformed

if TYPE_CHECKING:
    from sfn_least_privilege.policy.value import Anything

NAMES = frozenset(
    {
        "Fn::And",
        "Fn::Contains",
        "Fn::EachMemberEquals",
        "Fn::EachMemberIn",
        "Fn::Equals",
        "Fn::Not",
        "Fn::Or",
        "Fn::RefAll",
        "Fn::ValueOf",
        "Fn::ValueOfAll",
    }
)
"""They belong into the template's ``Conditions`` and ``Rules``."""


def misplaced(function: str) -> Anything:
    """The value of a condition's function in a place for values."""
    return malformed(function, "it gives a condition, and a value is wanted here")
