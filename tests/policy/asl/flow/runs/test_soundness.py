"""Machines made at random, run in moto's interpreter: whatever a state receives there was predicted."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sfn_least_privilege.policy.value import MISSING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.strategies import DrawFn, SearchStrategy

WORDS = ["a", "b", "orders", "x-1"]
INPUTS = [
    {"a": "a", "b": {"a": "b", "c": "orders"}, "l": [{"a": "a", "b": "x-1"}, {"a": "b"}], "c": "x-1"},
    {"a": "b", "b": {"a": "a"}, "l": ["a", "orders"], "c": "orders"},
    {"a": {"a": "orders"}, "b": "b", "l": []},
    [{"a": "a"}],
    "a",
]
LITERALS: SearchStrategy[Any] = st.recursive(
    st.sampled_from([*WORDS, 1, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcl"), inner, max_size=3),
    max_leaves=5,
)
FIELDS = ["$.a", "$.b", "$.c", "$.l", "$.b.a", "$.l[0]", "$.l[1]", "$['a']", "$.l[*].a"]
CONTEXT = ["$$.Execution.Input.a", "$$.State.Name", "$$.StateMachine.Name", "$$.Execution.Input"]
CALLS = [
    "States.Format('{}-{}', $.a, $.c)",
    "States.Array($.a, $.b)",
    "States.ArrayGetItem($.l, 0)",
    "States.JsonToString($.b)",
    "States.ArrayLength($.l)",
]


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

    def inner(self) -> Scope:
        return Scope(self.numbers, self.visible, self.depth + 1, self.languages)

    def inner_jsonata(self) -> Scope:
        """moto knows no JSONPath inside of JSONata."""
        return Scope(self.numbers, self.visible, self.depth + 1, ("JSONata",))


@st.composite
def machines(draw: DrawFn, scope: Scope | None = None) -> dict[str, Any]:
    scope = scope or Scope(count())
    names = [f"S{next(scope.numbers)}" for _ in range(draw(st.integers(1, 4)))]
    states = {name: draw(state(names, position, scope)) for position, name in enumerate(names)}
    return {"StartAt": names[0], "States": states}


@st.composite
def state(draw: DrawFn, names: list[str], position: int, scope: Scope) -> dict[str, Any]:
    kinds = ["Pass", "Pass", "Pass", "Choice", "Choice", "Wait", "Fail"]
    if scope.depth < 2:
        kinds += ["Map", "Parallel"]
    kind = draw(st.sampled_from(kinds))
    if kind == "Choice" and len(names) < 3:
        kind = "Pass"
    language = draw(st.sampled_from(scope.languages))
    make = {"JSONPath": JSONPATH, "JSONata": JSONATA}[language][kind]
    # moto takes a catcher that leads back to its own state for one that leads on.
    others = [name for name in names if name != names[position]]
    made = {"Type": kind, "QueryLanguage": language, **draw(make(others, scope))}
    if made.get("Catch", [{}])[0].get("Next") == "nowhere":
        del made["Catch"]
    if kind in {"Choice", "Fail"}:
        return made
    # Mostly ahead, so that runs get far; sometimes back, so that they go round.
    ahead = names[position + 1 :] or [None]
    target = draw(st.sampled_from([*ahead, *ahead, *ahead, *names]))
    return {**made, **({"End": True} if target is None else {"Next": target})}


def optional(draw: DrawFn, **fields: SearchStrategy[Any]) -> dict[str, Any]:
    """Each field with a chance of one in three."""
    return {name: draw(values) for name, values in fields.items() if draw(st.integers(0, 2)) == 0}


# --- JSONPath


def paths(scope: Scope) -> SearchStrategy[str]:
    variables = [f"${name}" for name in scope.visible]
    return st.sampled_from([*FIELDS, *FIELDS, "$", *CONTEXT, *variables, *[f"{each}.a" for each in variables]])


@st.composite
def templates(draw: DrawFn, scope: Scope, names: tuple[str, ...] = ("a", "b", "c", "l")) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True)):
        kind = draw(st.sampled_from(["literal", "path", "path", "call", "nested"]))
        if kind == "path":
            made[f"{name}.$"] = draw(paths(scope))
        elif kind == "call":
            made[f"{name}.$"] = draw(st.sampled_from(CALLS))
        elif kind == "nested":
            made[name] = {"a.$": draw(paths(scope)), "c": draw(st.sampled_from(WORDS))}
        else:
            made[name] = draw(LITERALS)
    return made


def assigns(scope: Scope) -> SearchStrategy[dict[str, Any]]:
    return templates(scope, scope.own)


RESULT_PATHS = st.sampled_from(["$", "$.a", "$.b", "$.b.c", "$.l", None])


def selections() -> SearchStrategy[Any]:
    return st.sampled_from(["$", "$.a", "$.b", "$.l", None, "$$.Execution.Input"])


@st.composite
def jsonpath_pass(draw: DrawFn, _names: list[str], scope: Scope) -> dict[str, Any]:
    return optional(
        draw,
        InputPath=selections(),
        Parameters=templates(scope),
        Result=LITERALS,
        ResultPath=RESULT_PATHS,
        OutputPath=selections(),
        Assign=assigns(scope),
    )


@st.composite
def jsonpath_wait(draw: DrawFn, _names: list[str], _scope: Scope) -> dict[str, Any]:
    return {"Seconds": 0, **optional(draw, InputPath=selections(), OutputPath=selections())}


@st.composite
def jsonpath_choice(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    # moto takes a rule that leads where `Default` does for `Default` itself, and reads no `Assign` of a rule.
    default, *others = draw(st.permutations(names))
    count_of_rules = draw(st.integers(1, 2)) if others else 0
    rules = [{**draw(comparisons(scope)), "Next": draw(st.sampled_from(others))} for _ in range(count_of_rules)]
    given = optional(draw, InputPath=selections(), OutputPath=selections(), Assign=assigns(scope))
    return {"Choices": rules, "Default": default, **given}


def comparisons(scope: Scope) -> SearchStrategy[dict[str, Any]]:
    variables = paths(scope).filter(lambda path: "*" not in path)
    simple = st.one_of(
        st.builds(lambda path, word: {"Variable": path, "StringEquals": word}, variables, st.sampled_from(WORDS)),
        st.builds(lambda path, other: {"Variable": path, "StringEqualsPath": other}, variables, variables),
        st.builds(
            lambda path, word: {"Variable": path, "StringMatches": word},
            variables,
            st.sampled_from(["a*", "*r*s", "*"]),
        ),
        st.builds(lambda path, flag: {"Variable": path, "IsPresent": flag}, variables, st.booleans()),
    )
    return st.one_of(
        simple,
        simple,
        st.builds(lambda one, other: {"And": [one, other]}, simple, simple),
        st.builds(lambda one, other: {"Or": [one, other]}, simple, simple),
        st.builds(lambda one: {"Not": one}, simple),
    )


@st.composite
def jsonpath_map(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    selector = templates(scope).map(
        lambda made: {**made, "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value"},
    )
    return {
        "ItemsPath": draw(st.sampled_from(["$.l", "$.l", "$.l", "$"])),
        "ItemProcessor": draw(machines(scope.inner())),
        **optional(draw, InputPath=st.just("$"), ItemSelector=selector),
        **draw(jsonpath_results(names, scope)),
    }


@st.composite
def jsonpath_parallel(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    return {
        "Branches": [draw(machines(scope.inner())) for _ in range(draw(st.integers(1, 2)))],
        **optional(draw, InputPath=selections(), Parameters=templates(scope)),
        **draw(jsonpath_results(names, scope)),
    }


@st.composite
def jsonpath_results(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    selector = st.sampled_from([{"a.$": "$[0]", "l.$": "$"}, {"b.$": "$[1]"}, {"a.$": "$"}])
    catcher = {"ErrorEquals": ["States.ALL"], "Next": draw(st.sampled_from([*names, "nowhere"]))}
    catcher |= optional(draw, ResultPath=RESULT_PATHS, Assign=st.just({scope.own[0]: "caught"}))
    return optional(
        draw,
        ResultSelector=selector,
        ResultPath=RESULT_PATHS,
        OutputPath=selections(),
        Assign=st.just({f"{scope.own[1]}.$": "$[0]"}),
        Catch=st.just([catcher]),
    )


@st.composite
def fail(draw: DrawFn, _names: list[str], _scope: Scope) -> dict[str, Any]:
    return {"Error": draw(st.sampled_from(WORDS)), "Cause": "it had to"}


# --- JSONata


def expressions(scope: Scope) -> SearchStrategy[str]:
    variables = [f"${name}" for name in scope.visible]
    places = ["$states.input.a", "$states.input.b", "$states.input.l", "$states.input.b.a", "$states.input", *variables]
    place = st.sampled_from(places)
    return st.one_of(
        place,
        place,
        st.builds("{} & '-x'".format, place),
        st.builds("{{'a': {}, 'l': [{}, 'b']}}".format, place, place),
        st.builds("{} = 'a' ? 'yes' : {}".format, place, place),
        st.builds("$exists({}) ? {} : 'none'".format, place, place),
        st.builds("[{}, {}]".format, place, place),
        st.builds("{}[0]".format, place),
        st.sampled_from(
            ["$states.context.State.Name", "$uppercase($states.input.a)", "$states.context.Execution.Input"]
        ),
    ).map("{{% {} %}}".format)


def jsonata_values(scope: Scope) -> SearchStrategy[Any]:
    return st.one_of(
        LITERALS,
        expressions(scope),
        st.dictionaries(st.sampled_from("abcl"), expressions(scope) | LITERALS, max_size=3),
    )


def jsonata_assigns(scope: Scope) -> SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(scope.own), jsonata_values(scope), min_size=1)


@st.composite
def jsonata_ends(draw: DrawFn, scope: Scope) -> dict[str, Any]:
    """``Output`` and ``Assign``. moto reads in one what the other sets, so they speak of different variables."""
    assign = optional(draw, Assign=jsonata_assigns(scope))
    hidden = assign.get("Assign", {})
    visible = Scope(scope.numbers, tuple(name for name in scope.visible if name not in hidden))
    return {**assign, **optional(draw, Output=jsonata_values(visible))}


@st.composite
def jsonata_pass(draw: DrawFn, _names: list[str], scope: Scope) -> dict[str, Any]:
    return draw(jsonata_ends(scope))


@st.composite
def jsonata_wait(draw: DrawFn, _names: list[str], scope: Scope) -> dict[str, Any]:
    return {"Seconds": 0, **optional(draw, Output=jsonata_values(scope))}


@st.composite
def jsonata_choice(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    rules = []
    # moto takes a rule that leads where `Default` does for `Default` itself.
    default, *others = draw(st.permutations(names))
    for _ in range(draw(st.integers(1, 2)) if others else 0):
        rule = {"Condition": draw(conditions(scope)), "Next": draw(st.sampled_from(others))}
        rules.append({**rule, **draw(jsonata_ends(scope))})
    return {"Choices": rules, "Default": default, **draw(jsonata_ends(scope))}


def conditions(scope: Scope) -> SearchStrategy[str]:
    variables = [f"${name}" for name in scope.visible]
    place = st.sampled_from(["$states.input.a", "$states.input.b.a", "$states.input", *variables, f"{variables[0]}.a"])
    simple = st.one_of(
        st.builds("{} = '{}'".format, place, st.sampled_from(WORDS)),
        st.builds("{} in ['{}', 'b']".format, place, st.sampled_from(WORDS)),
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
def jsonata_map(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    items = st.one_of(st.just("{% $states.input.l %}"), st.lists(jsonata_values(scope), max_size=3))
    selector = {"i": "{% $states.context.Map.Item.Index %}", "a": "{% $states.context.Map.Item.Value %}"}
    return {
        "Items": draw(items),
        "ItemProcessor": draw(machines(scope.inner_jsonata())),
        **optional(draw, ItemSelector=st.just(selector)),
        **draw(jsonata_results(names, scope)),
    }


@st.composite
def jsonata_parallel(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    return {
        "Branches": [draw(machines(scope.inner_jsonata())) for _ in range(draw(st.integers(1, 2)))],
        **optional(draw, Arguments=jsonata_values(scope).filter(lambda value: isinstance(value, dict))),
        **draw(jsonata_results(names, scope)),
    }


@st.composite
def jsonata_results(draw: DrawFn, names: list[str], scope: Scope) -> dict[str, Any]:
    outputs = st.sampled_from(["{% $states.result[0] %}", "{% {'l': $states.result} %}", "{% $states.input %}"])
    catcher = {"ErrorEquals": ["States.ALL"], "Next": draw(st.sampled_from([*names, "nowhere"]))}
    outer = Scope(scope.numbers, scope.visible[:-2])
    catcher |= optional(draw, Output=jsonata_values(outer), Assign=st.just({scope.own[0]: "{% $states.errorOutput %}"}))
    return optional(
        draw, Output=outputs, Assign=st.just({scope.own[1]: "{% $states.result %}"}), Catch=st.just([catcher])
    )


JSONPATH: dict[str, Callable[[list[str], Scope], SearchStrategy[dict[str, Any]]]] = {
    "Pass": jsonpath_pass,
    "Wait": jsonpath_wait,
    "Choice": jsonpath_choice,
    "Map": jsonpath_map,
    "Parallel": jsonpath_parallel,
    "Fail": fail,
}
JSONATA: dict[str, Callable[[list[str], Scope], SearchStrategy[dict[str, Any]]]] = {
    "Pass": jsonata_pass,
    "Wait": jsonata_wait,
    "Choice": jsonata_choice,
    "Map": jsonata_map,
    "Parallel": jsonata_parallel,
    "Fail": fail,
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(definition=machines(), real=st.sampled_from(INPUTS))
def test_whatever_a_state_receives_was_predicted(
    predict: Callable[..., Any],
    run_in_moto: Callable[..., Any],
    covers: Callable[..., bool],
    definition: dict[str, Any],
    real: Any,
) -> None:
    predicted = predict(definition)
    for seen in run_in_moto(definition, real).seen:
        assert seen.state in predicted
        entry = predicted[seen.state]
        assert covers(entry.input, seen.input), (seen, entry.input)
        for name, value in seen.variables.items():
            assert covers(entry.variables[name], value), (seen, name, entry.variables[name])
        for name in entry.variables.keys() - seen.variables.keys():
            assert covers(entry.variables[name], MISSING), (seen, name, entry.variables[name])
