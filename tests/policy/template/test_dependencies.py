"""Which resources wait for which."""

import pytest

from sfn_least_privilege.policy.template.dependencies import Dependencies, names_in


@pytest.mark.parametrize(
    "node",
    [
        {"Ref": "Table"},
        {"Fn::GetAtt": ["Table", "Arn"]},
        {"Fn::GetAtt": "Table.Arn"},
        {"Fn::Sub": "${Table.Arn}/index/${!literal}"},
        {"Fn::Sub": ["${Table}-${Name}", {"Name": "x"}]},
        {"DependsOn": "Table"},
        {"DependsOn": ["Table"]},
        {"Properties": [{"Deep": {"Fn::Join": ["", [{"Ref": "Table"}]]}}]},
    ],
)
def test_a_name_is_found(node: object) -> None:
    assert "Table" in names_in(node)


def test_what_stands_in_a_string_is_no_name() -> None:
    assert names_in({"Fn::Sub": "${!Table}", "Ref": 1, "Fn::GetAtt": 7, "Text": "Table"}) == set()


RESOURCES = {
    "Machine": {"Properties": {"Key": {"Ref": "Table"}}},
    "Table": {"Properties": {}},
    "Role": {"Properties": {"Policy": {"Fn::GetAtt": ["Machine", "Arn"]}}},
    "Task": {"Properties": {"Role": {"Fn::Sub": "${Role.Arn}"}}},
    "One": {"Properties": {"Other": {"Ref": "Other"}}},
    "Other": {"DependsOn": "One"},
}


def test_who_waits_for_a_machine_directly_or_through_others() -> None:
    assert Dependencies(RESOURCES).waits_for(["Table", "Role", "Task", "One"], "Machine") == {"Role", "Task"}


def test_a_machine_waits_for_itself() -> None:
    assert Dependencies(RESOURCES).waits_for(["Machine"], "Machine") == {"Machine"}


def test_a_long_chain_is_followed_to_its_end() -> None:
    chain = {f"R{each}": {"DependsOn": f"R{each + 1}"} for each in range(20_000)} | {"R20000": {}}
    assert Dependencies(chain).waits_for(["R0"], "R20000") == {"R0"}


def test_what_stands_in_metadata_may_or_may_not_be_waited_for() -> None:
    dependencies = Dependencies({"A": {"Metadata": {"Hint": {"Ref": "B"}}, "DependsOn": "C"}, "B": {}, "C": {}})
    assert dependencies.direct("A") == {"B", "C"}
    assert dependencies.certain("A") == {"C"}


def test_what_is_added_is_waited_for() -> None:
    dependencies = Dependencies({"A": {}, "B": {}})
    dependencies.add("A", ["B", "NoResource"])
    assert dependencies.certain("A") == {"B"}
    assert dependencies.waits_for(["A"], "B") == {"A"}
