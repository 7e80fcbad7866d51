"""Reachable from this machine alone: localstack would listen on every address, whatever GATEWAY_LISTEN says."""

from __future__ import annotations

from functools import partial

from twisted.internet import endpoints

LOCALHOST = "127.0.0.1"


def install() -> None:
    """Listen on the loopback address."""
    endpoints.TCP4ServerEndpoint = partial(endpoints.TCP4ServerEndpoint, interface=LOCALHOST)
