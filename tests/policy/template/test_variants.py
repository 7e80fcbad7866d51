"""The forms that a definition has where template conditions decide which parts are in it."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.deployment import template_deployment
from sfn_least_privilege.policy.template.definitions import LocalFile
from sfn_least_privilege.policy.template.reading import ReadTemplate, read_template
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Conditional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sfn_least_privilege.policy.template.definitions import DefinitionLocation
    from sfn_least_privilege.policy.value import Guards

NO_VALUE = {"Ref": "AWS::NoValue"}
REST = {"StartAt": "Rest", "States": {"Rest": {"Type": "Succeed"}}}
TEXT = json.dumps(REST)


class Files:
    def __init__(self, **files: str) -> None:
        self.files = files

    def fetch(self, locations: Sequence[DefinitionLocation]) -> Mapping[DefinitionLocation, str]:
        return {each: self.files[each.path] for each in locations if isinstance(each, LocalFile)}


def choice(condition: str, then: Any, otherwise: Any = NO_VALUE) -> dict[str, Any]:
    return {"Fn::If": [condition, then, otherwise]}


def read(properties: dict[str, Any], conditions: dict[str, Any] | None = None, **files: str) -> ReadTemplate:
    machine = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    fragment = {"Conditions": conditions or {}, "Resources": {"Machine": machine}}
    return read_template(fragment, {}, template_deployment(), Files(**files))


def variants(properties: dict[str, Any], conditions: dict[str, Any] | None = None, **files: str) -> dict[Guards, Any]:
    """The documents of a machine's definition, by the conditions under which each is the one."""
    found = read(properties, conditions, **files)
    assert not found.findings
    (machine,) = found.machines
    return {each.guards: each.document for each in machine.definitions}


def state(**fields: Any) -> dict[str, Any]:
    """A definition of one state with some fields."""
    return {"StartAt": "Rest", "States": {"Rest": {"Type": "Pass", **fields}}}


def forms(**fields: Any) -> dict[Guards, Any]:
    """What becomes of the fields of one state."""
    return {
        guards: {name: item for name, item in document["States"]["Rest"].items() if name != "Type"}
        for guards, document in variants({"Definition": state(**fields)}).items()
    }


HOLDS: Guards = (("C", True),)
FAILS: Guards = (("C", False),)


def test_a_field_that_a_condition_leaves_out_is_there_in_one_form_only() -> None:
    assert forms(End=True, Catch=choice("C", [{"Next": "Rest"}])) == {
        HOLDS: {"End": True, "Catch": [{"Next": "Rest"}]},
        FAILS: {"End": True},
    }


def test_an_item_that_a_condition_leaves_out_is_there_in_one_form_only() -> None:
    assert forms(Catch=[{"Next": "A"}, choice("C", {"Next": "B"})]) == {
        HOLDS: {"Catch": [{"Next": "A"}, {"Next": "B"}]},
        FAILS: {"Catch": [{"Next": "A"}]},
    }


def test_a_state_that_a_condition_leaves_out() -> None:
    more = {"Type": "Succeed"}
    definition = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}, "More": choice("C", more)}}
    found = variants({"Definition": definition})
    assert [sorted(document["States"]) for document in found.values()] == [["A", "More"], ["A"]]


@pytest.mark.parametrize(
    "field", ["Next", "Default", "Type", "QueryLanguage", "InputPath", "OutputPath", "ResultPath", "ItemsPath"]
)
def test_a_field_that_steers_has_one_value_in_each_form(field: str) -> None:
    definition = {"StartAt": "Rest", "States": {"Rest": {field: choice("C", "a", "b")}}}
    found = variants({"Definition": definition})
    assert {guards: document["States"]["Rest"][field] for guards, document in found.items()} == {
        HOLDS: "a",
        FAILS: "b",
    }


def test_parts_of_a_steering_field_are_settled_as_well() -> None:
    definition = state(Next="To${Where}")
    found = variants({"Definition": definition, "DefinitionSubstitutions": {"Where": choice("C", "A", "B")}})
    assert {each["States"]["Rest"]["Next"] for each in found.values()} == {"ToA", "ToB"}


def test_a_choice_between_strings_stays_a_choice() -> None:
    (machine,) = read({"Definition": state(Result=choice("C", "a", "b"), End=True)}).machines
    (definition,) = machine.definitions
    assert definition.guards == ()
    written = definition.document["States"]["Rest"]["Result"]
    assert definition.tokens.literal(written) == Conditional("C", Text.of("a"), Text.of("b"))


def test_a_choice_between_plain_objects_stays_a_choice_inside_data() -> None:
    assert list(forms(Parameters={"Item": choice("C", {"a": "1"}, {"b": "2"})})) == [()]


@pytest.mark.parametrize(
    "branch",
    [
        {"TableName.$": "$.table"},
        {"Deep": [{"TableName.$": "$.table"}]},
        {"${Name}": "a"},
        "{% $states.input.table %}",
        ["{% $states.input.table %}"],
    ],
)
def test_what_is_evaluated_is_no_plain_data(branch: Any) -> None:
    assert forms(Parameters={"Part": choice("C", branch, "b")}) == {
        HOLDS: {"Parameters": {"Part": branch}},
        FAILS: {"Parameters": {"Part": "b"}},
    }


@pytest.mark.parametrize("field", ["Retry", "TimeoutSeconds", "Comment", "End"])
def test_what_no_permission_depends_on_makes_no_forms(field: str) -> None:
    assert list(forms(**{field: choice("C", [{"MaxAttempts": 1}])})) == [()]


def test_a_state_may_be_called_like_such_a_field() -> None:
    definition = {"StartAt": "Retry", "States": {"Retry": {"Type": choice("C", "Pass", "Succeed"), "End": True}}}
    assert len(variants({"Definition": definition})) == 2


def test_a_condition_inside_a_branch_counts_only_in_that_branch() -> None:
    assert forms(Catch=choice("C", [choice("D", {"Next": "A"})])) == {
        (("C", True), ("D", True)): {"Catch": [{"Next": "A"}]},
        (("C", True), ("D", False)): {"Catch": []},
        FAILS: {},
    }


def test_the_same_condition_makes_the_same_choice_everywhere() -> None:
    assert forms(Catch=choice("C", [1], [2]), Next=choice("C", "A", "B"), Result=choice("C", "a", "b")) == {
        HOLDS: {"Catch": [1], "Next": "A", "Result": "a"},
        FAILS: {"Catch": [2], "Next": "B", "Result": "b"},
    }


@pytest.mark.parametrize("state", [{"Type": "Succeed"}, choice("D", {"Type": "Succeed"}, {"Type": "Succeed"})])
def test_a_choice_between_equals_is_none(state: Any) -> None:
    definition = {"StartAt": "Rest", "States": {"Rest": choice("C", state, {"Type": "Succeed"})}}
    assert variants({"Definition": definition}) == {(): REST}


def test_whole_definitions_under_a_condition() -> None:
    other = {"StartAt": "Other", "States": {"Other": {"Type": "Succeed"}}}
    assert variants({"Definition": choice("C", REST, other)}) == {HOLDS: REST, FAILS: other}


def test_whole_texts_under_a_condition() -> None:
    other = {"StartAt": "${Name}", "States": {"Other": {"Type": "Succeed"}}}
    sub = {"Fn::Sub": [json.dumps(other), {"Name": "Other"}]}
    assert [each["StartAt"] for each in variants({"DefinitionString": choice("C", TEXT, sub)}).values()] == [
        "Rest",
        "Other",
    ]


@pytest.mark.parametrize(
    ("then", "otherwise"),
    [(', "End": true', ""), (', "End": true', ', "Next": "Rest"'), (', "End": true', " "), ("", ', "Comment": ""')],
)
def test_a_choice_between_pieces_of_json(then: str, otherwise: str) -> None:
    before, after = '{"StartAt": "Rest", "States": {"Rest": {"Type": "Pass"', "}}}"
    text = {"Fn::Join": ["", [before, choice("C", then, otherwise), after]]}
    assert variants({"DefinitionString": text}) == {
        HOLDS: json.loads(before + then + after),
        FAILS: json.loads(before + otherwise + after),
    }


def test_a_choice_between_texts_without_quotes_where_no_string_is() -> None:
    text = {"Fn::Join": ["", ['{"a": 1', choice("C", "0", ""), "}"]]}
    assert variants({"DefinitionString": text}) == {HOLDS: {"a": 10}, FAILS: {"a": 1}}


def test_a_substitution_that_is_not_given_leaves_its_placeholder() -> None:
    found = variants(
        {"Definition": state(Result="${Name}"), "DefinitionSubstitutions": {"Name": choice("C", "a", NO_VALUE)}}
    )
    assert {guards: each["States"]["Rest"]["Result"] for guards, each in found.items()} == {
        HOLDS: "a",
        FAILS: "${Name}",
    }


def test_a_definition_outside_the_template_has_forms_by_its_substitutions() -> None:
    found = variants(
        {"DefinitionUri": "file", "DefinitionSubstitutions": {"Next": choice("C", "A", "B")}},
        file=json.dumps(state(Next="${Next}")),
    )
    assert [each["States"]["Rest"]["Next"] for each in found.values()] == ["A", "B"]


def test_placeholders_in_a_choice_are_substituted() -> None:
    (machine,) = read(
        {
            "Definition": state(Result=choice("C", "x-${Name}", ["${Name}", "${Other}"]), End=True),
            "DefinitionSubstitutions": {"Name": "orders"},
        }
    ).machines
    (definition,) = machine.definitions
    value = definition.tokens.literal(definition.document["States"]["Rest"]["Result"])
    assert isinstance(value, Conditional)
    assert value.then == Text.of("x-orders")
    assert value.otherwise.items == (Text.of("orders"), Text.of("${Other}"))  # type: ignore[union-attr] -- shown by ==


def test_four_conditions_are_followed_and_five_are_refused() -> None:
    def under(names: str) -> dict[str, Any]:
        return {"Definition": state(Catch=[choice(name, {"Next": name}) for name in names])}

    assert len(variants(under("ABCD"))) == 16
    (told,) = read(under("ABCDE")).findings
    assert told.rule.id == "SLP115"
    assert all(f"`{name}`" in told.detail for name in "ABCDE")


def test_conditions_that_rule_each_other_out_make_fewer_forms() -> None:
    stages = {name: {"Fn::Equals": [{"Ref": "Stage"}, name]} for name in ("dev", "test", "prod", "demo", "load")}
    catch = [choice(name, {"Next": name}) for name in stages]
    found = variants({"Definition": state(Catch=catch)}, stages)
    assert [[each["Next"] for each in form["States"]["Rest"]["Catch"]] for form in found.values()] == [
        *([name] for name in stages),
        [],
    ]


def test_a_form_is_told_from_the_others_by_as_few_conditions_as_needed() -> None:
    conditions = {"C": {"Fn::Equals": [{"Ref": "Stage"}, "prod"]}, "D": {"Fn::Not": [{"Condition": "C"}]}}
    definition = state(Next=choice("C", "A"), Catch=choice("D", [1]))
    found = variants({"Definition": definition}, conditions)
    assert list(found) == [HOLDS, FAILS]


def test_a_form_that_cannot_be_read_is_told_with_its_conditions() -> None:
    (told,) = read({"DefinitionString": {"Fn::Join": ["", ['{"a": "', choice("C", '"', "b"), '"}']]}}).findings
    assert told.rule.id == "SLP104"
    assert told.detail.endswith(", where `C` holds")


nodes = st.recursive(
    st.sampled_from(["a", "b", 1, True, None]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["Next", "Result", "Parameters", "x", "y.$", "Assign"]), inner, max_size=3),
        st.builds(choice, st.sampled_from("ABC"), inner, inner | st.just(NO_VALUE)),
    ),
    max_leaves=12,
)


def resolved(node: Any, truths: Mapping[str, bool]) -> Any:
    """What CloudFormation makes of a node; None inside a list stands for nothing."""
    if isinstance(node, list):
        return [each for each in (resolved(item, truths) for item in node) if each != NO_VALUE]
    if not isinstance(node, dict) or node == NO_VALUE:
        return node
    if "Fn::If" in node:
        condition, then, otherwise = node["Fn::If"]
        return resolved(then if truths[condition] else otherwise, truths)
    fields = {name: resolved(item, truths) for name, item in node.items()}
    return {name: item for name, item in fields.items() if item != NO_VALUE}


@given(nodes)
def test_each_form_is_what_cloudformation_makes_of_the_definition(node: Any) -> None:
    (machine,) = read({"Definition": {"States": {"Only": {"Node": node}}}}).machines
    for values in itertools.product((True, False), repeat=3):
        truths = dict(zip("ABC", values, strict=True))
        (form,) = [each for each in machine.definitions if all(truths[name] is holds for name, holds in each.guards)]
        expected = resolved({"States": {"Only": {"Node": node}}}, truths)
        assert _plain(form.document, form.tokens.literal, truths) == expected


def _plain(node: Any, literal: Any, truths: Mapping[str, bool]) -> Any:
    """A document with the choices that are left in it made, as JSON."""
    if isinstance(node, str):
        return _json(literal(node), truths)
    if isinstance(node, list):
        return [_plain(item, literal, truths) for item in node]
    if isinstance(node, dict):
        return {name: _plain(item, literal, truths) for name, item in node.items()}
    return node


def _json(value: Any, truths: Mapping[str, bool]) -> Any:
    while isinstance(value, Conditional):
        value = value.then if truths[value.condition] else value.otherwise
    if isinstance(value, Text):
        return value.literal
    if hasattr(value, "items"):
        return [_json(item, truths) for item in value.items]
    if hasattr(value, "fields"):
        return {name: _json(item, truths) for name, item in value.fields.items()}
    return value.value
