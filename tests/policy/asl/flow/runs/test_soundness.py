"""Machines made at random, run in moto's interpreter: whatever a state receives there was predicted.

Data has mostly the same shape, ``{"a": text, "b": {"a": text, "c": text}, "c": text, "l": list}``, so that runs get
far; sometimes something else comes in, so that the unexpected happens too.
"""

from __future__ import annotations

import re
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_least_privilege.policy.asl.reading import EXECUTION_INPUT
from sfn_least_privilege.policy.template.tokens import TokenWriter
from sfn_least_privilege.policy.text import Reference, Text
from sfn_least_privilege.policy.value import (
    MISSING,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    OneOf,
    conditional,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

    from sfn_least_privilege.policy.value import Value

    Fields = dict[str, Any]

INPUTS = [
    {"a": "a", "b": {"a": "b", "c": "orders"}, "l": [{"a": "a", "b": "x-1"}, {"a": "b"}], "c": "x-1"},
    {"a": "b", "b": {"a": "a", "c": "a"}, "l": ["a", "orders"], "c": "orders"},
    {"a": {"a": "orders"}, "b": "b", "c": "c", "l": []},
    [{"a": "a"}],
]
WORDS = st.sampled_from(["a", "b", "orders", "x-1"])
LITERALS: SearchStrategy[Any] = st.recursive(
    WORDS | st.sampled_from([1, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcl"), inner, max_size=3),
    max_leaves=4,
)
PARTS = st.fixed_dictionaries({"a": WORDS, "c": WORDS})
LISTS = st.lists(WORDS | PARTS, max_size=3)
SHAPE: dict[str, SearchStrategy[Any]] = {"a": WORDS, "b": PARTS, "c": WORDS, "l": LISTS}
SHAPES = st.fixed_dictionaries(SHAPE)


class Scope:
    """What the states of a machine may use: names that are numbered through, variables, and query languages."""

    def __init__(
        self,
        numbers: Iterator[int],
        outer: tuple[str, ...] = (),
        depth: int = 0,
        languages: tuple[str, ...] = ("JSONPath", "JSONPath", "JSONata"),
    ) -> None:
        self.numbers = numbers
        self.depth = depth
        self.languages = languages
        self.own = tuple(f"{letter}{next(numbers)}" for letter in "vw")
        self.visible = (*outer, *self.own)

    def inner(self, language: str) -> Scope:
        # moto knows no JSONPath inside of JSONata.
        languages = ("JSONata",) if language == "JSONata" else self.languages
        return Scope(self.numbers, self.visible, self.depth + 1, languages)


def seldom(usual: SearchStrategy[Any], *others: SearchStrategy[Any]) -> SearchStrategy[Any]:
    """Mostly what is usual."""
    return st.integers(0, 7).flatmap(lambda turn: usual if turn else st.one_of(*others))


def optional(draw: DrawFn, **fields: SearchStrategy[Any]) -> Fields:
    """Each field with a chance of one in two."""
    return {name: draw(values) for name, values in fields.items() if draw(st.booleans())}


@st.composite
def machines(draw: DrawFn, scope: Scope | None = None) -> Fields:
    """States that mostly lead on, the first of which sets all variables."""
    scope = scope or Scope(count())
    names = [f"S{next(scope.numbers)}" for _ in range(draw(st.integers(2, 5)))]
    states = {name: draw(state(names, position, scope)) for position, name in enumerate(names)}
    first = {"Type": "Pass", "QueryLanguage": draw(st.sampled_from(scope.languages)), "Next": names[0]}
    if scope.depth == 0 and first["QueryLanguage"] == "JSONPath":
        first |= optional(draw, Result=SHAPES)
    start = f"Set{names[0]}"
    states[start] = {**first, "Assign": {name: draw(LITERALS | WORDS) for name in scope.own}}
    return {"StartAt": start, "States": states}


@st.composite
def state(draw: DrawFn, names: list[str], position: int, scope: Scope) -> Fields:
    kinds = ["Pass", "Pass", "Choice", "Choice", "Task", "Wait", *(["Map", "Parallel"] if scope.depth < 2 else [])]
    kind = draw(seldom(st.sampled_from(kinds), st.sampled_from(["Fail", "Succeed"])))
    kind = "Pass" if kind == "Choice" and len(names) < 3 else kind
    language = draw(st.sampled_from(scope.languages))
    # moto takes a catcher that leads back to its own state for one that leads on.
    others = [name for name in names if name != names[position]]
    made = {"Type": kind, "QueryLanguage": language, **draw(KINDS[language][kind](others, scope))}
    if kind in {"Choice", "Fail", "Succeed"}:
        return made
    ahead = names[position + 1 :] or [None]
    target = draw(seldom(st.sampled_from(ahead), st.sampled_from(names)))
    return {**made, **({"End": True} if target is None else {"Next": target})}


# --- JSONPath

STRINGS = ["$.a", "$.c", "$.b.a", "$.b.c", "$['a']", "$.l[0].a", "$$.State.Name", "$$.Execution.Input.c"]
ODD = ["$", "$.l[0]", "$.l[*].a", "$$.Execution.Input", "$.b", "$$.Map.Item.Value", "$$.Map.Item.Value.a"]
CALLS = ["States.Format('{}-{}', $.a, $.c)", "States.Format('x-{}', $$.State.Name)", "States.JsonToString($.b)"]


def texts(scope: Scope) -> SearchStrategy[str]:
    variables = [f"${name}" for name in scope.visible]
    return seldom(st.sampled_from([*STRINGS, *CALLS, *variables]), st.sampled_from(ODD))


@st.composite
def templates(draw: DrawFn, scope: Scope) -> Fields:
    """Templates of the usual shape."""
    made: Fields = {}
    for name, literals in SHAPE.items():
        if draw(st.integers(0, 2)) == 0:
            made[name] = draw(seldom(literals, LITERALS))
        elif name in "ac":
            made[f"{name}.$"] = draw(texts(scope))
        else:
            calls = ["$.l", "States.Array($.a, $.b)"] if name == "l" else ["$.b"]
            made[f"{name}.$"] = draw(seldom(st.sampled_from(calls), texts(scope)))
    return made


@st.composite
def assigns(draw: DrawFn, scope: Scope) -> Fields:
    name = draw(st.sampled_from(scope.own))
    return draw(st.builds(lambda path: {f"{name}.$": path}, texts(scope)) | st.builds(lambda v: {name: v}, LITERALS))


READ = "arn:aws:states:::dynamodb:getItem"
RESULT_PATHS = st.sampled_from(["$.a", "$.b", "$.b.c", "$.l", None])
SELECTIONS = seldom(st.just("$"), st.sampled_from(["$.a", "$.b", None, "$$.Execution.Input"]))


@st.composite
def jsonpath_pass(draw: DrawFn, _names: list[str], scope: Scope) -> Fields:
    made = optional(draw, InputPath=SELECTIONS, Parameters=templates(scope), Assign=assigns(scope))
    made |= optional(draw, OutputPath=SELECTIONS)
    return made | draw(
        st.sampled_from([{}, {}])
        | st.fixed_dictionaries({"Result": SHAPES})
        | st.fixed_dictionaries({"Result": WORDS, "ResultPath": RESULT_PATHS})
        | st.fixed_dictionaries({"ResultPath": RESULT_PATHS})
    )


@st.composite
def jsonpath_wait(draw: DrawFn, _names: list[str], _scope: Scope) -> Fields:
    return {"Seconds": 0, **optional(draw, InputPath=SELECTIONS, OutputPath=SELECTIONS)}


@st.composite
def jsonpath_succeed(draw: DrawFn, _names: list[str], _scope: Scope) -> Fields:
    return optional(draw, InputPath=SELECTIONS, OutputPath=SELECTIONS)


@st.composite
def jsonpath_task(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    made = {"Resource": READ, "Parameters": draw(templates(scope)), **optional(draw, InputPath=SELECTIONS)}
    return made | draw(jsonpath_results(names, scope))


@st.composite
def jsonpath_choice(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    # moto takes a rule that leads where `Default` does for `Default` itself, and reads no `Assign` of a rule.
    default, *others = draw(st.permutations(names))
    rules = draw(st.lists(comparisons(scope), min_size=1, max_size=2))
    made = {"Choices": [{**rule, "Next": draw(st.sampled_from(others))} for rule in rules], "Default": default}
    return made | optional(draw, InputPath=SELECTIONS, OutputPath=SELECTIONS, Assign=assigns(scope))


def comparisons(scope: Scope) -> SearchStrategy[Fields]:
    places = st.sampled_from([*STRINGS, *(f"${name}" for name in scope.visible)])
    simple = st.one_of(
        st.fixed_dictionaries({"Variable": places, "StringEquals": WORDS}),
        st.fixed_dictionaries({"Variable": places, "StringEquals": WORDS}),
        st.fixed_dictionaries({"Variable": places, "StringEqualsPath": places}),
        st.fixed_dictionaries({"Variable": places, "StringMatches": st.sampled_from(["a*", "*r*s", "*"])}),
        st.fixed_dictionaries({"Variable": places, "IsPresent": st.booleans()}),
    )
    return st.recursive(
        simple,
        lambda inner: st.one_of(
            st.fixed_dictionaries({"And": st.lists(inner, min_size=2, max_size=2)}),
            st.fixed_dictionaries({"Or": st.lists(inner, min_size=2, max_size=2)}),
            st.fixed_dictionaries({"Not": inner}),
        ),
        max_leaves=3,
    )


@st.composite
def jsonpath_map(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    item = {"a.$": "$$.Map.Item.Value", "i.$": "$$.Map.Item.Index"}
    selectors = templates(scope).map(lambda made: {key: made[key] for key in made if key[0] != "a"} | item)
    made = {"ItemsPath": draw(seldom(st.just("$.l"), st.just("$"))), "ItemProcessor": draw(machines(scope.inner("")))}
    made |= {} if draw(st.integers(0, 3)) == 0 else {"ItemSelector": draw(selectors)}
    return {**made, **draw(jsonpath_results(names, scope))}


@st.composite
def jsonpath_parallel(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    branches = [draw(machines(scope.inner(""))) for _ in range(draw(st.integers(1, 2)))]
    made = optional(draw, InputPath=SELECTIONS, Parameters=templates(scope))
    return {"Branches": branches, **made, **draw(jsonpath_results(names, scope))}


@st.composite
def jsonpath_results(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    def kept(path: str) -> Fields:
        return {f"{scope.own[1]}.$": path}

    selector = {"a": draw(WORDS), "b": draw(PARTS), "c.$": "$$.State.Name", "l.$": "$"}
    made = draw(
        seldom(
            st.sampled_from([{"ResultPath": "$.l"}, {"ResultSelector": selector}, {"ResultPath": None}]), st.just({})
        )
    )
    made |= optional(draw, OutputPath=SELECTIONS, Assign=st.sampled_from(["$", "$.a", "$[0]"]).map(kept))
    if draw(st.booleans()):
        catcher = {"ErrorEquals": ["States.ALL"], "Next": draw(st.sampled_from(names))}
        caught = st.sampled_from(["$.Error", "$", "$$.State.Name"]).map(lambda path: {f"{scope.own[0]}.$": path})
        catcher |= optional(draw, ResultPath=RESULT_PATHS, Assign=caught)
        made["Catch"] = [catcher]
    return made


@st.composite
def fail(draw: DrawFn, _names: list[str], _scope: Scope) -> Fields:
    return {"Error": draw(WORDS), "Cause": "it had to"}


# --- JSONata


def expressions(visible: tuple[str, ...]) -> SearchStrategy[str]:
    inputs = ["$states.input.a", "$states.input.c", "$states.input.b.a", "$states.context.State.Name"]
    place = st.sampled_from([*inputs, *(f"${name}" for name in visible)])
    usual = st.one_of(
        place,
        place,
        st.builds("{} & '-x'".format, place),
        st.builds("{} = 'a' ? 'yes' : {}".format, place, place),
        st.builds("$exists({}) ? {} : 'none'".format, place, place),
    )
    odd = st.one_of(
        st.builds("{{'a': {}, 'l': [{}, 'b']}}".format, place, place),
        st.builds("[{}, {}]".format, place, place),
        st.builds("{}[0]".format, place),
        st.sampled_from(["$states.input", "$uppercase($states.input.a)", "$states.context.Execution.Input"]),
    )
    return seldom(usual, odd).map("{{% {} %}}".format)


@st.composite
def jsonata_values(draw: DrawFn, visible: tuple[str, ...]) -> Any:
    """Values of the usual shape."""
    if draw(st.integers(0, 7)) == 0:
        return draw(LITERALS | expressions(visible))
    lists = st.sampled_from(["{% $states.input.l %}", "{% [$states.input.a, $states.input.b] %}"])
    return {
        "a": draw(WORDS | expressions(visible)),
        "b": draw(PARTS | st.just("{% $states.input.b %}")),
        "c": draw(WORDS | expressions(visible)),
        "l": draw(LISTS | lists),
    }


@st.composite
def jsonata_ends(draw: DrawFn, scope: Scope) -> Fields:
    """``Output`` and ``Assign``. moto reads in one what the other sets, so they speak of different variables."""
    made: Fields = {}
    if draw(st.booleans()):
        made["Assign"] = {draw(st.sampled_from(scope.own)): draw(LITERALS | expressions(scope.visible))}
    visible = tuple(name for name in scope.visible if name not in made.get("Assign", {}))
    return made | optional(draw, Output=jsonata_values(visible))


@st.composite
def jsonata_pass(draw: DrawFn, _names: list[str], scope: Scope) -> Fields:
    return draw(jsonata_ends(scope))


@st.composite
def jsonata_wait(draw: DrawFn, _names: list[str], scope: Scope) -> Fields:
    return {"Seconds": 0, **draw(jsonata_ends(scope))}


@st.composite
def jsonata_succeed(draw: DrawFn, _names: list[str], scope: Scope) -> Fields:
    return optional(draw, Output=jsonata_values(scope.visible))


@st.composite
def jsonata_task(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    return {"Resource": READ, "Arguments": draw(arguments(scope)), **draw(jsonata_results(names, scope))}


def arguments(scope: Scope) -> SearchStrategy[Any]:
    """Objects, and expressions that make one."""
    objects = jsonata_values(scope.visible).filter(lambda value: isinstance(value, dict))
    inner = expressions(scope.visible).map(lambda text: text[2:-2])
    whole = st.one_of(
        st.builds("{{% {{'a': {}, 'c': {}}} %}}".format, inner, inner),
        st.builds("{{% $merge([$states.input, {{'a': {}}}]) %}}".format, inner),
        st.builds("{{% $states.input.a = 'a' ? {{'a': {}}} : $states.input.b %}}".format, inner),
    )
    return objects | objects | whole


@st.composite
def jsonata_choice(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    default, *others = draw(st.permutations(names))
    rules = [
        {"Condition": condition, "Next": draw(st.sampled_from(others)), **draw(jsonata_ends(scope))}
        for condition in draw(st.lists(conditions(scope), min_size=1, max_size=2))
    ]
    return {"Choices": rules, "Default": default, **draw(jsonata_ends(scope))}


def conditions(scope: Scope) -> SearchStrategy[str]:
    variables = [f"${name}" for name in scope.visible]
    place = st.sampled_from(["$states.input.a", "$states.input.b.a", "$states.input", *variables, f"{variables[0]}.a"])
    simple = st.one_of(
        st.builds("{} = '{}'".format, place, WORDS),
        st.builds("{} = '{}'".format, place, WORDS),
        st.builds("{} in ['{}', 'b']".format, place, WORDS),
        st.builds("$exists({})".format, place),
    )
    return st.one_of(
        simple,
        simple,
        st.builds("{} and {}".format, simple, simple),
        st.builds("{} or ({})".format, simple, simple),
        st.builds("$not({})".format, simple),
    ).map("{{% {} %}}".format)


@st.composite
def jsonata_map(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    items = st.one_of(st.just("{% $states.input.l %}"), st.lists(jsonata_values(scope.visible), max_size=3))
    item = {"a": "{% $states.context.Map.Item.Value %}", "c": "{% $string($states.context.Map.Item.Index) %}"}
    selectors = jsonata_values(scope.visible).map(lambda value: value | item if isinstance(value, dict) else item)
    made = {"Items": draw(items), "ItemProcessor": draw(machines(scope.inner("JSONata")))}
    return {**made, **optional(draw, ItemSelector=selectors), **draw(jsonata_results(names, scope))}


@st.composite
def jsonata_parallel(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    branches = [draw(machines(scope.inner("JSONata"))) for _ in range(draw(st.integers(1, 2)))]
    return {"Branches": branches, **optional(draw, Arguments=arguments(scope)), **draw(jsonata_results(names, scope))}


@st.composite
def jsonata_results(draw: DrawFn, names: list[str], scope: Scope) -> Fields:
    outer = tuple(name for name in scope.visible if name not in scope.own)
    usual = jsonata_values(outer).map(
        lambda value: value | {"l": "{% $states.result %}"} if isinstance(value, dict) else value
    )
    outputs = seldom(usual, st.sampled_from(["{% $states.result[0] %}", "{% $states.input %}"]))
    made = {"Output": draw(outputs)} | optional(draw, Assign=st.just({scope.own[1]: "{% $states.result %}"}))
    if draw(st.booleans()):
        catcher = {"ErrorEquals": ["States.ALL"], "Next": draw(st.sampled_from(names))}
        assign = st.just({scope.own[0]: "{% $states.errorOutput.Error %}"})
        made["Catch"] = [catcher | optional(draw, Output=jsonata_values(outer), Assign=assign)]
    return made


KINDS: dict[str, dict[str, Callable[[list[str], Scope], SearchStrategy[Fields]]]] = {
    "JSONPath": {
        "Pass": jsonpath_pass,
        "Wait": jsonpath_wait,
        "Choice": jsonpath_choice,
        "Map": jsonpath_map,
        "Parallel": jsonpath_parallel,
        "Fail": fail,
        "Succeed": jsonpath_succeed,
        "Task": jsonpath_task,
    },
    "JSONata": {
        "Pass": jsonata_pass,
        "Wait": jsonata_wait,
        "Choice": jsonata_choice,
        "Map": jsonata_map,
        "Parallel": jsonata_parallel,
        "Fail": fail,
        "Succeed": jsonata_succeed,
        "Task": jsonata_task,
    },
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=st.tuples(machines(), st.sampled_from(INPUTS), st.sampled_from(["nothing", "several", "it"])))
def test_whatever_a_state_receives_was_predicted(
    predict: Callable[..., Any],
    predict_calls: Callable[..., Any],
    run_in_moto: Callable[..., Any],
    covers: Callable[..., bool],
    case: tuple[Fields, Any, str],
) -> None:
    definition, real, known = case
    given = {"nothing": EXECUTION_INPUT, "several": one_of(map(from_json, INPUTS)), "it": from_json(real)}[known]
    predicted = predict(definition, given)
    run = run_in_moto(definition, real)
    for seen in run.seen:
        assert seen.state in predicted
        entry = predicted[seen.state]
        assert covers(entry.input, seen.input), (seen, entry.input)
        for name, value in seen.variables.items():
            assert covers(entry.variables[name], value), (seen, name, entry.variables[name])
        for name in entry.variables.keys() - seen.variables.keys():
            assert covers(entry.variables[name], MISSING), (seen, name, entry.variables[name])
    calls = predict_calls(definition, given)
    for called in run.called:
        for name in {*called.arguments, "a", "b", "zz"}:
            value = calls[called.state].get(name)
            assert covers(value, called.arguments.get(name, MISSING)), (called, name, value)
        assert covers(calls[called.state].whole(), called.arguments), called


# --- Definitions in which the template chooses words

_KEPT = frozenset(
    {"Type", "Next", "Default", "StartAt", "QueryLanguage", "Error", "Cause", "ErrorEquals", "Resource", "Variable"}
)
_QUOTED = re.compile(r"'(a|b|orders|x-1)'(?!:)")
_OPTION = re.compile("<<(\\w+) (\\S+) (\\S+)>>")
NAMED = "Named"


@st.composite
def with_options(draw: DrawFn, node: Any) -> Any:
    """A definition in which some words are the options ``<<Condition word other>>``, or parameters."""

    def option(word: str) -> str:
        condition = draw(st.sampled_from(["", "C", "D", NAMED]))
        return f"<<{condition} {word} {draw(WORDS)}>>" if condition else word

    def walk(node: Any, name: str) -> Any:
        if isinstance(node, dict):
            return {key: item if key in _KEPT else walk(item, key) for key, item in node.items()}
        if isinstance(node, list):
            return [walk(item, name) for item in node]
        if not isinstance(node, str) or name.endswith("Path") or name == "StringMatches":
            return node
        if node.startswith("{%"):
            return _QUOTED.sub(lambda quoted: f"'{option(quoted[1])}'", node)
        return option(node) if node in {"a", "b", "orders", "x-1"} else node

    return walk(node, "")


def replaced(node: Any, replace: Callable[[re.Match[str]], str]) -> Any:
    if isinstance(node, dict):
        return {key: replaced(item, replace) for key, item in node.items()}
    if isinstance(node, list):
        return [replaced(item, replace) for item in node]
    return _OPTION.sub(replace, node) if isinstance(node, str) else node


def under(value: Value, truths: dict[str, bool]) -> Value:
    """What a value is where it is known which conditions hold."""
    if isinstance(value, Conditional):
        return under(value.then if truths[value.condition] else value.otherwise, truths)
    if isinstance(value, OneOf):
        return one_of(under(each, truths) for each in value.alternatives)
    if isinstance(value, ArrayValue):
        return ArrayValue(tuple(under(item, truths) for item in value.items))
    if isinstance(value, ListOf):
        return ListOf(under(value.item, truths))
    if isinstance(value, ObjectValue):
        rest = None if value.rest is None else under(value.rest, truths)
        return ObjectValue({name: under(item, truths) for name, item in value.fields.items()}, rest)
    return value


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    case=st.tuples(
        machines().flatmap(with_options),
        st.sampled_from(INPUTS),
        st.fixed_dictionaries({"C": st.booleans(), "D": st.booleans()}),
    )
)
def test_what_the_template_chooses_was_predicted_for_each_choice(
    predict: Callable[..., Any],
    predict_calls: Callable[..., Any],
    run_in_moto: Callable[..., Any],
    covers: Callable[..., bool],
    case: tuple[Fields, Any, dict[str, bool]],
) -> None:
    optional, real, truths = case
    writer = TokenWriter()

    def token(option: re.Match[str]) -> str:
        condition, word, other = option.groups()
        if condition == NAMED:
            return writer.token(Text((Reference("Ref", f"Name{word}"),)))
        return word if word == other else writer.token(conditional(condition, Text.of(word), Text.of(other)))

    def chosen(option: re.Match[str]) -> str:
        return option[2] if truths.get(option[1], True) else option[3]

    definition = replaced(optional, token)
    given = one_of(map(from_json, INPUTS))
    predicted = predict(definition, given, writer.tokens())
    run = run_in_moto(replaced(optional, chosen), real)
    for seen in run.seen:
        entry = predicted[seen.state]
        assert covers(under(entry.input, truths), seen.input), (seen, entry.input)
        for name, value in seen.variables.items():
            assert covers(under(entry.variables[name], truths), value), (seen, name, entry.variables[name])
    calls = predict_calls(definition, given, writer.tokens())
    for called in run.called:
        for name in {*called.arguments, "a", "zz"}:
            value = calls[called.state].get(name)
            assert covers(under(value, truths), called.arguments.get(name, MISSING)), (called, name, value)
