"""What is known of a JSON value before a workflow runs."""

import itertools
import json
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sfn_least_privilege.policy.text import Kind, Reference, Text, Unknown, unknown
from sfn_least_privilege.policy.value import (
    MAX_ALTERNATIVES,
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    Guarded,
    ListOf,
    Missing,
    ObjectValue,
    OneOf,
    Scalar,
    Value,
    as_text,
    concatenate,
    conditional,
    from_json,
    guarded_texts,
    map_texts,
    member,
    one_of,
)

A, B, C = Text.of("a"), Text.of("b"), Text.of("c")
CONDITIONS = ("IsProd", "IsEu", "IsNew")
WORLDS = [
    dict(zip(CONDITIONS, holds, strict=True)) for holds in itertools.product((True, False), repeat=len(CONDITIONS))
]

values = st.recursive(
    st.sampled_from(["a", "b", "c", ""]).map(Text.of),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(one_of),
        st.builds(conditional, st.sampled_from(CONDITIONS), inner, inner),
    ),
    max_leaves=6,
)


def strings(value: Value, world: Mapping[str, bool]) -> set[str]:
    """Every string that ``value`` is in a world, told by its definition."""
    if isinstance(value, OneOf):
        return {each for alternative in value.alternatives for each in strings(alternative, world)}
    if isinstance(value, Conditional):
        return strings(value.then if world[value.condition] else value.otherwise, world)
    assert isinstance(value, Text)
    assert value.literal is not None
    return {value.literal}


def holding(guarded: tuple[Guarded, ...], world: Mapping[str, bool]) -> list[str | None]:
    return [each.text.literal for each in guarded if all(world[name] is holds for name, holds in each.guards)]


class TestOneOf:
    def test_one_alternative_is_no_choice(self) -> None:
        assert one_of([A, A]) == A

    def test_none_is_missing(self) -> None:
        assert one_of([]) is MISSING

    def test_choices_are_flat_and_in_order_of_first_appearance(self) -> None:
        assert one_of([B, one_of([C, B]), A]) == OneOf((B, C, A))

    def test_anything_swallows_every_alternative(self) -> None:
        assert one_of([A, Anything("why"), B]) == Anything("why")

    def test_missing_is_an_alternative(self) -> None:
        assert one_of([MISSING, A]) == OneOf((MISSING, A))

    def test_numbers_and_booleans_stay_apart(self) -> None:
        assert one_of([Scalar("1"), Scalar("true"), Scalar("1.0")]) == OneOf(
            (Scalar("1"), Scalar("true"), Scalar("1.0"))
        )

    def test_as_many_alternatives_as_allowed_stay(self) -> None:
        many = [Text.of(f"orders-{number}") for number in range(MAX_ALTERNATIVES)]
        assert one_of(many) == OneOf(tuple(many))

    def test_too_many_strings_become_their_common_beginning(self) -> None:
        many = one_of(Text.of(f"orders-{number}") for number in range(MAX_ALTERNATIVES + 1))
        assert isinstance(many, Text)
        assert many.prefix == "orders-"
        assert len(many.unknowns) == 1

    def test_a_string_that_is_the_common_beginning_itself_is_covered(self) -> None:
        many = one_of([Text.of("orders"), *(Text.of(f"orders-{number}") for number in range(MAX_ALTERNATIVES))])
        assert isinstance(many, Text)
        assert many.prefix == "orders"

    def test_too_many_values_that_are_no_strings_can_be_anything(self) -> None:
        many = one_of(Scalar(str(number)) for number in range(MAX_ALTERNATIVES + 1))
        assert isinstance(many, Anything)

    @given(st.lists(values, min_size=1, max_size=4))
    def test_it_is_every_alternative_and_no_more(self, alternatives: list[Value]) -> None:
        for world in WORLDS:
            expected = {each for alternative in alternatives for each in strings(alternative, world)}
            assert strings(one_of(alternatives), world) == expected

    def test_many_objects_with_the_same_fields_are_merged_field_by_field(self) -> None:
        items = [ObjectValue({"table": Text.of(f"orders-{number}")}) for number in range(4_000)]
        joined = one_of(items)
        assert isinstance(joined, ObjectValue)
        assert as_text(joined.fields["table"]).prefix == "orders-"


class TestConditional:
    def test_equal_branches_are_no_choice(self) -> None:
        assert conditional("IsProd", A, A) == A

    def test_a_condition_inside_its_own_branch_is_settled(self) -> None:
        inner = Conditional("IsProd", A, B)
        assert conditional("IsProd", inner, C) == Conditional("IsProd", A, C)
        assert conditional("IsProd", C, inner) == Conditional("IsProd", C, B)

    @given(st.sampled_from(CONDITIONS), values, values)
    def test_it_is_the_branch_that_its_condition_chooses(self, condition: str, then: Value, otherwise: Value) -> None:
        for world in WORLDS:
            chosen = then if world[condition] else otherwise
            assert strings(conditional(condition, then, otherwise), world) == strings(chosen, world)


class TestConcatenate:
    def test_of_nothing_is_the_empty_text(self) -> None:
        assert concatenate([]) == Text()

    def test_numbers_are_written_as_json_does(self) -> None:
        assert concatenate([Text.of("v"), Scalar("1.50"), Scalar("true")]) == Text.of("v1.50true")

    def test_every_combination_of_choices(self) -> None:
        assert concatenate([one_of([A, B]), Text.of("-"), one_of([A, B])]) == OneOf(
            tuple(Text.of(each) for each in ("a-a", "a-b", "b-a", "b-b"))
        )

    def test_the_same_condition_chooses_once(self) -> None:
        stage = Conditional("IsProd", Text.of("prod"), Text.of("test"))
        assert concatenate([stage, Text.of("-"), stage]) == Conditional(
            "IsProd", Text.of("prod-prod"), Text.of("test-test")
        )

    def test_anything_is_an_unknown_part(self) -> None:
        assert concatenate([Text.of("orders-"), Anything("why")]) == Text.of("orders-", Unknown("why"))

    @given(st.lists(values, max_size=2))
    def test_it_covers_all_combinations_and_no_more(self, pieces: list[Value]) -> None:
        joined = concatenate(pieces)
        for world in WORLDS:
            combinations = itertools.product(*(strings(piece, world) for piece in pieces))
            assert strings(joined, world) == {"".join(combination) for combination in combinations}

    def test_too_many_combinations_keep_what_comes_before(self) -> None:
        digits = one_of(Text.of(str(digit)) for digit in range(10))
        joined = guarded_texts(concatenate([Text.of("orders-"), digits, digits]))
        assert len(joined) <= MAX_ALTERNATIVES
        assert all(each.text.prefix.startswith("orders-") and each.text.unknowns for each in joined)

    def test_many_choices_by_conditions_stay_bounded(self) -> None:
        pieces = [Conditional(f"Is{number}", A, B) for number in range(10)]
        assert len(guarded_texts(concatenate(pieces))) <= MAX_ALTERNATIVES

    def test_many_pieces_are_joined(self) -> None:
        pieces = [Text.of(Reference("Ref", f"Parameter{number}"), " and text\n") for number in range(3_000)]
        joined = concatenate(pieces)
        assert isinstance(joined, Text)
        assert len(joined.parts) == 6_000


class TestGuardedTexts:
    def test_each_string_has_the_conditions_it_stands_under(self) -> None:
        value = Conditional("IsProd", A, Conditional("IsEu", B, C))
        assert guarded_texts(value) == (
            Guarded(A, (("IsProd", True),)),
            Guarded(B, (("IsProd", False), ("IsEu", True))),
            Guarded(C, (("IsProd", False), ("IsEu", False))),
        )

    def test_nothing_stands_for_a_missing_value(self) -> None:
        assert guarded_texts(Conditional("IsProd", A, MISSING)) == (Guarded(A, (("IsProd", True),)),)

    def test_what_is_no_string_is_unknown(self) -> None:
        (only,) = guarded_texts(ObjectValue({}))
        assert only.text.unknowns

    @given(values)
    def test_in_every_world_exactly_the_strings_of_that_world_stand(self, value: Value) -> None:
        guarded = guarded_texts(value)
        for world in WORLDS:
            assert set(holding(guarded, world)) == strings(value, world)

    @given(st.lists(values, min_size=1, max_size=3))
    def test_guards_never_contradict_or_repeat_themselves(self, pieces: list[Value]) -> None:
        for each in guarded_texts(concatenate(pieces)):
            conditions = [condition for condition, _ in each.guards]
            assert len(conditions) == len(set(conditions))

    @given(st.sampled_from(CONDITIONS), values, values)
    def test_guards_of_nested_choices_never_contradict_or_repeat_themselves(
        self, condition: str, then: Value, otherwise: Value
    ) -> None:
        for each in guarded_texts(conditional(condition, then, otherwise)):
            conditions = [name for name, _ in each.guards]
            assert len(conditions) == len(set(conditions))


class TestMapTexts:
    def test_it_changes_every_string_and_keeps_the_choices(self) -> None:
        value = Conditional("IsProd", one_of([A, B]), C)
        assert map_texts(value, lambda text: text + "!") == Conditional(
            "IsProd", one_of([Text.of("a!"), Text.of("b!")]), Text.of("c!")
        )

    def test_a_missing_value_stays_missing(self) -> None:
        assert map_texts(MISSING, lambda text: text + "!") is MISSING

    def test_choices_that_become_equal_are_no_choice(self) -> None:
        assert map_texts(one_of([A, B]), lambda _: C) == C


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (A, A),
        (Scalar("null"), Text.of("null")),
        (Scalar("1.0"), Text.of("1.0")),
        (Anything("why"), unknown("why")),
        (ArrayValue(()), unknown("it is not a string")),
        (ListOf(A), unknown("it is not a string")),
    ],
)
def test_as_text_is_what_a_string_is_made_of(value: Value, text: Text) -> None:
    assert as_text(value) == text


class TestMember:
    def test_a_field_by_its_name(self) -> None:
        assert member(ObjectValue({"TableName": A}), "TableName") == A

    def test_letter_case_does_not_matter(self) -> None:
        assert member(ObjectValue({"tableName": A}), "TableName") == A

    def test_the_exact_name_goes_first(self) -> None:
        assert member(ObjectValue({"tablename": A, "TableName": B}), "TableName") == B

    def test_a_closed_object_has_no_other_field(self) -> None:
        assert member(ObjectValue({"TableName": A}), "Key") is MISSING

    def test_an_open_object_may_have_another_field(self) -> None:
        assert member(ObjectValue({"TableName": A}, rest=B), "Key") == OneOf((MISSING, B))

    def test_a_field_of_a_choice_is_a_choice(self) -> None:
        objects = one_of([ObjectValue({"TableName": A}), ObjectValue({"TableName": B}), ObjectValue({})])
        assert member(objects, "TableName") == OneOf((A, B, MISSING))

    def test_a_field_under_a_condition_stays_under_it(self) -> None:
        value = Conditional("IsProd", ObjectValue({"TableName": A}), ObjectValue({"TableName": B}))
        assert member(value, "TableName") == Conditional("IsProd", A, B)

    def test_a_field_of_anything_can_be_anything(self) -> None:
        assert member(Anything("why"), "TableName") == Anything("why")

    @pytest.mark.parametrize("value", [A, Scalar("1"), ArrayValue(()), MISSING])
    def test_what_is_no_object_has_no_field(self, value: Value) -> None:
        assert member(value, "TableName") is MISSING


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)


def to_json(value: Value) -> object:
    if isinstance(value, Text):
        return value.literal
    if isinstance(value, Scalar):
        return value.value
    if isinstance(value, ArrayValue):
        return [to_json(item) for item in value.items]
    assert isinstance(value, ObjectValue)
    assert value.rest is None
    return {key: to_json(item) for key, item in value.fields.items()}


class TestFromJson:
    @given(json_values)
    def test_nothing_is_lost(self, node: object) -> None:
        assert json.dumps(to_json(from_json(node))) == json.dumps(node)

    def test_what_is_no_json_can_be_anything(self) -> None:
        assert isinstance(from_json({1, 2}), Anything)

    def test_deep_nesting_reaches_no_recursion_limit(self) -> None:
        node: object = "deep"
        for _ in range(5_000):
            node = [node]
        assert isinstance(from_json(node), ArrayValue | Anything)


def test_values_are_hashable_and_equal_by_content() -> None:
    one = ObjectValue({"a": ArrayValue((A, Scalar("1")))}, rest=ListOf(B))
    other = ObjectValue({"a": ArrayValue((Text.of("a"), Scalar("1")))}, rest=ListOf(Text.of("b")))
    assert one == other
    assert hash(one) == hash(other)


def test_every_missing_value_is_the_same() -> None:
    assert Missing() == MISSING


def test_references_keep_their_kind_through_choices() -> None:
    table = Text.of(Reference("Ref", "Table", Kind.NAME))
    assert guarded_texts(conditional("IsProd", table, MISSING)) == (Guarded(table, (("IsProd", True),)),)
