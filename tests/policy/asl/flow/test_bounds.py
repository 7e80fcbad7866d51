"""No value grows beyond what the analysis can carry."""

from __future__ import annotations

from sfn_least_privilege.policy.asl.flow import bounds as limits
from sfn_least_privilege.policy.asl.flow.bounds import MAX_DEPTH, MAX_SIZE, TOO_DEEP, TOO_LARGE, TOO_MUCH, Bounds
from sfn_least_privilege.policy.value import Anything, ListOf, ObjectValue, OneOf, Value, from_json


def nested(levels: int) -> Value:
    value = from_json("x")
    for _ in range(levels):
        value = ObjectValue({"in": value, "name": from_json("kept")})
    return value


def test_small_values_stay_what_they_are() -> None:
    value = from_json({"a": ["b", {"c": None}], "d": 1})
    assert Bounds().keep(value) is value


def test_what_is_too_deep_is_not_known_any_more() -> None:
    kept = Bounds().keep(nested(MAX_DEPTH + 1))
    for _ in range(MAX_DEPTH // 2 - 1):
        assert isinstance(kept, ObjectValue)
        assert kept.fields["name"] == from_json("kept")
        kept = kept.fields["in"]
    assert kept == TOO_DEEP


def test_depth_is_no_danger() -> None:
    assert isinstance(Bounds().keep(nested(100_000)), ObjectValue)


def test_a_value_that_holds_itself_again_and_again_is_too_large() -> None:
    value = from_json({"x": "y"})
    bounds = Bounds()
    for _ in range(200):
        value = bounds.keep(ObjectValue({"a": value, "b": value, "name": from_json("kept")}))
    assert isinstance(value, ObjectValue)
    assert value.fields["name"] == from_json("kept")


def test_large_parts_go_first() -> None:
    large = ObjectValue({f"f{number}": from_json("x") for number in range(MAX_SIZE)})
    kept = Bounds().keep(ObjectValue({"large": large, "small": from_json("kept")}))
    assert kept == ObjectValue({"large": TOO_LARGE, "small": from_json("kept")})
    assert Bounds().keep(large) == TOO_LARGE


def test_of_a_long_array_its_items_stay_known() -> None:
    kept = Bounds().keep(from_json([{"table": "orders"}] * MAX_SIZE))
    assert kept == ListOf(from_json({"table": "orders"}))


def test_in_all_there_is_an_end() -> None:
    bounds = Bounds()
    assert not bounds.exhausted
    bounds.spend(limits.MAX_BUILT + 1)
    assert bounds.keep(from_json({"a": 1})) == TOO_MUCH
    assert bounds.keep(from_json("strings cost nothing")) == from_json("strings cost nothing")


def test_objects_are_followed_apart_only_for_so_long() -> None:
    apart = OneOf((from_json({"a": 1, "b": 2}), from_json({"a": 3, "b": 4})))
    bounds = Bounds()
    assert bounds.few(apart) is apart
    for _ in range(limits.MAX_APART // 2):
        bounds.few(apart)
    assert isinstance(bounds.few(apart), ObjectValue)
    assert bounds.few(Anything("why")) == Anything("why")
