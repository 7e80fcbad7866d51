from __future__ import annotations

import pytest

from sfn_least_privilege.policy.asl.jsonpath.paths import (
    Descend,
    Each,
    Field,
    Filter,
    Index,
    Indexes,
    Root,
    Slice,
    Step,
    parse_path,
)
from sfn_least_privilege.policy.asl.jsonpath.syntax import JsonPathSyntaxError


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("$", ()),
        ("$.a.b", (Field("a"), Field("b"))),
        ("$['a']['b c']", (Field("a"), Field("b c"))),
        ('$["a"]', (Field("a"),)),
        ("$.['a']", (Field("a"),)),
        (r"$['it\'s']", (Field("it's"),)),
        ("$.ns:order-id/x@y", (Field("ns:order-id/x@y"),)),
        ("$.&Ж中", (Field("&Ж中"),)),
        ("$.a[0][ -1 ]", (Field("a"), Index(0), Index(-1))),
        ("$.a[0,2]", (Field("a"), Indexes((0, 2)))),
        ("$[*].*", (Each(), Each())),
        ("$[1:3]", (Slice(1, 3),)),
        ("$[-2:]", (Slice(-2, None),)),
        ("$[:2]", (Slice(None, 2),)),
        ("$..a", (Descend(), Field("a"))),
        ("$..[0]", (Descend(), Index(0))),
        ("$[?(@.a == ']')].b", (Filter("(@.a == ']')"), Field("b"))),
        (r"$[?(@.a =~ /[^]'\/]/)]", (Filter(r"(@.a =~ /[^]'\/]/)"),)),
        ("$[?(@.a[?(@.b)])]", (Filter("(@.a[?(@.b)])"),)),
    ],
)
def test_a_path_is_read_step_by_step(path: str, steps: tuple[Step, ...]) -> None:
    parsed = parse_path(path)
    assert (*parsed.definite, *parsed.rest) == steps


@pytest.mark.parametrize(
    ("path", "root", "variable"),
    [
        ("$.x", Root.INPUT, ""),
        ("$$.Execution.Id", Root.CONTEXT, ""),
        ("$tables[0]", Root.VARIABLE, "tables"),
        ("$Größe_1.x", Root.VARIABLE, "Größe_1"),
    ],
)
def test_a_path_starts_at_the_input_the_context_object_or_a_variable(path: str, root: Root, variable: str) -> None:
    parsed = parse_path(path)
    assert (parsed.root, parsed.variable) == (root, variable)


@pytest.mark.parametrize(
    "path",
    [
        "$.a.length()",
        "$.a.concat($.b, 'x)')",
        r"$.store\.book",
        "$['a','b']",
        r"$['a\nb']",
        "$[0:9:2]",
        "$.a[(@.length-1)]",
        "$.*x",
    ],
)
def test_what_readers_of_jsonpath_understand_differently_is_unclear(path: str) -> None:
    assert parse_path(path).unclear


@pytest.mark.parametrize(
    ("path", "position", "problem"),
    [
        ("a.b", 0, "starts with `$`"),
        ("$.", 2, "a name is missing"),
        ("$...a", 3, "a name is missing"),
        ("$.a b", 3, "a name with a space"),
        ("$.a[", 3, "never closed"),
        ("$.a['b", 4, "never closed"),
        ("$.a['b'", 7, "`]` is missing"),
        ("$.a['b' 'c']", 8, "`]` is missing"),
        ("$.a[b]", 4, "brackets hold"),
        ("$.a[]", 4, "brackets hold"),
        ("$[?(@.a", 1, "never closed"),
        ("$[?(@.a == 'x)]", 1, "a string is never closed"),
        ("$.a(", 3, "never closed"),
        ("$.a[0]b", 6, "a step starts with"),
    ],
)
def test_a_path_that_cannot_be_read_says_where_and_why(path: str, position: int, problem: str) -> None:
    with pytest.raises(JsonPathSyntaxError, match="cannot be read") as caught:
        parse_path(path)
    assert caught.value.position == position
    assert problem in caught.value.problem


def test_a_path_of_fields_and_indexes_is_definite() -> None:
    assert not parse_path("$.a['b'][0]").rest
    assert parse_path("$.a[*].b").definite == (Field("a"),)
