from __future__ import annotations

from sfn_least_privilege.policy.asl.jsonpath.choices import combine, leaves, map_choices, present, union
from sfn_least_privilege.policy.text import Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    Conditional,
    Missing,
    OneOf,
    Value,
    from_json,
    one_of,
)

A, B, C = Text.of("a"), Text.of("b"), Text.of("c")


def test_leaves_are_what_a_value_can_be() -> None:
    assert leaves(one_of((A, Conditional("P", B, one_of((C, MISSING)))))) == (A, B, C, MISSING)


def test_a_change_keeps_the_choices() -> None:
    changed = map_choices(
        Conditional("P", A, one_of((B, C))), lambda each: from_json({"is": "a"}) if each == A else each
    )
    assert changed == Conditional("P", from_json({"is": "a"}), one_of((B, C)))


def test_what_is_missing_in_one_branch_leaves_the_other() -> None:
    assert present(Conditional("P", A, MISSING)) == (A, True)
    assert present(Conditional("P", MISSING, one_of((B, MISSING)))) == (B, True)
    assert present(Conditional("P", A, one_of((B, MISSING)))) == (Conditional("P", A, B), True)
    assert present(MISSING) == (MISSING, True)
    assert present(one_of((A, B))) == (one_of((A, B)), False)


def test_combinations_are_made_of_every_choice() -> None:
    pairs = combine(
        (one_of((A, B)), Conditional("P", A, C)),
        lambda both: Text.of(*(each for each in both if isinstance(each, Text))),
    )
    assert set(leaves(pairs)) == {Text.of("aa"), Text.of("ac"), Text.of("ba"), Text.of("bc")}


def test_too_many_combinations_are_not_made() -> None:
    many = one_of(Text.of(str(number)) for number in range(20))
    assert combine((many, many), lambda both: both[0]) == Anything("it can be any of more than 64 values")


def test_conditions_nested_without_end_do_not_reach_the_recursion_limit() -> None:
    value: Value = MISSING
    for number in range(5000):
        value = Conditional(f"C{number}", Text.of(str(number)), value)
    found, may_be_missing = present(value)
    assert may_be_missing
    assert not isinstance(found, Missing)
    assert any(isinstance(each, Anything) for each in leaves(map_choices(value, lambda each: each)))


def test_a_union_of_many_objects_does_not_compare_them_all() -> None:
    assert union(from_json({"id": number}) for number in range(100_000)) == Anything(
        "it can be any of more than 64 values"
    )
    assert isinstance(union((A, B, A)), OneOf)
