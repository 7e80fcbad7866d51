"""A workflow as far as its role is concerned: the tasks, and what is known of their arguments."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sfn_least_privilege.policy.asl.arguments import NO_ARGUMENTS, Arguments
from sfn_least_privilege.policy.value import MISSING

if TYPE_CHECKING:
    from sfn_least_privilege.policy.findings import Finding
    from sfn_least_privilege.policy.value import Guarded, Value


class QueryLanguage(StrEnum):
    """The language that a state's fields are written in."""

    JSON_PATH = "JSONPath"
    JSONATA = "JSONata"


@dataclass(frozen=True, slots=True)
class Task:
    """One task state. ``path`` names the states around it and itself, outermost first.

    ``resources`` is every string that its ``Resource`` can be; ``credentials_role`` the ARN of the role it
    assumes for its call, ``MISSING`` when it calls under the machine's own role.
    """

    path: tuple[str, ...]
    resources: tuple[Guarded, ...]
    arguments: Arguments
    credentials_role: Value = MISSING


@dataclass(frozen=True, slots=True)
class DataAccess:
    """Where a distributed map reads its items, or writes its results: an integration and its arguments.

    The fields of ``ReaderConfig`` (``InputType``, ``ManifestType``, ``Transformation``) stand among the arguments,
    none of which has a name of theirs.
    """

    resources: tuple[Guarded, ...]
    arguments: Arguments


@dataclass(frozen=True, slots=True)
class DistributedMap:
    """A map state that runs its items as child executions.

    ``reader`` and ``writer`` are None where the items come from the state's input, and where the results stay in
    its output. ``settings`` holds the fields of ``ProcessorConfig``, such as ``ExecutionType``, and ``Label``.
    """

    path: tuple[str, ...]
    reader: DataAccess | None = None
    writer: DataAccess | None = None
    settings: Arguments = NO_ARGUMENTS


@dataclass(frozen=True, slots=True)
class Workflow:
    """What a definition does, in the order it is written, and what there is to tell about it."""

    tasks: tuple[Task, ...]
    distributed_maps: tuple[DistributedMap, ...]
    findings: tuple[Finding, ...]
