"""`docs/expressions.md`: what is known of an expression. The page is made of the rows that are asserted here.

`make docs` writes the page anew.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sfn_least_privilege.policy.asl.payload import StateData, jsonata_payload, jsonpath_payload
from sfn_least_privilege.policy.rendering import spell
from sfn_least_privilege.policy.template.tokens import Tokens, TokenWriter
from sfn_least_privilege.policy.text import Kind, Reference, Text
from sfn_least_privilege.policy.value import (
    MISSING,
    Anything,
    ArrayValue,
    Conditional,
    ListOf,
    ObjectValue,
    OneOf,
    Scalar,
    Value,
    from_json,
    one_of,
)

PAGE = Path(__file__).parents[3] / "docs" / "expressions.md"

BAR = r"\|"
WRITER = TokenWriter()
STAGE = WRITER.token(Text.of(Reference("Ref", "Stage", Kind.NAME)))
TABLE = WRITER.token(Text.of(Reference("Ref", "Table", Kind.NAME)))
TOKENS: Tokens = WRITER.tokens()
DATA = StateData(
    input=ObjectValue(
        {
            "bucket": Text.of("reports"),
            "count": Scalar("3"),
            "items": from_json([{"table": "red"}, {"table": "green"}]),
            "kind": one_of([Text.of("gold"), Text.of("silver")]),
        },
        Anything("it comes from the execution's input"),
    ),
    context=ObjectValue({"State": ObjectValue({"Name": Text.of("Write")})}, Anything("it is the context's")),
    variables={"table": Text.of("orders"), "config": from_json({"prefix": "in/", "sizes": [1, 2]})},
)

# JSONPath expression (the value of a field whose name ends in `.$`), and what is known of it.
JSON_PATH = [
    ("$.bucket", "reports"),
    ("$.day", "?"),
    ("$.count", "3"),
    ("$.kind", "gold | silver"),
    ("$.items[0].table", "red"),
    ("$.items[-1].table", "green"),
    ("$.items[*].table", "[red, green]"),
    ("$.items", "[{table: red}, {table: green}]"),
    ("$..table", "[?, …]"),
    ("$['bucket']", "reports"),
    ("$$.State.Name", "Write"),
    ("$$.Execution.Name", "?"),
    ("$table", "orders"),
    ("$config.prefix", "in/"),
    ("$config.sizes[1]", "2"),
    ("States.Format('orders-{}', $.day)", "orders-*"),
    ("States.Format('{}-{}', $.bucket, $.day)", "reports-*"),
    ("States.Format('{}/{}.csv', $.bucket, $.kind)", "reports/gold.csv | reports/silver.csv"),
    (f"States.Format('{STAGE}-{{}}', $.bucket)", "${Stage}-reports"),
    (f"States.Format('{TABLE}')", "${Table}"),
    ("States.Array($.bucket, 'x')", "[reports, x]"),
    ("States.ArrayGetItem(States.Array('a', 'b'), 1)", "b"),
    ("States.ArrayLength($.items)", "2"),
    ("States.ArrayContains(States.Array('a'), 'a')", "true"),
    ("States.ArrayRange(1, 5, 2)", "[1, 3, 5]"),
    ("States.ArrayUnique(States.Array('a', 'a', 'b'))", "[a, b]"),
    ("States.ArrayPartition(States.Array(1, 2, 3), 2)", "[[1, 2], [3]]"),
    ("States.StringSplit('a,b', ',')", "[a, b]"),
    ("States.ArrayGetItem(States.StringSplit('a/b/c', '/'), 2)", "c"),
    ("States.Base64Encode('orders')", "b3JkZXJz"),
    ("States.Base64Decode('b3JkZXJz')", "orders"),
    ("States.Hash('orders', 'MD5')", "12c500ed0b7879105fb46af0f246be87"),
    ("States.MathAdd($.count, 4)", "7"),
    ("States.JsonToString($.count)", "3"),
    ("States.StringToJson('{\"a\": 1}')", "{a: 1}"),
    ('States.JsonMerge($config, States.StringToJson(\'{"prefix": "out/"}\'), false)', "{prefix: out/, sizes: [1, 2]}"),
    ("States.UUID()", "*"),
    ("States.MathRandom(1, 3)", "1 | 2 | 3"),
]

# JSONata expression (between `{%` and `%}`), and what is known of it.
JSONATA = [
    ("$states.input.bucket", "reports"),
    ("$states.input.day", "?"),
    ("$states.input.count + 4", "7"),
    ("$states.input.kind", "gold | silver"),
    ("'reports/' & $states.input.day & '.csv'", "reports/*.csv"),
    ("$states.input.bucket & '/' & $states.input.kind", "reports/gold | reports/silver"),
    (f"'{STAGE}-' & $states.input.bucket", "${Stage}-reports"),
    (f"'{TABLE}'", "${Table}"),
    ("$table", "orders"),
    ("$config.prefix & 'x'", "in/x"),
    ("$states.input.items[0].table", "red"),
    ("$states.input.items.table", "[red, green]"),
    ("$states.context.State.Name", "Write"),
    ("$states.context.Execution.Name", "?"),
    ("{'TableName': $table, 'Key': $states.input.key}", "{TableName: orders, Key: ?}"),
    ("['a', $table]", "[a, orders]"),
    ("$states.input.day ? 'a' : 'b'", "a | b"),
    ("true ? 'a' : 'b'", "a"),
    ("($x := 'orders'; $x & '-x')", "orders-x"),
    ("$join(['a', 'b', 'c'], '-')", "a-b-c"),
    ("$uppercase('orders')", "ORDERS"),
    ("$lowercase('Orders-' & $states.input.day)", "orders-*"),
    ("$substring('orders', 0, 3)", "ord"),
    ("$substringBefore('orders-x', '-')", "orders"),
    ("$substringAfter('orders-x', '-')", "x"),
    ("$trim('  orders ')", "orders"),
    ("$replace('a-b', '-', '_')", "a_b"),
    ("$split('a/b', '/')", "[a, b]"),
    ("$string(5)", "5"),
    ("$length('orders')", "6"),
    ("$merge([{'a': 'x'}, {'b': 'y'}])", "{a: x, b: y}"),
    ("$lookup({'a': 'x'}, 'a')", "x"),
    ("$exists($table)", "true"),
    ("$map(['a', 'b'], function($v) { 'table-' & $v })", "[table-a, table-b]"),
    ("$uuid()", "*"),
    ("$now()", "*"),
]


def shown(value: Value) -> str:
    """What is known of a value, for people: ``?`` where nothing is, ``*`` for an unknown part of a string."""
    if isinstance(value, Text):
        return spell(value)
    if isinstance(value, Scalar):
        return value.json
    if isinstance(value, ArrayValue):
        return f"[{', '.join(map(shown, value.items))}]"
    if isinstance(value, ListOf):
        return f"[{shown(value.item)}, …]"
    if isinstance(value, OneOf):
        return " | ".join(map(shown, value.alternatives))
    if isinstance(value, ObjectValue):
        fields = ", ".join(f"{name}: {shown(item)}" for name, item in value.fields.items())
        return f"{{{fields}{', …' if value.rest is not None else ''}}}"
    if isinstance(value, Conditional):
        return f"{shown(value.then)} or {shown(value.otherwise)}, by {value.condition}"
    return "nothing" if value is MISSING else "?"


@pytest.mark.parametrize(("expression", "known"), JSON_PATH)
def test_what_is_known_of_a_jsonpath_expression(expression: str, known: str) -> None:
    value = jsonpath_payload({"field.$": expression}, DATA, TOKENS)
    assert isinstance(value, ObjectValue)
    assert shown(value.fields["field"]) == known


@pytest.mark.parametrize(("expression", "known"), JSONATA)
def test_what_is_known_of_a_jsonata_expression(expression: str, known: str) -> None:
    assert shown(jsonata_payload(f"{{% {expression} %}}", DATA, TOKENS)) == known


def page() -> str:
    """The page, made of the rows above."""

    def rows(table: list[tuple[str, str]]) -> list[str]:
        readable = [(row[0].replace(STAGE, "${Stage}").replace(TABLE, "${Table}"), row[1]) for row in table]
        return [f"| `{expression}` | `{known.replace('|', BAR)}` |" for expression, known in readable]

    head = ["| expression | known |", "|---|---|"]
    return "\n".join(
        [
            "# What is known of an expression",
            "",
            "How much of a value is known before a run decides how narrow a permission is. `*` is an unknown part of a",
            "string, `?` a value of which nothing is known, `a | b` one of two values. `${Stage}` and `${Table}` are",
            "references that `DefinitionSubstitutions` put into the definition.",
            "",
            "In these examples the state's input is known to hold `bucket: reports`, `count: 3`, `kind: gold` or",
            "`silver` and `items: [{table: red}, {table: green}]`; the variable `$table` is `orders` and `$config` is",
            "`{prefix: in/, sizes: [1, 2]}`. Everything else comes from the execution's input.",
            "",
            "Every row is asserted by `tests/policy/asl/test_expressions_page.py`, which also writes this page.",
            "",
            "## JSONPath",
            "",
            *head,
            *rows(JSON_PATH),
            "",
            "## JSONata",
            "",
            *head,
            *rows(JSONATA),
            "",
        ],
    )


def test_the_page_says_what_is_asserted() -> None:
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()
