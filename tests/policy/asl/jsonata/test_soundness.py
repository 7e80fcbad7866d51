"""Whatever an expression really gives is among what was said of it: expressions and data made up, and really run."""

from __future__ import annotations

import copy
import sys
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonata import Jsonata
from jsonata.utils import Utils

from sfn_least_privilege.policy.asl.jsonata import evaluate
from sfn_least_privilege.policy.text import Reference, Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    ObjectValue,
    Value,
    conditional,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

# Importing the library raises it tenfold, for every test that runs after these.
sys.setrecursionlimit(1000)

KEYS = ("a", "b", "c")
STRINGS = ("", "x", "y", "a", "x/y", "A-b", "a,b,a", "10", "x  y")
LEAVES = st.sampled_from(
    [
        *(f"'{string}'" for string in STRINGS),
        *("0", "1", "2", "-1", "1.5", "true", "false", "null", "[]", "{}", "[1..3]"),
        *("$u", "$v", "$w", "$s.input", "$s.input.a", "$u.b", "$w.c", "$w.a.b", "$u.*", "$p", "$q", "$", "a", "b"),
    ]
)
TEMPLATES = (
    *("({0} & {1})", "({0} & {1} & {2})", "({0} ? {1} : {2})", "({0} ? {1})", "({0} ?: {1})", "({0} ?? {1})"),
    *("{{'a': {0}, 'b': {1}}}", "{{'a': {0}, {1}: {2}}}", "[{0}]", "[{0}, {1}]", "[{0}, [{1}], {2}]"),
    *("($p := {0}; {1})", "($p := {0}; $q := {1}; {2})", "[$p := {0}, {1}]"),
    *("({0} = {1})", "({0} != {1})", "({0} < {1})", "({0} in {1})", "({0} and {1})", "({0} or {1})"),
    *("({0} + {1})", "({0} * {1})", "({0} % {1})", "(-{0})"),
    *("({0}).a", "({0}).b.c", "({0}).({1})", "({0}).[{1}, {2}]", "({0}).{{'a': {1}}}", "({0}).*", "({0}).a[]"),
    *("({0})[0]", "({0})[-1]", "({0})[{1}]", "({0}).a[{1}].b", "({0}).a[1]", "[{0}, {1}].a", "({0})^(a)", "({0})[]"),
    *("$string({0})", "$uppercase({0})", "$trim({0})", "$length({0})", "$number({0})", "$boolean({0})", "$not({0})"),
    *("$exists({0})", "$type({0})", "$count({0})", "$sum({0})", "$max({0})", "$base64encode({0})", "$encodeUrl({0})"),
    *("$substring({0}, 1)", "$substring({0}, -2)", "$substring({0}, 0, 2)", "$pad({0}, 4, '.')", "$pad({0}, -4)"),
    *("$substringBefore({0}, {1})", "$substringAfter({0}, {1})", "$contains({0}, {1})", "$replace({0}, {1}, 'z')"),
    *("$substringBefore({0}, '/')", "$substringAfter({0}, ',')", "$replace({0}, '/', '-')", "$contains({0}, 'x')"),
    *("$split({0}, ',')", "$split({0}, '/')[0]", "$split({0}, ',')[-1]", "$split({0}, {1}, 2)", "$join({0}, '-')"),
    *("$append({0}, {1})", "$reverse({0})", "$distinct({0})", "$sort({0})", "$zip({0}, {1})", "$keys({0})"),
    *("$spread({0})", "$merge({0})", "$merge([{0}, {1}])", "$lookup({0}, {1})", "$lookup({0}, 'a')", "$clone({0})"),
    *("$map({0}, function($p){{ {1} }})", "$map({0}, function($p, $q){{ {1} }})[0]", "$map({0}, $string)"),
    *("$filter({0}, function($p){{ {1} }})", "$single({0}, function($p){{ {1} }})", "$map({0}, $keys)"),
    *("$reduce({0}, function($p, $q){{ {1} }})", "$reduce({0}, function($p, $q){{ {1} }}, {2})"),
    *("$each({0}, function($p, $q){{ {1} }})", "$sift({0}, function($p, $q){{ {1} }})"),
    *("({0} ~> $uppercase)", "({0} ~> $map(function($p){{ {1} }}))", "({0} ~> |$|{{'a': {1}}}|)"),
    *("$abs({0})", "$floor({0})", "$sqrt({0})", "$min({0})", "$average({0})", "$round({0}, 1)", "$power({0}, 2)"),
    *("$string({0}, true)", "$formatNumber({0}, '#0.00')", "$formatBase({0}, 2)", "$pad({0}, $count({1}), '-')"),
    *("$replace({0}, /[a-x]+/, {1})", "$replace({0}, {1}, 'z', 1)", "$split({0}, /[,\\/]/)", "$contains({0}, /x/)"),
    *("$replace({0}, /x/, function($m){{ $m.match & {1} }})", "$match({0}, /[a-z]/).match", "$match({0}, /,/, 1)"),
    *("$sort({0}, function($p, $q){{ $p > $q }})", "$sort({0}, function($p, $q){{ {1} }})", "({0})^(>a, <b)"),
    *("$base64decode($base64encode({0}))", "$decodeUrl($encodeUrl({0}))", "$assert({0}, 'no')", "$substring({0}, {1})"),
    *("[{0}..{1}]", "({0}).**", "({0}).**.a", "({0})[[0, 1]]", "({0})[a = {1}]", "({0})[$ = {1}]", "({0})[-1].b", "$$"),
    *(
        "({0}).a.b[0]",
        "({0}).(a; b)",
        "({0}).(a & {1})",
        "({0}).{{'a': $, 'b': {1}}}",
        "({0}).$string()",
        "({0}).a[].b",
    ),
    *("($f := $substring(?, 1); $f({0}))", "($f := $trim ~> $uppercase; $f({0}))", "({0} ~> |a|{{'b': {1}}}, ['c']|)"),
    *(
        "$merge($map({0}, function($p){{ {{'a': $p}} }}))",
        "$each({0}, function($v, $k){{ $k & $v }})",
        "$spread({0}).a",
    ),
    *(
        "$filter({0}, function($p, $i){{ $i = 0 }})",
        "$reduce([{0}, {1}], function($p, $q){{ $p & $q }})",
        "$sum([{0}, 1])",
    ),
    *("$zip({0}, {1})[0]", "$append({0}, {1})[0]", "$reverse([{0}, {1}])[0]", "$distinct([{0}, {1}])", "$keys({0})[0]"),
    *("($f := function($p){{ $p ? {1} : $f(true) }}; $f({0}))", "({0} > {1} ? {2} : 'n')", "({0} and {1} ? {2})"),
    *("(function($p, $q){{ {2} }})({0}, {1})", "($f := function($p){{ {1} }}; $f({0}))", "({0}){{a: {1}}}"),
)
EXPRESSIONS = st.recursive(
    LEAVES, lambda inner: st.builds(str.format, st.sampled_from(TEMPLATES), inner, inner, inner), max_leaves=9
)
OBJECTS = st.recursive(
    st.sampled_from([*STRINGS, 0, 1, 2, -1, 3, 1.5, True, False]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
).flatmap(lambda value: st.just({"a": value, "b": "x"}))
REASON = "it is hidden"


@st.composite
def hidden(draw: st.DrawFn, concrete: Any) -> Value:
    """A value that covers ``concrete``, with more or less of it hidden."""
    how = draw(st.integers(0, 15))
    if how == 0:
        return Anything(REASON)
    seen = draw(hidden_inside(concrete))
    if how == 1:
        return one_of([seen, draw(st.sampled_from([from_json("z"), from_json(["z"]), from_json({"a": "z"})]))])
    if how == 2:
        return conditional(draw(st.sampled_from("PQ")), seen, from_json({"a": ["z"]}))
    return seen


@st.composite
def hidden_inside(draw: st.DrawFn, concrete: Any) -> Value:
    if isinstance(concrete, str):
        cut, how = draw(st.integers(0, len(concrete))), draw(st.integers(0, 6))
        hole = Reference("Ref", "Name") if how == 0 else Unknown(REASON)
        if how > 2:
            return from_json(concrete)
        return Text.of(hole, concrete[cut:]) if how == 2 else Text.of(concrete[:cut], hole)
    if isinstance(concrete, list):
        items = tuple(draw(hidden(item)) for item in concrete)
        return ListOf(one_of(items)) if items and draw(st.integers(0, 6)) == 0 else ArrayValue(items)
    if isinstance(concrete, dict):
        return draw(hidden_object(concrete))
    return from_json(concrete)


@st.composite
def hidden_object(draw: st.DrawFn, concrete: dict[str, Any]) -> Value:
    fields = {name: draw(hidden(item)) for name, item in concrete.items()}
    how = draw(st.integers(0, 7))
    if how == 0:
        return ObjectValue({**fields, "c2": one_of([MISSING, Text.of("m")])})
    if how == 1 and fields:
        rest = fields.pop(draw(st.sampled_from(sorted(fields))))
        return ObjectValue(fields, rest)
    return ObjectValue(fields)


NOTHING_COMES_OUT = object()


def really(expression: str, bindings: dict[str, Any]) -> Any:
    """What the expression gives in a run; MISSING when there is no value; NOTHING_COMES_OUT when it fails."""
    program = Jsonata(expression)
    program.set_output_convert_nulls(False)
    try:
        return as_json(program.evaluate(None, copy.deepcopy(bindings)))
    except Exception:  # noqa: BLE001 -- the library fails in many ways where an expression makes no sense
        return NOTHING_COMES_OUT


def as_json(result: Any) -> Any:
    if result is None:
        return MISSING
    if result is Utils.NULL_VALUE:
        return None
    if isinstance(result, dict):
        return {name: as_json(item) for name, item in result.items()}
    return [as_json(item) for item in result] if isinstance(result, list) else result


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), expression=EXPRESSIONS, first=OBJECTS, second=OBJECTS)
def test_every_result_is_covered(
    data: st.DataObject, expression: str, first: dict[str, Any], second: dict[str, Any], covers: Callable[..., bool]
) -> None:
    bindings = {"u": first, "v": "x/y", "w": [first, second], "s": {"input": second}}
    variables = {name: data.draw(hidden_inside(value)) for name, value in bindings.items()}
    value = evaluate(expression, variables, Text.of)
    result = really(expression, bindings)
    assert result is NOTHING_COMES_OUT or covers(value, result)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(expression=EXPRESSIONS, data=OBJECTS)
def test_where_everything_is_known_a_string_is_exact(
    expression: str, data: dict[str, Any], covers: Callable[..., bool]
) -> None:
    bindings = {"u": data, "v": "x/y", "w": [data], "s": {"input": data}, "p": "p", "q": "q"}
    value = evaluate(expression, {name: from_json(each) for name, each in bindings.items()}, Text.of)
    result = really(expression, bindings)
    if isinstance(value, Text) and value.literal is not None:
        assert result in (value.literal, NOTHING_COMES_OUT)
    else:
        assert result is NOTHING_COMES_OUT or covers(value, result)
