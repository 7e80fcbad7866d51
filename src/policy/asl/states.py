"""The states of a definition and the machines that hold them, read but not yet interpreted."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.shown import shown_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.asl.workflow import QueryLanguage


class Kind(StrEnum):
    """The types of state.

    https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html
    """

    TASK = "Task"
    MAP = "Map"
    PARALLEL = "Parallel"
    PASS = "Pass"  # noqa: S105 -- a type of state, no password
    CHOICE = "Choice"
    WAIT = "Wait"
    SUCCEED = "Succeed"
    FAIL = "Fail"


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """States under one ``StartAt``: the definition itself, a branch, or what a map runs for each item.

    ``states`` is filled while the definition is read. ``start`` is None where ``StartAt`` names none of them.
    ``language`` is None where each state must tell its own by its fields. ``parent`` is the state that runs this
    machine, ``number`` its place among the machines which that state runs.
    """

    path: tuple[str, ...]
    language: QueryLanguage | None
    start: str | None = None
    parent: State | None = None
    number: int = 0
    states: dict[str, State] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """One state. ``index`` is its place in the order of the definition; names may hold tokens.

    ``inner`` holds the machines that it runs, in order; it is filled while the definition is read.
    """

    index: int
    name: str
    kind: Kind
    fields: Mapping[str, Any]
    language: QueryLanguage
    machine: Machine
    inner: list[Machine] = field(default_factory=list)

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the states around it and its own, outermost first, for people."""
        return (*self.machine.path, shown_name(self.name))

    @property
    def is_distributed(self) -> bool:
        """Whether it is a map that runs its items as child executions.

        https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html
        """
        processor = self.fields.get("ItemProcessor", self.fields.get("Iterator"))
        config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
        # A mode that only deployment knows may be this one, and so may what has its fields.
        mode = config.get("Mode", "INLINE") if isinstance(config, dict) else config
        return mode not in (None, "INLINE") or not _DISTRIBUTED_ONLY.isdisjoint(self.fields)


_DISTRIBUTED_ONLY = frozenset({"ItemReader", "ItemBatcher", "ResultWriter"})


@dataclass(frozen=True, slots=True)
class Outline:
    """All machines of a definition, outermost first, and all states in the order in which they are written."""

    machines: tuple[Machine, ...]
    states: tuple[State, ...]
