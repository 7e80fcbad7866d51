"""Arguments are evaluated only when somebody asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sfn_least_privilege.policy.asl.arguments import Arguments, argument_name, known_arguments
from sfn_least_privilege.policy.template.tokens import OPEN
from sfn_least_privilege.policy.value import MISSING, Anything, ObjectValue, from_json, one_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sfn_least_privilege.policy.value import Value


class Evaluator:
    """Takes JSON as it is, and notes what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, template: Mapping[str, Any]) -> Value:
        self.asked.extend(template)
        return ObjectValue({argument_name(key): from_json(value) for key, value in template.items()})


def test_only_what_is_asked_for_is_evaluated() -> None:
    evaluate = Evaluator()
    arguments = Arguments({"TableName.$": "$.t", "Item": {"large": "payload"}}, evaluate)
    assert arguments.get("TableName") == from_json("$.t")
    assert evaluate.asked == ["TableName.$"]


def test_letter_case_does_not_count() -> None:
    assert Arguments({"tableName": "orders"}, Evaluator()).get("TableName") == from_json("orders")


def test_what_is_not_given_is_missing() -> None:
    evaluate = Evaluator()
    assert Arguments({"TableName": "orders"}, evaluate).get("Key") is MISSING
    assert evaluate.asked == []


def test_a_name_that_only_cloudformation_knows_may_be_the_one() -> None:
    arguments = Arguments({f"{OPEN}0": "x"}, lambda _: ObjectValue({}, from_json("x")))
    assert arguments.get("TableName") == one_of([MISSING, from_json("x")])


def test_the_whole() -> None:
    assert Arguments({"a": 1}, Evaluator()).whole() == from_json({"a": 1})


def test_arguments_that_are_one_value() -> None:
    assert known_arguments(from_json({"tablename": "orders"})).get("TableName") == from_json("orders")
    assert known_arguments(Anything("why")).get("TableName") == Anything("why")
    assert known_arguments(Anything("why")).whole() == Anything("why")
