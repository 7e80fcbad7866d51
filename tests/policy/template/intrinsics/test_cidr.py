import pytest

from sfn_least_privilege.policy.value import Anything, ListOf


@pytest.mark.parametrize("argument", [["10.0.0.0/16", 2], ["10.0.0.0/16", 2, 8]])
def test_it_is_a_list_that_is_not_worked_out(resolved, argument):
    value = resolved({"Fn::Cidr": argument})

    assert isinstance(value, ListOf)
    assert value.item.unknowns[0].reason == "the address ranges of Fn::Cidr are not worked out"


def test_one_of_its_ranges_is_exact_at_deployment(written):
    node = {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/16", 2]}]}

    assert written(node) == node


@pytest.mark.parametrize("argument", [None, "x", [], ["10.0.0.0/16"], ["a", 1, 2, 3]])
def test_other_shapes_are_malformed(resolved, argument):
    value = resolved({"Fn::Cidr": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::Cidr is malformed")
