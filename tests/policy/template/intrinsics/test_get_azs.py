import pytest

from sfn_least_privilege.policy.value import Anything, ListOf


@pytest.mark.parametrize("argument", ["", "eu-west-1", {"Ref": "AWS::Region"}])
def test_it_is_a_list_that_deployment_tells(resolved, argument):
    value = resolved({"Fn::GetAZs": argument})

    assert isinstance(value, ListOf)
    assert value.item.unknowns[0].reason == "which Availability Zones an account has is known at deployment"


def test_one_of_the_zones_is_exact_at_deployment(written):
    node = {"Fn::Select": [0, {"Fn::GetAZs": ""}]}

    assert written(node) == node


@pytest.mark.parametrize("argument", [None, [], 7])
def test_other_shapes_are_malformed(resolved, argument):
    value = resolved({"Fn::GetAZs": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::GetAZs is malformed")
