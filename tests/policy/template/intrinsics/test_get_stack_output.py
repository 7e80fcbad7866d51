import pytest

from sfn_least_privilege.policy.text import Kind
from sfn_least_privilege.policy.value import Anything


def test_it_stays_as_it_is(written, text):
    node = {"Fn::GetStackOutput": {"StackName": {"Ref": "Stage"}, "OutputName": "QueueArn", "Region": "us-east-1"}}

    assert written(node) == node
    assert text(node).reference.kind is Kind.UNKNOWN


@pytest.mark.parametrize("argument", [None, "x", [], {}, {"StackName": "a"}, {"OutputName": "b"}])
def test_other_shapes_are_malformed(resolved, argument):
    value = resolved({"Fn::GetStackOutput": argument})

    assert isinstance(value, Anything)
    assert value.reason.startswith("Fn::GetStackOutput is malformed")
