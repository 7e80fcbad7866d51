"""What JSON in a field comes to, in either language."""

from __future__ import annotations

from typing import Any

import pytest

from sfn_least_privilege.policy.asl.payload import (
    MAX_NESTING,
    ExpressionSyntaxError,
    StateData,
    jsonata_payload,
    jsonpath_payload,
    literal_payload,
    payload,
    selection,
    written,
)
from sfn_least_privilege.policy.asl.workflow import QueryLanguage
from sfn_least_privilege.policy.template.tokens import Tokens, TokenWriter
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import MISSING, Anything, ObjectValue, from_json, one_of

DATA = StateData(
    from_json({"table": "orders", "list": ["a", "b"]}),
    from_json({"State": {"Name": "Here"}}),
    {"kept": from_json("kept")},
    from_json({"answer": 42}),
    from_json({"Error": "Broken"}),
)
NONE = Tokens()
TABLE = Text.of(Reference("Ref", "Orders", Kind.NAME))


def nested(levels: int) -> Any:
    node: Any = "x"
    for _ in range(levels):
        node = [node]
    return node


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ({"t.$": "$.table", "k.$": "$kept", "n.$": "$$.State.Name"}, {"t": "orders", "k": "kept", "n": "Here"}),
        ({"literal": ["$.table", 1, None, True]}, {"literal": ["$.table", 1, None, True]}),
    ],
)
def test_jsonpath(template: Any, value: Any) -> None:
    assert jsonpath_payload(template, DATA, NONE) == from_json(value)
    assert payload(QueryLanguage.JSON_PATH, template, DATA, NONE) == from_json(value)


@pytest.mark.parametrize(
    ("template", "value"),
    [
        ("{% $states.input.table & '-' & $kept %}", "orders-kept"),
        ("$states.input.table", "$states.input.table"),
        (["{% $states.result.answer %}", {"e": "{% $states.errorOutput.Error %}"}], [42, {"e": "Broken"}]),
        ({"{% $kept %}": "names are not evaluated"}, {"{% $kept %}": "names are not evaluated"}),
        ("{% $states.context.State.Name %}", "Here"),
        (None, None),
    ],
)
def test_jsonata(template: Any, value: Any) -> None:
    assert jsonata_payload(template, DATA, NONE) == from_json(value)
    assert payload(QueryLanguage.JSONATA, template, DATA, NONE) == from_json(value)


def test_an_expression_that_comes_to_nothing_ends_the_execution() -> None:
    assert jsonata_payload("{% $states.input.missing %}", DATA, NONE) == Anything(
        "`{% $states.input.missing %}` comes to nothing"
    )
    maybe = StateData(ObjectValue({"x": one_of([from_json("a"), MISSING])}), MISSING)
    assert jsonata_payload({"x": "{% $states.input.x %}"}, maybe, NONE) == from_json({"x": "a"})


@pytest.mark.parametrize("language", list(QueryLanguage))
def test_tokens_stand_for_what_cloudformation_puts_in(language: QueryLanguage) -> None:
    writer = TokenWriter()
    token = writer.token(TABLE)
    value = payload(language, {"TableName": token, "Path": f"t/{token}"}, DATA, writer.tokens())
    assert value == ObjectValue({"TableName": TABLE, "Path": Text.of("t/", TABLE)})


@pytest.mark.parametrize("language", list(QueryLanguage))
def test_a_name_that_only_cloudformation_knows_may_be_any(language: QueryLanguage) -> None:
    writer = TokenWriter()
    value = payload(language, {writer.token(TABLE): "x", "known": "y"}, DATA, writer.tokens())
    assert value == ObjectValue({"known": one_of([from_json("y"), from_json("x")])}, from_json("x"))


@pytest.mark.parametrize(
    "read",
    [
        lambda: jsonpath_payload({"t.$": "$.["}, DATA, NONE),
        lambda: jsonata_payload("{% 1 + %}", DATA, NONE),
        lambda: selection("$.[", DATA),
        lambda: selection(1, DATA),
        lambda: written("$.a[*]", DATA.input, MISSING),
        lambda: written(["$"], DATA.input, MISSING),
    ],
)
def test_what_cannot_be_read(read: Any) -> None:
    with pytest.raises(ExpressionSyntaxError):
        read()


def test_paths() -> None:
    assert selection("$.list[1]", DATA) == from_json("b")
    assert selection("$.gone", DATA) is MISSING
    assert written("$.new", DATA.input, from_json(1)) == ObjectValue(
        {**from_json({"table": "orders", "list": ["a", "b"]}).fields, "new": from_json(1)}
    )


def test_in_a_literal_nothing_is_evaluated() -> None:
    literal = {"t.$": "$.table", "j": "{% 1 %}"}
    assert literal_payload(literal, NONE) == from_json(literal)


@pytest.mark.parametrize("language", list(QueryLanguage))
def test_nesting_is_bounded(language: QueryLanguage) -> None:
    value = payload(language, nested(10_000), DATA, NONE)
    for _ in range(MAX_NESTING):
        (value,) = value.items
    assert isinstance(value, Anything)
