"""Policy documents as CloudFormation and IAM read them."""

import itertools
import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.catalog.basis import Basis
from sfn_least_privilege.policy.iam.document import document, inline_policies, under_conditions
from sfn_least_privilege.policy.iam.statement import Statement, synthesise
from sfn_least_privilege.policy.needs.need import Need, Phase, Reason
from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown
from sfn_least_privilege.policy.value import Guarded, Guards

ABSENT = {"Ref": "AWS::NoValue"}
CONDITIONS = ("IsProd", "IsEu")
WORLDS = [dict(zip(CONDITIONS, holds, strict=True)) for holds in itertools.product((True, False), repeat=2)]

REASON = Reason((), "rule", "https://docs.aws.amazon.com", Basis.DOCUMENTED)

guards = st.lists(st.tuples(st.sampled_from(CONDITIONS), st.booleans()), max_size=2, unique_by=lambda each: each[0])
needs = st.lists(
    st.builds(
        Need,
        st.lists(st.sampled_from(["a:A", "b:B"]), min_size=1, unique=True).map(tuple),
        st.builds(Guarded, st.sampled_from(["x", "y"]).map(Text.of), guards.map(tuple)),
        st.just(Phase.RUN),
        st.just(REASON),
    ),
    max_size=8,
)


def statement(*actions: str, resources: tuple[Text, ...] = (Text.of("*x"),), guards: Guards = ()) -> Statement:
    return Statement("Sid", actions, resources, (), guards)


def rendered_policies(asked: list[Need]) -> list[Any]:
    return [
        under_conditions(each.guards, {"PolicyName": each.name, "PolicyDocument": document(each.statements)})
        for each in inline_policies(synthesise(asked))
    ]


def evaluated(node: Any, world: dict[str, bool]) -> Any:
    """What CloudFormation makes of ``Fn::If`` when its conditions are known."""
    while isinstance(node, dict) and "Fn::If" in node:
        condition, then, otherwise = node["Fn::If"]
        node = then if world[condition] else otherwise
    return node


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def granted(policies: list[Any], world: dict[str, bool]) -> set[tuple[str, str]]:
    present = [policy for policy in (evaluated(each, world) for each in policies) if policy != ABSENT]
    return {
        pair
        for policy in present
        for each in policy["PolicyDocument"]["Statement"]
        for pair in itertools.product(listed(each["Action"]), listed(each["Resource"]))
    }


@given(needs)
def test_under_each_combination_of_conditions_exactly_the_needs_of_it_are_granted(asked: list[Need]) -> None:
    policies = rendered_policies(asked)
    for world in WORLDS:
        wanted = {
            (action, each.resource.text.literal)
            for each in asked
            if all(world[name] is holds for name, holds in each.resource.guards)
            for action in each.actions
        }
        assert granted(policies, world) == wanted


@given(needs)
def test_no_policy_is_without_statements(asked: list[Need]) -> None:
    assert all(each.statements for each in inline_policies(synthesise(asked)))


@given(needs)
def test_names_of_policies_are_unique_and_what_iam_takes(asked: list[Need]) -> None:
    names = [each.name for each in inline_policies(synthesise(asked))]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[\w+=,.@-]{1,128}", name) for name in names)


def test_what_always_holds_comes_first_and_is_called_workflow() -> None:
    policies = inline_policies([statement("a:A", guards=(("IsProd", True),)), statement("b:B")])
    assert [(each.name, each.guards) for each in policies] == [
        ("Workflow", ()),
        ("Workflow-IfIsProd", (("IsProd", True),)),
    ]


def test_a_policy_under_conditions_is_named_after_them() -> None:
    (only,) = inline_policies([statement("a:A", guards=(("IsProd", True), ("IsEu", False)))])
    assert only.name == "Workflow-IfIsProd-UnlessIsEu"


def test_names_of_conditions_may_be_long() -> None:
    long = "Is" + "X" * 120
    policies = inline_policies([statement("a:A", guards=((long, holds),)) for holds in (True, False)])
    assert all(len(each.name) <= 128 for each in policies)
    assert len({each.name for each in policies}) == 2


def test_no_statements_no_policies() -> None:
    assert inline_policies([]) == ()


def test_one_action_and_one_resource_are_no_lists() -> None:
    assert document([statement("a:A", resources=(Text.of("x"),))]) == {
        "Version": "2012-10-17",
        "Statement": [{"Sid": "Sid", "Effect": "Allow", "Action": "a:A", "Resource": "x"}],
    }


def test_several_actions_and_resources_are_lists() -> None:
    table = Text.of(Reference("Fn::GetAtt", "Table.Arn", Kind.ARN))
    (only,) = document([statement("a:A", "b:B", resources=(table, Text.of("x", Unknown("why"))))])["Statement"]
    assert (only["Action"], only["Resource"]) == (["a:A", "b:B"], [{"Fn::GetAtt": ["Table", "Arn"]}, "x*"])


def test_without_conditions_a_node_is_itself() -> None:
    node = {"PolicyName": "Workflow"}
    assert under_conditions((), node) is node


def test_conditions_nest() -> None:
    assert under_conditions((("IsProd", True), ("IsEu", False)), "policy") == {
        "Fn::If": ["IsProd", {"Fn::If": ["IsEu", ABSENT, "policy"]}, ABSENT]
    }
