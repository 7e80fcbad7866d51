"""What a value known at this time says: its kind, and whether it can be written into a policy by reference."""

from __future__ import annotations

import re

from sfn_least_privilege.policy.text import Kind

# The same characters that rendering escapes in literals. What a reference turns into at deployment cannot be escaped.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
_SPECIAL = re.compile(r"[*?]|\$\{|\$$")

# Both stand for a value that is not there yet: the first in a change set with nested stacks (derived from
# aws/serverless-application-model, samtranslator/intrinsics/actions.py), the second in any string.
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
_PLACEHOLDERS = ("{{IntrinsicFunction:", "{{resolve:")


def holds_special(text: str) -> bool:
    """Whether IAM would read a wildcard or a policy variable in ``text``."""
    return _SPECIAL.search(text) is not None


def is_placeholder(text: str) -> bool:
    """Whether ``text`` stands for a value that CloudFormation will put there later."""
    return any(placeholder in text for placeholder in _PLACEHOLDERS)


def kind_of(sample: str) -> Kind:
    """What a known value is, by how it begins."""
    if sample.startswith("arn:"):
        return Kind.ARN
    if sample.startswith(("https://", "http://")):
        return Kind.URL
    return Kind.NAME if sample else Kind.UNKNOWN
