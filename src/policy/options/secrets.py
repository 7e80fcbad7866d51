"""Secrets in the macro's own parameters: CloudFormation hands those over with the values of ``Ref`` filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.findings import Finding, Location, finding
from sfn_least_privilege.policy.options import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sfn_least_privilege.policy.template.scope import Parameter

_MIN_LENGTH = 4
"""Shorter values are no secrets: that one is the same as an option says nothing."""


def secrets_in(options: Mapping[str, Any], parameters: Mapping[str, Parameter]) -> Iterator[Finding]:
    """Options that hold the value of a ``NoEcho`` parameter, which would be written into the template in clear."""
    secrets = {each.value: each.name for each in parameters.values() if each.no_echo and isinstance(each.value, str)}
    for option, value in options.items() if secrets else ():
        strings = list(_strings(value))
        for secret, name in secrets.items():
            if len(secret) >= _MIN_LENGTH and any(secret in each for each in strings):
                yield finding(rules.OPTION_SECRET, Location(), option=option, parameter=name)


def _strings(node: Any) -> Iterator[str]:
    waiting = [node]
    while waiting:
        each = waiting.pop()
        if isinstance(each, str):
            yield each
        elif isinstance(each, dict):
            waiting.extend(each.values())
        elif isinstance(each, list):
            waiting.extend(each)
