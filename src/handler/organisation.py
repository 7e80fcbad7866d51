"""What the organisation wants of every template, from the environment of the macro's function.

``OPTION_ON_WILDCARD=Fail`` sets the option ``OnWildcard`` for every template; ``LOCKED_OPTIONS=OnWildcard,RolePath``
keeps templates from loosening it. An empty variable sets nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sfn_least_privilege.policy.options.layers import Organisation

if TYPE_CHECKING:
    from collections.abc import Mapping

_PREFIX = "OPTION_"
_LOCKED = "LOCKED_OPTIONS"


def organisation_from(environment: Mapping[str, str]) -> Organisation:
    """The organisation's options. What is wrong with them the engine tells, as for everybody else's."""
    options = {
        _camel_case(name.removeprefix(_PREFIX)): _node(value)
        for name, value in environment.items()
        if name.startswith(_PREFIX) and value
    }
    locked = (name.strip() for name in environment.get(_LOCKED, "").split(","))
    return Organisation(options, frozenset(filter(None, locked)))


def _node(value: str) -> str | dict[str, str]:
    """A value that names a pseudo parameter is for CloudFormation to fill in: one function serves many accounts."""
    return {"Fn::Sub": value} if "${AWS::" in value else value


def _camel_case(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))
