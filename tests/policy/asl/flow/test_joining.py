"""One value that covers several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.asl.flow.joining import MAX_VARIANTS, join, merge
from sfn_least_privilege.policy.text import Text, Unknown
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    ListOf,
    ObjectValue,
    OneOf,
    Value,
    alternatives_of,
    from_json,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

DOCUMENTS = st.recursive(
    st.sampled_from(["a", "b", "c", 1, True, None]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("xyz"), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(DOCUMENTS, min_size=1, max_size=30))
def test_a_join_covers_everything_that_it_is_made_of(covers: Callable[..., bool], documents: list[Any]) -> None:
    values = [from_json(each) for each in documents]
    for joined in (join(values), merge(join(values)), join([join(values[:15]), join(values[15:])])):
        assert all(covers(joined, each) for each in documents)


def test_a_value_joined_with_itself_is_that_value() -> None:
    value = from_json({"a": ["b"]})
    assert join([value, value]) is value


def test_what_is_covered_already_adds_nothing() -> None:
    several = [from_json({"kind": "table", "name": "a"}), from_json({"kind": "queue", "name": "b"})]
    assert join([join(several), from_json({"kind": "queue", "name": "b"})]) == OneOf(tuple(several))


def test_equal_values_are_one() -> None:
    assert join([from_json("a"), from_json("a")]) == from_json("a")


def test_of_nothing_there_is_nothing() -> None:
    assert join([]) is MISSING


def test_anything_swallows_the_rest() -> None:
    assert join([from_json("a"), Anything("why"), from_json({"x": 1})]) == Anything("why")


def test_strings_are_alternatives() -> None:
    assert join([from_json("a"), from_json("b")]) == one_of([from_json("a"), from_json("b")])


def test_objects_that_differ_in_one_field_become_one() -> None:
    joined = join([from_json({"kind": "k", "name": "a"}), from_json({"kind": "k", "name": "b"})])
    assert joined == ObjectValue({"kind": from_json("k"), "name": one_of([from_json("a"), from_json("b")])})


def test_objects_that_differ_in_several_fields_stay_apart() -> None:
    several = [from_json({"kind": "table", "name": "a"}), from_json({"kind": "queue", "name": "b"})]
    assert join(several) == OneOf(tuple(several))


def test_unknown_fields_keep_no_objects_apart() -> None:
    rest = Anything("why")
    one = ObjectValue({"x": Anything("x"), "y": Text((Unknown("y"),))}, rest)
    other = ObjectValue({"z": Anything("z")}, rest)
    assert isinstance(join([one, other]), ObjectValue)


def test_a_field_that_one_object_lacks_may_be_missing() -> None:
    joined = join([from_json({"x": "a"}), from_json({})])
    assert joined == ObjectValue({"x": one_of([from_json("a"), MISSING])})


def test_too_many_different_objects_become_one() -> None:
    several = [from_json({"kind": f"k{i}", "name": f"n{i}"}) for i in range(MAX_VARIANTS + 1)]
    joined = join(several)
    assert isinstance(joined, ObjectValue)
    assert len(alternatives_of(joined.fields["name"])) == MAX_VARIANTS + 1


def test_what_was_apart_before_stays_so() -> None:
    several = [from_json({"kind": f"k{i}", "name": f"n{i}"}) for i in range(MAX_VARIANTS + 5)]
    many = join(several, limit=100)
    assert join([many, several[0]]) == many


def test_a_limit_of_none_merges() -> None:
    apart = join([from_json({"kind": "table", "name": "a"}), from_json({"kind": "queue", "name": "b"})])
    assert isinstance(merge(apart), ObjectValue)


@pytest.mark.parametrize(
    ("values", "joined"),
    [
        (
            [from_json(["a"]), from_json(["b", "c"])],
            OneOf((from_json(["a"]), from_json(["b", "c"]))),
        ),
        ([ListOf(from_json("a")), from_json(["b"])], ListOf(one_of([from_json("a"), from_json("b")]))),
        ([from_json([]), ListOf(from_json("a"))], ListOf(from_json("a"))),
    ],
)
def test_arrays(values: list[Value], joined: Value) -> None:
    assert join(values) == joined


def test_many_arrays_become_one_of_unknown_length() -> None:
    assert isinstance(join([from_json([f"t{i}"]) for i in range(MAX_VARIANTS + 1)]), ListOf)
    assert merge(join([ArrayValue(()), from_json(["a"])])) == ListOf(from_json("a"))
