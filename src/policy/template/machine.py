"""A state machine as the template describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from sfn_least_privilege.policy.options.options import DEFAULTS, Options
from sfn_least_privilege.policy.template.hints import Hints
from sfn_least_privilege.policy.template.tokens import Tokens
from sfn_least_privilege.policy.value import MISSING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.value import Guards, Value

PLAIN_TYPE = "AWS::StepFunctions::StateMachine"
SERVERLESS_TYPE = "AWS::Serverless::StateMachine"


@dataclass(frozen=True, slots=True)
class Definition:
    """A parsed definition. Strings may hold tokens; ``tokens.literal`` says what such a string is.

    ``guards`` are the template conditions under which it is the one, where there are several for one machine.
    """

    document: Any
    tokens: Tokens = field(default_factory=Tokens)
    guards: Guards = ()


@dataclass(frozen=True, slots=True)
class NoRole:
    """The machine has no role: it gets one."""


@dataclass(frozen=True, slots=True)
class EmptySamRole:
    """SAM has made a role that grants nothing of the definition's: it is filled."""

    logical_id: str


@dataclass(frozen=True, slots=True)
class OwnRole:
    """The author has given a role, or policies for one: it stays as it is."""

    given_by: str


RoleSituation: TypeAlias = NoRole | EmptySamRole | OwnRole


@dataclass(frozen=True, slots=True)
class StateMachine:
    """One state machine of a template.

    ``definitions`` holds every form that its definition can have at deployment, one where no template condition
    decides which parts it has. ``settings`` holds the properties besides the definition that ask something of the
    role, with their intrinsic functions resolved; a property that is not given is absent.
    """

    logical_id: str
    resource_type: str
    definitions: tuple[Definition, ...]
    role: RoleSituation
    name: Value = MISSING
    settings: dict[str, Value] = field(default_factory=dict)
    condition: str | None = None
    hints: Hints = field(default_factory=Hints)
    options: Options = DEFAULTS

    @property
    def role_property(self) -> str:
        """The property that holds the ARN of the role."""
        return "Role" if self.resource_type == SERVERLESS_TYPE else "RoleArn"
