"""``Fn::ForEach::Name``: a loop of ``AWS::LanguageExtensions`` that has not been unrolled.

Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
"""

from __future__ import annotations

from sfn_least_privilege.policy.value import Anything

PREFIX = "Fn::ForEach::"
"""How the key begins that stands among an object's own."""

UNROLLED_LATER = Anything(
    "Fn::ForEach is not unrolled yet: list the transform AWS::LanguageExtensions before this macro"
)
"""What any further field of an object with a loop in it may hold."""
