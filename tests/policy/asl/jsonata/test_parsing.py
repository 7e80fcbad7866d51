from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.asl.jsonata import grammar, nodes, translation
from sfn_least_privilege.policy.asl.jsonata.nodes import (
    Array,
    Bind,
    Block,
    Call,
    Chain,
    Coalesce,
    Concatenation,
    Condition,
    Constant,
    Default,
    Filtered,
    Lambda,
    Name,
    Node,
    Path,
    Sort,
    Step,
    String,
    Unsupported,
    Variable,
)
from sfn_least_privilege.policy.asl.jsonata.parsing import parse
from sfn_least_privilege.policy.value import Scalar

A, B, C = Variable("a"), Variable("b"), Variable("c")
ONE = Constant(Scalar("1"))


def path(*steps: Step | Sort, keep: bool = False) -> Path:
    return Path(steps, keep)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$a & $b & $c", Concatenation((A, B, C))),
        ("$a + $b & $c", Chain(A, (("+", B), ("&", C)))),
        ("$a + $b * $c", Chain(A, (("+", Chain(B, (("*", C),))),))),
        ("$a = $b and $c", Chain(A, (("=", B), ("and", C)))),
        ("$a.b.c", path(Step(A), Step(Name("b")), Step(Name("c")))),
        ("$a.'b'.and", path(Step(A), Step(Name("b")), Step(Name("and")))),
        ("$a[1]", Filtered(A, (ONE,), keep=False)),
        ("$a[1][]", Filtered(A, (ONE,), keep=True)),
        ("$a[1].b", path(Step(A, (ONE,)), Step(Name("b")))),
        ("$a.b[1]", path(Step(A), Step(Name("b"), (ONE,)))),
        ("$a.b[]", path(Step(A), Step(Name("b")), keep=True)),
        ("$a()[1].b", path(Step(Filtered(Call(A, ()), (ONE,), keep=False)), Step(Name("b")))),
        ("$a.b()[1]", path(Step(A), Step(Call(path(Step(Name("b"))), ()), (ONE,)))),
        ("$a^(b)[1]", path(Step(A), Sort((ONE,)))),
        ("$a(?, 1)", Call(A, (None, ONE))),
        ("-1", Constant(Scalar("-1"))),
        ("$a ? 1", Condition(A, ONE, None)),
        ("$a ?: 1", Default(A, ONE)),
        ("$a ?? 1", Coalesce(A, ONE)),
        ("$exists($a) ? $a : 1", Condition(Call(Variable("exists"), (A,)), A, ONE)),
        ("($a := 1; $a)", Block((Bind("a", ONE), A))),
        ("function($a){ 1 }", Lambda(("a",), ONE, followed=True)),
        ("['x']", Array((String("x"),))),
        ("/* one */ 1 /* and only */", ONE),
        ("$a{'x': 1}.b", nodes.Path((Step(nodes.Group(A, ((String("x"), ONE),))), Step(Name("b"))), keep=False)),
        ("$a.b{'x': 1}.c", Unsupported("it groups in the middle of a path")),
    ],
)
def test_the_tree_of_an_expression(expression: str, expected: Node) -> None:
    assert parse(expression).root == expected


@pytest.mark.parametrize("expression", ["$f($a := 1)", "[$a := 1]", "$b ? $a := 1", "$b[$a := 1]"])
def test_a_variable_that_is_set_in_the_middle_of_something_is_noted(expression: str) -> None:
    assert parse(expression).elsewhere == {"a"}


@pytest.mark.parametrize("expression", ["$a := 1", "$b := $a := 1", "($a := 1; $a)", "$f(($a := 1; $a))"])
def test_a_statement_of_a_scope_is_followed(expression: str) -> None:
    assert parse(expression).elsewhere == frozenset()


NAMES = st.sampled_from(["a", "B_2", "states", "and", "or", "in", "true", "false", "null", "function", "andy"])


@given(st.lists(NAMES, min_size=1, max_size=4), st.sampled_from(["", " ", "\n\t"]))
def test_the_shortcut_for_plain_references_parses_like_the_parser(names: list[str], space: str) -> None:
    expression = f"{space}${'.'.join(names)}{space}"
    try:
        expected = translation.translate(grammar.raw_tree(expression))
    except ValueError:
        with pytest.raises(ValueError, match="at character"):
            parse(expression)
    else:
        assert parse(expression) == expected
