from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.catalog.forms.http_endpoint import endpoint_pattern
from sfn_least_privilege.policy.deployment import literal_deployment
from sfn_least_privilege.policy.rendering import render_pattern
from sfn_least_privilege.policy.text import Literal, Text, Unknown

HERE = literal_deployment("aws", "eu-west-1", "123456789012")
PIECES = ["https://", "api.example.com", "/", "?", "#", "@", ":", "8443", ".", "eu", "v1", "*"]
# What somebody who chooses the unknown part could put there to reach a host of their own.
CHOSEN = ["", ".evil.org", ".evil.org/", "@evil.org/", ":x@evil.org/", "evil.org", "//evil.org/", "#@evil.org", "?a=b"]


def parts() -> st.SearchStrategy[list[Literal | Unknown]]:
    return st.lists(st.sampled_from(PIECES).map(Literal) | st.just(Unknown("it comes later")), max_size=6)


def matches(pattern: str, url: str) -> bool:
    """As IAM does: ``*`` for anything, ``${*}`` and ``${?}`` for the characters themselves."""
    plain = re.split(r"\$\{([*?])\}|(\*)", pattern)
    regex = "".join(
        ".*" if piece == "*" and index % 3 == 2 else re.escape(piece or "") for index, piece in enumerate(plain)
    )
    return re.fullmatch(regex, url) is not None


@given(parts(), st.lists(st.sampled_from(CHOSEN), min_size=6, max_size=6))
def test_a_pattern_matches_what_the_task_can_call_and_no_other_host(
    chosen_parts: list[Literal | Unknown],
    chosen: list[str],
) -> None:
    rest = iter(chosen)
    url = "".join(part.value if isinstance(part, Literal) else next(rest) for part in chosen_parts)
    pattern = endpoint_pattern(Text.of(*chosen_parts), HERE)
    shown = render_pattern(pattern)
    assert isinstance(shown, str), json.dumps(shown)
    assert matches(shown, url)
    if pattern.unknowns and len(pattern.parts) > 1:
        host = urlsplit(pattern.prefix).netloc
        assert host
        assert urlsplit(url).netloc == host


def test_a_longer_host_is_not_matched() -> None:
    known = render_pattern(endpoint_pattern(Text.of("https://api.example.com/", Unknown("later")), HERE))
    assert known == "https://api.example.com/*"
    assert not matches(str(known), "https://api.example.com.evil.org/")
