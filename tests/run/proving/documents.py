"""Workflow files: a template as its author writes it and, behind ``---``, how to run it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

WORKFLOWS = Path(__file__).parents[1] / "workflows"


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short forms."""


def _short_form(loader: _Loader, suffix: str, node: yaml.Node) -> Any:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix in {"Ref", "Condition"}:
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _short_form)


ANY_END = "*"
"""For an execution that may end as it will."""


@dataclass(frozen=True, slots=True)
class Execution:
    """One execution: which machine, with what input, the error it must fail with if any, and what services answer.

    ``answers`` maps a state to the answer of the call it makes, or to a list of answers in turn.
    """

    machine: str
    input: Any
    fails: str | None
    answers: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Breadth:
    """A near miss that the policy allows, and why it must: ``kind`` is account, region, name or host."""

    action: str
    kind: str
    because: str


@dataclass(frozen=True, slots=True)
class Workflow:
    """A workflow file, read."""

    name: str
    template: dict[str, Any]
    executions: tuple[Execution, ...]
    seeds: dict[str, Any]
    parameters: dict[str, str]
    wide: tuple[Breadth, ...] = ()
    unreached: dict[str, str] = field(default_factory=dict)


def _breadth(Action: str, Near: str, Because: str) -> Breadth:  # noqa: N803 -- the keys of the file
    """A breadth of the file, which has these keys and no others: a comma in YAML's short form makes one more."""
    return Breadth(Action, Near, Because)


def workflow_names(folder: str = "*") -> list[str]:
    """The names of all workflows, or of those in a folder, in order."""
    return sorted(file.stem for file in WORKFLOWS.glob(f"{folder}/*.yaml"))


def read_workflow(name: str) -> Workflow:
    """The workflow of this name.

    Its second document holds ``Runs`` (a list of ``Input``, and where they differ from the usual ``Machine``,
    ``Fails`` and ``Answers``), ``Answers`` for all runs, ``Seeds`` (items of tables and objects of buckets by
    logical id), ``Parameters`` of the template, ``Wide`` and ``Unreached`` (states and why no run can reach them).
    """
    (path,) = WORKFLOWS.glob(f"*/{name}.yaml")
    with path.open(encoding="utf-8") as file:
        template, how = yaml.load_all(file, _Loader)
    common = how.get("Answers", {})
    machine = next(
        logical_id for logical_id, each in template["Resources"].items() if each["Type"].endswith("::StateMachine")
    )
    return Workflow(
        name=name,
        template=template,
        executions=tuple(
            Execution(
                run.get("Machine", machine),
                run.get("Input", {}),
                run.get("Fails"),
                {**common, **run.get("Answers", {})},
            )
            for run in how["Runs"]
        ),
        seeds=how.get("Seeds", {}),
        parameters=how.get("Parameters", {}),
        wide=tuple(_breadth(**each) for each in how.get("Wide", [])),
        unreached=how.get("Unreached", {}),
    )
