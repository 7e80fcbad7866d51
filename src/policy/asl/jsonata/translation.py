"""From the library's raw tree to the syntax tree of :mod:`.nodes`.

Operators that bind from the left make the raw tree as deep as they are many: thousands of ``&`` in a row are
thousands of levels. So each row is walked along its left side in a loop, and only the operands by recursion,
whose depth the parser has bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.jsonata import nodes
from sfn_least_privilege.policy.asl.jsonata.drafts import (
    GROUPED_INSIDE,
    ChainDraft,
    Draft,
    PathDraft,
    as_path,
    as_steps,
    finish,
    kept,
    with_predicates,
)
from sfn_least_privilege.policy.asl.jsonata.limits import TooComplexError
from sfn_least_privilege.policy.asl.jsonata.syntax import JsonataSyntaxError
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.value import Scalar, from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sfn_least_privilege.policy.asl.jsonata.nodes import Node


def translate(tree: Any) -> nodes.Program:
    """The program of a raw tree.

    Raises JsonataSyntaxError for what the raw parser lets pass, and TooComplexError where a placeholder stands
    outside a string, so that the expression's own shape is not known before deployment.
    """
    translation = _Translation()
    root = translation.statement(tree)
    return nodes.Program(root, frozenset(translation.elsewhere))


_APART = frozenset({":=", ".."})
_CALLS = frozenset({"function", "partial"})
_PARENT = "it refers to the parent of a step"
_BINDING = "it binds a variable inside a path"


class _Translation:
    """One translation, and the variables it finds set in the middle of something."""

    def __init__(self) -> None:
        self.elsewhere: set[str] = set()
        self.parents = 0
        # How many predicates and negative numbers there are: see `_shared`.
        self.rewritten = 0

    def statement(self, symbol: Any) -> Node:
        """An expression whose value a scope keeps when it is ``$name := …``."""
        names: list[str] = []
        while symbol.type == "binary" and symbol.value == ":=":
            names.append(_plain(symbol.lhs.value))
            symbol = symbol.rhs
        node = self.node(symbol)
        for name in reversed(names):
            node = nodes.Bind(name, node)
        return node

    def node(self, symbol: Any) -> Node:
        return finish(self._draft(symbol))

    def _all(self, symbols: Sequence[Any]) -> tuple[Node, ...]:
        return tuple([self.node(symbol) for symbol in symbols])

    def _pairs(self, pairs: Sequence[Sequence[Any]]) -> tuple[tuple[Node, Node], ...]:
        return tuple([(self.node(key), self.node(value)) for key, value in pairs])

    def _draft(self, symbol: Any) -> Draft:
        parents = self.parents
        spine: list[Any] = []
        while True:
            kind = symbol.type
            if kind == "binary" and symbol.value not in _APART:
                spine.append(symbol)
                symbol = symbol.lhs
            elif kind in _CALLS:
                spine.append(symbol)
                symbol = symbol.procedure
            else:
                break
        draft = kept(self._leaf(symbol), symbol)
        for each in reversed(spine):
            extend = _EXTENSIONS.get(each.value, _Translation.operator)
            draft = kept(extend(self, draft, each), each)
        if isinstance(draft, PathDraft) and self.parents > parents:
            # A parent sought anywhere inside a path changes how all of its steps are evaluated.
            draft.unsupported = _PARENT
        return draft

    def _leaf(self, symbol: Any) -> Draft:
        translate_leaf = _LEAVES.get(symbol.type)
        if translate_leaf is None:
            if symbol.id == "(end)":
                message = "the expression ends too early"
                raise JsonataSyntaxError(message, symbol.position)
            message = f"`{symbol.value}` is not expected here"
            raise JsonataSyntaxError(message, symbol.position)
        return translate_leaf(self, symbol)

    # Leaves: everything that does not start with another expression.

    def name(self, symbol: Any) -> Draft:
        return PathDraft([nodes.Step(nodes.Name(_plain(symbol.value)))])

    def keyword(self, symbol: Any) -> Draft:
        if symbol.value in {"and", "or", "in"}:
            return self.name(symbol)
        message = f"`{symbol.value}` is not expected here"
        raise JsonataSyntaxError(message, symbol.position)

    def string(self, symbol: Any) -> Draft:
        return nodes.String(symbol.value)

    def constant(self, symbol: Any) -> Draft:
        return nodes.Constant(_scalar(symbol.value))

    def variable(self, symbol: Any) -> Draft:
        return nodes.Variable(_plain(symbol.value))

    def regex(self, symbol: Any) -> Draft:
        return nodes.Regex(_plain(symbol.value))

    def wildcard(self, _symbol: Any) -> Draft:
        return nodes.Wildcard()

    def descendant(self, _symbol: Any) -> Draft:
        return nodes.Unsupported("it searches through all levels of a value")

    def parent(self, _symbol: Any) -> Draft:
        self.parents += 1
        return PathDraft([], unsupported=_PARENT)

    def unary(self, symbol: Any) -> Draft:
        if symbol.value == "[":
            return nodes.Array(self._all(symbol.expressions))
        if symbol.value == "{":
            return nodes.Object(self._pairs(symbol.lhs_object))
        operand = self.node(symbol.expression)
        if isinstance(operand, nodes.Constant) and type(operand.value.value) in {int, float}:
            self.rewritten += 1
            return nodes.Constant(_scalar(-(operand.value.value or 0)))
        return nodes.Negation(operand)

    def apart(self, symbol: Any) -> Draft:
        if symbol.value == "..":
            return nodes.Range(self.node(symbol.lhs), self.node(symbol.rhs))
        name = _plain(symbol.lhs.value)
        self.elsewhere.add(name)
        return nodes.Bind(name, self.node(symbol.rhs))

    def block(self, symbol: Any) -> Draft:
        return nodes.Block(tuple([self.statement(each) for each in symbol.expressions]))

    def condition(self, symbol: Any) -> Draft:
        then, otherwise = symbol.then, symbol._else  # noqa: SLF001 -- the library's name for a public field
        if then is symbol.condition:
            return nodes.Default(self._shared(then), self.node(otherwise))
        if symbol.condition.type == "function" and symbol.condition.arguments[:1] == [then]:
            # `a ?? b` comes as `$exists(a) ? a : b` with one and the same `a`.
            return nodes.Coalesce(self._shared(then), self.node(otherwise))
        return nodes.Condition(
            self.node(symbol.condition), self.node(then), None if otherwise is None else self.node(otherwise)
        )

    def _shared(self, symbol: Any) -> Node:
        """The left side of ``??`` or ``?:``.

        It stands twice in the tree of every JSONata implementation that has these operators, each of which
        rewrites it twice: ``$a[1] ?? 0`` becomes ``$a[1][1] ?? 0`` there, and ``-1`` becomes ``1``.
        """
        rewritten = self.rewritten
        node = self.node(symbol)
        if self.rewritten > rewritten:
            return nodes.Unsupported("implementations differ about what stands before `??` and `?:` here")
        return node

    def definition(self, symbol: Any) -> Draft:
        parameters = tuple([_plain(parameter.value) for parameter in symbol.arguments])
        body = self.node(symbol.body)
        # A signature may change what the parameters receive. A grouping behind a call that comes last is not done.
        grouped = any(
            isinstance(each, nodes.Group) and isinstance(each.base, nodes.Call) for each in nodes.ends_of(body)
        )
        return nodes.Lambda(parameters, body, followed=symbol.signature is None and not grouped)

    def transform(self, symbol: Any) -> Draft:
        delete = None if symbol.delete is None else self.node(symbol.delete)
        return nodes.Transform(self.node(symbol.pattern), self.node(symbol.update), delete)

    # Extensions: what may follow an expression.

    def step(self, draft: Draft, symbol: Any) -> Draft:
        path = as_path(draft, symbol.position)
        following = as_steps(self._draft(symbol.rhs), symbol.position)
        path.steps.extend(following.steps)
        path.keep = path.keep or following.keep
        path.unsupported = path.unsupported or following.unsupported
        return path

    def predicate(self, draft: Draft, symbol: Any) -> Draft:
        self.rewritten += 1
        predicate = self.node(symbol.rhs)
        if isinstance(draft, PathDraft):
            if draft.steps:
                draft.steps[-1] = with_predicates(draft.steps[-1], (predicate,))
            return draft
        node = finish(draft)
        if isinstance(node, nodes.Group):
            if isinstance(node.base, nodes.Path | nodes.Unsupported):
                return nodes.Unsupported(GROUPED_INSIDE)
            message = "a predicate cannot follow a grouping"
            raise JsonataSyntaxError(message, symbol.position)
        if isinstance(node, nodes.Filtered):
            return nodes.Filtered(node.base, (*node.predicates, predicate), node.keep)
        return nodes.Filtered(node, (predicate,), keep=False)

    def group(self, draft: Draft, symbol: Any) -> Draft:
        return nodes.Group(finish(draft), self._pairs(symbol.rhs_object))

    def sort(self, draft: Draft, symbol: Any) -> Draft:
        # The terms only change the order, which is not followed; they are translated for what they may set.
        for term in symbol.rhs_terms:
            self.node(term.expression)
        path = as_path(draft, symbol.position)
        path.steps.append(nodes.Sort())
        return path

    def binding(self, draft: Draft, symbol: Any) -> Draft:
        path = as_path(draft, symbol.position)
        path.unsupported = path.unsupported or _BINDING
        return path

    def call(self, draft: Draft, symbol: Any) -> Draft:
        arguments = tuple([None if _is_open(each) else self.node(each) for each in symbol.arguments])
        return nodes.Call(finish(draft), arguments)

    def operator(self, draft: Draft, symbol: Any) -> Draft:
        chain = draft if isinstance(draft, ChainDraft) else ChainDraft(finish(draft))
        chain.rest.append((symbol.value, self.node(symbol.rhs)))
        return chain


_LEAVES: Mapping[str | None, Callable[[_Translation, Any], Draft]] = {
    "name": _Translation.name,
    "operator": _Translation.keyword,
    "string": _Translation.string,
    "number": _Translation.constant,
    "value": _Translation.constant,
    "variable": _Translation.variable,
    "regex": _Translation.regex,
    "wildcard": _Translation.wildcard,
    "descendant": _Translation.descendant,
    "parent": _Translation.parent,
    "unary": _Translation.unary,
    "binary": _Translation.apart,
    "block": _Translation.block,
    "condition": _Translation.condition,
    "lambda": _Translation.definition,
    "transform": _Translation.transform,
}
_EXTENSIONS: Mapping[str, Callable[[_Translation, Draft, Any], Draft]] = {
    ".": _Translation.step,
    "[": _Translation.predicate,
    "{": _Translation.group,
    "^": _Translation.sort,
    "@": _Translation.binding,
    "#": _Translation.binding,
    "(": _Translation.call,
}


def _plain(name: str) -> str:
    if OPEN in name:
        message = "a placeholder in the expression stands outside a string"
        raise TooComplexError(message)
    return name


def _scalar(value: object) -> Scalar:
    scalar = from_json(value)
    if not isinstance(scalar, Scalar):
        message = f"{value!r} is no constant"
        raise TypeError(message)
    return scalar


def _is_open(symbol: Any) -> bool:
    return bool(symbol.type == "operator" and symbol.value == "?")
