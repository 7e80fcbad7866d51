"""Paths and rows of operators while they grow, as one walks along the left side of the raw tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.jsonata.nodes import Node
from sfn_least_privilege.policy.asl.jsonata.syntax import JsonataSyntaxError

GROUPED_INSIDE = "it groups in the middle of a path"


@dataclass(slots=True)
class PathDraft:
    """A path that may still grow: more steps, more predicates at its last step."""

    steps: list[nodes.Step | nodes.Sort]
    keep: bool = False
    # Why the path as a whole is not followed: it binds positions, or refers to the parent of a step.
    unsupported: str = ""

    def finished(self) -> Node:
        """The node it has become."""
        if self.unsupported:
            return nodes.Unsupported(self.unsupported)
        return nodes.Path(tuple(self.steps), self.keep)


@dataclass(slots=True)
class ChainDraft:
    """A row of operators that may still grow."""

    first: Node
    rest: list[tuple[str, Node]] = field(default_factory=list)

    def finished(self) -> Node:
        """The node it has become."""
        if all(operator == "&" for operator, _ in self.rest):
            return nodes.Concatenation((self.first, *(operand for _, operand in self.rest)))
        return nodes.Chain(self.first, tuple(self.rest))


Draft: TypeAlias = PathDraft | ChainDraft | Node


def finish(draft: Draft) -> Node:
    """The node that a draft has become."""
    return draft.finished() if isinstance(draft, PathDraft | ChainDraft) else draft


def kept(draft: Draft, symbol: Any) -> Draft:
    """The draft with the mark of ``[]``, where its symbol has it."""
    if not symbol.keep_array:
        return draft
    if isinstance(draft, PathDraft):
        draft.keep = True
        return draft
    node = finish(draft)
    if isinstance(node, nodes.Filtered):
        return nodes.Filtered(node.base, node.predicates, keep=True)
    return nodes.Filtered(node, (), keep=True)


def as_path(draft: Draft, position: int) -> PathDraft:
    """A draft as a path that may get another step.

    Raises JsonataSyntaxError for what cannot be a step.
    """
    if isinstance(draft, PathDraft):
        return draft
    node = finish(draft)
    if isinstance(node, nodes.Constant):
        message = f"`{node.value.json}` cannot be a step of a path"
        raise JsonataSyntaxError(message, position)
    if isinstance(node, nodes.Unsupported):
        return PathDraft([], unsupported=node.reason)
    if isinstance(node, nodes.Group) and isinstance(node.base, nodes.Path | nodes.Unsupported):
        # Such a grouping is done last, after the steps that are written behind it.
        return PathDraft([], unsupported=GROUPED_INSIDE)
    if isinstance(node, nodes.Filtered):
        if isinstance(node.base, nodes.Call):
            return PathDraft([nodes.Step(node)], keep=node.keep)
        return PathDraft([with_predicates(_step(node.base), node.predicates)], keep=node.keep)
    return PathDraft([_step(node)])


def as_steps(draft: Draft, position: int) -> PathDraft:
    """A draft as what follows in a path: predicates behind a call apply to its value there, not to its sequence.

    Raises JsonataSyntaxError for what cannot be a step.
    """
    if isinstance(draft, nodes.Filtered):
        return PathDraft([with_predicates(_step(draft.base), draft.predicates)], keep=draft.keep)
    return as_path(draft, position)


def _step(node: Node) -> nodes.Step:
    # A string is a field's name here, as in `$x.'a field'`.
    return nodes.Step(nodes.Name(node.value) if isinstance(node, nodes.String) else node)


def with_predicates(step: nodes.Step | nodes.Sort, predicates: tuple[Node, ...]) -> nodes.Step | nodes.Sort:
    """A step with more predicates."""
    if isinstance(step, nodes.Sort):
        return nodes.Sort((*step.predicates, *predicates))
    return nodes.Step(step.node, (*step.predicates, *predicates))
