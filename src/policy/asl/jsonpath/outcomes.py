"""What an intrinsic function gives where its value cannot be computed: why, for people."""

from __future__ import annotations

from typing import TypeAlias

from sfn_least_privilege.policy.asl.jsonpath.choices import leaves
from sfn_least_privilege.policy.text import Text, unknown
from sfn_least_privilege.policy.value import Anything, ListOf, Value

Arguments: TypeAlias = tuple[Value, ...]
"""The arguments of a call, none of them missing."""


def fails(source: str, why: str) -> Anything:
    """A call that fails the execution: nothing is said about a value that no run has."""
    return Anything(f"`{source}` fails: {why}")


def reason_of(source: str, *arguments: Value) -> str:
    """Why a call cannot be computed: the first reason that its arguments have."""
    for each in (leaf for argument in arguments for leaf in leaves(argument)):
        if isinstance(each, Anything):
            return each.reason
        if isinstance(each, Text) and each.unknowns:
            return each.unknowns[0].reason
        if isinstance(each, ListOf):
            return f"`{source}` works on an array of unknown length"
    return f"`{source}` depends on a value that is known only at deployment"


def some_value(source: str, *arguments: Value) -> Anything:
    """A value of which nothing is known, because of ``arguments``."""
    return Anything(reason_of(source, *arguments))


def some_text(source: str, *arguments: Value) -> Text:
    """A string of which nothing is known, because of ``arguments``."""
    return unknown(reason_of(source, *arguments))
