"""What can be asked for, and what is done when nothing is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Mode(StrEnum):
    """What is done with a state machine."""

    GENERATE = "Generate"
    AUGMENT = "Augment"
    REPLACE = "Replace"
    IGNORE = "Ignore"
    AUDIT = "Audit"


class Reaction(StrEnum):
    """What a kind of finding comes to."""

    ALLOW = "Allow"
    WARN = "Warn"
    FAIL = "Fail"


class Trust(StrEnum):
    """On whose behalf Step Functions may assume a role."""

    MACHINE = "Machine"
    ACCOUNT = "Account"


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one state machine, all layers put together; ``options.schema.json`` says what each is for.

    Nodes of the template (a boundary, a path, tags, statements) are kept as they were written.
    """

    mode: Mode = Mode.GENERATE
    on_wildcard: Reaction = Reaction.WARN
    on_unknown: Reaction = Reaction.WARN
    permissions_boundary: Any = None
    role_path: Any = None
    role_name: Any = None
    role_name_prefix: str = ""
    tags: tuple[dict[str, Any], ...] = ()
    managed_policy_arns: tuple[Any, ...] = ()
    additional_statements: tuple[dict[str, Any], ...] = ()
    remove_actions: tuple[str, ...] = ()
    trust: Trust = Trust.MACHINE
    explain: bool = True
    values: dict[str, Any] = field(default_factory=dict)


DEFAULTS = Options()
