"""The form of the catalogue of AWS SDK integrations once it is read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.catalog.basis import Basis


@dataclass(frozen=True, slots=True)
class Path:
    """Where an argument stands: ``Entries[].EventBusName``; ``{}`` behind a name is the keys of the map there.

    ``takes_arn`` says that the API takes an ARN there as well as a name; ``form`` how the value names its resource.
    ``default`` is the value that the API takes when none is given.
    """

    text: str
    steps: tuple[str, ...]
    takes_arn: bool = False
    form: str = ""
    default: str | None = None


Slot: TypeAlias = tuple[Path, ...]
"""What can fill one variable of an ARN template; empty where no argument names it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A resource that an action is granted on.

    ``template`` is written ``arn:{Partition}:service:{Region}:{AccountId}:type/{}``, with one ``{}`` for each of
    ``slots``. ``arns`` are arguments that hold the ARN itself; they go before the slots. ``kind`` is the resource
    type, empty where the target was written by hand. A target that is not ``always`` one is so only when its
    arguments are given.
    """

    template: str
    slots: tuple[Slot, ...] = ()
    arns: Slot = ()
    kind: str = ""
    always: bool = True

    @property
    def is_everything(self) -> bool:
        """Whether the template is the bare ``*``."""
        return self.template == "*"


class Check(StrEnum):
    """What a condition asks of an argument."""

    GIVEN = ""
    NOT_GIVEN = "!"
    EQUALS = "="
    DIFFERS = "!="
    BEGINS = "^"
    HOLDS = "%"
    LACKS = "!%"


@dataclass(frozen=True, slots=True)
class Question:
    """One question about an argument; letter case makes no difference."""

    path: Path
    test: Check
    value: str = ""


When: TypeAlias = tuple[tuple[Question, ...], ...]
"""Alternatives, of each of which every question must be answered with yes; empty is always."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An action on targets. ``unlisted`` says that no list names the resource types of the action."""

    action: str
    targets: tuple[Target, ...]
    when: When = ()
    unlisted: bool = False


@dataclass(frozen=True, slots=True)
class Role:
    """A role that the call hands over when the argument is given.

    ``services`` are those that it may go to; empty where they are not known.
    """

    target: Target
    path: Path
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Untold:
    """Actions that a call needs in a situation which the definition does not show: not granted, but told."""

    actions: str
    situation: str
    when: When = ()


@dataclass(frozen=True, slots=True)
class Operation:
    """One API operation. ``members`` are its arguments as the API spells them; ``assumed`` actions are in no list.

    ``lowered`` are the members in lower case, with their spelling.
    """

    name: str
    grants: tuple[Grant, ...]
    roles: tuple[Role, ...]
    untold: tuple[Untold, ...]
    members: tuple[str, ...]
    lowered: Mapping[str, str]
    required: tuple[str, ...]
    basis: Basis
    assumed: bool
    curated: bool
