"""The conditions of a call to an HTTPS endpoint.

https://docs.aws.amazon.com/step-functions/latest/dg/call-https-apis.html: ``states:HTTPEndpoint`` is the URL as
``ApiEndpoint`` gives it; ``QueryParameters`` are no part of it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.text import Literal, Reference, Text, Unknown, unknown

if TYPE_CHECKING:
    from sfn_least_privilege.policy.deployment import Deployment

_HOST_ENDS = re.compile(r"[a-z][a-z0-9+.-]*://[^/?#@]+[/?#]", re.IGNORECASE)
_OPEN_HOST = "its host is not known to its end, so that a pattern would match other hosts as well"


def endpoint_pattern(endpoint: Text, _deployment: Deployment) -> Text:
    """The URL with ``*`` for each unknown part, if all of them stand behind the host; unknown otherwise.

    In a condition ``*`` matches slashes and dots: ``https://api.example.com*`` would match
    ``https://api.example.com.evil.org``, and ``https://*.example.com/a`` would match ``https://evil.org/.example.com/a``.
    A condition that cannot hold a host is none, so that there is better none, and people are told.
    """
    known: list[str] = []
    for index, part in enumerate(endpoint.parts):
        if isinstance(part, Unknown):
            return endpoint if _HOST_ENDS.match("".join(known)) else unknown(f"{_OPEN_HOST} ({part.reason})")
        if isinstance(part, Literal):
            known.append(part.value)
        elif isinstance(part, Reference):
            # A reference at the beginning can only stand for a URL's scheme and host.
            known.append(part.sample if part.sample is not None else "host" if index else "https://host")
    return endpoint


def whole_or_unknown(text: Text, _deployment: Deployment) -> Text:
    """A value that a condition compares as a whole."""
    return unknown(text.unknowns[0].reason) if text.unknowns else text
