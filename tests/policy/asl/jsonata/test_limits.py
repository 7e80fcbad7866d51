"""No definition hangs the analysis: what its expressions may cost is bounded, one by one and all together."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.jsonata import evaluate, limits
from sfn_least_privilege.policy.asl.reading import understand
from sfn_least_privilege.policy.asl.work import MAX_WORK, Work
from sfn_least_privilege.policy.template.machine import Definition
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import Anything, Value

GREEDY = "$map([1..100], function($i){ $map([1..100], function($j){ $i & '-' & $j }) })"


def value(expression: str, work: Work | None = None) -> Value:
    return evaluate(expression, {}, Text.of, work)


def passing(*expressions: str) -> Any:
    """A definition of which each state evaluates one expression, and the last one calls something."""
    names = [f"S{number}" for number in range(len(expressions))]
    states: dict[str, Any] = {
        name: {"Type": "Pass", "Assign": {"v": f"{{% {expression} %}}"}, "Next": following}
        for name, expression, following in zip(names, expressions, [*names[1:], "Call"], strict=True)
    }
    states["Call"] = {
        "Type": "Task",
        "Resource": "arn:aws:states:::dynamodb:getItem",
        "Arguments": {"TableName": "{% 'orders-' & 'x' %}"},
        "End": True,
    }
    return {"QueryLanguage": "JSONata", "StartAt": names[0], "States": states}


def table_of(definition: Any) -> Value:
    (task,) = understand(Definition(definition), "Machine").tasks
    return task.arguments.get("TableName")


def test_one_expression_is_given_up_where_it_takes_too_much_work() -> None:
    assert value(GREEDY) == Anything("the expression takes too much work to analyse")


@pytest.mark.parametrize("expression", ["'a'", "'a' & 'b' & 'c'", "$map([1, 2, 3], function($i){ $i + 1 })", GREEDY])
def test_an_expression_takes_its_work_from_what_all_may_do(expression: str) -> None:
    work = Work()
    value(expression, work)
    assert 0 < MAX_WORK - work.left <= limits.MAX_WORK + limits.MAX_SIZE


def test_an_expression_that_cannot_be_read_costs_what_its_length_does() -> None:
    work = Work()
    value("a" * (limits.MAX_CHARACTERS + 1), work)
    assert MAX_WORK - work.left >= limits.MAX_CHARACTERS // limits.CHARACTERS_PER_COST


def test_nothing_more_is_evaluated_once_all_work_is_done() -> None:
    assert value("'a'", Work(0)) == Anything("the definition's expressions take too much work to analyse")


def test_after_a_few_greedy_expressions_the_others_are_known() -> None:
    assert table_of(passing(*[GREEDY] * 3)) == Text.of("orders-x")


def test_after_very_many_of_them_nothing_is() -> None:
    assert table_of(passing(*[GREEDY] * 500)) == Anything("the definition's expressions take too much work to analyse")


def test_beyond_the_bound_each_expression_costs_one_look() -> None:
    work = Work()
    for _ in range(2_000):
        value(GREEDY, work)
    assert -work.left < limits.MAX_SIZE + 2_000 * (limits.COST_OF_NODE + len(GREEDY))


def test_thousands_of_plain_expressions_are_known() -> None:
    assert table_of(passing(*["'x' & $states.input.name"] * 5_000)) == Text.of("orders-x")
