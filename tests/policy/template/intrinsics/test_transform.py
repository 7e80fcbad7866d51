from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sfn_least_privilege.policy.value import Anything, ObjectValue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sfn_least_privilege.policy.text import Text
    from sfn_least_privilege.policy.value import Value


@pytest.mark.parametrize(
    "node",
    [
        {"Fn::Transform": {"Name": "AWS::Include", "Parameters": {"Location": "s3://b/k"}}},
        {"Fn::Transform": {"Name": "AWS::Include"}, "Sibling": "may be changed too"},
    ],
)
def test_a_macro_may_put_anything_there(resolved: Callable[[Any], Value], node: Any) -> None:
    assert resolved(node) == Anything("the macro AWS::Include has not put its result here yet")


@pytest.mark.parametrize("argument", [None, "x", [], {}, {"Name": 7}])
def test_a_macro_without_a_name_may_too(resolved: Callable[[Any], Value], argument: Any) -> None:
    assert resolved({"Fn::Transform": argument}) == Anything("the macro has not put its result here yet")


def test_what_stands_around_it_is_known(resolved: Callable[[Any], Value]) -> None:
    value = resolved({"a": {"Fn::Transform": {"Name": "M"}}, "b": 1})

    assert isinstance(value, ObjectValue)
    assert isinstance(value.fields["a"], Anything)


def test_it_cannot_be_kept_for_later(text: Callable[[Any], Text]) -> None:
    node = {"Fn::Join": ["", {"Fn::If": ["C", ["a"], {"Ref": "LaterNames", "Fn::Transform": {"Name": "M"}}]}]}

    assert text(node).unknowns[0].reason == "Fn::Join: Fn::Transform is not evaluated any more once a macro has run"
