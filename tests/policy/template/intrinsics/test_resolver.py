"""Literals, nesting, bounds, and the promise that holds for every function: what is written out means the same."""

from __future__ import annotations

import copy
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.rendering import intrinsic
from sfn_least_privilege.policy.template.intrinsics import resolve, resolve_pieces
from sfn_least_privilege.policy.template.scope import Parameter, Scope
from sfn_least_privilege.policy.text import Literal, Reference, Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    Scalar,
    Value,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        ("x", Text.of("x")),
        ("", Text()),
        ("x" * 1000, Text.of("x" * 1000)),
        (1, Scalar("1")),
        (True, Scalar("true")),
        (1.0, Scalar("1.0")),
        (0.0, Scalar("0.0")),
        (-0.0, Scalar("-0.0")),
        (0, Scalar("0")),
        (False, Scalar("false")),
        (None, Scalar("null")),
        ([], ArrayValue(())),
        ({}, ObjectValue({})),
        ({"a": [1, {"b": "c"}]}, ObjectValue({"a": ArrayValue((Scalar("1"), ObjectValue({"b": Text.of("c")})))})),
        ({7: "a"}, ObjectValue({"7": Text.of("a")})),
        ({"Ref": "Queue", "b": "c"}, ObjectValue({"Ref": Text.of("Queue"), "b": Text.of("c")})),
    ],
)
def test_literals_are_themselves(resolved: Callable[[Any], Value], node: Any, expected: Any) -> None:
    assert resolved(node) == expected


def test_what_is_no_json_is_anything(resolved: Callable[[Any], Value]) -> None:
    assert resolved({1, 2}) == Anything("a value of type set is no JSON")


def test_functions_may_stand_anywhere(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"a": [{"Ref": "Queue"}, {"b": {"Fn::Sub": "x"}}]})

    assert value.fields["a"].items[0].reference.argument == "Queue"
    assert value.fields["a"].items[1] == ObjectValue({"b": Text.of("x")})


def test_no_value_drops_out(resolved: Callable[[Any], Value]) -> None:
    no_value = {"Ref": "AWS::NoValue"}

    assert resolved({"a": no_value, "b": ["x", no_value]}) == ObjectValue({"b": ArrayValue((Text.of("x"),))})
    assert resolved(no_value) is MISSING


@pytest.mark.parametrize(
    ("node", "reason"),
    [
        ({"Fn::Nothing": 1}, "Fn::Nothing is malformed: there is no such function"),
        ({"Fn::Sub": "x", "Other": 1}, "Fn::Sub is malformed: it stands among other keys"),
        ({"Other": 1, "Fn::Sub": "x"}, "Fn::Sub is malformed: it stands among other keys"),
    ],
)
def test_what_cloudformation_refuses_is_said(resolved: Callable[[Any], Value], node: Any, reason: str) -> None:
    assert resolved(node) == Anything(reason)


def nested(levels: int, wrap: Any, innermost: Any = "x") -> Any:
    node = innermost
    for _ in range(levels):
        node = wrap(node)
    return node


WRAPPERS = {
    "Ref": lambda node: {"Ref": node},
    "Fn::Base64": lambda node: {"Fn::Base64": node},
    "Fn::FindInMap": lambda node: {"Fn::FindInMap": [node, "a", "b", {"DefaultValue": "c"}]},
    "Fn::GetAtt": lambda node: {"Fn::GetAtt": ["Queue", node]},
    "Fn::If": lambda node: {"Fn::If": ["C", node, "y"]},
    "Fn::If of objects": lambda node: {"Fn::If": ["C", {"a": [node]}, "y"]},
    "Fn::ImportValue": lambda node: {"Fn::ImportValue": node},
    "Fn::GetStackOutput": lambda node: {"Fn::GetStackOutput": {"StackName": node, "OutputName": "x"}},
    "Fn::Join": lambda node: {"Fn::Join": ["-", ["a", node]]},
    "Fn::Length": lambda node: {"Fn::Length": [node]},
    "Fn::Select": lambda node: {"Fn::Select": [0, [node]]},
    "Fn::Select kept": lambda node: {"Fn::Select": [{"Ref": "Later"}, [node]]},
    "Fn::Split": lambda node: {"Fn::Split": [":", node]},
    "Fn::Sub": lambda node: {"Fn::Sub": ["${a}", {"a": node}]},
    "Fn::ToJsonString": lambda node: {"Fn::ToJsonString": {"a": [node]}},
    "Fn::Transform": lambda node: {"Fn::Transform": node},
    "Fn::ForEach": lambda node: {"Fn::ForEach::X": ["x", ["a"], node]},
    "a literal in a function": lambda node: {"Fn::Select": [0, nested(100, lambda inner: [inner], node)]},
}


@pytest.mark.parametrize("levels", [63, 64, 65, 3_000])
@pytest.mark.parametrize("name", WRAPPERS)
def test_no_nesting_is_too_deep_to_answer(resolved: Callable[[Any], Value], name: str, levels: int) -> None:
    value = resolved(nested(levels, WRAPPERS[name]))

    assert isinstance(value, Text | ObjectValue | ArrayValue | ListOf | Conditional | Anything | Scalar)


@pytest.mark.parametrize("wrap", ["Fn::If", "Fn::If of objects"])
def test_two_deep_branches_can_be_compared(resolved: Callable[[Any], Value], wrap: str) -> None:
    branch = "x"
    for number in range(20 if wrap == "Fn::If of objects" else 60):
        ((_, (_, then, _)),) = WRAPPERS[wrap](branch).items()
        branch = {"Fn::If": [f"C{number}", then, "y"]}

    assert resolved({"Fn::If": ["Other", branch, copy.deepcopy(branch)]}) == resolved(branch)


def test_nesting_beyond_the_bound_is_said(resolved: Callable[[Any], Value]) -> None:
    assert "more than 64 levels deep" in repr(resolved(nested(65, WRAPPERS["Fn::Sub"])))
    assert "levels deep" not in repr(resolved(nested(64, WRAPPERS["Fn::Sub"])))


def test_literals_may_nest_without_bound(resolved: Callable[[Any], Value]) -> None:
    value = resolved(nested(20_000, lambda node: {"a": [node]}, {"Ref": "Queue"}))

    for _ in range(20_000):
        value = value.fields["a"].items[0]
    assert value.reference.argument == "Queue"


@pytest.mark.parametrize(
    "node",
    [
        {"Fn::Sub": "${" * 500_000},
        {"Fn::Sub": "${AWS::Region}" * 20_000},
        "{{resolve:" * 50_000,
        {"Fn::Join": ["\n", ["line"] * 200_000]},
        {"Fn::Join": ["", [{"Fn::If": [f"C{number}", "a", "b"]} for number in range(5_000)]]},
        {"Fn::Split": [",", "a," * 50_000]},
    ],
    ids=["unclosed", "placeholders", "half dynamic references", "lines", "conditions", "pieces"],
)
def test_a_large_node_is_answered_at_once(resolved: Callable[[Any], Value], node: Any) -> None:
    assert isinstance(resolved(node), Text | ArrayValue | Conditional)


def test_the_pieces_of_a_string_keep_a_choice_in_its_place(scope: Scope) -> None:
    node = {"Fn::Join": ["", ["a", {"Ref": "Queue"}, {"Fn::If": ["IsProd", "x", "y"]}, "b"]]}

    first, choice, last = resolve_pieces(node, scope)

    assert [first.prefix, first.references[0].argument, last] == ["a", "Queue", Text.of("b")]
    assert choice == Conditional("IsProd", Text.of("x"), Text.of("y"))


@pytest.mark.parametrize(
    "node",
    [
        "plain",
        {"Ref": "Queue"},
        {"Fn::Sub": "${"},
        {"Fn::Sub": []},
        {"Fn::Join": ["", {"Ref": "Names"}]},
        {"Fn::Sub": ["{{resolve:ssm:${p}}}", {"p": {"Fn::If": ["IsProd", "a", "b"]}}]},
    ],
)
def test_what_has_no_pieces_is_one_value(scope: Scope, node: Any) -> None:
    assert resolve_pieces(node, scope) == (resolve(node, scope),)


# The promise: a value, written out again, evaluates at deployment to what the node it came from evaluates to.
# CloudFormation's part is played by a small evaluator; samples are the values of this very deployment.

PARAMETERS = {
    "Name": Parameter("Name", "String", "orders"),
    "Arn": Parameter("Arn", "String", "arn:aws:sqs:eu-west-1:1:orders"),
    "Wild": Parameter("Wild", "String", "a*b"),
    "List": Parameter("List", "CommaDelimitedList", ("x", "y:z")),
    "Region": Parameter("Region", "String", "eu-west-1"),
}
MAPPINGS = {"Map": {"eu-west-1": {"k": "one:two", "l": ["p", "q"]}, "us-east-1": {"k": "three", "l": ["r", "s"]}}}
ATTRIBUTES = {"Queue.Arn": "arn:aws:sqs:eu-west-1:1:queue", "Queue.QueueName": "queue"}
PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "eu-west-1", "AWS::AccountId": "1", "AWS::URLSuffix": "amazonaws.com"}
REFS = {"Queue": "https://sqs.eu-west-1.amazonaws.com/1/queue", "Topic": "arn:aws:sns:eu-west-1:1:topic", **PSEUDO}
SCOPE = Scope(
    deployment=template_deployment("eu-west-1", "1"),
    resources={"Queue": {"Type": "AWS::SQS::Queue"}, "Topic": {"Type": "AWS::SNS::Topic"}},
    parameters=PARAMETERS,
    mappings=MAPPINGS,
    conditions={},
)


class RefusedError(Exception):
    """CloudFormation would refuse the template."""


def refuse(node: Any) -> Any:
    raise RefusedError(node)


def string(value: Any) -> str:
    return value if isinstance(value, str) else refuse(value)


def evaluate(node: Any, truth: dict[str, bool]) -> Any:
    """What CloudFormation makes of a node."""
    if isinstance(node, list):
        return [evaluate(item, truth) for item in node]
    if not isinstance(node, dict):
        return node
    if len(node) != 1 or not (set(node) & set(EVALUATORS)):
        return {key: evaluate(item, truth) for key, item in node.items()}
    ((function, argument),) = node.items()
    return EVALUATORS[function](argument, truth)


def evaluate_ref(name: Any, _truth: Any) -> Any:
    if name in PARAMETERS:
        value = PARAMETERS[name].value
        return list(value) if isinstance(value, tuple) else value
    return REFS[name]


def evaluate_sub(argument: Any, truth: Any) -> str:
    template, variables = argument if isinstance(argument, list) else (argument, {})

    def replacement(match: re.Match[str]) -> str:
        name = match[1]
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        if name in variables:
            return string(evaluate(variables[name], truth))
        return string(ATTRIBUTES[name] if "." in name else evaluate_ref(name, truth))

    return re.sub(r"\$\{([^}]*)\}", replacement, template)


def evaluate_select(argument: Any, truth: Any) -> Any:
    index, items = (evaluate(each, truth) for each in argument)
    return items[int(index)] if isinstance(items, list) and int(index) < len(items) else refuse(argument)


EVALUATORS = {
    "Ref": evaluate_ref,
    "Fn::GetAtt": lambda argument, _: ATTRIBUTES[".".join(argument)],
    "Fn::Sub": evaluate_sub,
    "Fn::Join": lambda argument, truth: argument[0].join(
        string(item) for item in evaluate(argument[1], truth) if isinstance(item, str) or refuse(item)
    ),
    "Fn::Split": lambda argument, truth: string(evaluate(argument[1], truth)).split(argument[0]),
    "Fn::Select": evaluate_select,
    "Fn::If": lambda argument, truth: evaluate(argument[1] if truth[argument[0]] else argument[2], truth),
    "Fn::FindInMap": lambda argument, truth: (
        MAPPINGS[argument[0]].get(string(evaluate(argument[1], truth)), {}).get(argument[2]) or refuse(argument)
    ),
}


def covers(value: Value, actual: Any, truth: dict[str, bool]) -> bool:
    """Whether ``value``, as far as it is known, is what CloudFormation makes of the node."""
    if isinstance(value, Anything):
        return True
    if isinstance(value, Conditional):
        return covers(value.then if truth[value.condition] else value.otherwise, actual, truth)
    if isinstance(value, ArrayValue):
        return (
            isinstance(actual, list)
            and len(actual) == len(value.items)
            and all(covers(item, each, truth) for item, each in zip(value.items, actual, strict=True))
        )
    if isinstance(value, ListOf):
        return isinstance(actual, list) and all(covers(value.item, each, truth) for each in actual)
    if not isinstance(value, Text):
        return False
    if len(value.parts) == 1 and not isinstance(value.parts[0], Literal | Reference):
        return True
    return isinstance(actual, str) and re.fullmatch(as_pattern(value, truth), actual, re.DOTALL) is not None


def as_pattern(text: Text, truth: dict[str, bool]) -> str:
    pieces = []
    for part in text.parts:
        if isinstance(part, Literal):
            pieces.append(re.escape(part.value))
        elif isinstance(part, Reference):
            pieces.append(re.escape(string(evaluate(intrinsic(part), truth))))
        else:
            pieces.append(".*")
    return "".join(pieces)


def samples_in(value: Value, truth: dict[str, bool]) -> bool:
    """Whether every sample is what its reference really gives."""
    if isinstance(value, Text):
        return all(reference.sample in {None, evaluate(intrinsic(reference), truth)} for reference in value.references)
    if isinstance(value, ArrayValue):
        return all(samples_in(item, truth) for item in value.items)
    return True


words = st.sampled_from(["a", "b:c", "*", "${", "x/y", ""])
strings = st.deferred(
    lambda: st.one_of(
        words,
        st.sampled_from([{"Ref": name} for name in ("Name", "Arn", "Wild", "Queue", "Topic", "AWS::Region")]),
        st.sampled_from([{"Fn::GetAtt": ["Queue", "Arn"]}, {"Fn::GetAtt": ["Queue", "QueueName"]}]),
        st.sampled_from(
            [{"Fn::Sub": template} for template in ("${Name}-${Queue.Arn}", "a${!b}c", "${AWS::AccountId}")]
        ),
        strings.map(lambda node: {"Fn::Sub": ["<${v}|${Name}>", {"v": node}]}),
        st.tuples(st.sampled_from(["", "-", ":"]), lists).map(lambda pair: {"Fn::Join": list(pair)}),
        st.tuples(st.sampled_from([0, 1, "1", 4]), lists).map(lambda pair: {"Fn::Select": list(pair)}),
        st.tuples(st.sampled_from(["A", "B"]), strings, strings).map(lambda three: {"Fn::If": list(three)}),
        keys.map(lambda key: {"Fn::FindInMap": ["Map", key, "k"]}),
    )
)
lists = st.deferred(
    lambda: st.one_of(
        st.lists(strings, max_size=3),
        st.just({"Ref": "List"}),
        st.tuples(st.sampled_from([":", "/"]), strings).map(lambda pair: {"Fn::Split": list(pair)}),
        st.tuples(st.sampled_from(["A", "B"]), lists, lists).map(lambda three: {"Fn::If": list(three)}),
        keys.map(lambda key: {"Fn::FindInMap": ["Map", key, "l"]}),
    )
)
keys = st.sampled_from(
    ["eu-west-1", "us-east-1", "nowhere", {"Ref": "AWS::Region"}, {"Ref": "Region"}, {"Ref": "Name"}]
)
truths = st.fixed_dictionaries({"A": st.booleans(), "B": st.booleans()})


@given(strings | lists, truths)
def test_what_is_written_out_means_the_same(node: Any, truth: dict[str, bool]) -> None:
    value = resolve(node, SCOPE)
    try:
        actual = evaluate(node, truth)
    except RefusedError:
        reject()

    assert covers(value, actual, truth)
    assert samples_in(value, truth)


@given(strings | lists, truths)
def test_before_values_are_known_it_means_the_same(node: Any, truth: dict[str, bool]) -> None:
    later = {name: replace(parameter, value=None) for name, parameter in PARAMETERS.items() if name != "Wild"}
    scope = replace(SCOPE, deployment=template_deployment(), parameters=PARAMETERS | later)
    try:
        actual = evaluate(node, truth)
    except RefusedError:
        reject()

    assert covers(resolve(node, scope), actual, truth)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5) | words,
    lambda children: (
        st.lists(children, max_size=4)
        | st.dictionaries(st.text(max_size=3), children, max_size=3)
        | st.builds(lambda function, argument: {function: argument}, st.sampled_from(sorted(WRAPPERS)), children)
        | st.builds(
            lambda function, argument: {function: argument}, st.sampled_from(["Fn::GetAZs", "Fn::Cidr"]), children
        )
    ),
    max_leaves=12,
)


@given(anything)
def test_nothing_raises_and_the_same_node_gives_the_same_value(node: Any) -> None:
    assert resolve(node, SCOPE) == resolve(node, SCOPE)
    assert resolve_pieces(node, SCOPE) == resolve_pieces(node, SCOPE)
