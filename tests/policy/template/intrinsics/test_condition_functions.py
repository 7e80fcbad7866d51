import pytest

from sfn_least_privilege.policy.template.intrinsics.condition_functions import NAMES
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, ObjectValue


@pytest.mark.parametrize("function", sorted(NAMES))
def test_a_condition_is_no_value(resolved, function):
    assert resolved({function: ["a", "b"]}) == Anything(
        f"{function} is malformed: it gives a condition, and a value is wanted here"
    )


def test_the_key_condition_is_a_field_like_any_other(resolved):
    assert resolved({"Condition": "{% true %}"}) == ObjectValue({"Condition": Text.of("{% true %}")})
